# SPDX-License-Identifier: MIT
# All of the daemon but its main(), so that tests can link what they test.
noinst_LIBRARIES += daemon/libdaemon.a
DAEMON_LIBS = daemon/libdaemon.a $(PROTO_LIBS) $(UV_LIBS) $(SQLITE_LIBS) \
  $(JANSSON_LIBS) $(INIH_LIBS) $(SYSTEMD_LIBS) $(CSV_LIBS)

daemon_libdaemon_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(UV_CFLAGS) \
  $(SQLITE_CFLAGS) $(JANSSON_CFLAGS) $(INIH_CFLAGS) $(SYSTEMD_CFLAGS)
daemon_libdaemon_a_SOURCES = \
  %D%/block_device.c %D%/block_device.h \
  %D%/alarm.c %D%/alarm.h \
  %D%/approvals.c %D%/approvals.h \
  %D%/check.c %D%/check.h \
  %D%/check_control.c %D%/check_control.h \
  %D%/clock_watch.c %D%/clock_watch.h \
  %D%/host_clock.c %D%/host_clock.h \
  %D%/closer.c %D%/closer.h \
  %D%/closing.c %D%/closing.h \
  %D%/closing_certificate.c %D%/closing_certificate.h \
  %D%/closing_destroy.c \
  %D%/closing_draw.c \
  %D%/closing_erase.c %D%/closing_erase.h \
  %D%/closing_freeze.c \
  %D%/closing_list.c %D%/closing_list.h \
  %D%/closing_secrets.c %D%/closing_secrets.h \
  %D%/ctl_batch.c \
  %D%/ctl_bulk.c %D%/ctl_bulk.h \
  %D%/ctl_bulk_choose.c %D%/ctl_bulk_inner.h \
  %D%/ctl_call.c \
  %D%/ctl_certificate.c \
  %D%/ctl_client.c %D%/ctl_client.h \
  %D%/ctl_code.c %D%/ctl_code.h \
  %D%/ctl_common.c %D%/ctl_common.h \
  %D%/ctl_file.c %D%/ctl_file.h \
  %D%/ctl_key.c %D%/ctl_key.h \
  %D%/ctl_key_trust.c \
  %D%/ctl_rearm.c \
  %D%/ctl_skip.c \
  %D%/ctl_ledger.c \
  %D%/ctl_peer.c \
  %D%/ctl_operator.c \
  %D%/ctl_person.c \
  %D%/ctl_report.c \
  %D%/ctl_request.c \
  %D%/ctl_refuse.c %D%/ctl_refuse.h \
  %D%/ctl_server.c %D%/ctl_server.h \
  %D%/ctl_sign_on.c \
  %D%/ctl_wallet.c %D%/ctl_wallet.h \
  %D%/ctl_wallet_two.c \
  %D%/device_lock.c %D%/device_lock.h \
  %D%/driver.c %D%/driver.h \
  %D%/driver_child.c %D%/driver_child.h \
  %D%/dual.c %D%/dual.h %D%/dual_inner.h \
  %D%/dual_approve.c \
  %D%/durable.c %D%/durable.h \
  %D%/erase.c %D%/erase.h \
  %D%/erase_medium.c %D%/erase_medium.h \
  %D%/fault.c %D%/fault.h \
  %D%/fault_table.c %D%/fault_table.h \
  %D%/harden.c %D%/harden.h \
  %D%/host.c %D%/host.h \
  %D%/host_disks.c %D%/host_disks.h \
  %D%/host_part.c %D%/host_part.h \
  %D%/intake.c %D%/intake.h \
  %D%/intake_apply.c \
  %D%/intake_certificate.c \
  %D%/intake_check.c \
  %D%/intake_disk.c \
  %D%/intake_freeze.c \
  %D%/intake_file.h \
  %D%/intake_growing.c \
  %D%/intake_heads.c \
  %D%/intake_origin.c \
  %D%/intake_order.c \
  %D%/intake_report.c %D%/intake_report.h \
  %D%/intake_receipt.c \
  %D%/intake_signed.c \
  %D%/intake_wait.h \
  %D%/job.c %D%/job.h \
  %D%/job_counter.c %D%/job_counter.h \
  %D%/job_doubt.c %D%/job_doubt.h \
  %D%/job_inner.h \
  %D%/job_place.c %D%/job_place.h \
  %D%/job_resume.c \
  %D%/key_accept.c %D%/key_accept.h \
  %D%/key_announce.c %D%/key_announce.h \
  %D%/keylined.c %D%/keylined.h \
  %D%/key_missing.c %D%/key_missing.h \
  %D%/keystore.c %D%/keystore.h \
  %D%/keystore_change.c \
  %D%/keystore_file.c %D%/keystore_file.h \
  %D%/keystore_inner.h \
  %D%/ledger.c %D%/ledger.h \
  %D%/ledger_approval.c \
  %D%/ledger_batch.c %D%/ledger_batch.h \
  %D%/ledger_close.c \
  %D%/ledger_parts.c \
  %D%/ledger_freeze.c \
  %D%/ledger_db.c %D%/ledger_db.h \
  %D%/ledger_event.c \
  %D%/ledger_file.c %D%/ledger_file.h \
  %D%/ledger_intent.c %D%/ledger_intent.h \
  %D%/ledger_mark.c \
  %D%/ledger_note.c \
  %D%/ledger_operator.c %D%/ledger_operator.h \
  %D%/ledger_person.c %D%/ledger_person.h \
  %D%/ledger_request.c %D%/ledger_request.h \
  %D%/ledger_rows.h \
  %D%/ledger_schema.c \
  %D%/ledger_sql.h \
  %D%/ledger_skip.c \
  %D%/ledger_take.c \
  %D%/ledger_use.c %D%/ledger_use.h \
  %D%/ledger_verify.c \
  %D%/ledger_wallet.c %D%/ledger_wallet.h \
  %D%/ledger_witness.c %D%/ledger_witness.h \
  %D%/log.c %D%/log.h \
  %D%/medium.c %D%/medium.h \
  %D%/pairing.c %D%/pairing.h \
  %D%/place.c %D%/place.h \
  %D%/pool.c %D%/pool.h \
  %D%/pool_memory.c %D%/pool_memory.h \
  %D%/publish.c %D%/publish.h \
  %D%/publish_place.c %D%/publish_place.h \
  %D%/publish_recover.c \
  %D%/random.c %D%/random.h \
  %D%/random_extra.c %D%/random_extra.h \
  %D%/random_health.c %D%/random_health.h \
  %D%/random_repeat.c %D%/random_repeat.h \
  %D%/random_throws.c %D%/random_throws.h \
  %D%/recipe.h \
  %D%/recipe_etch.c %D%/recipe_etch.h \
  %D%/recipe_etch_check.c \
  %D%/recipe_print.c \
  %D%/recipe_scan.c \
  %D%/recipe_setup.c \
  %D%/recipes.h \
  %D%/reconcile_build.c %D%/reconcile_build.h %D%/reconcile_inner.h \
  %D%/reconcile_devices.c \
  %D%/reconcile_draw.c \
  %D%/report_sign.c %D%/report_sign.h \
  %D%/request_waits.c %D%/request_waits.h \
  %D%/row.c %D%/row.h \
  %D%/scratch.c %D%/scratch.h \
  %D%/secure_disk.c %D%/secure_disk.h \
  %D%/settings.c %D%/settings.h \
  %D%/settings_check.c \
  %D%/settings_mark.c \
  %D%/settings_near.c \
  %D%/settings_places.c \
  %D%/settings_read.c %D%/settings_reader.h \
  %D%/settings_spool.c \
  %D%/settings_table.c \
  %D%/settings_values.c \
  %D%/spool.c %D%/spool.h \
  %D%/spool_inside.h \
  %D%/spool_move.c \
  %D%/spool_scan.c \
  %D%/spool_watch.c %D%/spool_watch.h \
  %D%/shift.c %D%/shift.h \
  %D%/guesses.c %D%/guesses.h \
  %D%/start.c %D%/start.h \
  %D%/stage.c %D%/stage.h \
  %D%/stage_confirm.c \
  %D%/stage_generate.c \
  %D%/stage_mint.c \
  %D%/station.c %D%/station.h \
  %D%/station_ctl.c \
  %D%/station_device.c \
  %D%/station_drivers.c \
  %D%/station_inner.h \
  %D%/station_job.c \
  %D%/station_job_end.c \
  %D%/station_machine.c \
  %D%/station_operator.c %D%/station_operator.h \
  %D%/station_order.c \
  %D%/station_scan.c \
  %D%/station_set.c \
  %D%/station_show.c %D%/station_show.h \
  %D%/status.c \
  %D%/store.c %D%/store.h \
  %D%/supply.c %D%/supply.h \
  %D%/user.c %D%/user.h \
  %D%/witness.c %D%/witness.h \
  $(END)

sbin_PROGRAMS += daemon/keylined
daemon_keylined_CPPFLAGS = $(daemon_libdaemon_a_CPPFLAGS)
daemon_keylined_SOURCES = %D%/main.c proto/heap_wipe.c
daemon_keylined_LDADD = $(DAEMON_LIBS)
