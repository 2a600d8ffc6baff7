/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/host_clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/log.h"
#include "daemon/settings.h"

/* Of so many events the times are looked at in a start. */
enum { EVENTS = 1000, STEP_SIZE = 32 };

/* What clock-behind is about, and an acknowledgement of it names. */
static const char object[] = "clock";

static int
see_event(void *context, const struct ledger_event_row *row)
{
	struct clock_watch *watch = context;
	const struct ledger_event *event = &row->event;

	if (strcmp(event->kind, "alarm") == 0
		&& strcmp(event->event, "acknowledged") == 0 && event->detail
		&& strcmp(event->detail, object) == 0)
		clock_watch_trust(watch, row->time_ms);
	clock_watch_saw(watch, row->time_ms);
	return 0;
}

int
host_clock_open(struct host *host)
{
	struct ledger_event_filter filter = { 0 };
	unsigned char hash[LEDGER_HASH_LEN];
	uint64_t seq = 0;

	ledger_head(host->ledger, &seq, hash);
	filter.after = seq > EVENTS ? seq - EVENTS : 0;
	return ledger_event_list(host->ledger, &filter, see_event, &host->clock);
}

static int64_t
boot_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
tell_step(struct host *host, int64_t step_ms)
{
	char step[STEP_SIZE];
	struct ledger_by by = host_by("daemon");
	struct ledger_event event = { "clock", host->settings->host, "jumped", NULL, NULL,
		step };

	(void)snprintf(step, sizeof step, "clock%+" PRId64 "s",
		(step_ms + (step_ms < 0 ? -500 : 500)) / 1000);
	(void)host_trouble(host, ledger_event_add(host->ledger, &by, &event));
	alarm_raise(host->alarms, "clock-jumped", step, host_now_ms());
	log_event(LOG_CLOCK, &(struct log_fields){ .code = "clock-jumped", .detail = step });
}

static void
tell_behind(struct host *host, int64_t wall_ms)
{
	bool is_behind = clock_watch_is_behind(&host->clock, wall_ms);
	bool stands = alarm_stands_as(host->alarms, "clock-behind", object);

	if (is_behind && host->clock_told && !stands) {
		/* A person has acknowledged it. */
		clock_watch_trust(&host->clock, wall_ms);
		is_behind = false;
	}
	if (is_behind && !stands) {
		alarm_raise(host->alarms, "clock-behind", object, wall_ms);
		log_event(LOG_CLOCK, &(struct log_fields){ .code = "clock-behind" });
	}
	if (!is_behind && stands)
		alarm_clear(host->alarms, "clock-behind", object);
	host->clock_told = is_behind;
}

void
host_clock_look(struct host *host)
{
	int64_t wall_ms = host_now_ms();
	int64_t step_ms = clock_watch_look(&host->clock, wall_ms, boot_ms());

	if (step_ms)
		tell_step(host, step_ms);
	tell_behind(host, wall_ms);
}
