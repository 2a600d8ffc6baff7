/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include "daemon/pool_memory.h"
#include "proto/error.h"

struct pool_lane {
	uv_work_t request;
	struct pool_job *job;
	size_t index;
	int error;
};

struct pool_job {
	struct pool_run run;
	uv_loop_t *loop;
	size_t next;
	size_t busy;
	int first_error;
	/* Ends an empty run from the loop, not from inside pool_start(). */
	uv_idle_t idle;
	struct pool_lane lanes[];
};

unsigned
pool_width(void)
{
	unsigned cores = uv_available_parallelism();

	return cores ? cores : 1;
}

unsigned
pool_threads(void)
{
	static const char name[] = "UV_THREADPOOL_SIZE";
	enum { DEFAULT = 4, MOST = 1024 };
	const char *given = getenv(name);
	unsigned long threads = given ? strtoul(given, NULL, 10) : pool_width() + 2;
	char text[16];

	if (threads < DEFAULT)
		threads = DEFAULT;
	if (threads > MOST)
		threads = MOST;
	(void)snprintf(text, sizeof text, "%lu", threads);
	/* It fails only without memory: then libuv has its own four. */
	return setenv(name, text, 1) == 0 ? (unsigned)threads : DEFAULT;
}

static void
lane_work(uv_work_t *request)
{
	struct pool_lane *lane = request->data;

	pool_memory_lend(POOL_BATCH);
	lane->error = lane->job->run.work(lane->job->run.context, lane->index);
	pool_memory_return();
}

static void lane_done(uv_work_t *request, int status);

static void
job_end(struct pool_job *job)
{
	void (*all_done)(void *, int) = job->run.all_done;
	void *context = job->run.context;
	int error = job->first_error;

	free(job);
	all_done(context, error);
}

static bool
wants_more(const struct pool_job *job)
{
	if (job->run.stop && *job->run.stop)
		return false;
	return job->next < job->run.count && (job->run.tolerant || !job->first_error);
}

static void
lane_begin(struct pool_lane *lane)
{
	struct pool_job *job = lane->job;

	lane->index = job->next++;
	lane->error = 0;
	lane->request.data = lane;
	job->busy++;
	/* It fails only for a NULL callback. */
	(void)uv_queue_work(job->loop, &lane->request, lane_work, lane_done);
}

static void
lane_done(uv_work_t *request, int status)
{
	struct pool_lane *lane = request->data;
	struct pool_job *job = lane->job;
	size_t index = lane->index;
	int error = status != 0 ? KE_IO : lane->error;

	job->busy--;
	pool_memory_used();
	if (error && !job->first_error)
		job->first_error = error;
	/* Its thread works on while this one sees to what it has left. */
	if (wants_more(job))
		lane_begin(lane);
	if (job->run.piece_done)
		job->run.piece_done(job->run.context, index, error);
	if (job->busy == 0)
		job_end(job);
}

static void
idle_closed(uv_handle_t *handle)
{
	job_end(handle->data);
}

static void
on_idle(uv_idle_t *idle)
{
	uv_close((uv_handle_t *)idle, idle_closed);
}

int
pool_start(uv_loop_t *loop, const struct pool_run *run)
{
	size_t width = pool_width();
	struct pool_job *job = calloc(1, sizeof *job + width * sizeof job->lanes[0]);

	if (!job)
		return KE_NO_MEMORY;
	job->run = *run;
	job->loop = loop;
	/* Nothing to do, or stopped before it began: it ends all the same. */
	if (!wants_more(job)) {
		(void)uv_idle_init(loop, &job->idle);
		job->idle.data = job;
		(void)uv_idle_start(&job->idle, on_idle);
		return 0;
	}
	for (size_t i = 0; i < width && wants_more(job); i++) {
		job->lanes[i].job = job;
		lane_begin(&job->lanes[i]);
	}
	return 0; /* job_end() frees it. NOLINT(clang-analyzer-unix.Malloc) */
}
