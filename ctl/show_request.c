/* SPDX-License-Identifier: MIT */
/* Requests of two persons, what they signed, and the persons. */
#include "config.h"
#include "ctl/show.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct table_column request_columns[] = {
	{"REQUEST", "id", CELL_NUMBER, false},
	{"COMMAND", "action", CELL_TEXT, false},
	{"OBJECT", "object", CELL_TEXT, false},
	{"WITH", "args", CELL_TEXT, true},
	{"REASON", "reason", CELL_WRAPPED, true},
	{"BY", "actor", CELL_ACTOR, false},
	{"SINCE", "created", CELL_TIME, false},
	{"EXPIRES", "expires", CELL_TIME, true},
};

static const struct table_column request_fields[] = {
	{"request", "id", CELL_NUMBER, false},
	{"command", "action", CELL_TEXT, false},
	{"object", "object", CELL_TEXT, false},
	{"with", "args", CELL_TEXT, true},
	{"reason", "reason", CELL_TEXT, true},
	{"state", "state", CELL_STATE, false},
	{"by", "actor", CELL_ACTOR, false},
	{"second", "second", CELL_ACTOR, true},
	{"since", "created", CELL_TIME, false},
	{"expires", "expires", CELL_TIME, false},
};

static const struct table_column person_columns[] = {
	{"PERSON", "person", CELL_TEXT, false},
	{"NAME", "name", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"SINCE", "since", CELL_TIME, false},
	{"REMOVED", "removed", CELL_TIME, true},
	{"FINGERPRINT", "fingerprint", CELL_FINGERPRINT, false},
};

static const struct table_column operator_columns[] = {
	{"OPERATOR", "name", CELL_TEXT, false},
	{"BY", "code", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"SINCE", "since", CELL_TIME, false},
	{"REMOVED", "removed", CELL_TIME, true},
};

void
show_operators(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "operator"))
		fputs("no operator is enrolled\n", stderr);
	table_print(style, answer->objects, "operator", operator_columns,
		COUNT(operator_columns));
}

void
show_requests(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "request"))
		fputs("nothing waits for a second person\n", stderr);
	table_print(style, answer->objects, "request", request_columns,
		COUNT(request_columns));
}

void
show_persons(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "person"))
		fputs("nobody is enrolled: root enrols the first two\n", stderr);
	table_print(
		style, answer->objects, "person", person_columns, COUNT(person_columns));
}

/* A text of several lines, indented; its control characters are harmless. */
static void
print_lines(const struct style *style, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[4096];

		snprintf(line, sizeof line, "%.*s", (int)len, text);
		fputs("  ", style->out);
		style_print(style, TONE_PLAIN, line);
		putc('\n', style->out);
		text += len;
		text += *text == '\n';
	}
}

static void
show_signature(const struct style *style, const json_t *object)
{
	static const char *const keys[] = {"text", "signature"};

	for (size_t i = 0; i < COUNT(keys); i++) {
		const char *text = json_string_value(json_object_get(object, keys[i]));

		fprintf(style->out, "%s:\n", i ? "signature" : "\nsigned");
		print_lines(style, text ? text : "");
	}
}

void
show_request(const struct answer *answer, const struct style *style)
{
	const json_t *request = show_first(answer->objects, "request"), *object;
	size_t index;

	if (!request)
		return;
	table_print_fields(style, request, request_fields, COUNT(request_fields));
	json_array_foreach(answer->objects, index, object)
	{
		const char *type = json_string_value(json_object_get(object, "type"));

		if (type && strcmp(type, "signature") == 0)
			show_signature(style, object);
	}
}

void
show_approved(const struct answer *answer, const struct style *style)
{
	if (show_first(answer->objects, "balance"))
		show_release(answer, style);
	else if (show_first(answer->objects, "key"))
		show_key_change(answer, style);
	else
		show_bulk(answer, style);
}
