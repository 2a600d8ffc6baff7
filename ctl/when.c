/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/when.h"

#include <stdio.h>
#include <string.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

bool
when_parse(time_t *out, const char *text)
{
	struct tm tm = {0};
	char back[WHEN_SIZE];
	char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

	if (!end || *end)
		return false;
	*out = timegm(&tm);
	/* strptime takes 31 February and leaves out zeros. */
	if (!gmtime_r(out, &tm) ||
		strftime(back, sizeof back, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return false;
	return strcmp(back, text) == 0;
}

void
when_duration(char out[WHEN_SIZE], long long seconds)
{
	static const struct {
		long long unit, next;
		const char *name, *next_name;
	} rows[] = {
		{DAY, HOUR, "d", "h"},
		{HOUR, MINUTE, "h", "min"},
		{MINUTE, 0, "min", NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		long long rest;

		if (seconds < rows[i].unit)
			continue;
		rest = rows[i].next ? seconds % rows[i].unit / rows[i].next : 0;
		if (rest)
			snprintf(out, WHEN_SIZE, "%lld %s %lld %s",
				seconds / rows[i].unit, rows[i].name, rest,
				rows[i].next_name);
		else
			snprintf(out, WHEN_SIZE, "%lld %s", seconds / rows[i].unit,
				rows[i].name);
		return;
	}
	snprintf(out, WHEN_SIZE, "%lld s", seconds < 0 ? 0 : seconds);
}

void
when_cycle(char out[WHEN_SIZE], long long milliseconds)
{
	long long tenths = (milliseconds + 50) / 100;
	long long seconds = (milliseconds + 500) / 1000;

	if (tenths < 600)
		snprintf(out, WHEN_SIZE, "%lld.%llds", tenths / 10, tenths % 10);
	else
		snprintf(out, WHEN_SIZE, "%lldm%02llds", seconds / MINUTE,
			seconds % MINUTE);
}

/* A macro, since the compiler is to see each format as a literal. */
#define FORMAT(out, time, how)                                    \
	do {                                                      \
		struct tm tm_;                                    \
		if (!localtime_r(&(time), &tm_) ||                \
			strftime(out, WHEN_SIZE, how, &tm_) == 0) \
			snprintf(out, WHEN_SIZE, "?");            \
	} while (0)

static bool
same_day(time_t a, time_t b)
{
	struct tm one, two;

	return localtime_r(&a, &one) && localtime_r(&b, &two) &&
	       one.tm_year == two.tm_year && one.tm_yday == two.tm_yday;
}

void
when_clock(char out[WHEN_SIZE], time_t time, time_t now)
{
	if (same_day(time, now))
		FORMAT(out, time, "%H:%M");
	else
		FORMAT(out, time, "%Y-%m-%d %H:%M");
}

void
when_full(char out[WHEN_SIZE], time_t time)
{
	FORMAT(out, time, "%Y-%m-%d %H:%M:%S");
}

void
when_eta(char out[WHEN_SIZE], long long seconds, time_t now)
{
	time_t then = now + seconds;

	if (same_day(then, now))
		FORMAT(out, then, "~%H:%M");
	else if (seconds < 6LL * DAY)
		FORMAT(out, then, "~%a %H:%M");
	else
		FORMAT(out, then, "~%Y-%m-%d");
}
