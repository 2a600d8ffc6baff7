/* SPDX-License-Identifier: MIT */
/*
 * bench/ledger_fill STATE MARK HOST WALLETS: the ledger of an etching host with so many
 * wallets, arrived, in batches of 10,000, as bench/scale starts a daemon on it.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include "daemon/ledger.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"

enum { BATCH = 10000, WALLETS_MAX = 9999999 };

static const struct ledger_by by = {1795339800000, "bench"};

static void
must(int rc, const char *what)
{
	if (rc == 0)
		return;
	fprintf(stderr, "bench/ledger_fill: %s: %s\n", what, error_text(rc));
	exit(EXIT_FAILURE);
}

static void
add_wallet(struct ledger *l, const char *batch, unsigned first, unsigned row)
{
	char serial[LEDGER_SERIAL_SIZE];

	(void)snprintf(serial, sizeof serial, "W%07u", first + row);
	must(ledger_wallet_insert(l, &by, serial, batch, row + 1, NULL), serial);
	must(ledger_wallet_step(l, &by, serial, WALLET_CONFIRM, NULL), serial);
	must(ledger_wallet_step(l, &by, serial, WALLET_ARRIVE, NULL), serial);
}

/* One batch, in one commit. */
static void
add_batch(struct ledger *l, unsigned first, unsigned count)
{
	struct ledger_batch batch = {.product = "CARD",
		.coins = "BTC",
		.use = "test",
		.made = count,
		.state = LEDGER_BATCH_RUNNING};

	(void)snprintf(batch.id, sizeof batch.id, "BENCH-%u", first / BATCH);
	must(ledger_begin(l), "begin");
	must(ledger_batch_insert(l, &by, &batch), batch.id);
	for (unsigned row = 0; row < count; row++)
		add_wallet(l, batch.id, first, row);
	must(ledger_commit(l), "commit");
}

int
main(int argc, char **argv)
{
	struct ledger_place place = {.mode = MODE_USA, .use = "test"};
	struct ledger *l = NULL;
	unsigned long wallets = argc == 5 ? strtoul(argv[4], NULL, 10) : 0;

	if (wallets == 0 || wallets > WALLETS_MAX) {
		fputs("usage: bench/ledger_fill STATE MARK HOST WALLETS\n", stderr);
		return 2;
	}
	place.state_path = argv[1];
	place.mark_path = argv[2];
	place.host = argv[3];
	must(ledger_open(&l, &place, &by), "open");
	for (unsigned first = 0; first < wallets; first += BATCH) {
		unsigned left = (unsigned)wallets - first;

		add_batch(l, first, left < BATCH ? left : BATCH);
	}
	ledger_close(l);
	return 0;
}
