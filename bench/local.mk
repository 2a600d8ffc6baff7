# SPDX-License-Identifier: MIT
# Built by `make bench`, not by all.
BENCHES = bench/scrypt bench/ledger_fill
EXTRA_DIST += %D%/scale
EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

bench_scrypt_SOURCES = %D%/scrypt.c
bench_scrypt_LDADD = $(PROTO_LIBS)

bench_ledger_fill_SOURCES = %D%/ledger_fill.c
bench_ledger_fill_LDADD = $(DAEMON_LIBS)

.PHONY: bench
bench: $(BENCHES)
