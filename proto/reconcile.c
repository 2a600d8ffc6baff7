/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/reconcile.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/buffer.h"

enum { TEXT_LIMIT = 1 << 20, LINE_WIDTH = 78, COUNT_COLUMN = 52, HASH_GROUP = 4 };

struct reconcile_row *
reconcile_add(struct reconcile *report, const char *section, const char *name)
{
	struct reconcile_row *grown = NULL, *row = &report->lost;

	if (report->error == 0)
		grown = realloc(report->rows, (report->count + 1) * sizeof *grown);
	if (grown) {
		report->rows = grown;
		row = &grown[report->count++];
	} else if (report->error == 0) {
		report->error = KE_NO_MEMORY;
	}
	memset(row, 0, sizeof *row);
	(void)snprintf(row->section, sizeof row->section, "%s", section);
	(void)snprintf(row->name, sizeof row->name, "%s", name);
	return row;
}

struct reconcile_row *
reconcile_count(
	struct reconcile *report, const char *section, const char *name, uint64_t count)
{
	struct reconcile_row *row = reconcile_add(report, section, name);

	row->has_count = true;
	row->count = count;
	return row;
}

void
reconcile_note(struct reconcile_row *row, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	(void)vsnprintf(row->note, sizeof row->note, format, list);
	va_end(list);
}

void
reconcile_obstacle(struct reconcile *report, const char *status, const char *action)
{
	struct reconcile_obstacle *grown = NULL;

	if (report->error == 0)
		grown = realloc(
			report->obstacles, (report->obstacle_count + 1) * sizeof *grown);
	if (!grown) {
		report->error = report->error ? report->error : KE_NO_MEMORY;
		return;
	}
	report->obstacles = grown;
	grown = &grown[report->obstacle_count++];
	(void)snprintf(grown->status, sizeof grown->status, "%s", status);
	(void)snprintf(grown->action, sizeof grown->action, "%s", action);
}

void
reconcile_clear(struct reconcile *report)
{
	free(report->rows);
	free(report->obstacles);
	report->rows = NULL;
	report->obstacles = NULL;
	report->count = report->obstacle_count = 0;
	report->error = 0;
}

void
reconcile_ppm(char out[RECONCILE_PPM_SIZE], uint32_t ppm)
{
	(void)snprintf(out, RECONCILE_PPM_SIZE, "%" PRIu32 ".%04" PRIu32 " %%",
		ppm / 10000, ppm % 10000);
}

/* The words of text, in lines that begin with indent blanks. */
static void
write_wrapped(struct buffer *b, const char *text, size_t indent)
{
	size_t column = 0;

	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");

		if (column && column + 1 + len > LINE_WIDTH) {
			buffer_text(b, "\n");
			column = 0;
		}
		buffer_format(b, "%*s%.*s", column ? 1 : (int)indent, "", (int)len, text);
		column += (column ? 1 : indent) + len;
		text += len;
	}
	if (column)
		buffer_text(b, "\n");
}

static void
write_field(struct buffer *b, const char *label, const char *text)
{
	buffer_format(b, "%12s: %s\n", label, text && *text ? text : "not recorded");
}

static void
write_row(struct buffer *b, const struct reconcile_row *row)
{
	char ppm[RECONCILE_PPM_SIZE] = "";

	if (row->has_ppm)
		reconcile_ppm(ppm, row->ppm);
	if (row->has_count)
		buffer_format(
			b, "  %-*s %10" PRIu64, COUNT_COLUMN - 2, row->name, row->count);
	else if (row->name[0])
		buffer_format(b, "  %s", row->name);
	if (row->has_ppm)
		buffer_format(b, "  %10s", ppm);
	if (row->has_count || row->name[0])
		buffer_text(b, "\n");
	write_wrapped(b, row->note, row->name[0] ? 6 : 2);
}

static void
write_rows(struct buffer *b, const struct reconcile *report)
{
	const char *section = "";

	for (size_t i = 0; i < report->count; i++) {
		const struct reconcile_row *row = &report->rows[i];

		if (strcmp(section, row->section) != 0)
			buffer_format(b, "\n%s\n", row->section);
		section = row->section;
		write_row(b, row);
	}
}

static void
write_result(struct buffer *b, const struct reconcile *report)
{
	buffer_format(b, "\nResult\n  %s\n",
		report->closes ? "The counts close." : "The counts DO NOT CLOSE.");
	if (report->closes && report->obstacle_count > 0)
		buffer_text(b, "  Still to be seen to:\n");
	for (size_t i = 0; i < report->obstacle_count; i++) {
		buffer_format(b, "  %zu.\n", i + 1);
		write_wrapped(b, report->obstacles[i].status, 4);
		write_wrapped(b, report->obstacles[i].action, 4);
	}
}

static void
write_head(struct buffer *b, const struct reconcile *report)
{
	size_t len = strlen(report->hash);

	buffer_format(b, "\nLedger of %s\n", report->host);
	buffer_format(b, "%12s: %" PRIu64 "\n%12s:", "event", report->seq, "hash");
	for (size_t i = 0; i < len; i += HASH_GROUP)
		buffer_format(b, "%s%.*s", i == len / 2 ? "\n              " : " ",
			HASH_GROUP, report->hash + i);
	buffer_text(b, "\n");
	write_wrapped(b,
		"The counts are what this ledger said after that event; \"keylinectl ledger "
		"verify EVENT HASH\" tells whether it still says so.",
		2);
}

int
reconcile_text(char **out, size_t *len, const struct reconcile *report)
{
	struct buffer b;

	*out = NULL;
	*len = 0;
	if (report->error)
		return report->error;
	buffer_init(&b, TEXT_LIMIT);
	buffer_text(&b, "RECONCILIATION OF A BATCH\n\n");
	write_field(&b, "batch", report->batch);
	write_field(&b, "product", report->product);
	write_field(&b, "coins", report->coins);
	write_field(&b, "state", report->state);
	write_field(&b, "host", report->host);
	write_field(&b, "mode", report->mode);
	write_field(&b, "use", report->use);
	write_field(&b, "time", report->time);
	write_field(&b, "made by", report->tool);
	write_rows(&b, report);
	write_result(&b, report);
	write_head(&b, report);
	buffer_text(&b, "\nPeople\n");
	write_field(&b, "counted by", "______________________________");
	write_field(&b, "reviewed by", "______________________________");
	return buffer_take(out, len, &b);
}
