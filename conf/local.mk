# SPDX-License-Identifier: MIT

# Read by etch-modbus and keyline-sim.
etchconfdir = $(sysconfdir)/keyline
etchconf_DATA = %D%/etch-profile.conf
EXTRA_DIST += %D%/etch-profile.conf
