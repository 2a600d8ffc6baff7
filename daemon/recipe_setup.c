/* SPDX-License-Identifier: MIT */
/* Setup marks and test labels: fixed text that a driver knows, counted like parts. */
#include "config.h"
#include "daemon/recipes.h"

#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/station.h"
#include "proto/line.h"
#include "proto/secret.h"

int
recipe_setup(struct station *station, recipe_setup_end *on_end)
{
	struct host *host = station_line(station);
	struct job job = { .kind = LEDGER_SETUP, .on_end = on_end };
	struct secret *line = secret_new(LINE_BYTES_MAX);
	struct line_builder b;
	int result = line ? job_ticket_new(&job.ticket, host) : KE_NO_MEMORY;

	if (result == 0) {
		line_begin(&b, line, "load", job.ticket.name);
		line_add(&b, "kind", "setup");
		line_add(&b, "nonce", job.ticket.nonce);
		line_add_number(&b, "test", !host->settings->production);
		result = line_end(&b);
	}
	if (result < 0) {
		secret_free(line);
		return result;
	}
	return job_begin(station, &line, &job);
}
