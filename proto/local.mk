# SPDX-License-Identifier: MIT
noinst_LIBRARIES += proto/libproto.a
PROTO_LIBS = proto/libproto.a $(CRYPTO_LIBS) $(SECP256K1_LIBS) $(UNISTRING_LIBS)

proto_libproto_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(SECP256K1_CFLAGS) $(JANSSON_CFLAGS)
proto_libproto_a_SOURCES = \
  %D%/address.c %D%/address.h \
  %D%/address_bitcoin.c %D%/address_form.h \
  %D%/address_other.c \
  %D%/aes.c %D%/aes.h \
  %D%/allocation.c %D%/allocation.h \
  %D%/approval.c %D%/approval.h \
  %D%/base32.c %D%/base32.h \
  %D%/base58.c %D%/base58.h \
  %D%/base58_check.c \
  %D%/base64.c %D%/base64.h \
  %D%/batch.c %D%/batch.h %D%/batch_inner.h \
  %D%/batch_build.c \
  %D%/batch_header.c \
  %D%/batch_parse.c \
  %D%/batch_policy.c %D%/batch_policy.h \
  %D%/batch_row.c %D%/batch_row.h \
  %D%/bech32.c %D%/bech32.h \
  %D%/bip38.h \
  %D%/bip38_code.c \
  %D%/bip38_confirm.c \
  %D%/bip38_inner.c %D%/bip38_inner.h \
  %D%/bip38_key.c %D%/bip38_key.h \
  %D%/bip38_mint.c %D%/bip38_mint.h \
  %D%/bip38_nonec.c %D%/bip38_nonec.h \
  %D%/bip38_owner.c %D%/bip38_owner.h \
  %D%/bip38_passfactor.c \
  %D%/bits.c %D%/bits.h \
  %D%/blake2b.c %D%/blake2b.h \
  %D%/buffer.c %D%/buffer.h \
  %D%/cashaddr.c \
  %D%/certificate.c %D%/certificate.h %D%/certificate_inner.h \
  %D%/certificate_make.c \
  %D%/certificate_parse.c \
  %D%/cms_check.c %D%/cms_check.h \
  %D%/cms_open.c \
  %D%/cms_seal.c %D%/cms_seal.h \
  %D%/cms_sealed_form.c %D%/cms_sealed_form.h \
  %D%/cms_sign.c %D%/cms_sign.h \
  %D%/cms_verify.c \
  %D%/ctl_message.c %D%/ctl_message.h \
  %D%/curve.c %D%/curve.h \
  %D%/der.c %D%/der.h \
  %D%/detection.c %D%/detection.h \
  %D%/doubt_reason.c %D%/doubt_reason.h \
  %D%/driver_exit.h \
  %D%/eip55.c %D%/eip55.h \
  %D%/error.c %D%/error.h \
  %D%/etch_image.c %D%/etch_image.h \
  %D%/etch_profile.c %D%/etch_profile.h \
  %D%/etch_profile_check.c %D%/etch_profile_check.h \
  %D%/etch_record.c %D%/etch_record.h \
  %D%/hash.c %D%/hash.h \
  %D%/ini.c %D%/ini.h \
  %D%/issue.c %D%/issue.h \
  %D%/issue_form.c %D%/issue_form.h \
  %D%/keccak.c %D%/keccak.h \
  %D%/layer_mark.c %D%/layer_mark.h \
  %D%/ledger_hash.c %D%/ledger_hash.h \
  %D%/line.c %D%/line.h \
  %D%/line_build.c \
  %D%/line_digest.c \
  %D%/line_set.c %D%/line_set.h \
  %D%/low_s.c %D%/low_s.h \
  %D%/mode.c %D%/mode.h \
  %D%/name.c %D%/name.h \
  %D%/nfc.c %D%/nfc.h \
  %D%/operator_code.c %D%/operator_code.h \
  %D%/order.c %D%/order.h \
  %D%/order_row.c %D%/order_row.h \
  %D%/packml.c %D%/packml.h \
  %D%/passphrase.c %D%/passphrase.h \
  %D%/person.c %D%/person.h \
  %D%/private_key.c %D%/private_key.h %D%/private_key_inner.h \
  %D%/private_key_seal.c \
  %D%/public_key.c %D%/public_key.h \
  %D%/reconcile.c %D%/reconcile.h \
  %D%/report.c %D%/report.h \
  %D%/rng.h \
  %D%/sanitize.c %D%/sanitize.h \
  %D%/scrub.c %D%/scrub.h \
  %D%/scrypt.c %D%/scrypt.h %D%/scrypt_kernel.h \
  %D%/scrypt_avx2.c \
  %D%/scrypt_avx512.c %D%/scrypt_avx512.h %D%/scrypt_lanes.h \
  %D%/scrypt_avx512_pair.c \
  %D%/scrypt_scratch.c %D%/scrypt_scratch.h \
  %D%/secret.c %D%/secret.h %D%/secret_bytes.h \
  %D%/serial.c %D%/serial.h \
  %D%/sheet.c %D%/sheet.h \
  %D%/utc.c %D%/utc.h \
  %D%/text.c %D%/text.h \
  %D%/utf8.c %D%/utf8.h \
  %D%/verified.c %D%/verified.h \
  %D%/verified_spend.c \
  %D%/verified_token.c %D%/verified_token.h \
  %D%/wallet_balance.c %D%/wallet_balance.h \
  %D%/wallet_state.c %D%/wallet_state.h \
  %D%/wif.c %D%/wif.h \
  %D%/x509_handle.h \
  $(END)
