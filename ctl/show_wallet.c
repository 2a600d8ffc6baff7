/* SPDX-License-Identifier: MIT */
/* Wallets, keys, the ledger. */
#include "config.h"
#include "ctl/show.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"

#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const struct table_column wallet_columns[] = {
	{"SERIAL", "serial", CELL_TEXT, false},
	{"BATCH", "batch", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"DRAWN", "drawn", CELL_FLAG, true},
	{"DESTROYED", "destroyed", CELL_FLAG, true},
	{"REASON", "reason", CELL_WRAPPED, true},
};

static const struct table_column wallet_fields[] = {
	{"wallet", "serial", CELL_TEXT, false},
	{"batch", "batch", CELL_TEXT, false},
	{"state", "state", CELL_STATE, false},
	{"reason", "reason", CELL_TEXT, true},
	{"drawn", "drawn", CELL_FLAG, true},
	{"destroyed", "destroyed", CELL_FLAG, true},
	{"changed", "changed", CELL_TIME, true},
};

static const struct table_column event_columns[] = {
	{"SEQ", "seq", CELL_NUMBER, false},
	{"TIME", "time", CELL_TIME, false},
	{"ACTOR", "actor", CELL_ACTOR, false},
	{"EVENT", "event", CELL_TEXT, false},
	{"FROM", "from", CELL_TEXT, false},
	{"TO", "to", CELL_STATE, false},
	{"DETAIL", "detail", CELL_WRAPPED, true},
};

static const struct table_column refused_columns[] = {
	{"SERIAL", "serial", CELL_TEXT, false},
	{"STATE", "state", CELL_STATE, false},
	{"REFUSED", "status", CELL_WRAPPED, false},
};

static const struct table_column key_columns[] = {
	{"HOST", "host", CELL_TEXT, false},
	{"KIND", "kind", CELL_TEXT, false},
	{"BATCH", "batch", CELL_TEXT, true},
	{"USE", "use", CELL_TEXT, false},
	{"OWN", "own", CELL_FLAG, false},
	{"FINGERPRINT", "fingerprint", CELL_FINGERPRINT, false},
};

static const struct table_column ledger_fields[] = {
	{"newest event", "seq", CELL_NUMBER, false},
	{"hash", "hash", CELL_FINGERPRINT, false},
	{"events checked", "events", CELL_NUMBER, true},
	{"chain holds", "good", CELL_TEXT, true},
	{"heads others saw", "witnessed", CELL_NUMBER, true},
	{"head given", "given", CELL_TEXT, true},
	{"broken at event", "bad_seq", CELL_NUMBER, true},
	{"object", "object", CELL_TEXT, true},
	{"reason", "reason", CELL_TEXT, true},
};

static const struct table_column witness_columns[] = {
	{"HOST", "host", CELL_TEXT, false},
	{"EVENT", "seq", CELL_NUMBER, false},
	{"HASH", "hash", CELL_FINGERPRINT, false},
	{"SEEN", "time", CELL_TIME, false},
};

void
show_wallets(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "wallet"))
		fputs("no wallets\n", stderr);
	table_print(
		style, answer->objects, "wallet", wallet_columns, COUNT(wallet_columns));
}

void
show_wallet(const struct answer *answer, const struct style *style)
{
	const json_t *wallet = show_first(answer->objects, "wallet");

	if (!wallet)
		return;
	table_print_fields(style, wallet, wallet_fields, COUNT(wallet_fields));
	if (table_has(answer->objects, "event")) {
		putc('\n', style->out);
		table_print(style, answer->objects, "event", event_columns,
			COUNT(event_columns));
	}
}

/* "2 arrived, 240 sealed" */
static void
print_counts(const struct style *style, const json_t *counts)
{
	const char *state, *before = "";
	const json_t *count;

	json_object_foreach((json_t *)(size_t)counts, state, count)
	{
		fprintf(style->out, "%s%" JSON_INTEGER_FORMAT " ", before,
			json_integer_value(count));
		style_print(style, style_tone(state), state);
		before = ", ";
	}
}

/* The last one tells what is so now. */
static const json_t *
last_bulk(const json_t *objects)
{
	const json_t *object, *last = NULL;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		const char *type = json_string_value(json_object_get(object, "type"));

		if (type && strcmp(type, "bulk") == 0)
			last = object;
	}
	return last;
}

void
show_bulk(const struct answer *answer, const struct style *style)
{
	const json_t *bulk = last_bulk(answer->objects);
	const json_t *passed = json_object_get(bulk, "passed");
	json_int_t left = json_integer_value(json_object_get(bulk, "left"));

	if (!bulk && table_has(answer->objects, "refused")) {
		table_print(style, answer->objects, "refused", refused_columns,
			COUNT(refused_columns));
		return;
	}
	if (!bulk) {
		show_change(answer, style);
		return;
	}
	style_print(style, TONE_PLAIN, json_string_value(json_object_get(bulk, "batch")));
	fprintf(style->out, ": %" JSON_INTEGER_FORMAT " wallets%s: ",
		json_integer_value(json_object_get(bulk, "count")),
		json_is_true(json_object_get(bulk, "done")) ? " done" : "");
	print_counts(style, json_object_get(bulk, "counts"));
	if (json_is_true(json_object_get(bulk, "destroyed")))
		fputs(", destroyed", style->out);
	if (json_object_size(passed)) {
		fputs("\n  passed over: ", style->out);
		print_counts(style, passed);
	}
	if (left > 0)
		fprintf(style->out,
			"\n  left: %" JSON_INTEGER_FORMAT
			"; give the command again for them",
			left);
	putc('\n', style->out);
}

/* The first site certificate in a list: this host's own, or one that is trusted. */
static const json_t *
site_of(const json_t *objects, bool is_own)
{
	const json_t *object;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		const char *kind = json_string_value(json_object_get(object, "kind"));

		if (kind && strcmp(kind, "site") == 0 &&
			json_is_true(json_object_get(object, "own")) == is_own)
			return object;
	}
	return NULL;
}

/* Below the table: what is to be done with it, or first. */
void
show_keys(const struct answer *answer, const struct style *style)
{
	const json_t *own = site_of(answer->objects, true);
	const char *host = json_string_value(json_object_get(own, "host"));
	struct style errors = {.out = stderr};

	if (!table_has(answer->objects, "key"))
		fputs("no keys\n", stderr);
	table_print(style, answer->objects, "key", key_columns, COUNT(key_columns));
	fflush(style->out);
	if (!host) {
		fputs("Make this host's site key first:  keylinectl key new site\n",
			stderr);
		return;
	}
	fputs("Read the fingerprint of kind site, own yes, out to whoever trusts ",
		stderr);
	style_print(&errors, TONE_PLAIN, host);
	fputs(".site.crt.\n", stderr);
	if (!site_of(answer->objects, false))
		fputs("No other host's site is trusted here yet:  keylinectl key trust "
		      "HOST.site.crt\n",
			stderr);
}

static const struct table_column done_fields[] = {
	{"kind", "kind", CELL_TEXT, false},
	{"host", "host", CELL_TEXT, false},
	{"batch", "batch", CELL_TEXT, true},
	{"use", "use", CELL_TEXT, false},
	{"certificate", "path", CELL_TEXT, true},
	{"fingerprint", "fingerprint", CELL_FINGERPRINT, false},
	{"next", "next", CELL_TEXT, true},
};

/* What became of a key, where it is, and what is done with it now. */
void
show_key_change(const struct answer *answer, const struct style *style)
{
	const json_t *key = show_first(answer->objects, "key");
	const char *done = json_string_value(json_object_get(key, "done"));

	if (!done) {
		show_change(answer, style);
		return;
	}
	fputs("key ", style->out);
	style_print(style, TONE_PLAIN, done);
	putc('\n', style->out);
	table_print_fields(style, key, done_fields, COUNT(done_fields));
}

void
show_ledger(const struct answer *answer, const struct style *style)
{
	const json_t *ledger = show_first(answer->objects, "ledger");

	if (ledger)
		table_print_fields(style, ledger, ledger_fields, COUNT(ledger_fields));
}

void
show_witnesses(const struct answer *answer, const struct style *style)
{
	if (!table_has(answer->objects, "witness"))
		fputs("no file of another host was taken yet\n", stderr);
	table_print(style, answer->objects, "witness", witness_columns,
		COUNT(witness_columns));
}
