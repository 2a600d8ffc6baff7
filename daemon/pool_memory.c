/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/pool_memory.h"

#include <stdlib.h>
#include "daemon/pool.h"
#include "daemon/scratch.h"
#include "daemon/start.h"
#include "proto/scrypt.h"
#include "proto/scrypt_scratch.h"

enum { QUIET_MS = 1000, BIP38_LANES = 8 };

/* libuv's pool is one a process, and so is this. */
static struct {
	struct scratch *scratch;
	/* Of no size: who gets it does without. */
	struct scrypt_scratch *none;
	uv_timer_t quiet;
	uv_work_t rest;
	bool resting, stopped;
} memory;

static _Thread_local struct scratch_place *mine;

void
pool_memory_lend(enum pool_work work)
{
	bool check = work == POOL_CHECK;

	if (!memory.scratch)
		return;
	mine = scratch_take(
		memory.scratch, check ? 1 : scrypt_side_by_side(BIP38_LANES), check);
	scrypt_use(mine ? scratch_memory(mine) : memory.none);
}

void
pool_memory_return(void)
{
	scrypt_use(NULL);
	if (mine)
		scratch_give(memory.scratch, mine);
	mine = NULL;
}

static void
rest_work(uv_work_t *request)
{
	(void)request;
	scratch_rest(memory.scratch);
}

static void
rest_done(uv_work_t *request, int status)
{
	(void)request;
	(void)status;
	memory.resting = false;
}

static void
on_quiet(uv_timer_t *timer)
{
	if (memory.resting)
		return;
	memory.resting = true;
	/* It fails only for a NULL callback. */
	(void)uv_queue_work(timer->loop, &memory.rest, rest_work, rest_done);
}

void
pool_memory_used(void)
{
	if (memory.scratch && !memory.stopped)
		(void)uv_timer_start(&memory.quiet, on_quiet, QUIET_MS, 0);
}

static int
part_open(struct keylined *keylined)
{
	const struct settings *settings = keylined->settings;
	struct scratch_budget budget = {.mebibytes = settings->scrypt_memory,
		.workers = pool_threads(),
		.checks = settings->stages & SETTINGS_ETCH};

	memory.none = scrypt_scratch_new(0);
	memory.scratch = memory.none ? scratch_new(&budget) : NULL;
	if (memory.scratch && uv_timer_init(keylined->loop, &memory.quiet) == 0)
		return 0;
	scratch_free(memory.scratch);
	scrypt_scratch_free(memory.none);
	memory.scratch = NULL;
	memory.none = NULL;
	return start_told(START_PROCESS, KE_NO_MEMORY, "workers");
}

static void
part_stop(struct keylined *keylined)
{
	(void)keylined;
	memory.stopped = true;
	uv_close((uv_handle_t *)&memory.quiet, NULL);
}

static void
part_close(struct keylined *keylined)
{
	(void)keylined;
	scratch_free(memory.scratch);
	scrypt_scratch_free(memory.none);
	memory.scratch = NULL;
	memory.none = NULL;
}

const struct keylined_part pool_memory_part = {
	"pool memory", part_open, part_stop, part_close};
