/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "proto/error.h"
#include "proto/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

void
figure_put(const char *row, const char *who, double value)
{
	printf("{\"row\": \"%s\", \"who\": \"%s\", \"value\": %.6f}\n", row, who, value);
}

void
figure_constant(const char *row, const char *who, double value)
{
	printf("{\"row\": \"%s\", \"who\": \"%s\", \"constant\": %.6f}\n", row, who,
		value);
}

static double
read_clock(clockid_t clock)
{
	struct timespec t;

	figure_must_system(clock_gettime(clock, &t) == 0, "clock_gettime");
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double
figure_thread_ms(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

double
figure_wall_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void
figure_must(int rc, const char *what)
{
	if (rc == 0)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, error_text(rc));
	exit(EXIT_FAILURE);
}

void
figure_must_system(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(EXIT_FAILURE);
}

size_t
figure_number(const char *argument, size_t most, const char *usage)
{
	char *end = NULL;
	unsigned long value = argument ? strtoul(argument, &end, 10) : 0;

	if (value >= 1 && value <= most && *end == '\0')
		return value;
	fprintf(stderr, "usage: %s\n", usage);
	exit(2);
}

static int
fill(void *state, unsigned char *out, size_t len)
{
	(void)state;
	while (len > 0) {
		ssize_t n = getrandom(out, len, 0);

		figure_must_system(n > 0, "getrandom");
		out += n;
		len -= (size_t)n;
	}
	return 0;
}

const struct rng figure_rng = {fill, NULL};
