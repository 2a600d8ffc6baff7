/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/report.h"

#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include "proto/buffer.h"
#include "proto/issue_form.h"

enum { REPORT_LIMIT = 1 << 20, FILE_SHOWN_MAX = 255 };

static const struct issue_list no_issues = ISSUE_LIST_EMPTY;

/* A name from outside in printable ASCII: it goes to terminals and into JSON. */
static void
shown_name(char out[FILE_SHOWN_MAX + 1], const char *name)
{
	size_t i;

	for (i = 0; i < FILE_SHOWN_MAX && name[i]; i++)
		out[i] = name[i] > ' ' && name[i] < 0x7f ? name[i] : '?';
	out[i] = '\0';
}

static int
code_of(const struct report *report, const struct issue_list *issues)
{
	return report->code ? report->code : issue_first(issues);
}

static void
issue_text(struct buffer *b, const struct issue *issue, const char *kind)
{
	const char *form = issue_form(issue, kind);
	char words[ISSUE_WORDS_SIZE];

	issue_words(words, issue);
	buffer_text(b, "  ");
	if (issue->line)
		buffer_format(b, "line %u", issue->line);
	else
		buffer_text(b, "file");
	if (issue->column)
		buffer_format(b, ", column %u", issue->column);
	if (issue->field)
		buffer_format(b, " (%s)", issue->field);
	buffer_format(b, ": %s [%s]\n", words, error_name(issue->code));
	if (form)
		buffer_format(b, "    allowed: %s\n", form);
}

int
report_text(char **out, size_t *len, const struct report *report)
{
	const struct issue_list *issues = report->issues ? report->issues : &no_issues;
	int code = code_of(report, issues);
	char file[FILE_SHOWN_MAX + 1];
	struct buffer b;

	shown_name(file, report->file);
	buffer_init(&b, REPORT_LIMIT);
	buffer_format(&b, "  file: %s\n", file);
	buffer_format(&b, "  time: %s\n", report->time);
	if (report->kind)
		buffer_format(&b, "  kind: %s\n", report->kind);
	if (report->batch)
		buffer_format(&b, " batch: %s\n", report->batch);
	buffer_format(&b, " state: %s\n", report->outcome);
	if (code)
		buffer_format(
			&b, "status: %s [%s]\n", error_text(code), error_name(code));
	if (report->action)
		buffer_format(&b, "action: %s\n", report->action);
	if (issues->total)
		buffer_format(&b, "errors: %zu\n", issues->total);
	for (size_t i = 0; i < issues->count; i++)
		issue_text(&b, &issues->items[i], report->kind);
	if (issues->total > issues->count)
		buffer_format(&b, "  and %zu more\n", issues->total - issues->count);
	return buffer_take(out, len, &b);
}

json_t *
report_issue_json(const struct issue *issue, const char *kind)
{
	char words[ISSUE_WORDS_SIZE];

	issue_words(words, issue);
	return json_pack("{s:i, s:i, s:s*, s:s, s:s, s:s*}", "line", (int)issue->line,
		"column", (int)issue->column, "field", issue->field, "code",
		error_name(issue->code), "text", words, "allowed",
		issue_form(issue, kind));
}

int
report_json(char **out, size_t *len, const struct report *report)
{
	const struct issue_list *issues = report->issues ? report->issues : &no_issues;
	int code = code_of(report, issues);
	char file[FILE_SHOWN_MAX + 1];
	json_t *errors = json_array();
	json_t *object;

	*out = NULL;
	*len = 0;
	for (size_t i = 0; i < issues->count; i++)
		if (json_array_append_new(errors, 
			    report_issue_json(&issues->items[i], report->kind)) != 0)
			goto no_memory;
	shown_name(file, report->file);
	object = json_pack("{s:i, s:s, s:s, s:s, s:s*, s:s*, s:s, s:s, s:s*, s:I, s:O}",
		"schema", 1, "type", "result", "file", file, "time", report->time, "kind",
		report->kind, "batch", report->batch, "outcome", report->outcome, "code",
		error_name(code), "action", report->action, "errors_total",
		(json_int_t)issues->total, "errors", errors);
	if (!object)
		goto no_memory;
	*out = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(object);
	if (!*out)
		goto no_memory;
	*len = strlen(*out);
	json_decref(errors);
	return 0;
no_memory:
	json_decref(errors);
	return KE_NO_MEMORY;
}
