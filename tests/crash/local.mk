# SPDX-License-Identifier: MIT
# Crash campaigns.  What is loaded into the programs has no sanitizer of its own.

EXTRA_PROGRAMS += tests/crash/interpose.so
check_DATA += tests/crash/interpose.so
CLEANFILES += tests/crash/interpose.so
tests_crash_interpose_so_SOURCES = %D%/interpose.c %D%/interpose.h %D%/interpose_alloc.c %D%/interpose_fault.c \
  %D%/interpose_point.c %D%/points.h
tests_crash_interpose_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_crash_interpose_so_LDFLAGS = -shared
EXTRA_DIST += %D%/points.py
TESTS += tests/crash/interpose-check
EXTRA_DIST += %D%/interpose-check

# Every state of the wallet table, the handshake and the device.

check_PROGRAMS += tests/crash/model
tests_crash_model_SOURCES = %D%/model.c %D%/model.h %D%/model_device.c %D%/model_host.c \
  %D%/model_search.c %D%/model_search.h
tests_crash_model_LDADD = $(PROTO_LIBS)

check_PROGRAMS += tests/crash/model_print
tests_crash_model_print_SOURCES = %D%/model_print.c %D%/model_print.h %D%/model_print_device.c \
  %D%/model_print_host.c %D%/model_search.c %D%/model_search.h
tests_crash_model_print_CFLAGS = $(AM_CFLAGS) $(CUPS_CFLAGS)
tests_crash_model_print_LDADD = $(PRINT_LIBS)

# The campaigns; ./test runs the short ones, README.md names the long ones.
EXTRA_DIST += %D%/bench.py %D%/bench_etch.py %D%/bench_print.py %D%/error-sweep %D%/fixture.py \
  %D%/kill-sweep %D%/order.py %D%/patches %D%/sweep.py %D%/ways.py
TESTS += tests/crash/error-short tests/crash/kill-short tests/crash/mutants-short
EXTRA_DIST += %D%/error-short %D%/kill-short %D%/mutants %D%/mutants-short
clean-local: clean-crash
.PHONY: clean-crash
clean-crash:
	-rm -rf tests/crash/fixture tests/crash/fixture.lock

# A destruction that is cut off anywhere.
TESTS += tests/crash/destroy-short
EXTRA_DIST += %D%/destroy-short

# Drivers that outlive their daemon.
TESTS += tests/crash/orphan-short
EXTRA_DIST += %D%/orphan-short %D%/stalled_driver.py

# Devices that go wrong, under the real daemon.
TESTS += tests/crash/device-short
EXTRA_DIST += %D%/device-faults %D%/device-short %D%/device_etch.py %D%/device_people.py %D%/device_print.py \
  %D%/false_printer.py

# Many wallets, with faults and kills at random.

noinst_PROGRAMS += tests/crash/soak_states
tests_crash_soak_states_SOURCES = %D%/soak_states.c
tests_crash_soak_states_LDADD = $(DAEMON_LIBS)
TESTS += tests/crash/soak-short
EXTRA_DIST += %D%/soak %D%/soak-short %D%/soak_line.py

# Power cuts on file systems of their own.

EXTRA_DIST += %D%/power-cut %D%/power_disk.py %D%/power_files.py

# What the campaigns say and refuse, and what they leave behind.
TESTS += tests/crash/campaign-words
EXTRA_DIST += %D%/campaign-words

# A program with one patched source, for tests/crash/mutants: its object stands before the library.
mutant_link = $(CC) $(AM_CFLAGS) $(CFLAGS) $(AM_LDFLAGS) $(LDFLAGS)
mutant_compile = $(CC) $(DEFS) $(DEFAULT_INCLUDES) $(daemon_libdaemon_a_CPPFLAGS) $(CUPS_CFLAGS) \
  $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS)
.PHONY: mutant
mutant:
	$(mutant_compile) -c -o $(MUTANT)/patched.o $(MUTANT)/$(SOURCE)
	case $(PROGRAM) in \
	  daemon/keylined) $(mutant_link) -o $(MUTANT)/keylined $(MUTANT)/patched.o \
	    $(daemon_keylined_OBJECTS) $(daemon_keylined_LDADD) $(LIBS) ;; \
	  drivers/etch-modbus) $(mutant_link) -o $(MUTANT)/etch-modbus $(MUTANT)/patched.o \
	    $(drivers_etch_modbus_OBJECTS) $(drivers_etch_modbus_LDADD) $(LIBS) ;; \
	  drivers/print-ipp) $(mutant_link) -o $(MUTANT)/print-ipp $(MUTANT)/patched.o \
	    $(drivers_print_ipp_OBJECTS) $(drivers_print_ipp_LDADD) $(LIBS) ;; \
	esac
