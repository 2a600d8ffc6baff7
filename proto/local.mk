# SPDX-License-Identifier: MIT
noinst_LIBRARIES += proto/libproto.a
PROTO_LIBS = proto/libproto.a $(CRYPTO_LIBS)

proto_libproto_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS)
proto_libproto_a_SOURCES = \
  %D%/allocation.c %D%/allocation.h \
  %D%/buffer.c %D%/buffer.h \
  %D%/ctl_message.c %D%/ctl_message.h \
  %D%/error.c %D%/error.h \
  %D%/etch_image.c %D%/etch_image.h \
  %D%/etch_profile.c %D%/etch_profile.h \
  %D%/etch_profile_check.c %D%/etch_profile_check.h \
  %D%/etch_record.c %D%/etch_record.h \
  %D%/hash.c %D%/hash.h \
  %D%/ini.c %D%/ini.h \
  %D%/issue.c %D%/issue.h \
  %D%/line.c %D%/line.h \
  %D%/line_build.c \
  %D%/line_digest.c \
  %D%/line_set.c %D%/line_set.h \
  %D%/name.c %D%/name.h \
  %D%/order.c %D%/order.h \
  %D%/passphrase.c %D%/passphrase.h \
  %D%/report.c %D%/report.h \
  %D%/rng.h \
  %D%/secret.c %D%/secret.h %D%/secret_bytes.h \
  %D%/serial.c %D%/serial.h \
  %D%/sheet.c %D%/sheet.h
