# SPDX-License-Identifier: MIT
# Built by `make bench`, not by all.
BENCHES = bench/scrypt
EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

bench_scrypt_SOURCES = %D%/scrypt.c
bench_scrypt_LDADD = $(PROTO_LIBS)

.PHONY: bench
bench: $(BENCHES)
