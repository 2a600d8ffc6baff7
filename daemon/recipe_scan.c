/* SPDX-License-Identifier: MIT */
/*
 * The stations where a scan alone moves a wallet: pair, ship, arrive, seal.  The
 * scanned serial, or the marks of both layers, picks the wallet; a scan that fits no
 * wallet here holds the station, for the part in hand is not what the line thinks it is.
 */
#include "config.h"
#include "daemon/recipes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/pairing.h"
#include "daemon/station.h"

const char *
recipe_misfit(struct station *station, const char *serial, enum wallet_state wanted)
{
	struct host *host = station_line(station);
	struct ledger_wallet wallet;
	struct ledger_row row;

	/* The states of a mode stand in the order in which a wallet goes through them. */
	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0)
		return "wrong-part";
	if (wallet.state == wanted)
		return NULL;
	if (wallet.state >= WALLET_REJECTED)
		return "out-of-play";
	if (wallet.state > wanted)
		return "part-past";
	if (wallet.state != WALLET_EXPECTED)
		return "part-early";
	return ledger_row_get(&row, host->ledger, serial, "confirmations") == 0
		       ? "not-checked"
		       : "not-confirmed";
}

void
recipe_explain(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	struct host *host = station_line(station);
	struct ledger_wallet wallet;
	struct ledger_batch batch;

	out[0] = '\0';
	if (strcmp(station_reason_code(station), "batch-held") != 0 ||
		ledger_wallet_get(&wallet, host->ledger, station_wallet(station)) != 0 ||
		ledger_batch_get(&batch, host->ledger, wallet.batch) != 0 ||
		!ledger_batch_rests(&batch))
		return;
	(void)snprintf(out, RECIPE_TELL_BYTES, " %s is of %s: %.60s.", wallet.serial,
		batch.id, batch.reason);
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
static bool
step(struct station *station, const char *serial, const struct scan_step *todo)
{
	struct host *host = station_line(station);
	int error = host_step(host, station_actor(station), serial, todo->event, NULL);
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
	return error == 0;
}

/* A lower layer's mark is no serial: loose, that layer is no wallet. */
static bool
is_serial_or_hold(struct station *station, const char *text)
{
	struct layer_mark mark;

	if (host_scan_is_serial(station_line(station), text))
		return true;
	station_hold(station, host_scan_mark(&mark, station_line(station), text) == 0
				      ? "lower-layer"
				      : "not-a-serial");
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
		(void)step(station, text, &arrive);
	else
		station_hold(station, "not-shipped");
}

static void
scan_seal(struct station *station, const char *text)
{
	station_cycle_begin(station);
	if (is_serial_or_hold(station, text))
		(void)step(station, text, &seal);
}

static void
scan_ship(struct station *station, const char *text)
{
	station_cycle_begin(station);
	if (is_serial_or_hold(station, text))
		(void)step(station, text, &ship);
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

static int
pair_open(struct station *station)
{
	struct pairing *pairing = calloc(1, sizeof *pairing);

	station_set_data(station, pairing);
	return pairing ? 0 : KE_NO_MEMORY;
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
	pairing_forget(station_data(station));
}

static void
pair_read(struct station *station, const struct layer_mark *mark)
{
	struct pairing *pairing = station_data(station);

	const char *why;

	switch (pairing_read(pairing, mark)) {
	case PAIRING_FIRST:
		station_cycle_begin(station);
		station_set_wallet(station, mark->serial);
		/* Else the hold would come with the next card, which is a good one. */
		why = recipe_misfit(station, mark->serial, pair.from);
		if (why)
			station_hold(station, why);
		break;
	case PAIRING_AGAIN:
		break;
	case PAIRING_BOTH:
		/* What holds forgets; a line that is barred has not paired it either. */
		if (!step(station, mark->serial, &pair))
			pairing_forget(pairing);
		break;
	case PAIRING_DIFFERS:
		station_hold(station, "layers-differ");
		break;
	}
}

static void
scan_pair(struct station *station, const char *text)
{
	struct layer_mark mark;

	if (host_scan_mark(&mark, station_line(station), text) == 0)
		pair_read(station, &mark);
	else
		station_hold(station, "not-a-serial");
}

/* Typed as it is scanned: SERIAL/L and SERIAL. */
static int
typed_pair(struct station *station, const char *text, const char *address_end)
{
	struct layer_mark mark;

	(void)address_end;
	if (host_scan_mark(&mark, station_line(station), text) != 0)
		return KE_BAD_SERIAL;
	pair_read(station, &mark);
	return station_is_executing(station) ? 0 : KE_BAD_STATE;
}

static void
pair_tell(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	const struct pairing *pairing = station_data(station);
	const struct layer_mark *has = &pairing->waits;
	bool is_lower = has->layer == LAYER_MARK_LOWER;
	char other[LAYER_MARK_SIZE];

	out[0] = '\0';
	if (layer_mark_make(other, has->serial,
		    is_lower ? LAYER_MARK_UPPER : LAYER_MARK_LOWER) == 0)
		(void)snprintf(out, RECIPE_TELL_BYTES,
			"%s: %s layer seen; scan its %s layer (%s)", has->serial,
			is_lower ? "lower" : "upper", is_lower ? "upper" : "lower",
			other);
	else if (pairing->done[0] != '\0')
		(void)snprintf(out, RECIPE_TELL_BYTES, "%s: paired", pairing->done);
}

static const char *
pair_wants(const struct station *station)
{
	const struct pairing *pairing = station_data(station);

	if (pairing->waits.serial[0] == '\0')
		return "";
	return pairing->waits.layer == LAYER_MARK_LOWER ? "scan its upper layer"
							: "scan its lower layer";
}

const struct recipe recipe_arrive = {
	.kind = SETTINGS_KIND_ARRIVE,
	.explain = recipe_explain,
	.on_scan = scan_arrive,
	.on_typed = typed_arrive
};

const struct recipe recipe_seal = {
	.kind = SETTINGS_KIND_SEAL,
	.explain = recipe_explain,
	.on_scan = scan_seal,
	.on_typed = typed_seal
};

const struct recipe recipe_ship = {
	.kind = SETTINGS_KIND_SHIP,
	.explain = recipe_explain,
	.on_scan = scan_ship,
	.on_typed = typed_ship
};

const struct recipe recipe_pair = {.kind = SETTINGS_KIND_PAIR,
	.on_open = pair_open,
	.on_close = pair_close,
	.on_pause = pair_pause,
	.on_operator = pair_pause,
	.explain = recipe_explain,
	.on_scan = scan_pair,
	.on_typed = typed_pair,
	.tell = pair_tell,
	.wants = pair_wants};
