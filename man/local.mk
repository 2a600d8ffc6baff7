# SPDX-License-Identifier: MIT
dist_man_MANS =

dist_man_MANS += %D%/scan-serial.8
