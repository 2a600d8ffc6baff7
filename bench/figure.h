/* SPDX-License-Identifier: MIT */
/*
 * What a benchmark measures, as lines of JSON on stdout: bench/run makes figures and
 * ratios of them.  A row is measured in rounds, in each of which everything that is
 * compared has its turn, so that what disturbs the machine disturbs all of it.
 */
#ifndef KEYLINE_BENCH_FIGURE_H
#define KEYLINE_BENCH_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

struct rng;

/* One round of one contender: milliseconds for each item, or what the row counts. */
void figure_put(const char *row, const char *who, double value);

/* A constant of a row, as a wire's limit. */
void figure_constant(const char *row, const char *who, double value);

/* This thread's time on its core, and the time on the wall. */
double figure_thread_ms(void);
double figure_wall_ms(void);

/* Ends the program with that name when rc is not 0 (a code of proto/error.h). */
void figure_must(int rc, const char *what);
/* The same for what errno tells. */
void figure_must_system(bool good, const char *what);

/* The argument as a number from 1 to most; ends the program with the usage otherwise. */
size_t figure_number(const char *argument, size_t most, const char *usage);

/* Random bytes of the kernel, not from proto/, which has none. */
extern const struct rng figure_rng;

#endif
