/* SPDX-License-Identifier: MIT */
/*
 * Operators at stations: who stands where, by badge or PIN; handover; the end of a shift.
 * Nobody comes or goes while a part is at work, so each event of a wallet has the operator
 * in whose hands it was.  See DESIGN section 6.
 */
#ifndef KEYLINE_DAEMON_STATION_OPERATOR_H
#define KEYLINE_DAEMON_STATION_OPERATOR_H

#include <stdbool.h>
#include <sys/types.h>
#include "daemon/ledger.h"
#include "daemon/ledger_operator.h"

struct host;
struct shift;
struct station;
struct station_set;

/* Who stands there; "": nobody. */
const char *station_operator(const struct station *station);

/* Whether it needs an operator to work, and has none. */
bool station_lacks_operator(const struct station *station);

/* Whether a part is at work, so that nobody may come or go. */
bool station_is_at_work(struct station *station);

/* What is known of its shift. */
struct shift *station_shift(struct station *station);

/* A scanner there has read what is meant to be a badge; text is wiped by whoever has it. */
void station_badge_read(struct station *station, const char *text);

/*
 * Lets who (NULL: nobody) stand there: in the ledger, then at the station, which
 * forgets what the one before had read, goes on or suspends.  by NULL: by whom it is
 * about.  Returns 0, KE_BUSY (a part is at work), KE_BAD_STATE (so it is), KE_NOT_FOUND
 * (who is not enrolled), or the ledger's.
 */
KEYLINE_WARN_UNUSED int station_stand(struct station *station, const struct ledger_by *by,
	const char *who, const char *detail);

/*
 * A wrong code of that name came by a command of that account: counted, told, and perhaps
 * none of that name is looked at from there for a while.  What a station's own scanner reads
 * is counted apart.  Returns 0, KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int station_wrong_code(struct station *station,
	const struct ledger_by *by, uid_t account, const char *name);

/* The badge whose code it is.  KE_NOT_FOUND.  any: also of one that counts no more. */
KEYLINE_WARN_UNUSED int station_badge_owner(struct ledger_operator *out,
	struct host *host, const struct secret *code, bool any);

/* At the start of the service: those who stood at stations at its end are signed off. */
KEYLINE_WARN_UNUSED int station_operators_begin(struct host *host);

/* Now and then: shifts that have lasted their time end. */
void station_operators_look(struct station_set *set);

/* An operator is removed: by signs him off wherever he stands.  KE_BUSY: at a station,
 * *station, a part is at work; nothing was done then. */
KEYLINE_WARN_UNUSED int station_operator_leaves(const char **station,
	struct station_set *set, const struct ledger_by *by, const char *who);

#endif
