/* SPDX-License-Identifier: MIT */
/* What lies in incoming/ and cannot be taken is told, for as long as it does. */
#include "config.h"
#include "daemon/intake_wait.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/spool.h"

/* A file that is being copied for longer than a copy takes is worth a word. */
enum { GROWING_TOLD_MS = 3000 };

/* What lies in incoming/ and is not taken: still growing, or no file at all. */
struct intake_growing {
	struct intake_growing *next;
	const char *code;
	int64_t since_ms;
	bool is_there;
	/* once: a person may have acknowledged it */
	bool is_told;
	char name[];
};

static struct intake_growing *
growing_of(struct host *host, const char *name, const char *code)
{
	struct intake_growing *g = host->growing;
	unsigned count = 0;

	for (; g && (g->code != code || strcmp(g->name, name) != 0); g = g->next)
		count += g->code == code;
	/* No more are told at a time, and each costs a walk. */
	if (g || count >= ALARM_MAX)
		return g;
	g = calloc(1, sizeof *g + strlen(name) + 1);
	if (!g)
		return NULL;
	memcpy(g->name, name, strlen(name) + 1);
	g->code = code;
	g->since_ms = host_now_ms();
	g->next = host->growing;
	host->growing = g;
	return g;
}

static void
note_growing(void *context, const struct spool_waiting *waiting)
{
	static const char growing[] = "file-growing", strange[] = "not-a-file";
	struct intake_growing *g;

	if (waiting->is_file && (waiting->ready || waiting->code != 0))
		return;
	g = growing_of(context, waiting->name, waiting->is_file ? growing : strange);
	if (g)
		g->is_there = true;
}

void
intake_growing_show(struct host *host)
{
	struct intake_growing **at = &host->growing;
	int64_t now = host_now_ms();

	spool_list(host->spool, note_growing, host);
	while (*at) {
		struct intake_growing *g = *at;

		if (!g->is_there) {
			alarm_clear(host->alarms, g->code, g->name);
			*at = g->next;
			free(g);
			continue;
		}
		if (!g->is_told && now - g->since_ms >= GROWING_TOLD_MS) {
			alarm_raise(host->alarms, g->code, g->name, now);
			g->is_told = true;
		}
		g->is_there = false;
		at = &g->next;
	}
}

void
intake_growing_forget(struct host *host)
{
	while (host->growing) {
		struct intake_growing *next = host->growing->next;

		free(host->growing);
		host->growing = next;
	}
}
