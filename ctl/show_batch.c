/* SPDX-License-Identifier: MIT */
/* Batches, the check of a batch file. */
#include "config.h"
#include "ctl/eta.h"
#include "ctl/show.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct table_column batch_columns[] = {
	{"BATCH", "batch", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"TOTAL", "total", CELL_NUMBER, false},
	{"DONE", "done", CELL_NUMBER, false},
	{"SPOILED", "counts.spoiled", CELL_NUMBER, false},
	{"REJECTED", "counts.rejected", CELL_NUMBER, false},
	{"MISSING", "counts.missing", CELL_NUMBER, true},
	{"DOUBT", "counts.in-doubt", CELL_NUMBER, false},
	{"LEFT", "left", CELL_NUMBER, false},
	{"ETA", "eta_s", CELL_ETA, true},
	{"REASON", "reason", CELL_WRAPPED, true},
};

static const struct table_column batch_fields[] = {
	{"batch", "batch", CELL_TEXT, false},
	{"state", "state", CELL_STATE, false},
	{"reason", "reason", CELL_TEXT, true},
	{"product", "product", CELL_TEXT, false},
	{"use", "use", CELL_TEXT, false},
	{"wallets", "total", CELL_NUMBER, false},
	{"draws", "draws", CELL_NUMBER, true},
	{"to come", "parts_to_come", CELL_NUMBER, true},
	{"skipped", "passed_over", CELL_NUMBER, true},
	{"secrets", "secrets", CELL_TEXT, true},
	{"done at", "eta_s", CELL_ETA, true},
};

static const struct table_column count_columns[] = {
	{"STATE", "state", CELL_STATE, false},
	{"WALLETS", "count", CELL_NUMBER, false},
};

static const struct table_column file_columns[] = {
	{"KIND", "kind", CELL_TEXT, false},
	{"DIRECTION", "direction", CELL_TEXT, false},
	{"FROM", "sender", CELL_TEXT, true},
	{"TO", "recipient", CELL_TEXT, true},
	{"PART", "part", CELL_NUMBER, true},
	{"OF", "parts", CELL_NUMBER, true},
	{"SEQUENCE", "sequence", CELL_NUMBER, true},
	{"TIME", "time", CELL_TIME, true},
	{"RECEIPT", "receipt", CELL_TEXT, true},
	{"FILE", "path", CELL_WRAPPED, false},
};

static const struct table_column balance_fields[] = {
	{"counts", "text", CELL_TEXT, false},
	{"announced", "announced", CELL_NUMBER, false},
	{"closed", "closed", CELL_NUMBER, false},
	{"open", "open", CELL_NUMBER, false},
	{"in doubt", "in_doubt", CELL_NUMBER, false},
	{"bad parts", "parts_left", CELL_NUMBER, false},
};

static const struct table_column check_fields[] = {
	{"file", "file", CELL_TEXT, false},
	{"kind", "kind", CELL_TEXT, true},
	{"batch", "batch", CELL_TEXT, true},
	{"outcome", "outcome", CELL_TEXT, false},
};

static const struct table_column issue_columns[] = {
	{"LINE", "line", CELL_NUMBER, true},
	{"COLUMN", "column", CELL_NUMBER, true},
	{"FIELD", "field", CELL_TEXT, true},
	{"CODE", "code", CELL_TEXT, false},
	{"ERROR", "text", CELL_WRAPPED, true},
	{"ALLOWED", "allowed", CELL_WRAPPED, true},
};

static long long
sum_of(const json_t *counts, const char *const *states, size_t n)
{
	long long sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += json_integer_value(json_object_get(counts, states[i]));
	return sum;
}

/* The daemon knows its stages and may tell done and left; else the counts do. */
static void
derive(json_t *batch)
{
	static const char *const finished[] = {
		"sealed", "released", "opened-good", "opened-bad", "shipped"};
	static const char *const lost[] = {
		"spoiled", "rejected", "missing", "void", "in-doubt"};
	json_t *counts = json_object_get(batch, "counts");
	long long total = json_integer_value(json_object_get(batch, "total"));
	long long done = sum_of(counts, finished, COUNT(finished));

	if (!counts)
		return;
	for (size_t i = 0; i < COUNT(lost); i++)
		if (!json_object_get(counts, lost[i]) && strcmp(lost[i], "missing") != 0)
			json_object_set_new(counts, lost[i], json_integer(0));
	if (!json_object_get(batch, "done"))
		json_object_set_new(batch, "done", json_integer(done));
	else
		done = json_integer_value(json_object_get(batch, "done"));
	if (!json_object_get(batch, "left"))
		json_object_set_new(batch, "left",
			json_integer(total - done - sum_of(counts, lost, COUNT(lost))));
}

void
show_batch_table(json_t *objects, const struct style *style)
{
	size_t index;
	json_t *object;

	json_array_foreach(objects, index, object)
	{
		derive(object);
	}
	eta_add(objects);
	table_print(style, objects, "batch", batch_columns, COUNT(batch_columns));
}

void
show_batches(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "batch"))
		fputs("no batches\n", stderr);
	show_batch_table(answer->objects, style);
}

/* {state: n} as objects of type "count", so that one table shows both forms. */
static json_t *
counts_as_objects(const json_t *batch)
{
	json_t *objects = json_array(), *value;
	const char *state;

	json_object_foreach(json_object_get(batch, "counts"), state, value)
	{
		json_array_append_new(
			objects, json_pack("{s:s, s:s, s:O}", "type", "count", "state",
					 state, "count", value));
	}
	return objects;
}

/* What no receipt is due for has `-'; a file of the store is named by the begin of its
 * hash, as a shell takes it. */
static void
tidy_files(json_t *objects)
{
	enum { HASH_DIGITS = 64, SHOWN_DIGITS = 16 };
	static const char store[] = "store/";
	const size_t store_len = sizeof store - 1;
	json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		const char *receipt =
			json_string_value(json_object_get(object, "receipt"));
		const char *path = json_string_value(json_object_get(object, "path"));

		if (receipt && strcmp(receipt, "none") == 0)
			json_object_set_new(object, "receipt", json_string("-"));
		if (path && strncmp(path, store, store_len) == 0 &&
			strspn(path + store_len, "0123456789abcdef") == HASH_DIGITS)
			json_object_set_new(object, "path",
				json_sprintf("%.*s*%s", (int)store_len + SHOWN_DIGITS,
					path, path + store_len + HASH_DIGITS));
	}
}

void
show_batch(const struct answer *answer, const struct style *style)
{
	const json_t *batch = show_first(answer->objects, "batch");
	json_t *counts;

	if (!batch)
		return;
	table_print_fields(style, batch, batch_fields, COUNT(batch_fields));
	counts = table_has(answer->objects, "count") ? json_incref(answer->objects)
						     : counts_as_objects(batch);
	if (table_has(counts, "count")) {
		putc('\n', style->out);
		table_print(style, counts, "count", count_columns, COUNT(count_columns));
	}
	json_decref(counts);
	if (table_has(answer->objects, "file")) {
		tidy_files(answer->objects);
		putc('\n', style->out);
		table_print(style, answer->objects, "file", file_columns,
			COUNT(file_columns));
	}
}

/* The issues of a check as rows of a table. */
static json_t *
issues_as_objects(const json_t *check)
{
	json_t *objects = json_array(), *issue;
	size_t index;

	json_array_foreach(json_object_get(check, "issues"), index, issue)
	{
		json_t *row = json_copy(issue);

		json_object_set_new(row, "type", json_string("issue"));
		/* What is wrong with the whole file, or a whole line, has no number. */
		for (size_t i = 0; i < 2; i++)
			if (json_integer_value(json_object_get(
				    row, issue_columns[i].key)) == 0)
				json_object_del(row, issue_columns[i].key);
		json_array_append_new(objects, row);
	}
	return objects;
}

void
show_check(const struct answer *answer, const struct style *style)
{
	const json_t *check = show_first(answer->objects, "check");
	json_int_t total = json_integer_value(json_object_get(check, "issues_total"));
	json_t *issues;

	if (!check)
		return;
	table_print_fields(style, check, check_fields, COUNT(check_fields));
	issues = issues_as_objects(check);
	if (table_has(issues, "issue")) {
		putc('\n', style->out);
		table_print(style, issues, "issue", issue_columns, COUNT(issue_columns));
	}
	if (total > (json_int_t)json_array_size(issues))
		fprintf(style->out, "%lld more are not shown: mend these, then check again.\n",
			(long long)total - (long long)json_array_size(issues));
	json_decref(issues);
}

void
show_release(const struct answer *answer, const struct style *style)
{
	const json_t *balance = show_first(answer->objects, "balance");

	if (balance)
		table_print_fields(style, balance, balance_fields, COUNT(balance_fields));
	show_change(answer, style);
}
