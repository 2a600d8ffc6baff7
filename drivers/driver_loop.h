/* SPDX-License-Identifier: MIT */
/*
 * The job protocol of keyline-driver(7), load - ready - start - done, kept in one
 * place for every driver that makes something; the device is behind struct driver_ops.
 */
#ifndef KEYLINE_DRIVERS_DRIVER_LOOP_H
#define KEYLINE_DRIVERS_DRIVER_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include "drivers/driver_io.h"
#include "drivers/driver_load.h"
#include "drivers/driver_process.h"

struct driver_loop;

/* What `ready` tells of the device, and the digest of what it holds. */
struct driver_ready {
	uint64_t counter;
	/* The job of its last mark; 0: the device does not tell. */
	uint32_t last_job;
	/* Which start of its controller this is; 0: the device does not tell. */
	uint32_t boot;
	unsigned char digest[LINE_DIGEST_LEN];
};

/* How a job ended, or what a query found. */
enum driver_outcome {
	DRIVER_DONE,    /* made, once; counter */
	DRIVER_FAILED,  /* start only: the device answered and nothing was made; code */
	DRIVER_DOUBT,   /* start only: not known; code */
	DRIVER_NEVER,   /* query only: certainly not made; counter */
	DRIVER_UNKNOWN, /* query only: not known; code */
	DRIVER_LEAVE    /* driver_loop_pump() said false: no line is written */
};

struct driver_result {
	enum driver_outcome outcome;
	uint64_t counter;
	const char *code; /* fixed text: one word of the manual's list */
};

/* The job that a device began last, whoever's it was. */
struct driver_begun {
	uint32_t job; /* 0: none yet */
	unsigned char nonce[8];
};

/* What a query asks about. */
struct driver_query {
	const char *job;
	const char *serial;
	const char *nonce;
	uint64_t counter;
	uint64_t boot; /* of the device at that job's ready; 0: not told */
};

struct driver_ops {
	/* This driver makes loads of these kinds: bits 1 << enum driver_load_kind. */
	unsigned kinds;
	/* The process ends by itself when a job has ended, however. */
	bool one_job;
	/* idle() is called at least so often between lines; negative: never. */
	int idle_ms;
	/*
	 * Puts a load into the device, reads it back and tells what it holds; nothing is
	 * marked.  NULL, or the code of a refusal; the device holds nothing then.
	 * The load's values are wiped after the return.
	 */
	const char *(*load)(void *device, struct driver_ready *ready, const char *job,
		const struct driver_load *load);
	/* Makes the device forget what was loaded. */
	void (*unload)(void *device);
	/* Makes what was loaded, once, and follows it to its end; the device then holds
	 * nothing.  Calls driver_loop_pump() between its steps. */
	void (*start)(struct driver_result *result, void *device, const char *job);
	void (*query)(struct driver_result *result, void *device,
		const struct driver_query *query);
	/* What the device began last, after query() said never.  NULL: it does not tell.
	 */
	void (*begun)(struct driver_begun *begun, void *device);
	/* A person has said that a latched fault may go: acknowledges it at the device when
	 * its cause is gone, and tells the status that follows.  NULL: no such device. */
	void (*acknowledge)(void *device);
	/* Between lines: heartbeats and the like.  0, or negative to end the process. */
	int (*idle)(void *device);
};

/* NULL: no memory.  io and device stay the caller's. */
struct driver_loop *driver_loop_new(
	const struct driver_ops *ops, void *device, struct driver_io *io);
void driver_loop_free(struct driver_loop *loop);

/* Serves lines until the end; device is unloaded then.  Returns the exit code. */
enum driver_exit driver_loop_run(struct driver_loop *loop);

/*
 * To be called within start() and query(): waits timeout_ms at most, answers pings. False
 * when the daemon is gone or breaks the protocol: make the device safe, DRIVER_LEAVE.
 */
bool driver_loop_pump(struct driver_loop *loop, int timeout_ms);

/* To be called within idle(), start() and query(): the process ends with this code.  A
 * job under way gets no line; pump() says false from here on. */
void driver_loop_end(struct driver_loop *loop, enum driver_exit code);

/* Within start(): `started JOB`, `progress JOB done=N total=N`; information only. */
void driver_loop_started(struct driver_loop *loop, const char *job);
void driver_loop_progress(
	struct driver_loop *loop, const char *job, uint64_t done, uint64_t total);

#endif
