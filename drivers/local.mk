# SPDX-License-Identifier: MIT
noinst_LIBRARIES += drivers/libdriver.a
DRIVER_LIBS = drivers/libdriver.a $(PROTO_LIBS)

drivers_libdriver_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
drivers_libdriver_a_SOURCES = \
  %D%/driver_io.c %D%/driver_io.h \
  %D%/driver_load.c %D%/driver_load.h \
  %D%/driver_loop.c %D%/driver_loop.h \
  %D%/driver_process.c %D%/driver_process.h \
  %D%/font.c %D%/font.h

driver_PROGRAMS += drivers/scan-serial
drivers_scan_serial_SOURCES = %D%/scan_serial.c \
  %D%/scan_line.c %D%/scan_line.h \
  %D%/serial_port.c %D%/serial_port.h
drivers_scan_serial_LDADD = $(DRIVER_LIBS)
