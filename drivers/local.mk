# SPDX-License-Identifier: MIT
noinst_LIBRARIES += drivers/libdriver.a
DRIVER_LIBS = drivers/libdriver.a $(PROTO_LIBS)

drivers_libdriver_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
drivers_libdriver_a_SOURCES = \
  %D%/driver_io.c %D%/driver_io.h \
  %D%/driver_load.c %D%/driver_load.h \
  %D%/driver_loop.c %D%/driver_loop.h \
  %D%/driver_process.c %D%/driver_process.h \
  %D%/font.c %D%/font.h \
  %D%/stroke.c %D%/stroke.h \
  %D%/stroke_layout.c \
  %D%/stroke_read.c

driver_PROGRAMS += drivers/scan-serial
drivers_scan_serial_SOURCES = %D%/scan_serial.c \
  %D%/scan_line.c %D%/scan_line.h \
  %D%/serial_port.c %D%/serial_port.h
drivers_scan_serial_LDADD = $(DRIVER_LIBS)

noinst_LIBRARIES += drivers/liblabel.a
LABEL_LIBS = drivers/liblabel.a $(DRIVER_LIBS) $(QRENCODE_LIBS) $(ZBAR_LIBS)

drivers_liblabel_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(QRENCODE_CFLAGS) \
  $(ZBAR_CFLAGS)
drivers_liblabel_a_SOURCES = \
  %D%/label.c %D%/label.h \
  %D%/label_arrange.c %D%/label_arrange.h \
  %D%/label_block.c %D%/label_block.h \
  %D%/label_check.c %D%/label_check.h \
  %D%/label_layout.c %D%/label_layout.h \
  %D%/label_raster.c %D%/label_raster.h \
  %D%/label_scan.c %D%/label_scan.h \
  %D%/label_symbol.c %D%/label_symbol.h \
  %D%/label_text.c %D%/label_text.h
