# SPDX-License-Identifier: MIT
noinst_LIBRARIES += drivers/libdriver.a
DRIVER_LIBS = drivers/libdriver.a $(PROTO_LIBS) $(SECCOMP_LIBS)

drivers_libdriver_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(SECCOMP_CFLAGS)
drivers_libdriver_a_SOURCES = \
  %D%/backoff.c %D%/backoff.h \
  %D%/device_pin.c %D%/device_pin.h \
  %D%/driver_io.c %D%/driver_io.h \
  %D%/driver_load.c %D%/driver_load.h \
  %D%/driver_loop.c %D%/driver_loop.h \
  %D%/driver_process.c %D%/driver_process.h \
  %D%/font.c %D%/font.h \
  %D%/sandbox.c %D%/sandbox.h \
  %D%/sandbox_landlock.c %D%/sandbox_landlock.h \
  %D%/stroke.c %D%/stroke.h \
  %D%/stroke_layout.c \
  %D%/stroke_read.c

noinst_LIBRARIES += drivers/libprint.a
PRINT_LIBS = drivers/libprint.a $(LABEL_LIBS) $(CUPS_LIBS)

drivers_libprint_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(CUPS_CFLAGS)
drivers_libprint_a_SOURCES = \
  %D%/ipp_job.c %D%/ipp_job.h \
  %D%/ipp_link.c %D%/ipp_link.h \
  %D%/ipp_printer.c %D%/ipp_printer.h \
  %D%/ipp_raster.c %D%/ipp_raster.h \
  %D%/ipp_reason.c %D%/ipp_reason.h \
  %D%/ipp_request.c %D%/ipp_request.h \
  %D%/print_draw.c %D%/print_draw.h \
  %D%/print_driver.c %D%/print_driver.h \
  %D%/print_follow.c %D%/print_follow.h \
  %D%/print_inner.h %D%/print_query.c %D%/print_start.c

driver_PROGRAMS += drivers/print-ipp
drivers_print_ipp_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
drivers_print_ipp_SOURCES = %D%/print_ipp.c
drivers_print_ipp_LDADD = $(PRINT_LIBS)

driver_PROGRAMS += drivers/scan-serial
drivers_scan_serial_SOURCES = %D%/scan_serial.c \
  %D%/scan_line.c %D%/scan_line.h \
  %D%/serial_port.c %D%/serial_port.h \
  proto/heap_wipe.c
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

noinst_LIBRARIES += drivers/libetch.a
ETCH_LIBS = drivers/libetch.a $(DRIVER_LIBS) $(MODBUS_LIBS)

drivers_libetch_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(MODBUS_CFLAGS)
drivers_libetch_a_SOURCES = \
  %D%/etch_connect.c %D%/etch_connect.h \
  %D%/etch_device.c %D%/etch_device.h \
  %D%/etch_frame.c %D%/etch_frame.h \
  %D%/etch_job.c %D%/etch_job.h \
  %D%/etch_link.c %D%/etch_link.h \
  %D%/etch_load.c \
  %D%/etch_plan.c %D%/etch_plan.h \
  %D%/etch_query.c \
  %D%/etch_report.c %D%/etch_report.h \
  %D%/etch_start.c %D%/etch_step.h \
  %D%/etch_target.c %D%/etch_target.h \
  %D%/serial_port.c %D%/serial_port.h

driver_PROGRAMS += drivers/etch-modbus
drivers_etch_modbus_SOURCES = %D%/etch_modbus.c proto/heap_wipe.c
drivers_etch_modbus_LDADD = $(ETCH_LIBS)
