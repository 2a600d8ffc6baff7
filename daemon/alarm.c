/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/alarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/fault.h"

struct alarm_list {
	size_t count;
	size_t room;
	struct alarm *rows;
};

/* Whether the list has room for one more row. */
static bool
make_room(struct alarm_list *list)
{
	size_t room = list->room + ALARM_MAX;
	struct alarm *rows;

	if (list->count < list->room)
		return true;
	rows = reallocarray(list->rows, room, sizeof *rows);
	if (!rows)
		return false;
	list->rows = rows;
	list->room = room;
	return true;
}

struct alarm_list *
alarm_list_new(void)
{
	struct alarm_list *list = calloc(1, sizeof *list);

	if (list && !make_room(list)) {
		free(list);
		return NULL;
	}
	return list;
}

void
alarm_list_free(struct alarm_list *list)
{
	if (list)
		free(list->rows);
	free(list);
}

static void
remove_at(struct alarm_list *list, size_t index)
{
	memmove(&list->rows[index], &list->rows[index + 1],
		(list->count - index - 1) * sizeof list->rows[0]);
	list->count--;
}

static int
is_row(const struct alarm *row, const char *code, const char *object)
{
	return strcmp(row->code, code) == 0
		&& (!object || strcmp(row->object, object) == 0);
}

static bool
is_about_file(const struct alarm *row)
{
	return strncmp(row->code, "file-", 5) == 0 || strcmp(row->code, "not-a-file") == 0;
}

bool
alarm_is_final(const char *code)
{
	static const char *const codes[] = { "ledger", "ledger-full",
		"other-mark", "sync" };

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

/* The oldest about a dropped file, else the oldest that is not final. */
static size_t
least(const struct alarm_list *list)
{
	size_t i = 0;

	while (i < list->count && !is_about_file(&list->rows[i]))
		i++;
	if (i == list->count)
		i = 0;
	while (i < list->count - 1 && alarm_is_final(list->rows[i].code))
		i++;
	return i;
}

/* A flood of one kind, of which count rows stand, hides nothing but itself: its own
 * oldest goes. */
static void
keep_bounds(struct alarm_list *list, size_t count, size_t oldest)
{
	if (count >= ALARM_MAX)
		remove_at(list, oldest);
	if (!make_room(list))
		remove_at(list, least(list));
}

static void
tell(struct alarm *row, const char *told)
{
	(void)snprintf(row->told, sizeof row->told, "%s", told);
}

void
alarm_raise(
	struct alarm_list *list, const char *code, const char *object, int64_t now_ms)
{
	alarm_raise_told(list, code, object, "", now_ms);
}

void
alarm_raise_told(struct alarm_list *list, const char *code, const char *object,
	const char *told, int64_t now_ms)
{
	const char *known = fault_of(code)->code;
	size_t count = 0, oldest = 0;
	struct alarm *row;

	for (size_t i = list->count; i-- > 0;) {
		if (strcmp(list->rows[i].code, known) != 0)
			continue;
		if (strcmp(list->rows[i].object, object) == 0) {
			tell(&list->rows[i], told);
			return;
		}
		oldest = i;
		count++;
	}
	keep_bounds(list, count, oldest);
	row = &list->rows[list->count++];
	row->code = known;
	row->since_ms = now_ms;
	(void)snprintf(row->object, sizeof row->object, "%s", object);
	tell(row, told);
}

void
alarm_clear(struct alarm_list *list, const char *code, const char *object)
{
	for (size_t i = list->count; i-- > 0;)
		if (is_row(&list->rows[i], code, object))
			remove_at(list, i);
}

bool
alarm_stands_as(const struct alarm_list *list, const char *code, const char *object)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_row(&list->rows[i], code, object))
			return true;
	return false;
}

bool
alarm_stands(const struct alarm_list *list, const char *object)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->rows[i].object, object) == 0)
			return true;
	return false;
}

void
alarm_acknowledge(struct alarm_list *list, const char *object)
{
	for (size_t i = list->count; i-- > 0;)
		if (strcmp(list->rows[i].object, object) == 0
			&& !alarm_is_final(list->rows[i].code))
			remove_at(list, i);
}

size_t
alarm_count(const struct alarm_list *list)
{
	return list->count;
}

const struct alarm *
alarm_at(const struct alarm_list *list, size_t index)
{
	return &list->rows[index];
}
