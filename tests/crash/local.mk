# SPDX-License-Identifier: MIT
# Crash campaigns.  What is loaded into the programs has no sanitizer of its own.

EXTRA_PROGRAMS += tests/crash/interpose.so
check_DATA += tests/crash/interpose.so
CLEANFILES += tests/crash/interpose.so
tests_crash_interpose_so_SOURCES = %D%/interpose.c %D%/interpose.h %D%/interpose_alloc.c \
  %D%/interpose_point.c %D%/points.h
tests_crash_interpose_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_crash_interpose_so_LDFLAGS = -shared
EXTRA_DIST += %D%/points.py
TESTS += tests/crash/interpose-check
EXTRA_DIST += %D%/interpose-check

# Every state of the wallet table, the handshake and the device.

check_PROGRAMS += tests/crash/model
tests_crash_model_SOURCES = %D%/model.c %D%/model.h %D%/model_device.c %D%/model_host.c
tests_crash_model_LDADD = $(PROTO_LIBS)

# The campaigns; ./test runs the short ones, README.md names the long ones.
EXTRA_DIST += %D%/bench.py %D%/fixture.py %D%/kill-sweep %D%/sweep.py
clean-local: clean-crash
.PHONY: clean-crash
clean-crash:
	-rm -rf tests/crash/fixture tests/crash/fixture.lock

# Many wallets, with faults and kills at random.

noinst_PROGRAMS += tests/crash/soak_states
tests_crash_soak_states_SOURCES = %D%/soak_states.c
tests_crash_soak_states_LDADD = $(DAEMON_LIBS)
TESTS += tests/crash/soak
EXTRA_DIST += %D%/soak %D%/soak_line.py

# Power cuts on file systems of their own.

EXTRA_DIST += %D%/power-cut %D%/power_disk.py
