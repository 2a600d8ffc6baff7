# SPDX-License-Identifier: MIT
# Fuzz targets: one a decoder.  With --with-sanitizer=fuzzer-no-link,address,undefined (clang)
# `make check' builds them; elsewhere `make fuzz' does, and they only run their seeds.
FUZZ_TARGETS = tests/fuzz/fuzz_approval tests/fuzz/fuzz_batch tests/fuzz/fuzz_batch_row \
  tests/fuzz/fuzz_bip38 tests/fuzz/fuzz_certificate tests/fuzz/fuzz_cms tests/fuzz/fuzz_config \
  tests/fuzz/fuzz_ctl tests/fuzz/fuzz_etch_profile tests/fuzz/fuzz_etch_record tests/fuzz/fuzz_etcher \
  tests/fuzz/fuzz_ipp tests/fuzz/fuzz_line tests/fuzz/fuzz_modbus tests/fuzz/fuzz_order \
  tests/fuzz/fuzz_scan_line tests/fuzz/fuzz_text
EXTRA_PROGRAMS += $(FUZZ_TARGETS)
CLEANFILES += $(FUZZ_TARGETS)
if FUZZER
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
check_DATA += $(FUZZ_TARGETS)
TESTS += tests/fuzz/short
else
FUZZ_MAIN = %D%/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif
.PHONY: fuzz print-fuzz-compile
fuzz: $(FUZZ_TARGETS)

# For tests/fuzz/mutants.
print-fuzz-compile:
	@echo $(CC) -DHAVE_CONFIG_H -I. -I$(top_srcdir) $(KEYLINE_CFLAGS) $(CFLAGS)

tests_fuzz_fuzz_approval_SOURCES = %D%/fuzz_approval.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_approval_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_approval_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_batch_SOURCES = %D%/fuzz_batch.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_batch_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_batch_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_batch_row_SOURCES = %D%/fuzz_batch_row.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_batch_row_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_batch_row_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_bip38_SOURCES = %D%/fuzz_bip38.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_bip38_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_bip38_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_certificate_SOURCES = %D%/fuzz_certificate.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_certificate_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_certificate_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_cms_SOURCES = %D%/fuzz_cms.c %D%/fuzz.h %D%/keys.h $(FUZZ_MAIN)
tests_fuzz_fuzz_cms_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS)
tests_fuzz_fuzz_cms_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_cms_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_config_SOURCES = %D%/fuzz_config.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_config_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_fuzz_fuzz_config_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_config_LDADD = $(DAEMON_LIBS)

tests_fuzz_fuzz_ctl_SOURCES = %D%/fuzz_ctl.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_ctl_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_fuzz_ctl_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ctl_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS)

tests_fuzz_fuzz_etch_profile_SOURCES = %D%/fuzz_etch_profile.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_etch_profile_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_etch_profile_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_etch_record_SOURCES = %D%/fuzz_etch_record.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_etch_record_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_etch_record_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_etcher_SOURCES = %D%/fuzz_etcher.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_etcher_LDFLAGS = $(FUZZ_LINK) -Wl,--wrap=driver_process_now_ms,--wrap=driver_process_sleep_ms,--wrap=etch_link_open,--wrap=etch_link_close \
  -Wl,--wrap=etch_link_is_open,--wrap=etch_link_settle,--wrap=etch_link_count_retry,--wrap=etch_link_do,--wrap=backoff_noise
tests_fuzz_fuzz_etcher_LDADD = sim/libsim.a $(ETCH_LIBS) $(MATH_LIBS)

tests_fuzz_fuzz_ipp_SOURCES = %D%/fuzz_ipp.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_ipp_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
tests_fuzz_fuzz_ipp_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ipp_LDADD = $(PRINT_LIBS)

tests_fuzz_fuzz_line_SOURCES = %D%/fuzz_line.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_line_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_line_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_modbus_SOURCES = %D%/fuzz_modbus.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_modbus_LDFLAGS = $(FUZZ_LINK) -Wl,--wrap=etch_target_open
tests_fuzz_fuzz_modbus_LDADD = $(ETCH_LIBS)

tests_fuzz_fuzz_order_SOURCES = %D%/fuzz_order.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_order_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_order_LDADD = $(PROTO_LIBS) $(CSV_LIBS)

tests_fuzz_fuzz_scan_line_SOURCES = %D%/fuzz_scan_line.c %D%/fuzz.h drivers/scan_line.c drivers/scan_line.h $(FUZZ_MAIN)
tests_fuzz_fuzz_scan_line_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_scan_line_LDADD = $(PROTO_LIBS)

tests_fuzz_fuzz_text_SOURCES = %D%/fuzz_text.c %D%/fuzz.h $(FUZZ_MAIN)
tests_fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_text_LDADD = $(PROTO_LIBS)

EXTRA_DIST += tests/fuzz/corpus tests/fuzz/near tests/fuzz/run tests/fuzz/short tests/fuzz/replay.c tests/fuzz/mutants tests/fuzz/patches
