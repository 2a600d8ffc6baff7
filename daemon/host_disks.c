/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/host_disks.h"

#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/key_announce.h"
#include "daemon/log.h"
#include "daemon/publish.h"
#include "daemon/settings.h"
#include "daemon/stage.h"

/* How long a write that was refused counts. */
enum { REFUSED_MS = 10 * 1000 };

static const char *
code_of(int error)
{
	return error == KE_READ_ONLY ? "read-only" : "disk-full";
}

/* Where every step of the work writes; the key folder and the secure disk are for some. */
static bool
is_for_all(enum place place)
{
	return place == PLACE_STATE || place == PLACE_HIGHWATER || place == PLACE_SPOOL;
}

bool
host_disks_wait(const struct host *host, enum place place)
{
	return host->disks[place].error != 0;
}

int
host_disks_error(const struct host *host)
{
	for (int i = 0; i < PLACES; i++)
		if (is_for_all((enum place)i) && host->disks[i].error)
			return host->disks[i].error;
	return 0;
}

const char *
host_disks_folder(const struct host *host)
{
	for (int i = 0; i < PLACES; i++)
		if (is_for_all((enum place)i) && host->disks[i].error)
			return place_folder(host->settings, (enum place)i);
	return "";
}

const char *
host_disks_bar(const struct host *host)
{
	int error = host_disks_error(host);

	return error ? code_of(error) : NULL;
}

static void
set(struct host *host, enum place place, int error)
{
	const char *folder = place_folder(host->settings, place);
	struct host_disk *disk = &host->disks[place];

	if (error == disk->error)
		return;
	if (disk->error)
		alarm_clear(host->alarms, code_of(disk->error), folder);
	/* Nothing goes on by itself then, whatever the disk has. */
	if (error && !host->stopped)
		alarm_raise(host->alarms, code_of(error), folder, host_now_ms());
	disk->error = error;
	log_event(LOG_DISK,
		&(struct log_fields){ .code = error ? code_of(error) : "ok",
			.detail = folder });
}

void
host_disks_note(struct host *host, enum place place, int error)
{
	host->disks[place].refused_until = uv_now(host->loop) + REFUSED_MS;
	set(host, place, error);
}

/* The secure disk is looked at while it is there; the print host only reads from it. */
static bool
is_looked_at(const struct host *host, enum place place)
{
	if (place == PLACE_SECURE_DISK)
		return host->secure_recovered && (host->settings->stages & SETTINGS_MINT);
	return place_folder(host->settings, place) != NULL;
}

/* What was committed and did not come to its place.  While a stage is at work there is more
 * staged than that. */
static int
finish(struct host *host)
{
	int error = 0;

	if (host->unfinished && !host->stage_busy) {
		error = publish_recover(host);
		host->unfinished = error != 0;
	}
	return error;
}

static void
tell(struct host *host, int error)
{
	if (error && !host_trouble(host, error))
		alarm_raise(host->alarms, "stage-failed", host->settings->spool,
			host_now_ms());
}

/*
 * What did not come to its end for want of room: ends of jobs, which a station and a part
 * wait for and no file keeps back; what was committed, or a key that was made.
 */
static void
go_on(struct host *host)
{
	int error;

	tell(host, job_end_left(host));
	error = host->stopped ? 0 : finish(host);
	if (!host->stopped && (error == 0 || error == KE_DUPLICATE))
		error = key_announce_rest(host);
	tell(host, error);
	host->changed = true;
}

void
host_disks_look(struct host *host)
{
	const char *before = host_disks_bar(host);
	bool went_well = false;

	for (int i = 0; i < PLACES; i++) {
		struct host_disk *disk = &host->disks[i];
		bool is_full = disk->error == KE_NO_SPACE;
		int error = 0;

		if (is_looked_at(host, (enum place)i))
			error = place_look(
				place_folder(host->settings, (enum place)i), is_full);
		if (error == 0 && disk->error && uv_now(host->loop) < disk->refused_until)
			error = disk->error;
		went_well = went_well || (disk->error && !error);
		set(host, (enum place)i, error);
	}
	if (host_bar(host))
		return;
	if (went_well || before)
		go_on(host);
	else
		(void)host_trouble(host, finish(host));
}
