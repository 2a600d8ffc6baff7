/* SPDX-License-Identifier: MIT */
/* The report that reconciles a batch, and what printers are supplied with. */
#include "config.h"
#include "ctl/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ctl/show_parts.h"
#include "ctl/style.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct table_column supply_fields[] = {
	{"station", "station", CELL_TEXT, false},
	{"supply", "what", CELL_TEXT, false},
	{"loaded", "loaded", CELL_NUMBER, false},
	{"taken out", "removed", CELL_NUMBER, false},
	{"counted last", "counted", CELL_NUMBER, true},
	{"used, at least", "used_least", CELL_NUMBER, false},
	{"used, at most", "used_most", CELL_NUMBER, false},
	{"left, at least", "left_least", CELL_NUMBER, false},
	{"left, at most", "left_most", CELL_NUMBER, false},
};

void
show_supply(const struct answer *answer, const struct style *style)
{
	const json_t *supply = show_first(answer->objects, "supply");

	if (supply)
		table_print_fields(style, supply, supply_fields, COUNT(supply_fields));
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The lines of the page as they came, each character that is not seen masked. */
static void
print_page(const struct style *style, char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char end = text[len];

		text[len] = '\0';
		style_print(style, TONE_PLAIN, text);
		if (!end)
			break;
		putc('\n', style->out);
		text += len + 1;
	}
}

void
show_report(const struct answer *answer, const struct style *style)
{
	const json_t *object;
	size_t index;

	json_array_foreach(answer->objects, index, object)
	{
		char *text = strdup(text_of(object, "text"));

		if (text && strcmp(text_of(object, "type"), "page") == 0)
			print_page(style, text);
		free(text);
	}
}

/* A field of RFC 4180.  A spreadsheet takes what begins like a formula for one; a control
 * character, which the daemon never sends, is none of this format. */
static void
print_field(FILE *out, const char *text, char end)
{
	bool is_quoted = text[strcspn(text, ",\"")] != '\0';
	bool is_formula = text[0] && strchr("=+-@", text[0]);

	if (is_quoted)
		putc('"', out);
	if (is_formula)
		putc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', out);
		putc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
	}
	if (is_quoted)
		putc('"', out);
	if (end == '\n')
		putc('\r', out);
	putc(end, out);
}

static void
print_fields(FILE *out, const char *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		print_field(out, fields[i], i + 1 < count ? ',' : '\n');
}

/* section,name,count,probability,note */
static void
print_csv_row(FILE *out, const json_t *row)
{
	const json_t *count = json_object_get(row, "count");
	const json_t *ppm = json_object_get(row, "probability_ppm");
	char number[32] = "", probability[32] = "";
	const char *const fields[] = {text_of(row, "section"), text_of(row, "name"),
		number, probability, text_of(row, "note")};

	if (count)
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT,
			json_integer_value(count));
	if (ppm)
		snprintf(probability, sizeof probability, "%d.%06d",
			(int)(json_integer_value(ppm) / 1000000),
			(int)(json_integer_value(ppm) % 1000000));
	print_fields(out, fields, COUNT(fields));
}

/* Whose report it is, and of which head. */
static void
print_csv_head(FILE *out, const json_t *report)
{
	static const char *const keys[] = {"batch", "product", "coins", "state", "host",
		"mode", "use", "time", "tool", "hash"};
	char seq[32];
	const char *const closes[] = {"report", "closes", "", "",
		json_is_true(json_object_get(report, "closes")) ? "yes" : "no"};
	const char *const event[] = {"report", "event", seq, "", ""};

	for (size_t i = 0; i < COUNT(keys); i++) {
		const char *const fields[] = {
			"report", keys[i], "", "", text_of(report, keys[i])};

		print_fields(out, fields, COUNT(fields));
	}
	snprintf(seq, sizeof seq, "%" JSON_INTEGER_FORMAT,
		json_integer_value(json_object_get(report, "seq")));
	print_fields(out, event, COUNT(event));
	print_fields(out, closes, COUNT(closes));
}

void
show_report_csv(const struct answer *answer, const struct style *style)
{
	static const char *const heading[] = {
		"section", "name", "count", "probability", "note"};
	const json_t *object;
	size_t index;

	print_fields(style->out, heading, COUNT(heading));
	json_array_foreach(answer->objects, index, object)
	{
		const char *type = text_of(object, "type");
		const char *const obstacle[] = {"obstacle", text_of(object, "status"), "",
			"", text_of(object, "action")};

		if (strcmp(type, "report") == 0)
			print_csv_head(style->out, object);
		else if (strcmp(type, "row") == 0)
			print_csv_row(style->out, object);
		else if (strcmp(type, "obstacle") == 0)
			print_fields(style->out, obstacle, COUNT(obstacle));
	}
}
