# SPDX-License-Identifier: MIT
# Built by `make bench` and, for tests/system/bench-run, by `make check`; not by all.
BENCHES = bench/scrypt bench/wallet bench/label bench/ledger bench/modbus bench/travel \
  bench/ledger_fill
EXTRA_DIST += %D%/run %D%/rows.py %D%/machine.py %D%/bench_line.py %D%/bench_npm.py %D%/scale
EXTRA_PROGRAMS += $(BENCHES)
check_DATA += $(BENCHES)
CLEANFILES += $(BENCHES)

BENCH_FIGURE = %D%/figure.c %D%/figure.h

bench_scrypt_SOURCES = %D%/scrypt.c $(BENCH_FIGURE)
bench_scrypt_LDADD = $(PROTO_LIBS)

bench_wallet_SOURCES = %D%/wallet.c %D%/peer.c %D%/peer.h $(BENCH_FIGURE)
bench_wallet_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrypt_derive,--wrap=scrypt_derive_many
bench_wallet_LDADD = $(PROTO_LIBS)

bench_label_SOURCES = %D%/label.c $(BENCH_FIGURE)
bench_label_LDADD = $(PRINT_LIBS)

bench_ledger_SOURCES = %D%/ledger.c $(BENCH_FIGURE)
bench_ledger_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
bench_ledger_LDADD = $(DAEMON_LIBS)

bench_modbus_SOURCES = %D%/modbus.c $(BENCH_FIGURE)
bench_modbus_CPPFLAGS = $(AM_CPPFLAGS) $(MODBUS_CFLAGS)
bench_modbus_LDADD = $(ETCH_LIBS)

bench_travel_SOURCES = %D%/travel.c $(BENCH_FIGURE)
bench_travel_LDADD = $(DRIVER_LIBS) $(MATH_LIBS)

bench_ledger_fill_SOURCES = %D%/ledger_fill.c
bench_ledger_fill_LDADD = $(DAEMON_LIBS)

# BENCHFLAGS: arguments of bench/run, as in  make bench BENCHFLAGS='--json --full'
.PHONY: bench bench-programs
bench-programs: $(BENCHES)
bench: all bench-programs
	srcdir='$(abs_top_srcdir)' builddir='$(abs_top_builddir)' $(srcdir)/%D%/run $(BENCHFLAGS)
