/* SPDX-License-Identifier: MIT */
#include "drivers/print_follow.h"

/* The code of an end that proves nothing about what came out; NULL: not an end. */
static const char *
bad_end(ipp_jstate_t state)
{
	switch (state) {
	case IPP_JSTATE_CANCELED:
		return "job-canceled";
	case IPP_JSTATE_ABORTED:
		return "job-aborted";
	case IPP_JSTATE_PENDING:
	case IPP_JSTATE_HELD:
	case IPP_JSTATE_PROCESSING:
	case IPP_JSTATE_STOPPED:
	case IPP_JSTATE_COMPLETED:
		break;
	}
	return NULL;
}

static bool
decide(struct driver_result *result, enum driver_outcome outcome,
	const struct print_count *count, const char *code)
{
	result->outcome = outcome;
	result->counter = count->kept ? count->now : 0;
	result->code = code;
	return true;
}

/* The printer counts less since before the job than the job says that it printed.  More
 * it may count: others print there, too. */
static bool
counts_less(const struct print_count *count)
{
	return count->kept && (count->now < count->before ||
				      count->now - count->before < PRINT_IMPRESSIONS);
}

/* Both layers came out, by the job's own count, which the printer's does not deny; or by
 * the printer's alone. */
static bool
printed_both(const struct ipp_job_state *job, const struct print_count *count)
{
	if (job->counts)
		return job->impressions == PRINT_IMPRESSIONS && !counts_less(count);
	return count->kept && count->now - count->before == PRINT_IMPRESSIONS;
}

/* A job ended before the printer began to process it: by its own word, and no count speaks
 * against it. */
static bool
unbegun(const struct ipp_job_state *job, const struct print_count *count)
{
	return bad_end(job->state) && job->unbegun &&
	       (!job->counts || job->impressions == 0) &&
	       (!count->kept || count->now == count->before);
}

/* Nothing came out, says a printer that would know. */
static bool
never(struct driver_result *result, const struct print_count *count, bool settled)
{
	if (!settled)
		return false;
	return count->same_start ? decide(result, DRIVER_NEVER, count, NULL)
				 : decide(result, DRIVER_UNKNOWN, count, "device-reset");
}

/*
 * A printer that gives a job up by itself waits for nothing more.  One that was told to
 * cancel may still be taking the document, of which the net can hold the rest back for
 * minutes; there are some that print it then.  Without a document no later one is taken
 * (RFC 8011, 4.3.1).
 */
static bool
stays_unbegun(const struct ipp_job_state *job)
{
	return job->state == IPP_JSTATE_ABORTED || job->empty;
}

bool
print_follow_job(struct driver_result *result, const struct ipp_job_state *job,
	const struct print_count *count, bool settled)
{
	const char *code = bad_end(job->state);

	if (code)
		return decide(result, DRIVER_DOUBT, count, code);
	if (job->state != IPP_JSTATE_COMPLETED)
		return false;
	if (printed_both(job, count))
		return decide(result, DRIVER_DONE, count, NULL);
	/* Some printers count a moment later than they say that they are done. */
	return settled && decide(result, DRIVER_DOUBT, count, "impressions");
}

/*
 * A job that is not found was never there if the printer would know it: its counter
 * stands where it stood before start, or it still knows a job that came before.
 */
static bool
never_there(
	const struct ipp_job_memory *memory, const struct print_count *count, bool busy)
{
	if (memory->found || busy)
		return false;
	if (count->kept && count->before > 0)
		return count->now == count->before;
	return memory->found_older;
}

bool
print_follow_gave_up(const struct ipp_job_state *job, const struct print_count *count)
{
	return job->state == IPP_JSTATE_ABORTED && unbegun(job, count) &&
	       count->same_start;
}

bool
print_follow_is_orphan(const struct ipp_job_state *job)
{
	if (job->id <= 0)
		return false;
	switch (job->state) {
	case IPP_JSTATE_HELD:
		return true;
	case IPP_JSTATE_PENDING:
	case IPP_JSTATE_PROCESSING:
	case IPP_JSTATE_STOPPED:
		return job->starved;
	case IPP_JSTATE_CANCELED:
	case IPP_JSTATE_ABORTED:
	case IPP_JSTATE_COMPLETED:
		break;
	}
	return false;
}

bool
print_follow_query(struct driver_result *result, const struct ipp_job_memory *memory,
	const struct print_count *count, bool busy, bool settled)
{
	const char *code;

	/* Which of them is ours nobody can say. */
	if (memory->found_two)
		return decide(result, DRIVER_UNKNOWN, count, "wrong-job");
	if (!memory->found) {
		if (never_there(memory, count, busy))
			return never(result, count, settled);
		return decide(result, DRIVER_UNKNOWN, count, "not-found");
	}
	if (stays_unbegun(&memory->state) && unbegun(&memory->state, count))
		return never(result, count, settled);
	code = bad_end(memory->state.state);
	if (code)
		return decide(result, DRIVER_UNKNOWN, count, code);
	if (memory->state.state != IPP_JSTATE_COMPLETED)
		return false;
	if (memory->state.counts && memory->state.impressions == PRINT_IMPRESSIONS &&
		!counts_less(count))
		return decide(result, DRIVER_DONE, count, NULL);
	return settled && decide(result, DRIVER_UNKNOWN, count, "impressions");
}
