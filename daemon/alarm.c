/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/alarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/fault.h"

struct alarm_list {
	size_t count;
	struct alarm rows[ALARM_MAX];
};

struct alarm_list *
alarm_list_new(void)
{
	return calloc(1, sizeof(struct alarm_list));
}

void
alarm_list_free(struct alarm_list *list)
{
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
	return strcmp(code, "ledger") == 0 || strcmp(code, "sync") == 0;
}

/* The oldest about a dropped file, else the oldest: a flood of files must not hide a
 * wallet in doubt, and nothing hides why the host stands still. */
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

void
alarm_raise(
	struct alarm_list *list, const char *code, const char *object, int64_t now_ms)
{
	const char *known = fault_of(code)->code;
	struct alarm *row;

	for (size_t i = 0; i < list->count; i++)
		if (is_row(&list->rows[i], known, object))
			return;
	if (list->count == ALARM_MAX)
		remove_at(list, least(list));
	row = &list->rows[list->count++];
	row->code = known;
	row->since_ms = now_ms;
	(void)snprintf(row->object, sizeof row->object, "%s", object);
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
