/* SPDX-License-Identifier: MIT */
/* Times and durations as people read them; local time, where --json has UTC. */
#ifndef KEYLINE_CTL_WHEN_H
#define KEYLINE_CTL_WHEN_H

#include <stdbool.h>
#include <time.h>

enum { WHEN_SIZE = 48 };

/* Reads 2026-11-22T09:30:00Z.  Whether text is such a time. */
bool when_parse(time_t *out, const char *text);

/* The two largest units: "12 s", "3 min", "2 h 5 min", "6 d 4 h". */
void when_duration(char out[WHEN_SIZE], long long seconds);

/* A machine's cycle: "0.4s", "21.8s", "2m05s". */
void when_cycle(char out[WHEN_SIZE], long long milliseconds);

/* "10:41" on the day of now, else "2026-11-21 10:41". */
void when_clock(char out[WHEN_SIZE], time_t time, time_t now);

/* "2026-11-22 10:41:05". */
void when_full(char out[WHEN_SIZE], time_t time);

/* When the work is over in so many seconds: "~14:20", "~Tue 14:20", "~2026-12-03". */
void when_eta(char out[WHEN_SIZE], long long seconds, time_t now);

#endif
