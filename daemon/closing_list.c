/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/closing_list.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/publish.h"

struct closing_list {
	const struct closing *act;
	const char *(*word)(const struct ledger_wallet *wallet);
	struct publish_spec spec;
	uint32_t rows_seen;
	struct batch_rows rows;
	struct publication **files;
	uint32_t count;
};

static int
count_row(void *context, const struct ledger_wallet *wallet)
{
	struct closing_list *list = context;

	list->rows_seen += list->word(wallet) != NULL;
	return 0;
}

static int
count_notice(void *context, const struct ledger_file *file)
{
	uint32_t *count = context;

	*count += file->direction == LEDGER_OUT && strcmp(file->kind, "notice") == 0;
	return 0;
}

/* A notice of a batch that has no wallet to name (it is not made yet, or all of them were out
 * of play before) has one row all the same, for its first serial. */
static int
name_first(struct closing_list *list)
{
	struct ledger_wallet wallet = {.state = WALLET_VOID};
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, list->act->host->ledger, list->act->batch);

	if (error || batch.first_serial[0] == '\0')
		return error;
	list->rows_seen = 1;
	return batch_rows_add_plain(
		&list->rows, batch.first_serial, list->word(&wallet));
}

/* Which part comes next. */
static int
number_part(struct closing_list *list)
{
	uint32_t told = 0;
	int error;

	list->spec.part = list->count + 1;
	if (list->spec.kind != BATCH_NOTICE)
		return 0;
	error = ledger_file_list(
		list->act->host->ledger, list->act->batch, count_notice, &told);
	list->spec.part = list->spec.parts = told + 1;
	return error;
}

/* The rows that are gathered become the next part. */
static int
end_part(struct closing_list *list)
{
	struct host *host = list->act->host;
	struct publication **grown;
	int error;

	if (list->rows.count == 0)
		return 0;
	grown = realloc(list->files, (list->count + 1) * sizeof(*grown));
	if (!grown)
		return KE_NO_MEMORY;
	list->files = grown;
	error = number_part(list);
	if (error == 0)
		error = publish_stage(
			&grown[list->count], host, &list->spec, &list->rows);
	if (error)
		return error;
	list->count++;
	batch_rows_free(&list->rows);
	batch_rows_init(&list->rows);
	return publish_record(grown[list->count - 1], host, list->act->by);
}

static int
add_row(void *context, const struct ledger_wallet *wallet)
{
	struct closing_list *list = context;
	const char *word = list->word(wallet);
	int error;

	if (!word)
		return 0;
	error = batch_rows_add_plain(&list->rows, wallet->serial, word);
	if (error == 0 && list->rows.count == BATCH_ROWS_MAX)
		error = end_part(list);
	return error;
}

int
closing_list_record(struct closing_list **out, const struct closing *act,
	enum batch_kind kind, const char *recipient,
	const char *(*word)(const struct ledger_wallet *wallet))
{
	struct closing_list *list = calloc(1, sizeof *list);
	struct ledger *ledger = act->host->ledger;
	int error;

	*out = list;
	if (!list)
		return KE_NO_MEMORY;
	list->act = act;
	list->word = word;
	list->spec = (struct publish_spec){ .kind = kind,
		.recipient = recipient,
		.batch = act->batch };
	batch_rows_init(&list->rows);
	error = ledger_wallet_list(ledger, act->batch, WALLET_NONE, count_row, list);
	if (error == 0 && kind == BATCH_NOTICE && list->rows_seen == 0)
		error = name_first(list);
	list->spec.parts = (list->rows_seen + BATCH_ROWS_MAX - 1) / BATCH_ROWS_MAX;
	if (error == 0)
		error = ledger_wallet_list(
			ledger, act->batch, WALLET_NONE, add_row, list);
	return error ? error : end_part(list);
}

uint32_t
closing_list_count(const struct closing_list *list)
{
	return list->count;
}

int
closing_list_finish(struct closing_list *list)
{
	int error = 0;

	for (uint32_t i = 0; error == 0 && i < list->count; i++)
		error = publish_finish(&list->files[i], list->act->host);
	return error;
}

void
closing_list_abandon(struct closing_list *list)
{
	if (!list)
		return;
	for (uint32_t i = 0; i < list->count; i++)
		publish_abandon(&list->files[i], list->act->host);
	batch_rows_free(&list->rows);
	free(list->files);
	free(list);
}
