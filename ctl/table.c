/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/table.h"
#include "ctl/style.h"
#include "ctl/when.h"

#include <libsmartcols.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *
table_member(const json_t *object, const char *key)
{
	const char *dot = strchr(key, '.');
	json_t *value;

	if (!dot) {
		value = json_object_get(object, key);
	} else {
		char first[64];

		snprintf(first, sizeof first, "%.*s", (int)(dot - key), key);
		value = json_object_get(json_object_get(object, first), dot + 1);
	}
	return json_is_null(value) ? NULL : value;
}

/* Any scalar as it stands, an array as its members with commas. */
static void
plain(char out[CELL_SIZE], const json_t *value)
{
	size_t at = 0, index;
	json_t *member;

	out[0] = '\0';
	if (json_is_string(value)) {
		snprintf(out, CELL_SIZE, "%s", json_string_value(value));
	} else if (json_is_integer(value)) {
		snprintf(out, CELL_SIZE, "%lld", (long long)json_integer_value(value));
	} else if (json_is_real(value)) {
		snprintf(out, CELL_SIZE, "%g", json_real_value(value));
	} else if (json_is_boolean(value)) {
		snprintf(out, CELL_SIZE, "%s", json_is_true(value) ? "yes" : "no");
	} else if (json_is_array(value)) {
		json_array_foreach(value, index, member)
		{
			const char *text = json_string_value(member);

			if (at < CELL_SIZE)
				at += (size_t)snprintf(out + at, CELL_SIZE - at, "%s%s",
					index ? ", " : "", text ? text : "?");
		}
	}
}

/* Groups of four, whether or not the digits came so. */
static void
grouped(char out[CELL_SIZE], const char *hex)
{
	size_t at = 0, digits = 0;

	for (; *hex && at + 2 < CELL_SIZE; hex++) {
		if (*hex == ' ')
			continue;
		if (digits && digits % 4 == 0)
			out[at++] = ' ';
		out[at++] = *hex;
		digits++;
	}
	out[at] = '\0';
}

/* "uid1001" becomes the user's name, where this host knows it. */
static void
named(char out[CELL_SIZE])
{
	const struct passwd *user;
	char *end;
	unsigned long uid;

	/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): plain() wrote it */
	if (strncmp(out, "uid", 3) != 0 || out[3] < '0' || out[3] > '9')
		return;
	uid = strtoul(out + 3, &end, 10);
	user = *end ? NULL : getpwuid((uid_t)uid);
	if (user)
		snprintf(out, CELL_SIZE, "%s", user->pw_name);
}

static void
timed(char out[CELL_SIZE], const char *text)
{
	time_t time;

	if (text && when_parse(&time, text))
		when_full(out, time);
}

void
table_cell(char out[CELL_SIZE], const json_t *object, const char *key,
	enum cell_kind kind, const struct style *style)
{
	const json_t *value = table_member(object, key);
	long long number = json_integer_value(value);

	plain(out, value);
	if (!value)
		return;
	switch (kind) {
	case CELL_TEXT:
	case CELL_WRAPPED:
	case CELL_NUMBER:
		break;
	case CELL_STATE:
		if (json_is_true(json_object_get(object, "held")))
			snprintf(out + strlen(out), CELL_SIZE - strlen(out), " (held)");
		break;
	case CELL_CYCLE:
		/* 0: there was none yet. */
		out[0] = '\0';
		if (number > 0)
			when_cycle(out, number);
		break;
	case CELL_DURATION:
		when_duration(out, number);
		break;
	case CELL_ETA:
		when_eta(out, number, style->now);
		break;
	case CELL_TIME:
		timed(out, json_string_value(value));
		break;
	case CELL_ACTOR:
		named(out);
		break;
	case CELL_FINGERPRINT:
		if (json_is_string(value))
			grouped(out, json_string_value(value));
		break;
	case CELL_FLAG:
		if (json_is_false(value))
			out[0] = '\0';
		break;
	}
}

static bool
is_type(const json_t *object, const char *type)
{
	const char *is = json_string_value(json_object_get(object, "type"));

	return is && strcmp(is, type) == 0;
}

bool
table_has(const json_t *objects, const char *type)
{
	const json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		if (is_type(object, type))
			return true;
	}
	return false;
}

static bool
column_has_value(const struct style *style, const json_t *objects, const char *type,
	const struct table_column *column)
{
	const json_t *object;
	char text[CELL_SIZE];
	size_t index;

	json_array_foreach(objects, index, object)
	{
		if (!is_type(object, type))
			continue;
		table_cell(text, object, column->key, column->kind, style);
		if (text[0])
			return true;
	}
	return false;
}

static int
column_flags(const struct table_column *column)
{
	switch (column->kind) {
	case CELL_NUMBER:
	case CELL_CYCLE:
	case CELL_ETA:
		return SCOLS_FL_RIGHT;
	case CELL_WRAPPED:
		return SCOLS_FL_WRAP;
	case CELL_TEXT:
	case CELL_STATE:
	case CELL_DURATION:
	case CELL_TIME:
	case CELL_ACTOR:
	case CELL_FINGERPRINT:
	case CELL_FLAG:
		break;
	}
	return 0;
}

/* A state's colour is that of its worst word: held before what it is otherwise. */
static enum tone
cell_tone(const json_t *object, const struct table_column *column)
{
	const char *state = json_string_value(table_member(object, column->key));

	if (column->kind != CELL_STATE || !state)
		return TONE_PLAIN;
	return style_tone(json_is_true(json_object_get(object, "held")) ? "held" : state);
}

static int
fill_line(struct libscols_table *table, const struct style *style, const json_t *object,
	const struct table_column *const *columns, size_t count)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char text[CELL_SIZE];

	if (!line)
		return -1;
	for (size_t i = 0; i < count; i++) {
		enum tone tone = cell_tone(object, columns[i]);

		table_cell(text, object, columns[i]->key, columns[i]->kind, style);
		style_mask(text);
		if (scols_line_set_data(line, i, text) != 0)
			return -1;
		if (tone != TONE_PLAIN)
			scols_cell_set_color(
				scols_line_get_cell(line, i), style_colour(tone));
	}
	return 0;
}

static struct libscols_table *
new_table(const struct style *style)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return NULL;
	scols_table_set_column_separator(table, "  ");
	scols_table_enable_colors(table, style->colour);
	scols_table_set_termforce(
		table, style->width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (style->width)
		scols_table_set_termwidth(table, style->width);
	return table;
}

/* libsmartcols fills the last column with blanks; copied text is better without. */
static void
print_trimmed(FILE *out, struct libscols_table *table)
{
	char *text = NULL;

	if (scols_print_table_to_string(table, &text) != 0 || !text)
		return;
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n"), kept = len;

		while (kept && line[kept - 1] == ' ')
			kept--;
		fprintf(out, "%.*s\n", (int)kept, line);
		line += len;
		line += *line == '\n';
	}
	free(text);
}

void
table_print(const struct style *style, const json_t *objects, const char *type,
	const struct table_column *columns, size_t count)
{
	enum { COLUMNS_MAX = 24 };
	struct libscols_table *table;
	const struct table_column *shown[COLUMNS_MAX];
	const json_t *object;
	size_t index, n = 0;

	if (!table_has(objects, type))
		return;
	table = new_table(style);
	if (!table)
		return;
	for (size_t i = 0; i < count && n < COLUMNS_MAX; i++) {
		if (columns[i].optional &&
			!column_has_value(style, objects, type, &columns[i]))
			continue;
		if (!scols_table_new_column(
			    table, columns[i].heading, 0, column_flags(&columns[i])))
			goto out;
		shown[n++] = &columns[i];
	}
	json_array_foreach(objects, index, object)
	{
		if (is_type(object, type) &&
			fill_line(table, style, object, shown, n) != 0)
			goto out;
	}
	print_trimmed(style->out, table);
out:
	scols_unref_table(table);
}

void
table_print_fields(const struct style *style, const json_t *object,
	const struct table_column *columns, size_t count)
{
	char text[CELL_SIZE];
	size_t width = 0;

	for (size_t i = 0; i < count; i++)
		if (strlen(columns[i].heading) > width)
			width = strlen(columns[i].heading);
	for (size_t i = 0; i < count; i++) {
		table_cell(text, object, columns[i].key, columns[i].kind, style);
		if (!text[0])
			continue;
		fprintf(style->out, "%*s: ", (int)width + 2, columns[i].heading);
		style_print(style, cell_tone(object, &columns[i]), text);
		putc('\n', style->out);
	}
}
