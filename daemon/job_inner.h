/* SPDX-License-Identifier: MIT */
/* What job.c (a job at work) and job_resume.c (jobs that were left open) share. */
#ifndef KEYLINE_DAEMON_JOB_INNER_H
#define KEYLINE_DAEMON_JOB_INNER_H

#include "daemon/job.h"
#include "daemon/job_counter.h"

/* What hangs on a station while it is open (station_data). */
struct job_desk {
	struct job job;
	bool busy;
	/* How the job ended, while the disk has no room for it: it stays busy until then. */
	struct job_left {
		bool is_set;
		enum ledger_outcome outcome;
		uint64_t counter;
		const char *code;
	} left;
	bool asking;
	struct ledger_intent asked;
	/* How often a driver was lost while it was asked about this job. */
	uint32_t lost_job;
	unsigned lost;
	/* What the device said and the ledger knew, when they differed; for a person. */
	struct job_counter unknown;
	void (*resumed)(struct station *station);
	void *recipe_data;
};

struct job_desk *job_desk_of(struct station *station);

struct host *job_host_of(struct station *station);

/* The station holds, and the wallet is told of until two people have settled it. */
void job_tell_doubt(struct station *station, const char *serial);

/* 1 and *out: an intent that an earlier run, or a driver that was lost, left open, and
 * that bars this station; 0; or an error. */
KEYLINE_WARN_UNUSED int job_left_open(struct ledger_intent *out, struct station *station);

#endif
