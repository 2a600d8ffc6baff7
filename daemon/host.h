/* SPDX-License-Identifier: MIT */
/*
 * One host of the line: what its recipes, stages and commands share.  It lives on
 * the loop thread; pool workers never see it.
 */
#ifndef KEYLINE_DAEMON_HOST_H
#define KEYLINE_DAEMON_HOST_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>
#include "daemon/clock_watch.h"
#include "daemon/ledger.h"
#include "daemon/place.h"
#include "proto/layer_mark.h"
#include "proto/passphrase.h"
#include "proto/serial.h"

struct alarm_list;
struct approvals;
struct check_control;
struct intake_growing;
struct intake_seen;
struct keylined;
struct keystore;
struct settings;
struct spool;
struct spool_watch;
struct station_set;

struct host {
	uv_loop_t *loop;
	const struct settings *settings;
	struct ledger *ledger;
	/* Requests of two persons. */
	struct approvals *approvals;
	struct keystore *keys;
	struct spool *spool;
	struct spool_watch *watch;
	/* Whose stations are made after this part was opened. */
	struct keylined *keylined;
	struct station_set *stations;
	struct alarm_list *alarms;
	struct serial_pattern serials;
	struct passphrase_alphabet alphabet;
	/* What the wall's clock has shown, and whether clock-behind was raised for it. */
	struct clock_watch clock;
	bool clock_told;
	/* When erase deadlines were looked at: the wall's clock, in minutes. */
	int64_t erase_minute;
	/* What every rejection is measured against; where wallets are checked, else NULL. */
	struct check_control *control;
	/* Directories of the state directory: sealed files in use, files that wait for
	 * their commit, reports and certificates. */
	int store_fd;
	int staged_fd;
	int reports_fd;
	/* Files of the secure disk that were looked at, and whether what an earlier run left
	 * staged there was seen to since the disk came. */
	struct intake_seen *secure_seen;
	/* what was refused there may be right now: a certificate came, ... */
	bool secure_retry;
	bool secure_recovered;
	/* The last run of intake left files that were ready; when, by the monotonic clock
	 * in milliseconds, incoming/ was looked through. */
	bool intake_left;
	int64_t intake_scanned_ms;
	/* Something came in since the stages were woken; runs of intake since then. */
	bool changed;
	unsigned quiet_runs;
	/* Files of incoming/ that are not at rest. */
	struct intake_growing *growing;
	/* The daemon ends: nothing new is begun. */
	bool ending;
	/* What the disks take no more: KE_NO_SPACE, KE_READ_ONLY or 0, by place; and until
	 * when, by uv_now(), a write that was refused counts. */
	struct host_disk {
		int error;
		uint64_t refused_until;
	} disks[PLACES];
	/* A file was committed and did not come to its place. */
	bool unfinished;
	/* Why nothing new is begun before the next start: the error and its alarm; 0. */
	int stopped;
	const char *stopped_by;
	/* A generate, mint or confirm run is under way: one at a time. */
	bool stage_busy;
	/* stage_wake() runs; it was asked for once more meanwhile. */
	bool stage_waking;
	bool stage_again;
	/* Wrong badges and PINs that came over the control socket. */
	struct guess_book *guesses;
	/* What a stage failed at and waits for a person: a tree of tsearch(3), by object. */
	void *stuck;
};

/* UTC in milliseconds. */
int64_t host_now_ms(void);

/* The actor and time of a step that no person asked for; actor: "daemon", "laser1". */
struct ledger_by host_by(const char *actor);

/*
 * The ledger failed or a sync did: nothing new is begun until the next start, what is
 * under way at a device ends.  Raises the alarm, holds every station, and lets the
 * ledger take nothing but that end.  Safe to call again.
 */
void host_stop_work(struct host *host, int error);

/*
 * Whether an error of a piece of work is none of its own but the disk's or the
 * ledger's: it then says nothing of the file, batch or wallet, and has been told and
 * acted on here.  A full or read-only disk lets the work wait until it is well again
 * (daemon/host_disks.h); after any other trouble nothing is begun before the next start.
 */
bool host_trouble(struct host *host, int error);

/* Whether a transaction found no room, or a disk read-only, and only waits for that: it
 * has been told.  error 0: no. */
bool host_lacks_room(struct host *host, int error);

/* What keeps this host from new work: a code of daemon/fault.h; NULL: nothing. */
const char *host_bar(const struct host *host);

/* Now and then: the stations learn what keeps them from work. */
void host_apply_bar(struct host *host);

/* A step of a wallet that a station or stage does; a refusal is returned, a failure
 * of the ledger stops the host's work as well. */
KEYLINE_WARN_UNUSED int host_step(struct host *host, const char *actor,
	const char *serial, int event, const char *detail);

/* The number of wallets in etched state (their passphrases in the open), and of
 * those that are on their way there. */
KEYLINE_WARN_UNUSED int host_unsealed(uint64_t *count, struct host *host);

/* Something changed that a suspended station or an idle stage may wait for. */
void host_wake(struct host *host);

/* The scanned text without a URI scheme and query ("bitcoin:bc1q...?x=y"). */
void host_scan_address(char *out, size_t size, const char *text);

/* The mark of a layer that a scan is, of this line's pattern; returns as
 * layer_mark_parse(). */
KEYLINE_WARN_UNUSED int host_scan_mark(
	struct layer_mark *out, const struct host *host, const char *text);

/* Whether a scan is a serial of this line's pattern with a right check character. */
bool host_scan_is_serial(const struct host *host, const char *text);

#endif
