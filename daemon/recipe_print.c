/* SPDX-License-Identifier: MIT */
/*
 * The printing station: the next minted wallet whose batch is not held and that no
 * other printing station has, its sticker row opened, loaded, intent, start; one after
 * another while there are any.
 */
#include "config.h"
#include "daemon/recipes.h"

#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/job_doubt.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"
#include "daemon/row.h"
#include "daemon/station.h"
#include "proto/bip38.h"
#include "proto/line.h"
#include "proto/secret.h"

static void print_next(struct station *station);

struct pick {
	struct host *host;
	struct station *station;
	char *serial;
};

static int
pick(void *context, const struct ledger_wallet *wallet)
{
	struct pick *p = context;
	struct ledger_batch batch;
	struct ledger_row row;
	int error;

	/* Until its intent stands a wallet is minted, wherever it is being loaded. */
	if (wallet->held || job_is_elsewhere(p->station, wallet->serial))
		return 0;
	error = ledger_batch_get(&batch, p->host->ledger, wallet->batch);
	if (error == 0 && ledger_batch_rests(&batch))
		return 0;
	if (error == 0)
		error = ledger_row_get(&row, p->host->ledger, wallet->serial, "stickers");
	if (error == KE_NOT_FOUND)
		return 0;
	if (error)
		return error;
	(void)snprintf(p->serial, LEDGER_SERIAL_SIZE, "%s", wallet->serial);
	return 1;
}

static void
on_end(struct station *station, const char *serial, enum ledger_outcome outcome,
	const char *code)
{
	(void)serial;
	(void)code;
	if (outcome == LEDGER_OUTCOME_DONE)
		station_count_good(station);
	host_wake(station_line(station));
	if (station_is_executing(station))
		print_next(station);
}

static int
build_line(struct secret **out, struct host *host, const struct job_ticket *ticket,
	const char *serial, const struct batch_sticker *sticker)
{
	struct line_builder b;
	struct secret *line = secret_new(LINE_BYTES_MAX);
	int result;

	if (!line)
		return KE_NO_MEMORY;
	line_begin(&b, line, "load", ticket->name);
	line_add(&b, "kind", "sticker");
	line_add(&b, "serial", serial);
	line_add_secret(&b, "epk", sticker->epk);
	line_add(&b, "address", sticker->address);
	line_add(&b, "nonce", ticket->nonce);
	line_add_number(&b, "test", !host->settings->production);
	result = line_end(&b);
	if (result < 0) {
		secret_free(line);
		return result;
	}
	*out = line;
	return 0;
}

/* Opens the row and checks what can be checked here: that it is an EPK of the
 * line's kind. */
static int
open_sticker(struct batch_sticker *out, struct host *host, const char *serial)
{
	struct row row;
	struct secret *plain = NULL;
	struct bip38_epk epk;
	int error = row_fetch(&row, host, serial, BATCH_STICKERS);

	if (error)
		return error;
	error = row_open(&plain, &row);
	if (error == 0)
		error = batch_sticker_parse(out, plain, row.batch, serial);
	if (error == 0) {
		error = bip38_epk_decode_secret(&epk, out->epk);
		if (error == 0 && !(epk.ec && epk.compressed))
			error = KE_NOT_COMPRESSED;
		OPENSSL_cleanse(&epk, sizeof epk);
		if (error)
			batch_sticker_clear(out);
	}
	secret_free(plain);
	row_clear(&row);
	return error;
}

static int
print_one(struct station *station, const char *serial)
{
	struct host *host = station_line(station);
	struct job job = { .kind = LEDGER_STICKER, .on_end = on_end };
	struct batch_sticker sticker;
	struct secret *line = NULL;
	int error = open_sticker(&sticker, host, serial);

	if (error)
		return error;
	(void)snprintf(job.serial, sizeof job.serial, "%s", serial);
	error = job_ticket_new(&job.ticket, host);
	if (error == 0)
		error = build_line(&line, host, &job.ticket, serial, &sticker);
	batch_sticker_clear(&sticker);
	if (error == 0) {
		station_set_wallet(station, serial);
		error = job_begin(station, &line, &job);
	}
	return error;
}

/* What a row's error is told as: a file that went away is brought back, another one is not. */
static const char *
row_fault(int error)
{
	if (error == KE_SECURE_DISK)
		return "secure-disk";
	return error == KE_NOT_FOUND || error == KE_IO ? "row-missing" : "row-unreadable";
}

/* A row that cannot be opened is no reason to print the next one on the quiet. */
static void
print_failed(struct station *station, const char *serial, int error)
{
	struct host *host = station_line(station);

	if (error == KE_NO_MEMORY || error == KE_LEDGER) {
		job_hold_unread(station, error);
		return;
	}
	if (host_trouble(host, error))
		return;
	alarm_raise(host->alarms, row_fault(error), serial, host_now_ms());
	station_hold(station, row_fault(error));
}

static void
print_next(struct station *station)
{
	struct host *host = station_line(station);
	char serial[LEDGER_SERIAL_SIZE] = "";
	struct pick p = { host, station, serial };
	int found = station_is_busy(station) ? 1 : job_unsettled(station);

	if (found == 1)
		return;
	if (found == 0)
		found = ledger_wallet_list(host->ledger, NULL, WALLET_MINTED, pick, &p);
	if (found == 0)
		station_suspend(station, "no-work");
	else if (found < 0)
		job_hold_unread(station, found);
	else if ((found = print_one(station, serial)) != 0)
		print_failed(station, serial, found);
}

static void
resumed(struct station *station)
{
	if (station_is_executing(station))
		print_next(station);
}

static int
on_open(struct station *station)
{
	return job_open(station, NULL);
}

static void
on_link(struct station *station, bool up)
{
	if (up)
		job_resume(station, resumed);
}

/* Work may have come while the setup label was printed. */
static void
setup_end(struct station *station, const char *serial, enum ledger_outcome outcome,
	const char *code)
{
	(void)serial;
	(void)outcome;
	(void)code;
	if (station_is_executing(station))
		print_next(station);
}

static int
on_setup(struct station *station)
{
	return recipe_setup(station, setup_end);
}

const struct recipe recipe_print = {.kind = SETTINGS_KIND_PRINT,
	.on_open = on_open,
	.on_close = job_forget,
	.on_link = on_link,
	.on_execute = print_next,
	.bar = job_doubt_bar,
	.explain = recipe_explain,
	.bar_action = job_doubt_action,
	.on_setup = on_setup};
