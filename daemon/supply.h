/* SPDX-License-Identifier: MIT */
/*
 * Labels and ribbons at a station: what people say of them, as events of the kind
 * `supply', and what should be left by the jobs that the ledger has.  A thermal ribbon
 * holds a negative of every sticker that was printed with it: ribbons are counted like
 * parts, and one that is taken out is destroyed like a bad part.
 */
#ifndef KEYLINE_DAEMON_SUPPLY_H
#define KEYLINE_DAEMON_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/ledger.h"

enum supply_what { SUPPLY_LABELS, SUPPLY_RIBBON, SUPPLY_WHATS };
enum supply_act { SUPPLY_LOADED, SUPPLY_COUNTED, SUPPLY_REMOVED, SUPPLY_ACTS };

/* The most of one record; a sticker, and a test label, are this many labels. */
enum { SUPPLY_COUNT_MAX = 100000000, SUPPLY_LABELS_EACH = 2 };

const char *supply_what_name(enum supply_what what);
const char *supply_act_name(enum supply_act act);
/* Returns 0 or KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int supply_what_from_name(enum supply_what *out, const char *name);
KEYLINE_WARN_UNUSED int supply_act_from_name(enum supply_act *out, const char *name);

/*
 * Whether so much can have been done: of what is loaded no more can be removed than is left,
 * at most, by the counts (*left, perhaps negative).  Returns 0, KE_BAD_STATE, or the ledger's.
 */
KEYLINE_WARN_UNUSED int supply_check(int64_t *left, struct ledger *ledger,
	const char *station, enum supply_what what, enum supply_act act, uint64_t count);

/* Records it with the last job that was given out until now.  KE_BAD_ARGUMENT (count over
 * SUPPLY_COUNT_MAX), KE_TOO_LONG (the reason), or the ledger's error. */
KEYLINE_WARN_UNUSED int supply_record(struct ledger *ledger, const struct ledger_by *by,
	const char *station, enum supply_what what, enum supply_act act, uint64_t count,
	const char *reason);

/* Two bounds: jobs in doubt may have taken labels or not. */
struct supply_range {
	int64_t low, high;
};

struct supply_tally {
	/* Something was recorded; else all is zero. */
	bool is_known;
	uint64_t loaded, removed;
	/* By the ledger's jobs since the first record; labels alone. */
	struct supply_range used;
	/* What should be there now, from the last count on. */
	struct supply_range left;
	/* The last count, and what should have been there then. */
	bool was_counted;
	uint64_t counted;
	struct supply_range expected;
	int64_t counted_ms;
};

/* All that was recorded at a station.  Returns 0 or the ledger's error. */
KEYLINE_WARN_UNUSED int supply_tally(struct supply_tally *out, struct ledger *ledger,
	const char *station, enum supply_what what);

#endif
