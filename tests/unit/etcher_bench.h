/* SPDX-License-Identifier: MIT */
/* A simulated etcher on the bench: a world that takes notes, a master, a clock by hand.
 */
#ifndef KEYLINE_TESTS_ETCHER_BENCH_H
#define KEYLINE_TESTS_ETCHER_BENCH_H

#include "etch_fixture.h"
#include "proto/etch_image.h"
#include "sim/etcher.h"

enum { BENCH_MARK_MS = 4000, BENCH_LINES = 40, BENCH_LOG_MAX = 4096 };

struct bench {
	struct etch_profile profile;
	struct fault_set faults;
	struct etcher_retained retained;
	struct etcher *etcher;
	int64_t now;
	/* what the world was told, in order: "keep c=0 s=7 m=1;on 7;off 7 whole;" */
	char log[BENCH_LOG_MAX];
	/* the world's functions fail from now on */
	bool broken;
	uint16_t host_heartbeat;
	unsigned char job[4096];
	size_t job_len;
};

/* Powers a device on with a fresh world; bench_power() again with what it kept. */
void bench_init(struct bench *b);
void bench_power(struct bench *b);
void bench_end(struct bench *b);

/* Lets time pass in steps of 10 ms; the host's heart beats when it may. */
void bench_wait(struct bench *b, int ms, bool host_beats);

/* One access each. */
uint32_t bench_get(struct bench *b, enum etch_item item);
void bench_put(struct bench *b, enum etch_item item, uint32_t value);
void bench_put_bytes(struct bench *b, enum etch_item item, const void *bytes, size_t len);
/* Writes a command register as it is: bits by the order of the commands. */
void bench_bits(struct bench *b, unsigned bits);

/* The whole handshake of a command: edge, mirror, fall.  The reason, or -1 without
 * mirror. */
int bench_command(struct bench *b, enum etch_item command);

void bench_boot(struct bench *b);
/* Puts the items of [job] and command-job; sends the chunks; to the state named. */
void bench_job(struct bench *b, uint32_t job, const char *nonce);
void bench_chunks(struct bench *b, uint32_t job);
void bench_to_loading(struct bench *b, uint32_t job);
void bench_to_loaded(struct bench *b, uint32_t job);
void bench_to_armed(struct bench *b, uint32_t job);
void bench_to_marking(struct bench *b, uint32_t job);

void bench_fault(struct bench *b, const char *text);
void bench_state(struct bench *b, enum fault_state state);

#endif
