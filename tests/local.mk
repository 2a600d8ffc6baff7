# SPDX-License-Identifier: MIT
# One block a test program, in alphabetical order.

check_PROGRAMS += tests/unit/test_ctl_message
tests_unit_test_ctl_message_SOURCES = %D%/unit/test_ctl_message.c %D%/unit/harness.h
tests_unit_test_ctl_message_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_ctl_message_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_line
tests_unit_test_line_SOURCES = %D%/unit/test_line.c %D%/unit/harness.h
tests_unit_test_line_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_line_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_secret
tests_unit_test_secret_SOURCES = %D%/unit/test_secret.c %D%/unit/harness.h
tests_unit_test_secret_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_secret_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)
