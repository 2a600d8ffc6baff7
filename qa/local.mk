# SPDX-License-Identifier: MIT
bin_PROGRAMS += qa/keyline-qa
qa_keyline_qa_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS)
qa_keyline_qa_SOURCES = \
  %D%/factors.c \
  %D%/input.c %D%/input.h \
  %D%/inspect.c \
  %D%/main.c %D%/qa.h \
  %D%/output.c %D%/output.h \
  %D%/report.c %D%/report.h \
  proto/heap_wipe.c
qa_keyline_qa_LDADD = $(PROTO_LIBS)
