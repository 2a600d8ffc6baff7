/* SPDX-License-Identifier: MIT */
#include "proto/utc.h"

#include <stdbool.h>
#include <stdio.h>

enum { DAY = 86400, YEAR_FIRST = 1970, YEAR_LAST = 9999 };

/*
 * Days from 1970-01-01 to the first of March of a year: the leap day then ends the
 * year before, and the lengths of months from March on fit one line.
 */
static int64_t
days_to_march(int64_t year)
{
	return 365 * year + year / 4 - year / 100 + year / 400 - 719468;
}

/* Days from the first of March to the first of a month; 0 is March, 11 February. */
static int64_t
days_to_month(int64_t month)
{
	return (153 * month + 2) / 5;
}

static int64_t
days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t from_march = (month + 9) % 12;

	return days_to_march(month < 3 ? year - 1 : year) + days_to_month(from_march) +
	       day - 1;
}

int
utc_format(char out[UTC_SIZE], int64_t seconds)
{
	int64_t days = seconds / DAY, second = seconds % DAY;
	int64_t year = YEAR_FIRST, month = 1;

	if (seconds < 0 || days >= days_of(YEAR_LAST + 1, 1, 1))
		return KE_BAD_ARGUMENT;
	/* A guess that is never too late, then on to the right one. */
	year += days / 366;
	while (days_of(year + 1, 1, 1) <= days)
		year++;
	while (month < 12 && days_of(year, month + 1, 1) <= days)
		month++;
	snprintf(out, UTC_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year % 10000,
		(unsigned)month % 100,
		(unsigned)(days - days_of(year, month, 1) + 1) % 100,
		(unsigned)(second / 3600) % 100, (unsigned)(second / 60 % 60),
		(unsigned)(second % 60));
	return 0;
}

static bool
has_form(const char *text, size_t len)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	if (len != UTC_LEN)
		return false;
	for (size_t i = 0; i < UTC_LEN; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return true;
}

static int64_t
number_at(const char *text, size_t len)
{
	int64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

int
utc_parse(int64_t *out, const char *text, size_t len)
{
	int64_t year, month, day, hour, minute, second, next;

	if (!has_form(text, len))
		return KE_BAD_FIELD;
	year = number_at(text, 4);
	month = number_at(text + 5, 2);
	day = number_at(text + 8, 2);
	hour = number_at(text + 11, 2);
	minute = number_at(text + 14, 2);
	second = number_at(text + 17, 2);
	if (year < YEAR_FIRST || month < 1 || month > 12 || day < 1 || hour > 23 ||
		minute > 59 || second > 59)
		return KE_BAD_FIELD;
	next = month < 12 ? days_of(year, month + 1, 1) : days_of(year + 1, 1, 1);
	if (days_of(year, month, day) >= next)
		return KE_BAD_FIELD;
	*out = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	return 0;
}
