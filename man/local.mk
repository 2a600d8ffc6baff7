# SPDX-License-Identifier: MIT
dist_man_MANS =

dist_man_MANS += %D%/keyline-driver.7
dist_man_MANS += %D%/print-ipp.8
dist_man_MANS += %D%/scan-serial.8
dist_man_MANS += %D%/keyline-etch-profile.5
dist_man_MANS += %D%/keyline-sim.1 %D%/keyline-label.1
dist_man_MANS += %D%/keylinectl.1
dist_man_MANS += %D%/keyline-qa.1
dist_man_MANS += %D%/keyline-batch.5 %D%/keyline-ledger.5
dist_man_MANS += %D%/etch-modbus.8
dist_man_MANS += %D%/keyline.7
dist_man_MANS += %D%/keyline-alarms.7 %D%/keyline.conf.5 %D%/keylined.8
EXTRA_DIST += %D%/make-alarms
