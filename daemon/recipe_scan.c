/* SPDX-License-Identifier: MIT */
/*
 * The stations where a scan alone moves a wallet: pair, ship, arrive, seal.  The
 * scanned serial picks the wallet; a scan that fits no wallet here holds the
 * station, for the part in hand is not what the line thinks it is.
 */
#include "config.h"
#include "daemon/recipes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/station.h"

const char *
recipe_misfit(struct station *station, const char *serial, enum wallet_state wanted)
{
	struct host *host = station_line(station);
	struct ledger_wallet wallet;

	/* The states of a mode stand in the order in which a wallet goes through them. */
	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0)
		return "wrong-part";
	if (wallet.state == wanted)
		return NULL;
	if (wallet.state >= WALLET_REJECTED)
		return "out-of-play";
	if (wallet.state > wanted)
		return "part-past";
	return wallet.state == WALLET_EXPECTED ? "not-confirmed" : "part-early";
}

/* What a scan does at a kind of station: a wallet in this state takes this step. */
struct scan_step {
	enum wallet_state from;
	enum wallet_event event;
};

static const struct scan_step arrive = { WALLET_CONFIRMED, WALLET_ARRIVE };
static const struct scan_step seal = { WALLET_ETCHED, WALLET_SEAL };
static const struct scan_step ship = { WALLET_PAIRED, WALLET_SHIP };
static const struct scan_step pair = { WALLET_PRINTED, WALLET_PAIR };

/* Takes the step of the wallet in hand, or holds the station with a reason. */
static void
step(struct station *station, const char *serial, const struct scan_step *todo)
{
	struct host *host = station_line(station);
	int error = host_step(host, station_name(station), serial, todo->event, NULL);
	const char *why;

	station_set_wallet(station, serial);
	if (error == 0) {
		station_count_good(station);
		host_wake(host);
	} else if (error == KE_HELD) {
		station_hold(station, "batch-held");
	} else if (!host_bar(host)) {
		why = recipe_misfit(station, serial, todo->from);
		station_hold(station, why ? why : "ledger");
	}
}

static bool
is_serial_or_hold(struct station *station, const char *text)
{
	if (host_scan_is_serial(station_line(station), text))
		return true;
	station_hold(station, "not-a-serial");
	return false;
}

/* Whether the shipment list says that this wallet is on its way to us. */
static bool
was_shipped(struct station *station, const char *serial)
{
	struct host *host = station_line(station);
	struct ledger_row row;

	return ledger_row_get(&row, host->ledger, serial, "shipment") == 0;
}

static void
scan_arrive(struct station *station, const char *text)
{
	station_cycle_begin(station);
	if (!is_serial_or_hold(station, text))
		return;
	if (was_shipped(station, text))
		step(station, text, &arrive);
	else
		station_hold(station, "not-shipped");
}

static void
scan_seal(struct station *station, const char *text)
{
	station_cycle_begin(station);
	if (is_serial_or_hold(station, text))
		step(station, text, &seal);
}

static void
scan_ship(struct station *station, const char *text)
{
	station_cycle_begin(station);
	if (is_serial_or_hold(station, text))
		step(station, text, &ship);
}

/* A wallet is typed where there is no scanner; its address is not asked here. */
static int
typed(struct station *station, void (*scan)(struct station *, const char *),
	const char *serial)
{
	if (!host_scan_is_serial(station_line(station), serial))
		return KE_BAD_SERIAL;
	scan(station, serial);
	return station_is_executing(station) ? 0 : KE_BAD_STATE;
}

static int
typed_arrive(struct station *station, const char *serial, const char *address_end)
{
	(void)address_end;
	return typed(station, scan_arrive, serial);
}

static int
typed_seal(struct station *station, const char *serial, const char *address_end)
{
	(void)address_end;
	return typed(station, scan_seal, serial);
}

static int
typed_ship(struct station *station, const char *serial, const char *address_end)
{
	(void)address_end;
	return typed(station, scan_ship, serial);
}

/* What the pairing station has in hand: the bottom layer's serial. */
struct pair_bench {
	char bottom[SERIAL_SIZE];
};

static int
pair_open(struct station *station)
{
	struct pair_bench *bench = calloc(1, sizeof *bench);

	station_set_data(station, bench);
	return bench ? 0 : KE_NO_MEMORY;
}

static void
pair_close(struct station *station)
{
	free(station_data(station));
	station_set_data(station, NULL);
}

static void
pair_pause(struct station *station)
{
	struct pair_bench *bench = station_data(station);

	bench->bottom[0] = '\0';
}

static void
scan_pair(struct station *station, const char *text)
{
	struct pair_bench *bench = station_data(station);
	char bottom[SERIAL_SIZE];

	if (!is_serial_or_hold(station, text))
		return;
	if (bench->bottom[0] == '\0') {
		station_cycle_begin(station);
		(void)snprintf(bench->bottom, sizeof bench->bottom, "%s", text);
		station_set_wallet(station, text);
		return;
	}
	(void)snprintf(bottom, sizeof bottom, "%s", bench->bottom);
	bench->bottom[0] = '\0';
	if (strcmp(bottom, text) != 0)
		station_hold(station, "layers-differ");
	else
		step(station, text, &pair);
}

/* Typed as it is scanned: the serial of the lower layer, then that of the upper one. */
static int
typed_pair(struct station *station, const char *serial, const char *address_end)
{
	(void)address_end;
	return typed(station, scan_pair, serial);
}

const struct recipe recipe_arrive = {
	.kind = SETTINGS_KIND_ARRIVE, .on_scan = scan_arrive, .on_typed = typed_arrive
};

const struct recipe recipe_seal = {
	.kind = SETTINGS_KIND_SEAL, .on_scan = scan_seal, .on_typed = typed_seal
};

const struct recipe recipe_ship = {
	.kind = SETTINGS_KIND_SHIP, .on_scan = scan_ship, .on_typed = typed_ship
};

const struct recipe recipe_pair = { .kind = SETTINGS_KIND_PAIR,
	.on_open = pair_open,
	.on_close = pair_close,
	.on_pause = pair_pause,
	.on_scan = scan_pair,
	.on_typed = typed_pair };
