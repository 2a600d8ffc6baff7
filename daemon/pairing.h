/* SPDX-License-Identifier: MIT */
/*
 * What lies at a pairing station: which layers of which wallet were read.  A scanner
 * reads a code again and again while it is held to it; only the marks of both layers of
 * one wallet, in either order, are a pair.  Pure: no ledger, no station.
 */
#ifndef KEYLINE_DAEMON_PAIRING_H
#define KEYLINE_DAEMON_PAIRING_H

#include "proto/layer_mark.h"

/* All zero: nothing was read. */
struct pairing {
	/* The layer that waits for its other one; its serial is "" when none does. */
	struct layer_mark waits;
	/* The wallet that was paired before, as long as no layer of another was read; "".
	 */
	char done[SERIAL_SIZE];
};

enum pairing_outcome {
	PAIRING_FIRST,  /* a layer, the first of a wallet; it waits for the other one */
	PAIRING_AGAIN,  /* read again: nothing has changed */
	PAIRING_BOTH,   /* the other layer of the wallet that waited; it waits no more */
	PAIRING_DIFFERS /* a layer of another wallet than the one that waits */
};

/* One layer was read. */
enum pairing_outcome pairing_read(struct pairing *pairing, const struct layer_mark *mark);

/* Nothing that was read counts any more: the parts may have been exchanged. */
void pairing_forget(struct pairing *pairing);

#endif
