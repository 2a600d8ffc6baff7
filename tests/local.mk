# SPDX-License-Identifier: MIT
# One block a test program, in alphabetical order.

check_PROGRAMS += tests/unit/test_address
tests_unit_test_address_SOURCES = %D%/unit/test_address.c %D%/unit/harness.h
tests_unit_test_address_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_address_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_alarms
tests_unit_test_alarms_SOURCES = %D%/unit/test_alarms.c %D%/unit/harness.h
tests_unit_test_alarms_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_alarms_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_alarms_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_allocation
tests_unit_test_allocation_SOURCES = %D%/unit/test_allocation.c %D%/unit/harness.h
tests_unit_test_allocation_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_allocation_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_approval
tests_unit_test_approval_SOURCES = %D%/unit/test_approval.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_approval_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_approval_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_approvals
tests_unit_test_approvals_SOURCES = %D%/unit/test_approvals.c %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_approvals_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_approvals_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_backoff
tests_unit_test_backoff_SOURCES = %D%/unit/test_backoff.c %D%/unit/harness.h
tests_unit_test_backoff_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_backoff_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_batch
tests_unit_test_batch_SOURCES = %D%/unit/test_batch.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_batch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_batch_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_batch_row
tests_unit_test_batch_row_SOURCES = %D%/unit/test_batch_row.c %D%/unit/harness.h
tests_unit_test_batch_row_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_batch_row_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_bip38
tests_unit_test_bip38_SOURCES = %D%/unit/test_bip38.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h %D%/unit/scrypt_memo.c %D%/unit/scrypt_memo.h
tests_unit_test_bip38_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_bip38_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrypt_derive,--wrap=scrypt_derive_many
tests_unit_test_bip38_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_bip38_peers
tests_unit_test_bip38_peers_SOURCES = %D%/unit/test_bip38_peers.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h %D%/unit/scrypt_memo.c %D%/unit/scrypt_memo.h \
  %D%/unit/bip38_vectors.c %D%/unit/bip38_vectors.h
tests_unit_test_bip38_peers_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_bip38_peers_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrypt_derive,--wrap=scrypt_derive_many
tests_unit_test_bip38_peers_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_bip38_torture
tests_unit_test_bip38_torture_SOURCES = %D%/unit/test_bip38_torture.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h
tests_unit_test_bip38_torture_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_bip38_torture_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=secret_new,--wrap=scrypt_derive,--wrap=scrypt_derive_many \
  -Wl,--wrap=hash_sha256d,--wrap=hash_160,--wrap=aes_encrypt,--wrap=aes_decrypt
tests_unit_test_bip38_torture_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_bip38_traces
tests_unit_test_bip38_traces_SOURCES = %D%/unit/test_bip38_traces.c %D%/unit/harness.h
tests_unit_test_bip38_traces_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_bip38_traces_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_bip38_vectors
tests_unit_test_bip38_vectors_SOURCES = %D%/unit/test_bip38_vectors.c %D%/unit/harness.h \
  %D%/unit/bip38_vectors.c %D%/unit/bip38_vectors.h \
  %D%/unit/scrypt_memo.c %D%/unit/scrypt_memo.h
tests_unit_test_bip38_vectors_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_bip38_vectors_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrypt_derive,--wrap=scrypt_derive_many
tests_unit_test_bip38_vectors_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)
EXTRA_DIST += tests/vectors/bip38.json

check_PROGRAMS += tests/unit/test_block_device
tests_unit_test_block_device_SOURCES = %D%/unit/test_block_device.c %D%/unit/harness.h
tests_unit_test_block_device_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_block_device_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_certificate
tests_unit_test_certificate_SOURCES = %D%/unit/test_certificate.c %D%/unit/harness.h %D%/unit/high_s.h %D%/unit/keys.h
tests_unit_test_certificate_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_certificate_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_check_control
tests_unit_test_check_control_SOURCES = %D%/unit/test_check_control.c %D%/unit/harness.h
tests_unit_test_check_control_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_check_control_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_check_control_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=verified_new_many
tests_unit_test_check_control_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_clock_watch
tests_unit_test_clock_watch_SOURCES = %D%/unit/test_clock_watch.c %D%/unit/harness.h
tests_unit_test_clock_watch_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_clock_watch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_clock_watch_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_closer
tests_unit_test_closer_SOURCES = %D%/unit/test_closer.c %D%/unit/harness.h
tests_unit_test_closer_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_closer_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_closer_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_cms
tests_unit_test_cms_SOURCES = %D%/unit/test_cms.c %D%/unit/harness.h %D%/unit/high_s.h %D%/unit/keys.h
tests_unit_test_cms_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_cms_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_cms_memory
tests_unit_test_cms_memory_SOURCES = %D%/unit/test_cms_memory.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_cms_memory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_cms_memory_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_crypto_faults
tests_unit_test_crypto_faults_SOURCES = %D%/unit/test_crypto_faults.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_crypto_faults_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_crypto_faults_LDFLAGS = $(AM_LDFLAGS) \
  -Wl,--wrap=BN_secure_new,--wrap=BN_bin2bn,--wrap=BN_bn2binpad,--wrap=BN_dup,--wrap=BN_sub \
  -Wl,--wrap=ECDSA_SIG_set0,--wrap=i2d_ECDSA_SIG,--wrap=EVP_PKEY_get_bn_param \
  -Wl,--wrap=EVP_PKEY_get_octet_string_param,--wrap=OSSL_PARAM_BLD_new \
  -Wl,--wrap=OSSL_PARAM_BLD_push_utf8_string,--wrap=OSSL_PARAM_BLD_push_BN_pad \
  -Wl,--wrap=OSSL_PARAM_BLD_push_octet_string,--wrap=OSSL_PARAM_BLD_to_param \
  -Wl,--wrap=EVP_PKEY_CTX_new_from_name,--wrap=EVP_PKEY_CTX_new,--wrap=EVP_PKEY_fromdata_init \
  -Wl,--wrap=EVP_PKEY_fromdata,--wrap=EVP_PKEY_check,--wrap=EVP_MD_CTX_new,--wrap=EVP_DigestSignInit \
  -Wl,--wrap=EVP_DigestSign,--wrap=EVP_DigestVerifyInit,--wrap=hash_sha256,--wrap=X509_NAME_get0_der \
  -Wl,--wrap=i2d_X509_EXTENSION,--wrap=X509_new,--wrap=i2d_ASN1_INTEGER,--wrap=OPENSSL_sk_new_null \
  -Wl,--wrap=OPENSSL_sk_push,--wrap=d2i_CMS_ContentInfo,--wrap=i2d_CMS_ContentInfo,--wrap=CMS_get1_certs \
  -Wl,--wrap=secret_new,--wrap=secret_append
tests_unit_test_crypto_faults_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctl_command
tests_unit_test_ctl_command_SOURCES = %D%/unit/test_ctl_command.c %D%/unit/harness.h
tests_unit_test_ctl_command_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_ctl_command_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctl_eta
tests_unit_test_ctl_eta_SOURCES = %D%/unit/test_ctl_eta.c %D%/unit/harness.h
tests_unit_test_ctl_eta_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_ctl_eta_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctl_message
tests_unit_test_ctl_message_SOURCES = %D%/unit/test_ctl_message.c %D%/unit/harness.h
tests_unit_test_ctl_message_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_ctl_message_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctl_page
tests_unit_test_ctl_page_SOURCES = %D%/unit/test_ctl_page.c %D%/unit/harness.h
tests_unit_test_ctl_page_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ctl_page_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ctl_when
tests_unit_test_ctl_when_SOURCES = %D%/unit/test_ctl_when.c %D%/unit/harness.h
tests_unit_test_ctl_when_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_ctl_when_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_curve
tests_unit_test_curve_SOURCES = %D%/unit/test_curve.c %D%/unit/harness.h %D%/unit/counting_rng.h
tests_unit_test_curve_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_curve_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_der
tests_unit_test_der_SOURCES = %D%/unit/test_der.c %D%/unit/harness.h
tests_unit_test_der_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_der_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_detection
tests_unit_test_detection_SOURCES = %D%/unit/test_detection.c %D%/unit/harness.h
tests_unit_test_detection_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_detection_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_device_lock
tests_unit_test_device_lock_SOURCES = %D%/unit/test_device_lock.c %D%/unit/harness.h
tests_unit_test_device_lock_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_device_lock_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_device_lock_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_device_pin
tests_unit_test_device_pin_SOURCES = %D%/unit/test_device_pin.c %D%/unit/harness.h
tests_unit_test_device_pin_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_device_pin_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_doubt_reason
tests_unit_test_doubt_reason_SOURCES = %D%/unit/test_doubt_reason.c %D%/unit/harness.h
tests_unit_test_doubt_reason_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_doubt_reason_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_driver
tests_unit_test_driver_SOURCES = %D%/unit/test_driver.c %D%/unit/station_fixture.h %D%/unit/harness.h
tests_unit_test_driver_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_driver_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_driver_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_driver_io
tests_unit_test_driver_io_SOURCES = %D%/unit/test_driver_io.c %D%/unit/harness.h
tests_unit_test_driver_io_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_driver_io_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_driver_loop
tests_unit_test_driver_loop_SOURCES = %D%/unit/test_driver_loop.c %D%/unit/harness.h
tests_unit_test_driver_loop_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_driver_loop_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_driver_process
tests_unit_test_driver_process_SOURCES = %D%/unit/test_driver_process.c %D%/unit/harness.h
tests_unit_test_driver_process_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_driver_process_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_durable
tests_unit_test_durable_SOURCES = %D%/unit/test_durable.c %D%/unit/fault_points.h %D%/unit/harness.h
tests_unit_test_durable_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_durable_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_erase
tests_unit_test_erase_SOURCES = %D%/unit/test_erase.c %D%/unit/harness.h
tests_unit_test_erase_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_erase_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_image
tests_unit_test_etch_image_SOURCES = %D%/unit/test_etch_image.c %D%/unit/etch_fixture.h %D%/unit/harness.h
tests_unit_test_etch_image_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_image_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_frame
tests_unit_test_etch_frame_SOURCES = %D%/unit/test_etch_frame.c %D%/unit/harness.h
tests_unit_test_etch_frame_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_frame_LDADD = $(ETCH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_link
tests_unit_test_etch_link_SOURCES = %D%/unit/test_etch_link.c %D%/unit/harness.h
tests_unit_test_etch_link_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_link_LDADD = $(ETCH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_plan
tests_unit_test_etch_plan_SOURCES = %D%/unit/test_etch_plan.c %D%/unit/harness.h %D%/unit/etch_fixture.h
tests_unit_test_etch_plan_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_plan_LDADD = $(ETCH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_profile
tests_unit_test_etch_profile_SOURCES = %D%/unit/test_etch_profile.c %D%/unit/etch_fixture.h %D%/unit/harness.h
tests_unit_test_etch_profile_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_profile_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_record
tests_unit_test_etch_record_SOURCES = %D%/unit/test_etch_record.c %D%/unit/harness.h
tests_unit_test_etch_record_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_record_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etch_target
tests_unit_test_etch_target_SOURCES = %D%/unit/test_etch_target.c %D%/unit/harness.h
tests_unit_test_etch_target_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etch_target_LDADD = $(ETCH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etcher
tests_unit_test_etcher_SOURCES = %D%/unit/test_etcher.c %D%/unit/harness.h \
  %D%/unit/etch_fixture.h %D%/unit/etcher_bench.c %D%/unit/etcher_bench.h
tests_unit_test_etcher_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etcher_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etcher_command
tests_unit_test_etcher_command_SOURCES = %D%/unit/test_etcher_command.c %D%/unit/harness.h \
  %D%/unit/etch_fixture.h %D%/unit/etcher_bench.c %D%/unit/etcher_bench.h
tests_unit_test_etcher_command_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etcher_command_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_etcher_fault
tests_unit_test_etcher_fault_SOURCES = %D%/unit/test_etcher_fault.c %D%/unit/harness.h \
  %D%/unit/etch_fixture.h %D%/unit/etcher_bench.c %D%/unit/etcher_bench.h
tests_unit_test_etcher_fault_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_etcher_fault_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_fault
tests_unit_test_fault_SOURCES = %D%/unit/test_fault.c %D%/unit/harness.h
tests_unit_test_fault_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_fault_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_font
tests_unit_test_font_SOURCES = %D%/unit/test_font.c %D%/unit/harness.h
tests_unit_test_font_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_font_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS) $(MATH_LIBS)

check_PROGRAMS += tests/unit/test_harden
tests_unit_test_harden_SOURCES = %D%/unit/test_harden.c %D%/unit/harness.h
tests_unit_test_harden_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_harden_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_hash
tests_unit_test_hash_SOURCES = %D%/unit/test_hash.c %D%/unit/harness.h
tests_unit_test_hash_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_hash_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_heap_wipe
tests_unit_test_heap_wipe_SOURCES = %D%/unit/test_heap_wipe.c %D%/unit/harness.h proto/heap_wipe.c
tests_unit_test_heap_wipe_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_heap_wipe_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ini
tests_unit_test_ini_SOURCES = %D%/unit/test_ini.c %D%/unit/harness.h
tests_unit_test_ini_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ini_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ipp_printer
tests_unit_test_ipp_printer_SOURCES = %D%/unit/test_ipp_printer.c %D%/unit/harness.h
tests_unit_test_ipp_printer_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
tests_unit_test_ipp_printer_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ipp_printer_LDADD = $(PRINT_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ipp_request
tests_unit_test_ipp_request_SOURCES = %D%/unit/test_ipp_request.c %D%/unit/harness.h
tests_unit_test_ipp_request_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
tests_unit_test_ipp_request_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ipp_request_LDADD = $(PRINT_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ipp_raster
tests_unit_test_ipp_raster_SOURCES = %D%/unit/test_ipp_raster.c %D%/unit/harness.h
tests_unit_test_ipp_raster_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
tests_unit_test_ipp_raster_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ipp_raster_LDADD = $(PRINT_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_job_counter
tests_unit_test_job_counter_SOURCES = %D%/unit/test_job_counter.c %D%/unit/harness.h
tests_unit_test_job_counter_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_job_counter_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_job_counter_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_job_place
tests_unit_test_job_place_SOURCES = %D%/unit/test_job_place.c %D%/unit/harness.h
tests_unit_test_job_place_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_job_place_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_job_place_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_key_traces
tests_unit_test_key_traces_SOURCES = %D%/unit/test_key_traces.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_key_traces_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_key_traces_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrub_stack
tests_unit_test_key_traces_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_keystore
tests_unit_test_keystore_SOURCES = %D%/unit/test_keystore.c %D%/unit/harness.h %D%/unit/keys.h
tests_unit_test_keystore_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_keystore_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_label
tests_unit_test_label_SOURCES = %D%/unit/test_label.c %D%/unit/harness.h
tests_unit_test_label_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_label_LDADD = $(LABEL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_layer_mark
tests_unit_test_layer_mark_SOURCES = %D%/unit/test_layer_mark.c %D%/unit/harness.h
tests_unit_test_layer_mark_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_layer_mark_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger
tests_unit_test_ledger_SOURCES = %D%/unit/test_ledger.c %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ledger_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_crash
tests_unit_test_ledger_crash_SOURCES = %D%/unit/test_ledger_crash.c %D%/unit/ledger_fixture.h %D%/unit/fault_points.h %D%/unit/harness.h
tests_unit_test_ledger_crash_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_ledger_crash_LDADD = $(DAEMON_LIBS) $(SQLITE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_damage
tests_unit_test_ledger_damage_SOURCES = %D%/unit/test_ledger_damage.c %D%/unit/ledger_verbs.c %D%/unit/ledger_verbs.h \
  %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_damage_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_ledger_damage_LDADD = $(DAEMON_LIBS) $(SQLITE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_faults
tests_unit_test_ledger_faults_SOURCES = %D%/unit/test_ledger_faults.c %D%/unit/ledger_verbs.c %D%/unit/ledger_verbs.h \
  %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_faults_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_ledger_faults_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sqlite3_step,--wrap=sqlite3_prepare_v3 \
  -Wl,--wrap=sqlite3_bind_text,--wrap=sqlite3_prepare_v2,--wrap=sqlite3_exec,--wrap=sqlite3_open_v2 \
  -Wl,--wrap=hash_sha256_parts,--wrap=malloc,--wrap=calloc,--wrap=strdup,--wrap=read,--wrap=sqlite3_system_errno \
  -Wl,--wrap=sqlite3_wal_checkpoint_v2,--wrap=durable_lock
tests_unit_test_ledger_faults_LDADD = $(DAEMON_LIBS) $(SQLITE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_files
tests_unit_test_ledger_files_SOURCES = %D%/unit/test_ledger_files.c %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_files_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ledger_files_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_hash
tests_unit_test_ledger_hash_SOURCES = %D%/unit/test_ledger_hash.c %D%/unit/harness.h
tests_unit_test_ledger_hash_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ledger_hash_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_jobs
tests_unit_test_ledger_jobs_SOURCES = %D%/unit/test_ledger_jobs.c %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_jobs_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_ledger_jobs_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_model
tests_unit_test_ledger_model_SOURCES = %D%/unit/test_ledger_model.c %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_model_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_ledger_model_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_refusals
tests_unit_test_ledger_refusals_SOURCES = %D%/unit/test_ledger_refusals.c %D%/unit/ledger_verbs.c %D%/unit/ledger_verbs.h \
  %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_refusals_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_ledger_refusals_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_ledger_tamper
tests_unit_test_ledger_tamper_SOURCES = %D%/unit/test_ledger_tamper.c %D%/unit/persons.h %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_ledger_tamper_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS) $(SQLITE_CFLAGS)
tests_unit_test_ledger_tamper_LDADD = $(DAEMON_LIBS) $(SQLITE_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_libmodbus_faults
tests_unit_test_libmodbus_faults_SOURCES = %D%/unit/test_libmodbus_faults.c %D%/unit/harness.h \
  %D%/unit/modbus_peer.c %D%/unit/modbus_peer.h
tests_unit_test_libmodbus_faults_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(MODBUS_CFLAGS)
tests_unit_test_libmodbus_faults_LDADD = $(ETCH_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_line
tests_unit_test_line_SOURCES = %D%/unit/test_line.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h
tests_unit_test_line_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_line_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_log
tests_unit_test_log_SOURCES = %D%/unit/test_log.c %D%/unit/harness.h
tests_unit_test_log_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_log_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_log_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_low_s
tests_unit_test_low_s_SOURCES = %D%/unit/test_low_s.c %D%/unit/harness.h
tests_unit_test_low_s_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_low_s_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_machine
tests_unit_test_machine_SOURCES = %D%/unit/test_machine.c %D%/unit/harness.h %D%/unit/etch_fixture.h
tests_unit_test_machine_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_machine_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_modbus
tests_unit_test_modbus_SOURCES = %D%/unit/test_modbus.c %D%/unit/harness.h
tests_unit_test_modbus_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_modbus_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_name
tests_unit_test_name_SOURCES = %D%/unit/test_name.c %D%/unit/harness.h
tests_unit_test_name_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_name_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_new_file
tests_unit_test_new_file_SOURCES = %D%/unit/test_new_file.c %D%/unit/fault_points.h %D%/unit/harness.h
tests_unit_test_new_file_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_new_file_LDADD = $(CTL_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_nfc
tests_unit_test_nfc_SOURCES = %D%/unit/test_nfc.c %D%/unit/harness.h
tests_unit_test_nfc_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_nfc_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_operator_code
tests_unit_test_operator_code_SOURCES = %D%/unit/test_operator_code.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h
tests_unit_test_operator_code_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_operator_code_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_order
tests_unit_test_order_SOURCES = %D%/unit/test_order.c %D%/unit/harness.h
tests_unit_test_order_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_order_LDADD = $(PROTO_LIBS) $(CSV_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_packml
tests_unit_test_packml_SOURCES = %D%/unit/test_packml.c %D%/unit/harness.h
tests_unit_test_packml_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_packml_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_pairing
tests_unit_test_pairing_SOURCES = %D%/unit/test_pairing.c %D%/unit/harness.h
tests_unit_test_pairing_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_pairing_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_pairing_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_parser_memory
tests_unit_test_parser_memory_SOURCES = %D%/unit/test_parser_memory.c %D%/unit/harness.h
tests_unit_test_parser_memory_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_parser_memory_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
  -Wl,--wrap=csv_parse,--wrap=csv_error
tests_unit_test_parser_memory_LDADD = $(PROTO_LIBS) $(JANSSON_LIBS) $(CSV_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_passphrase
tests_unit_test_passphrase_SOURCES = %D%/unit/test_passphrase.c %D%/unit/harness.h
tests_unit_test_passphrase_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_passphrase_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_place
tests_unit_test_place_SOURCES = %D%/unit/test_place.c %D%/unit/harness.h
tests_unit_test_place_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_place_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_place_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_plate
tests_unit_test_plate_SOURCES = %D%/unit/test_plate.c %D%/unit/harness.h
tests_unit_test_plate_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(PNG_CFLAGS)
tests_unit_test_plate_LDADD = $(SIM_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_pool
tests_unit_test_pool_SOURCES = %D%/unit/test_pool.c %D%/unit/harness.h
tests_unit_test_pool_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_pool_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_pool_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_print_follow
tests_unit_test_print_follow_SOURCES = %D%/unit/test_print_follow.c %D%/unit/harness.h
tests_unit_test_print_follow_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
tests_unit_test_print_follow_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_print_follow_LDADD = $(PRINT_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_random_health
tests_unit_test_random_health_SOURCES = %D%/unit/test_random_health.c %D%/unit/harness.h
tests_unit_test_random_health_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_random_health_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_random_health_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_random_mix
tests_unit_test_random_mix_SOURCES = %D%/unit/test_random_mix.c %D%/unit/harness.h
tests_unit_test_random_mix_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_random_mix_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=RAND_priv_bytes_ex,--wrap=getrandom
tests_unit_test_random_mix_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_reconcile
tests_unit_test_reconcile_SOURCES = %D%/unit/test_reconcile.c %D%/unit/harness.h
tests_unit_test_reconcile_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_reconcile_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_report
tests_unit_test_report_SOURCES = %D%/unit/test_report.c %D%/unit/harness.h
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_report_LDADD = $(PROTO_LIBS) $(CSV_LIBS) $(JANSSON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_person
tests_unit_test_person_SOURCES = %D%/unit/test_person.c %D%/unit/harness.h
tests_unit_test_person_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_person_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_sanitize
tests_unit_test_sanitize_SOURCES = %D%/unit/test_sanitize.c %D%/unit/harness.h
tests_unit_test_sanitize_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_sanitize_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_recipe
tests_unit_test_recipe_SOURCES = %D%/unit/test_recipe.c %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_recipe_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_recipe_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_recipe_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=ledger_intent_list_open
tests_unit_test_recipe_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_row
tests_unit_test_row_SOURCES = %D%/unit/test_row.c %D%/unit/harness.h
tests_unit_test_row_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_row_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_row_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_sandbox
tests_unit_test_sandbox_SOURCES = %D%/unit/test_sandbox.c %D%/unit/harness.h
tests_unit_test_sandbox_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_sandbox_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_scan_line
tests_unit_test_scan_line_SOURCES = %D%/unit/test_scan_line.c %D%/unit/harness.h \
  drivers/scan_line.c drivers/scan_line.h
tests_unit_test_scan_line_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_scan_line_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_scratch
tests_unit_test_scratch_SOURCES = %D%/unit/test_scratch.c %D%/unit/harness.h
tests_unit_test_scratch_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_scratch_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_scrypt
tests_unit_test_scrypt_SOURCES = %D%/unit/test_scrypt.c %D%/unit/harness.h
tests_unit_test_scrypt_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(CRYPTO_CFLAGS)
tests_unit_test_scrypt_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=mmap,--wrap=calloc
tests_unit_test_scrypt_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_secret
tests_unit_test_secret_SOURCES = %D%/unit/test_secret.c %D%/unit/harness.h
tests_unit_test_secret_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_secret_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_serial
tests_unit_test_serial_SOURCES = %D%/unit/test_serial.c %D%/unit/harness.h
tests_unit_test_serial_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_serial_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_serial_port
tests_unit_test_serial_port_SOURCES = %D%/unit/test_serial_port.c %D%/unit/harness.h \
  drivers/serial_port.c drivers/serial_port.h
tests_unit_test_serial_port_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_serial_port_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_start
tests_unit_test_start_SOURCES = %D%/unit/test_start.c %D%/unit/harness.h
tests_unit_test_start_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_start_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_spool
tests_unit_test_spool_SOURCES = %D%/unit/test_spool.c %D%/unit/harness.h
tests_unit_test_spool_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS) $(UV_CFLAGS)
tests_unit_test_spool_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_spool_crash
tests_unit_test_spool_crash_SOURCES = %D%/unit/test_spool_crash.c %D%/unit/fault_points.h %D%/unit/harness.h
tests_unit_test_spool_crash_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_spool_crash_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_stroke
tests_unit_test_stroke_SOURCES = %D%/unit/test_stroke.c %D%/unit/harness.h %D%/unit/etch_fixture.h
tests_unit_test_stroke_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_stroke_LDADD = $(DRIVER_LIBS) $(CHECK_LIBS) $(MATH_LIBS)

check_PROGRAMS += tests/unit/test_text
tests_unit_test_text_SOURCES = %D%/unit/test_text.c %D%/unit/harness.h
tests_unit_test_text_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_text_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_utf8
tests_unit_test_utf8_SOURCES = %D%/unit/test_utf8.c %D%/unit/harness.h
tests_unit_test_utf8_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_utf8_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_verified
tests_unit_test_verified_SOURCES = %D%/unit/test_verified.c %D%/unit/harness.h \
  %D%/unit/counting_rng.h %D%/unit/scrypt_memo.c %D%/unit/scrypt_memo.h
tests_unit_test_verified_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_verified_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=scrypt_derive,--wrap=scrypt_derive_many
tests_unit_test_verified_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_wallet_state
tests_unit_test_wallet_state_SOURCES = %D%/unit/test_wallet_state.c %D%/unit/harness.h
tests_unit_test_wallet_state_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_wallet_state_LDADD = $(PROTO_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_wire
tests_unit_test_wire_SOURCES = %D%/unit/test_wire.c %D%/unit/harness.h
tests_unit_test_wire_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_wire_LDADD = $(SIM_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/test_settings
tests_unit_test_settings_SOURCES = %D%/unit/test_settings.c %D%/unit/harness.h
tests_unit_test_settings_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_settings_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_settings_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_guesses
tests_unit_test_guesses_SOURCES = %D%/unit/test_guesses.c %D%/unit/harness.h
tests_unit_test_guesses_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_guesses_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_guesses_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)
check_PROGRAMS += tests/unit/test_shift
tests_unit_test_shift_SOURCES = %D%/unit/test_shift.c %D%/unit/harness.h
tests_unit_test_shift_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_shift_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_shift_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_stage_confirm
tests_unit_test_stage_confirm_SOURCES = %D%/unit/test_stage_confirm.c %D%/unit/ledger_fixture.h %D%/unit/harness.h
tests_unit_test_stage_confirm_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_stage_confirm_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_stage_confirm_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=check_fetch,--wrap=check_run_many \
  -Wl,--wrap=ledger_row_get,--wrap=stage_end
tests_unit_test_stage_confirm_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_station_operator
tests_unit_test_station_operator_SOURCES = %D%/unit/test_station_operator.c %D%/unit/ledger_fixture.h \
  %D%/unit/counting_rng.h %D%/unit/harness.h
tests_unit_test_station_operator_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_station_operator_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_station_operator_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)

check_PROGRAMS += tests/unit/test_station
tests_unit_test_station_SOURCES = %D%/unit/test_station.c %D%/unit/station_fixture.h %D%/unit/harness.h
tests_unit_test_station_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_unit_test_station_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_unit_test_station_LDADD = $(DAEMON_LIBS) $(CHECK_LIBS)
EXTRA_DIST += tests/unit/fake_driver

# Tools of the tests and the demo.

noinst_PROGRAMS += tests/tools/find_needles
tests_tools_find_needles_SOURCES = %D%/tools/find_needles.c

noinst_PROGRAMS += tests/tools/read_plate
tests_tools_read_plate_SOURCES = %D%/tools/read_plate.c
tests_tools_read_plate_LDADD = drivers/libdriver.a $(MATH_LIBS)

noinst_PROGRAMS += tests/tools/forge_confirmations
tests_tools_forge_confirmations_SOURCES = %D%/tools/forge_confirmations.c
tests_tools_forge_confirmations_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
tests_tools_forge_confirmations_LDADD = $(DAEMON_LIBS)

# The built files themselves.

TESTS += tests/hardening tests/man-lint tests/reproducible tests/sbom tests/threaded
EXTRA_DIST += tests/hardening tests/man-lint tests/reproducible tests/sbom tests/smoke tests/threaded tests/under-valgrind tests/valgrind.supp

# What stands on the source itself.

TESTS += tests/layering tests/layering-fails tests/compile-fail-run
EXTRA_DIST += tests/layering tests/layering-fails tests/secret-bytes.list \
  tests/compile-fail-run tests/compile-fail

# System tests: programs of ours against each other and against peers.

EXTRA_DIST += tests/full tests/system/golden tests/system/lib

TESTS += tests/system/demo-page
EXTRA_DIST += tests/system/demo-page
TESTS += tests/system/destroy-copies tests/system/destroy-foreign tests/system/secure-flood
EXTRA_DIST += tests/system/destroy-copies tests/system/destroy-foreign tests/system/secure-flood

# Moves the clocks of a program that it is loaded into; no sanitizer of its own.
EXTRA_PROGRAMS += tests/tools/clocks.so
check_DATA += tests/tools/clocks.so
CLEANFILES += tests/tools/clocks.so
tests_tools_clocks_so_SOURCES = %D%/tools/clocks.c
tests_tools_clocks_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_tools_clocks_so_LDFLAGS = -shared

# Counts what a program opens that it is loaded into.
EXTRA_PROGRAMS += tests/tools/opens.so
check_DATA += tests/tools/opens.so
CLEANFILES += tests/tools/opens.so
tests_tools_opens_so_SOURCES = %D%/tools/opens.c
tests_tools_opens_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_tools_opens_so_LDFLAGS = -shared
TESTS += tests/system/split-knowledge
EXTRA_DIST += tests/system/split-knowledge

# Bends the sources of random bytes of a program that it is loaded into.
EXTRA_PROGRAMS += tests/tools/randoms.so
check_DATA += tests/tools/randoms.so
CLEANFILES += tests/tools/randoms.so
tests_tools_randoms_so_SOURCES = %D%/tools/randoms.c
tests_tools_randoms_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_tools_randoms_so_LDFLAGS = -shared
TESTS += tests/system/random-sources
EXTRA_DIST += tests/system/random-sources

# Makes a machine look as if it had swap.
EXTRA_PROGRAMS += tests/tools/swap.so
check_DATA += tests/tools/swap.so
CLEANFILES += tests/tools/swap.so
tests_tools_swap_so_SOURCES = %D%/tools/swap.c
tests_tools_swap_so_CFLAGS = -std=gnu11 -O1 -fPIC -Wall -Wextra
tests_tools_swap_so_LDFLAGS = -shared
TESTS += tests/system/unit-exposure tests/system/unit-network
EXTRA_DIST += tests/system/unit-exposure tests/system/unit-network

# For tests/under-valgrind.
EXTRA_PROGRAMS += tests/tools/plain_secrets.so
check_DATA += tests/tools/plain_secrets.so
CLEANFILES += tests/tools/plain_secrets.so
tests_tools_plain_secrets_so_SOURCES = %D%/tools/plain_secrets.c
tests_tools_plain_secrets_so_CFLAGS = -std=gnu11 -O1 -g -fPIC -Wall -Wextra
tests_tools_plain_secrets_so_LDFLAGS = -shared
noinst_PROGRAMS += tests/tools/spill
tests_tools_spill_SOURCES = %D%/tools/spill.c
tests_tools_spill_LDADD = $(PROTO_LIBS)
TESTS += tests/under-valgrind-sees
EXTRA_DIST += tests/under-valgrind-sees

TESTS += tests/system/attacks-devices tests/system/attacks-files tests/system/attacks-people
EXTRA_DIST += tests/system/attacks-devices tests/system/attacks-files tests/system/attacks-people
TESTS += tests/system/approvals tests/system/ctl-approve tests/system/ctl-token
EXTRA_DIST += tests/system/approvals tests/system/ctl-approve tests/system/ctl-token

TESTS += tests/system/clock-jumps
EXTRA_DIST += tests/system/clock-jumps

TESTS += tests/system/sanitization
EXTRA_DIST += tests/system/sanitization

TESTS += tests/system/batch-ends
EXTRA_DIST += tests/system/batch-ends
TESTS += tests/system/reconcile
EXTRA_DIST += tests/system/reconcile

TESTS += tests/system/batch-freeze tests/system/batch-part-lost tests/system/batch-parts tests/system/batch-void
EXTRA_DIST += tests/system/batch-freeze tests/system/batch-part-lost tests/system/batch-parts tests/system/batch-void

TESTS += tests/system/bip38-npm
EXTRA_DIST += tests/system/bip38-npm
noinst_PROGRAMS += tests/tools/bip38_wallets
tests_tools_bip38_wallets_SOURCES = %D%/tools/bip38_wallets.c
tests_tools_bip38_wallets_LDADD = $(PROTO_LIBS)
clean-local: clean-peers
.PHONY: clean-peers
clean-peers:
	-rm -rf peers

TESTS += tests/system/ctl-commands tests/system/ctl-complete
EXTRA_DIST += tests/system/ctl-commands tests/system/ctl-complete

TESTS += tests/system/ctl-closes tests/system/ctl-file tests/system/intake-flood
EXTRA_DIST += tests/system/ctl-closes tests/system/ctl-file tests/system/intake-flood

TESTS += tests/system/courier-signature
EXTRA_DIST += tests/system/courier-signature tests/system/lib/malleable.py

TESTS += tests/system/ctl-output
EXTRA_DIST += tests/system/ctl-output

TESTS += tests/system/ctl-refusals
EXTRA_DIST += tests/system/ctl-refusals

TESTS += tests/system/disk-full tests/system/disk-full-etch tests/system/disk-sync
EXTRA_DIST += tests/system/disk-full tests/system/disk-full-etch tests/system/disk-sync
TESTS += tests/system/order-many tests/system/order-next
EXTRA_DIST += tests/system/order-many tests/system/order-next
TESTS += tests/system/driver-sandbox
EXTRA_DIST += tests/system/driver-sandbox
TESTS += tests/system/etch-modbus
EXTRA_DIST += tests/system/etch-modbus tests/system/etch_driver.py
TESTS += tests/system/etch-line-rtu tests/system/etch-line-tcp
EXTRA_DIST += tests/system/etch-line-rtu tests/system/etch-line-tcp \
  tests/system/etch_line.py

TESTS += tests/system/key-ahead
EXTRA_DIST += tests/system/key-ahead

TESTS += tests/system/keyline-sim-faults
EXTRA_DIST += tests/system/keyline-sim-faults

TESTS += tests/system/etch-modbus-faults
EXTRA_DIST += tests/system/etch-modbus-faults

TESTS += tests/system/etch-modbus-link
EXTRA_DIST += tests/system/etch-modbus-link

TESTS += tests/system/etch-modbus-memory
EXTRA_DIST += tests/system/etch-modbus-memory

TESTS += tests/system/etch-modbus-pymodbus
EXTRA_DIST += tests/system/etch-modbus-pymodbus tests/system/etcher_pymodbus.py

TESTS += tests/system/keyline-sim-peers
EXTRA_DIST += tests/system/etcher_host.py tests/system/keyline-sim-peers

TESTS += tests/system/file-refused-counts
EXTRA_DIST += tests/system/file-refused-counts

TESTS += tests/system/file-skipped tests/system/hold-in-load
EXTRA_DIST += tests/system/file-skipped tests/system/hold-in-load

TESTS += tests/system/intake-strange
EXTRA_DIST += tests/system/intake-strange

TESTS += tests/system/pair-layers
EXTRA_DIST += tests/system/pair-layers

TESTS += tests/system/pages-agree
EXTRA_DIST += tests/system/pages-agree

TESTS += tests/system/qa
EXTRA_DIST += tests/system/qa

TESTS += tests/system/replug
EXTRA_DIST += tests/system/replug

TESTS += tests/system/scan-serial
EXTRA_DIST += tests/system/scan-serial

DAEMON_TESTS = tests/system/daemon_config tests/system/daemon_protect \
  tests/system/daemon_socket \
  tests/system/daemon_stations tests/system/daemon_status
TESTS += $(DAEMON_TESTS)
EXTRA_DIST += $(DAEMON_TESTS)

PRINT_TESTS = tests/system/print-ipp-doubt tests/system/print-ipp-job \
  tests/system/print-ipp-liar tests/system/print-ipp-manual tests/system/print-ipp-memory \
  tests/system/print-ipp-query tests/system/print-ipp-refuse tests/system/print-two-stations
TESTS += $(PRINT_TESTS)
EXTRA_DIST += $(PRINT_TESTS)

noinst_PROGRAMS += tests/tools/batch_files
tests_tools_batch_files_SOURCES = %D%/tools/batch_files.c
tests_tools_batch_files_LDADD = $(PROTO_LIBS)
noinst_PROGRAMS += tests/tools/ledger_check
tests_tools_ledger_check_SOURCES = %D%/tools/ledger_check.c
tests_tools_ledger_check_LDADD = $(DAEMON_LIBS)
TESTS += tests/system/ledger-other-author tests/system/ledger-witness
EXTRA_DIST += tests/system/ledger-other-author tests/system/ledger-witness tests/ledger_verify.py

TESTS += tests/system/openssl-cms tests/system/openssl-manual
EXTRA_DIST += tests/system/openssl-cms tests/system/openssl-manual

noinst_PROGRAMS += tests/tools/disk_probe
tests_tools_disk_probe_SOURCES = %D%/tools/disk_probe.c
tests_tools_disk_probe_LDADD = $(DAEMON_LIBS)
TESTS += tests/system/secure-disk tests/system/secure-staged
EXTRA_DIST += tests/system/secure-disk tests/system/secure-staged
TESTS += tests/system/line-crash tests/system/line-exchange tests/system/line-faults tests/system/line-people \
  tests/system/line-short tests/system/line-stop
EXTRA_DIST += tests/system/line-two-hosts tests/system/wrong-senders
TESTS += tests/system/line-two-hosts tests/system/wrong-senders
TESTS += tests/system/line-operators tests/system/ctl-odd tests/system/outgoing-taken tests/system/notice-receipts
EXTRA_DIST += tests/system/line-operators tests/system/ctl-odd tests/system/outgoing-taken tests/system/notice-receipts
TESTS += tests/system/etcher-put-back tests/system/etcher-two-masters tests/system/ledger-put-back
EXTRA_DIST += tests/system/etcher-put-back tests/system/etcher-two-masters tests/system/ledger-put-back
TESTS += tests/system/planted-secrets
EXTRA_DIST += tests/system/planted-secrets
TESTS += tests/system/station-renamed
EXTRA_DIST += tests/system/station-renamed
TESTS += tests/system/wallet-bulk tests/system/daemon_start tests/system/daemon_places
EXTRA_DIST += tests/system/wallet-bulk tests/system/daemon_start tests/system/daemon_places
EXTRA_DIST += tests/system/line-crash tests/system/line-exchange tests/system/line-faults tests/system/line-people \
  tests/system/line-short tests/system/line-stop
TESTS += tests/system/bench-run
EXTRA_DIST += tests/system/bench-run
