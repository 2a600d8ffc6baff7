/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/host.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "daemon/alarm.h"
#include "daemon/durable.h"
#include "daemon/host_disks.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"
#include "daemon/log.h"
#include "daemon/place.h"
#include "daemon/settings.h"
#include "daemon/stage.h"
#include "daemon/station.h"

int64_t
host_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct ledger_by
host_by(const char *actor)
{
	return (struct ledger_by){ host_now_ms(), actor };
}

const char *
host_bar(const struct host *host)
{
	return host->stopped ? host->stopped_by : host_disks_bar(host);
}

void
host_apply_bar(struct host *host)
{
	station_set_bar(host->stations, host_bar(host));
}

void
host_stop_work(struct host *host, int error)
{
	const struct settings *settings = host->settings;
	const struct durable_trouble *trouble = durable_trouble();
	bool is_full = error == KE_NO_SPACE && trouble->code == error;
	bool is_other = error == KE_OTHER_MARK;
	bool is_disk = !is_other &&
		       (is_full || (trouble->code && trouble->code != KE_NO_SPACE));

	if (!host->stopped) {
		host->stopped = error;
		host->stopped_by = is_full    ? "ledger-full"
				   : is_disk  ? "sync"
				   : is_other ? "other-mark"
					      : "ledger";
		ledger_stop(host->ledger, error);
		/* These promise to go on by themselves. */
		alarm_clear(host->alarms, "disk-full", NULL);
		alarm_clear(host->alarms, "read-only", NULL);
		alarm_raise(host->alarms, host->stopped_by,
			is_disk	   ? place_folder(settings,
					     place_of(settings, trouble->path))
			: is_other ? settings->highwater
				   : error_name(error),
			host_now_ms());
		log_event(LOG_WORK_STOPPED,
			&(struct log_fields){ .code = error_name(error),
				.detail = is_disk ? trouble->path : NULL });
	}
	host_apply_bar(host);
}

/*
 * A file system that is not mounted read-only and takes no writes has found an error in
 * itself: kernels from 6.15 on tell that in no other way.
 */
static bool
has_given_up(const struct host *host, enum place place, int error)
{
	return error == KE_READ_ONLY
		&& place_look(place_folder(host->settings, place), false) != error;
}

bool
host_trouble(struct host *host, int error)
{
	const struct durable_trouble *trouble = durable_trouble();
	enum place place;

	if (error == 0 || host->stopped)
		return error != 0;
	if (durable_failed(-1) || ledger_failed(host->ledger)) {
		host_stop_work(host, error);
		return true;
	}
	if (trouble->code != error)
		return false;
	place = place_of(host->settings, trouble->path);
	if (error == KE_IO || has_given_up(host, place, error))
		host_stop_work(host, error);
	else
		host_disks_note(host, place, error);
	host_apply_bar(host);
	return true;
}

bool
host_lacks_room(struct host *host, int error)
{
	if (error != KE_NO_SPACE && error != KE_READ_ONLY)
		return false;
	return host_trouble(host, error) && !host->stopped;
}

int
host_step(struct host *host, const char *actor, const char *serial, int event,
	const char *detail)
{
	struct ledger_by by = host_by(actor);
	int error = ledger_wallet_step(
		host->ledger, &by, serial, (enum wallet_event)event, detail);

	(void)host_trouble(host, error);
	return error;
}

int
host_unsealed(uint64_t *count, struct host *host)
{
	uint64_t counts[WALLET_STATE_COUNT];
	int error = ledger_batch_counts(counts, host->ledger, NULL);

	if (error == 0)
		*count = counts[WALLET_CLAIMED] + counts[WALLET_ETCHING]
			+ counts[WALLET_ETCHED];
	return error;
}

/* A station that waits for the strip of another's wallet goes on when that is sealed. */
static bool
has_room(struct host *host)
{
	uint64_t unsealed;

	return host_unsealed(&unsealed, host) == 0
		&& unsealed < host->settings->unsealed_max;
}

void
host_wake(struct host *host)
{
	bool room = has_room(host);

	for (size_t i = 0; host->stations && i < station_set_count(host->stations); i++) {
		if (room)
			station_unsuspend(station_set_at(host->stations, i), "blocked");
		station_unsuspend(station_set_at(host->stations, i), "no-work");
	}
	stage_wake(host);
}

void
host_scan_address(char *out, size_t size, const char *text)
{
	const char *colon = strchr(text, ':');
	const char *query = strchr(text, '?');
	size_t len;

	/* A cash address keeps its prefix: it is part of what was encoded. */
	if (colon && strncmp(text, "bitcoincash:", 12) != 0
		&& strncmp(text, "ecash:", 6) != 0)
		text = colon + 1;
	len = query && query > text ? (size_t)(query - text) : strlen(text);
	if (len >= size)
		len = size - 1;
	memcpy(out, text, len);
	out[len] = '\0';
}

int
host_scan_mark(struct layer_mark *out, const struct host *host, const char *text)
{
	return layer_mark_parse(out, &host->serials, text, strlen(text));
}

bool
host_scan_is_serial(const struct host *host, const char *text)
{
	uint64_t number;

	return serial_to_number(&number, &host->serials, text, strlen(text)) == 0;
}
