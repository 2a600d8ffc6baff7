/* SPDX-License-Identifier: MIT */
#include "drivers/driver_loop.h"

#include <stdlib.h>
#include <string.h>

struct driver_loop {
	const struct driver_ops *ops;
	void *device;
	struct driver_io *io;
	char job[LINE_JOB_MAX + 1]; /* what is loaded; empty: nothing */
	bool over;                  /* the process is to end, with this code */
	enum driver_exit code;
};

struct driver_loop *
driver_loop_new(const struct driver_ops *ops, void *device, struct driver_io *io)
{
	struct driver_loop *loop = calloc(1, sizeof *loop);

	if (!loop)
		return NULL;
	loop->ops = ops;
	loop->device = device;
	loop->io = io;
	return loop;
}

void
driver_loop_free(struct driver_loop *loop)
{
	free(loop);
}

void
driver_loop_end(struct driver_loop *loop, enum driver_exit code)
{
	if (!loop->over)
		loop->code = code;
	loop->over = true;
}

/* A line that could not be written means that the daemon is gone. */
static void
sent(struct driver_loop *loop, int rc)
{
	if (rc != 0)
		driver_loop_end(loop, DRIVER_EXIT_EOF);
}

static void
job_over(struct driver_loop *loop)
{
	loop->job[0] = '\0';
	if (loop->ops->one_job)
		driver_loop_end(loop, DRIVER_EXIT_EOF);
}

enum { HEX_MAX = LINE_DIGEST_LEN };

/* Up to HEX_MAX bytes. */
static void
add_hex(struct line_builder *b, const char *key, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char hex[2 * HEX_MAX];

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	line_add_bytes(b, key, hex, 2 * len);
}

static void
say_ready(struct driver_loop *loop, const struct driver_ready *ready)
{
	struct line_builder *b = driver_io_begin(loop->io, "ready", loop->job);

	line_add_number(b, "counter", ready->counter);
	if (ready->last_job)
		line_add_number(b, "last", ready->last_job);
	if (ready->boot)
		line_add_number(b, "boot", ready->boot);
	add_hex(b, "digest", ready->digest, sizeof ready->digest);
	sent(loop, driver_io_end(loop->io));
}

static void
on_load(struct driver_loop *loop, const struct line *line)
{
	struct driver_ready ready = {0};
	struct driver_load load;
	const char *code;

	if (loop->job[0]) {
		sent(loop, driver_io_say_code(loop->io, "refused", line->job, "busy"));
		return;
	}
	memcpy(loop->job, line->job, strlen(line->job) + 1);
	if (driver_load_parse(&load, line) != 0)
		code = "bad-line";
	else if (!(loop->ops->kinds >> load.kind & 1))
		code = "wrong-kind";
	else
		code = loop->ops->load(loop->device, &ready, loop->job, &load);
	driver_io_wipe(loop->io);
	if (!code) {
		say_ready(loop, &ready);
		return;
	}
	sent(loop, driver_io_say_code(loop->io, "refused", loop->job, code));
	job_over(loop);
}

/* Which job was begun last: another machine's would hide the one that is asked about. */
static void
say_never(struct driver_loop *loop, const char *job, uint64_t counter)
{
	struct line_builder *b = driver_io_begin(loop->io, "never", job);
	struct driver_begun begun;

	line_add_number(b, "counter", counter);
	if (loop->ops->begun) {
		loop->ops->begun(&begun, loop->device);
		line_add_number(b, "begun", begun.job);
		add_hex(b, "nonce", begun.nonce, sizeof begun.nonce);
	}
	sent(loop, driver_io_end(loop->io));
}

static void
say_result(struct driver_loop *loop, const char *job, const struct driver_result *result)
{
	static const char *const verbs[] = {
		[DRIVER_DONE] = "done",
		[DRIVER_FAILED] = "failed",
		[DRIVER_DOUBT] = "doubt",
		[DRIVER_UNKNOWN] = "unknown",
	};

	if (result->outcome == DRIVER_LEAVE)
		driver_loop_end(loop, DRIVER_EXIT_EOF);
	else if (result->outcome == DRIVER_NEVER)
		say_never(loop, job, result->counter);
	else if (result->outcome == DRIVER_DONE)
		sent(loop, driver_io_say_counter(loop->io, verbs[result->outcome], job,
				   result->counter));
	else
		sent(loop, driver_io_say_code(
				   loop->io, verbs[result->outcome], job, result->code));
}

static void
on_start(struct driver_loop *loop, const struct line *line)
{
	struct driver_result result = {DRIVER_DOUBT, 0, "internal"};

	/* A start that was served before must not look refused: the part may be made. */
	if (!loop->job[0] || strcmp(loop->job, line->job) != 0) {
		driver_loop_end(loop, DRIVER_EXIT_USAGE);
		return;
	}
	loop->ops->start(&result, loop->device, loop->job);
	say_result(loop, loop->job, &result);
	job_over(loop);
}

static void
on_cancel(struct driver_loop *loop, const struct line *line)
{
	/* Too late or crossed with a refusal: the job's last line has been written. */
	if (!loop->job[0] || strcmp(loop->job, line->job) != 0)
		return;
	loop->ops->unload(loop->device);
	sent(loop, driver_io_say(loop->io, "cancelled", loop->job));
	job_over(loop);
}

/* What a query says, kept while driver_loop_pump() takes other lines. */
struct kept_query {
	char job[LINE_JOB_MAX + 1];
	char nonce[DRIVER_NONCE_HEX + 1];
	char serial[DRIVER_SERIAL_MAX + 1];
};

static int
copy_value(char *out, size_t size, const char *value)
{
	size_t len = value ? strlen(value) : 0;

	if (len >= size)
		return KE_TOO_LONG;
	memcpy(out, value ? value : "", len + 1);
	return 0;
}

static int
keep_query(struct kept_query *kept, struct driver_query *query, const struct line *line)
{
	const char *nonce = line_value(line, "nonce");
	const char *serial = line_value(line, "serial");

	if (!nonce || copy_value(kept->nonce, sizeof kept->nonce, nonce) != 0 ||
		copy_value(kept->serial, sizeof kept->serial, serial) != 0 ||
		copy_value(kept->job, sizeof kept->job, line->job) != 0)
		return KE_BAD_LINE;
	query->job = kept->job;
	query->nonce = kept->nonce;
	query->serial = serial ? kept->serial : NULL;
	query->boot = 0;
	if (line_value(line, "boot") &&
		line_number(&query->boot, line, "boot", UINT64_MAX) != 0)
		return KE_BAD_LINE;
	return line_number(&query->counter, line, "counter", UINT64_MAX);
}

static void
on_query(struct driver_loop *loop, const struct line *line)
{
	struct driver_result result = {DRIVER_UNKNOWN, 0, "internal"};
	struct driver_query query;
	struct kept_query kept;

	if (loop->job[0] || keep_query(&kept, &query, line) != 0) {
		driver_loop_end(loop, DRIVER_EXIT_USAGE);
		return;
	}
	loop->ops->query(&result, loop->device, &query);
	say_result(loop, kept.job, &result);
}

static void
on_ping(struct driver_loop *loop, const struct line *line)
{
	sent(loop, driver_io_say(loop->io, "pong", line->job));
}

/* With a job in the device there is no latched fault that could go. */
static void
on_acknowledge(struct driver_loop *loop, const struct line *line)
{
	if (!loop->ops->acknowledge) {
		driver_loop_end(loop, DRIVER_EXIT_USAGE);
		return;
	}
	if (!loop->job[0])
		loop->ops->acknowledge(loop->device);
	sent(loop, driver_io_say(loop->io, "acknowledged", line->job));
}

struct verb_row {
	const char *verb;
	bool has_job;
	void (*serve)(struct driver_loop *loop, const struct line *line);
};

static const struct verb_row verbs[] = {
	{"load", true, on_load},
	{"start", true, on_start},
	{"cancel", true, on_cancel},
	{"query", true, on_query},
	{"acknowledge", false, on_acknowledge},
	{"ping", false, on_ping},
};

/* A job is a number from the ledger, 1..4294967295; elsewhere there is a `-`. */
static bool
job_fits(const struct line *line, bool has_job)
{
	uint64_t number;

	if (!has_job)
		return strcmp(line->job, "-") == 0;
	return driver_process_number(&number, line->job, 1, UINT32_MAX) == 0;
}

static void
serve(struct driver_loop *loop, const struct line *line)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(line->verb, verbs[i].verb) != 0)
			continue;
		if (job_fits(line, verbs[i].has_job))
			verbs[i].serve(loop, line);
		else
			driver_loop_end(loop, DRIVER_EXIT_USAGE);
		return;
	}
	driver_loop_end(loop, DRIVER_EXIT_USAGE);
}

static void
step(struct driver_loop *loop)
{
	struct line line;

	switch (driver_io_next(&line, loop->io, -1, loop->ops->idle_ms)) {
	case DRIVER_IO_LINE:
		serve(loop, &line);
		break;
	case DRIVER_IO_EOF:
		driver_loop_end(loop, DRIVER_EXIT_EOF);
		break;
	case DRIVER_IO_BAD:
		driver_loop_end(loop, DRIVER_EXIT_USAGE);
		break;
	case DRIVER_IO_TIMEOUT:
	case DRIVER_IO_OTHER:
		break;
	}
	if (!loop->over && loop->ops->idle && loop->ops->idle(loop->device) != 0)
		driver_loop_end(loop, DRIVER_EXIT_DEVICE);
}

enum driver_exit
driver_loop_run(struct driver_loop *loop)
{
	while (!loop->over)
		step(loop);
	loop->ops->unload(loop->device);
	loop->job[0] = '\0';
	return loop->code;
}

bool
driver_loop_pump(struct driver_loop *loop, int timeout_ms)
{
	int64_t deadline = driver_process_now_ms() + timeout_ms;

	while (!loop->over) {
		int64_t left = deadline - driver_process_now_ms();
		struct line line;

		switch (driver_io_next(&line, loop->io, -1, left > 0 ? (int)left : 0)) {
		case DRIVER_IO_LINE:
			if (strcmp(line.verb, "ping") == 0 && job_fits(&line, false))
				on_ping(loop, &line);
			else if (strcmp(line.verb, "cancel") != 0)
				driver_loop_end(loop, DRIVER_EXIT_USAGE);
			break;
		case DRIVER_IO_EOF:
			driver_loop_end(loop, DRIVER_EXIT_EOF);
			break;
		case DRIVER_IO_BAD:
			driver_loop_end(loop, DRIVER_EXIT_USAGE);
			break;
		case DRIVER_IO_TIMEOUT:
		case DRIVER_IO_OTHER:
			return true;
		}
	}
	return false;
}

void
driver_loop_started(struct driver_loop *loop, const char *job)
{
	sent(loop, driver_io_say(loop->io, "started", job));
}

void
driver_loop_progress(
	struct driver_loop *loop, const char *job, uint64_t done, uint64_t total)
{
	struct line_builder *b = driver_io_begin(loop->io, "progress", job);

	line_add_number(b, "done", done);
	line_add_number(b, "total", total);
	sent(loop, driver_io_end(loop->io));
}
