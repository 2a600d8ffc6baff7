/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/stage.h"

#include <search.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/host_disks.h"
#include "daemon/ledger_batch.h"
#include "daemon/settings.h"
#include "proto/error.h"

/* Each stage with the bit of the config that switches it on. */
static const struct {
	enum settings_stage stage;
	bool (*begin)(struct host *host);
} stages[] = {
	{ SETTINGS_GENERATE, stage_generate_begin },
	{ SETTINGS_MINT, stage_mint_begin },
	{ SETTINGS_ETCH, stage_confirm_begin },
};

/* Stickers go to the secure disk. */
static bool
may_begin(const struct host *host, enum settings_stage stage)
{
	if (stage == SETTINGS_MINT && host_disks_wait(host, PLACE_SECURE_DISK))
		return false;
	return host->settings->stages & stage;
}

static void
begin_one(struct host *host)
{
	if (host->stage_busy || host->ending || host_bar(host))
		return;
	for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
		if (may_begin(host, stages[i].stage) && stages[i].begin(host))
			return;
}

/* What fails at once ends in stage_end(), which wakes again: a loop, for there may be as
 * many such batches as an order has rows. */
void
stage_wake(struct host *host)
{
	host->stage_again = true;
	if (host->stage_waking)
		return;
	host->stage_waking = true;
	while (host->stage_again) {
		host->stage_again = false;
		begin_one(host);
	}
	host->stage_waking = false;
}

/* The alarm's code for an error that keeps a stage from its work. */
static const char *
code_of(int error)
{
	switch (error) {
	case KE_NO_KEY:
		return "no-key";
	case KE_SECURE_DISK:
		return "secure-disk";
	case KE_RANDOM:
		return "random";
	case KE_DUPLICATE:
		return "code-reused";
	default:
		return "stage-failed";
	}
}

struct stuck {
	/* of code_of() */
	const char *code;
	char object[LEDGER_BATCH_SIZE];
};

static int
compare(const void *one, const void *other)
{
	return strcmp(((const struct stuck *)one)->object,
		((const struct stuck *)other)->object);
}

/* Without memory to remember what failed it would be tried for ever. */
static void
remember(struct host *host, const char *object, const char *code)
{
	struct stuck *entry = calloc(1, sizeof *entry), **known = NULL;

	if (entry) {
		entry->code = code;
		(void)snprintf(entry->object, sizeof entry->object, "%s", object);
		known = tsearch(entry, &host->stuck, compare);
	}
	if (known && *known != entry)
		(*known)->code = code;
	if (!known || *known != entry)
		free(entry);
	if (!known)
		host_stop_work(host, KE_NO_MEMORY);
}

/* Takes the first one out of a tree that is not empty. */
static struct stuck *
take(void **tree)
{
	struct stuck *entry = **(struct stuck ***)tree;

	(void)tdelete(entry, tree, compare);
	return entry;
}

void
stage_end(struct host *host, const char *object, int error)
{
	host->stage_busy = false;
	if (error == KE_HELD && ledger_batch_check_rest(host->ledger, object) == KE_HELD)
		/* It is not begun again before people let it go. */
		alarm_raise(host->alarms, "stage-held", object, host_now_ms());
	else if (error && !host_trouble(host, error)) {
		alarm_raise(host->alarms, code_of(error), object, host_now_ms());
		remember(host, object, code_of(error));
	}
	if (!host->ending)
		host_wake(host);
}

static const char *const mended[] = { "no-key", "secure-disk", "stage-failed", "stage-held" };

static bool
is_mended(const char *code)
{
	for (size_t i = 0; i < sizeof mended / sizeof mended[0]; i++)
		if (strcmp(code, mended[i]) == 0)
			return true;
	return false;
}

void
stage_retry(struct host *host)
{
	void *kept = NULL;

	for (size_t i = 0; i < sizeof mended / sizeof mended[0]; i++)
		alarm_clear(host->alarms, mended[i], NULL);
	while (host->stuck) {
		struct stuck *entry = take(&host->stuck);

		/* Without memory for its place it is tried once more, which tells. */
		if (is_mended(entry->code) || !tsearch(entry, &kept, compare))
			free(entry);
	}
	host->stuck = kept;
	host->secure_retry = true;
}

static struct stuck *
find(const struct host *host, const char *object)
{
	struct stuck key = { NULL, "" }, **found;

	(void)snprintf(key.object, sizeof key.object, "%s", object);
	found = tfind(&key, &host->stuck, compare);
	return found ? *found : NULL;
}

void
stage_retry_object(struct host *host, const char *object)
{
	struct stuck *entry = find(host, object);

	if (entry)
		(void)tdelete(entry, &host->stuck, compare);
	free(entry);
}

bool
stage_is_stuck(const struct host *host, const char *object)
{
	return find(host, object) != NULL;
}

void
stage_forget(struct host *host)
{
	while (host->stuck)
		free(take(&host->stuck));
}
