# SPDX-License-Identifier: MIT

# Read by etch-modbus and keyline-sim.
etchconfdir = $(sysconfdir)/keyline
etchconf_DATA = %D%/etch-profile.conf
EXTRA_DIST += %D%/etch-profile.conf

# One for each stage; people copy the one that they need.
exampledir = $(docdir)/examples
dist_example_DATA = %D%/china-mint.conf %D%/china-print.conf %D%/usa-etch.conf \
  %D%/usa-generate.conf
# What the test printer of print-ipp(8) can do; the system tests use it, too.
dist_example_DATA += %D%/label-printer.conf
