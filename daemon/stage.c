/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/stage.h"

#include <stddef.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/host_disks.h"
#include "daemon/ledger.h"
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

void
stage_wake(struct host *host)
{
	if (host->stage_busy || host->ending || host_bar(host))
		return;
	for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
		if (may_begin(host, stages[i].stage) && stages[i].begin(host))
			return;
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

void
stage_end(struct host *host, const char *object, int error)
{
	host->stage_busy = false;
	if (error && !host_trouble(host, error))
		alarm_raise(host->alarms, code_of(error), object, host_now_ms());
	if (!host->ending)
		host_wake(host);
}

void
stage_retry(struct host *host)
{
	static const char *const codes[] = { "no-key", "secure-disk", "stage-failed" };

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		alarm_clear(host->alarms, codes[i], NULL);
	host->secure_retry = true;
}

bool
stage_is_stuck(const struct host *host, const char *object)
{
	/* A file may bear a batch's name: what is told of that is none of the stage. */
	static const char *const codes[] = { "no-key", "secure-disk", "random",
		"code-reused", "stage-failed" };

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (alarm_stands_as(host->alarms, codes[i], object))
			return true;
	return false;
}
