# SPDX-License-Identifier: MIT
dist_man_MANS =

dist_man_MANS += %D%/scan-serial.8
dist_man_MANS += %D%/keyline-etch-profile.5
dist_man_MANS += %D%/keyline-sim.1
