/* SPDX-License-Identifier: MIT */
/* The recipes of all kinds of station; the line is a struct host. */
#ifndef KEYLINE_DAEMON_RECIPES_H
#define KEYLINE_DAEMON_RECIPES_H

#include "daemon/ledger_intent.h"
#include "daemon/recipe.h"
#include "proto/wallet_state.h"

extern const struct recipe recipe_print;
extern const struct recipe recipe_pair;
extern const struct recipe recipe_ship;
extern const struct recipe recipe_arrive;
extern const struct recipe recipe_etch;
extern const struct recipe recipe_seal;

/* Why a wallet is not where the scan of it says, as a code of daemon/fault.h: it should be
 * in state wanted.  NULL: it is. */
const char *recipe_misfit(
	struct station *station, const char *serial, enum wallet_state wanted);

/* For recipe.explain: which batch holds the station, and why it is held. */
void recipe_explain(char out[RECIPE_TELL_BYTES], const struct station *station);

/* As on_end of daemon/job.h; serial is "". */
typedef void recipe_setup_end(struct station *station, const char *serial,
	enum ledger_outcome outcome, const char *code);

/* Loads a job of kind setup at a printer or etcher (recipe.on_setup).  Returns 0 and
 * on_end follows, or why not. */
KEYLINE_WARN_UNUSED int recipe_setup(struct station *station, recipe_setup_end *on_end);

#endif
