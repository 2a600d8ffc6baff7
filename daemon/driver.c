/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/driver.h"
#include "daemon/driver_child.h"
#include "daemon/log.h"
#include "proto/driver_exit.h"
#include "proto/secret.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A run of such a length was a good one: the next pause is the first again. */
enum { GOOD_RUN_MS = 60 * 1000 };

/* How a script that begins a driver ends where there is none, as shells tell it. */
enum { EXIT_MISSING = 127 };

static const struct driver_times default_times = {
	.hello = 10 * 1000,
	.ping = 5 * 1000,
	.silence = 30 * 1000,
	.grace = 5 * 1000,
	.pause_first = 250,
	.pause_last = 30 * 1000,
};

enum driver_phase {
	PHASE_PAUSE,    /* no child; the timer starts one */
	PHASE_GREETING, /* waits for hello */
	PHASE_UP,
	PHASE_ENDING, /* stdin is closed; the timer sends signals */
	PHASE_GONE
};

struct driver {
	uv_loop_t *loop;
	uv_timer_t timer;
	struct driver_calls calls;
	struct driver_times times;
	char *station;
	char *kind;
	char **argv;
	struct child *child;
	enum driver_phase phase;
	/* why it is being ended; NULL: by itself */
	const char *code;
	unsigned signals_sent;
	unsigned pause_ms;
	uint64_t begun_at;
	/* when the timer should call ping_due() */
	uint64_t ping_at;
	uint64_t heard_at;
	bool is_watched;
	bool end_is_expected;
	/* by the process that runs, or was the last */
	bool has_greeted;
	/* the last process asked for the next one, which is no news for the log */
	bool is_renewed;
	bool is_stopping;
	void (*done)(void *context);
	void *done_context;
};

static void child_begin(uv_timer_t *timer);
static void child_end_now(struct driver *driver, const char *code);
static void ping_due(uv_timer_t *timer);

/* A quarter more or less, so that several drivers do not come back in step. */
static unsigned
jitter(unsigned ms)
{
	unsigned random = 0;

	if (uv_random(NULL, NULL, &random, sizeof(random), 0, NULL) != 0)
		return ms;
	return ms - ms / 4 + random % (ms / 2 + 1);
}

static void
log_driver(const struct driver *driver, enum log_event event, const char *code)
{
	log_event(event, &(struct log_fields){.station = driver->station, .code = code});
}

static void
pause_begin(struct driver *driver, unsigned ms)
{
	driver->phase = PHASE_PAUSE;
	uv_timer_start(&driver->timer, child_begin, ms, 0);
}

/* Waits longer each time, unless the last run was a good one. */
static void
pause_after_fault(struct driver *driver)
{
	if (uv_now(driver->loop) - driver->begun_at > GOOD_RUN_MS)
		driver->pause_ms = 0;
	driver->pause_ms =
		driver->pause_ms == 0 ? driver->times.pause_first : driver->pause_ms * 2;
	if (driver->pause_ms > driver->times.pause_last)
		driver->pause_ms = driver->times.pause_last;
	pause_begin(driver, jitter(driver->pause_ms));
}

static void
driver_free_now(uv_handle_t *handle)
{
	struct driver *driver = handle->data;
	void (*done)(void *) = driver->done;
	void *context = driver->done_context;
	size_t i;

	for (i = 0; driver->argv && driver->argv[i]; i++)
		free(driver->argv[i]);
	free(driver->argv);
	free(driver->station);
	free(driver->kind);
	free(driver);
	if (done)
		done(context);
}

static void
driver_finish(struct driver *driver)
{
	driver->phase = PHASE_GONE;
	uv_close((uv_handle_t *)&driver->timer, driver_free_now);
}

/* What an exit of its own accord means; keyline-driver(7) has the codes. */
static const char *
exit_code_name(int64_t status, int signal)
{
	if (signal != 0)
		return "driver-died";
	switch (status) {
	case DRIVER_EXIT_DEVICE:
		return "device-error";
	case DRIVER_EXIT_USAGE:
		return "driver-usage";
	case DRIVER_EXIT_LOCK:
		return "lock-held";
	case DRIVER_EXIT_REPLUGGED:
		return "device-replugged";
	case EXIT_MISSING:
		return "driver-missing";
	}
	return "driver-died";
}

/* Its work was done, or it asks for a new process. */
static bool
is_clean_end(const struct driver *driver, int64_t status, int signal)
{
	if (signal != 0 || driver->code)
		return false;
	if (status == DRIVER_EXIT_RENEW)
		return driver->has_greeted;
	return status == 0 && driver->end_is_expected;
}

static void
child_ended(void *context, int64_t status, int signal, bool wrote_stderr)
{
	struct driver *driver = context;
	bool is_clean = is_clean_end(driver, status, signal);
	const char *code = driver->code ? driver->code : exit_code_name(status, signal);

	driver->child = NULL;
	driver->is_renewed = is_clean && status == DRIVER_EXIT_RENEW;
	if (wrote_stderr)
		log_driver(driver, LOG_DRIVER_STDERR, NULL);
	if (driver->is_stopping) {
		driver_finish(driver);
		return;
	}
	if (is_clean) {
		pause_begin(driver, driver->is_renewed ? driver->times.pause_first : 0);
	} else {
		log_driver(driver, LOG_DRIVER_ENDED, code);
		pause_after_fault(driver);
	}
	driver->calls.on_down(driver->calls.context, is_clean ? NULL : code);
}

/* The child has not ended on end of file: asks louder. */
static void
ending_late(uv_timer_t *timer)
{
	struct driver *driver = timer->data;

	if (driver->child)
		child_signal(
			driver->child, driver->signals_sent == 0 ? SIGTERM : SIGKILL);
	driver->signals_sent++;
}

static void
child_end_now(struct driver *driver, const char *code)
{
	if (driver->phase == PHASE_ENDING)
		return;
	driver->phase = PHASE_ENDING;
	driver->code = code;
	driver->signals_sent = 0;
	child_mute(driver->child);
	child_close_stdin(driver->child);
	uv_timer_start(
		&driver->timer, ending_late, driver->times.grace, driver->times.grace);
}

static void
child_bad(void *context, const char *code)
{
	/* Its stdout closed before its end was seen: then the exit code says more. */
	child_end_now(context, strcmp(code, "driver-died") == 0 ? NULL : code);
}

static void
hello_late(uv_timer_t *timer)
{
	child_end_now(timer->data, "driver-silent");
}

static void
ping_next(struct driver *driver)
{
	driver->ping_at = uv_now(driver->loop) + driver->times.ping;
	uv_timer_start(&driver->timer, ping_due, driver->times.ping, 0);
}

/* The time for which we stood still ourselves (stopped, or on a machine that was) is no
 * silence of the driver's: nothing was asked meanwhile, and what came is not read yet. */
static void
forgive_own_pause(struct driver *driver)
{
	uint64_t now = uv_now(driver->loop);

	if (now > driver->ping_at)
		driver->heard_at += now - driver->ping_at;
	if (driver->heard_at > now)
		driver->heard_at = now;
}

static void
ping_due(uv_timer_t *timer)
{
	struct driver *driver = timer->data;
	static const char ping[] = "ping -\n";
	bool is_silent;

	forgive_own_pause(driver);
	if (driver->is_watched &&
		uv_now(driver->loop) - driver->heard_at > driver->times.silence)
		is_silent = true;
	else
		is_silent = driver_send_plain(driver, ping, sizeof(ping) - 1) != 0;
	if (is_silent)
		child_end_now(driver, "driver-silent");
	else
		ping_next(driver);
}

static bool
hello_is_right(const struct driver *driver, const struct line *line)
{
	const char *protocol = line_value(line, "protocol");
	const char *kind = line_value(line, "kind");

	return strcmp(line->verb, "hello") == 0 && strcmp(line->job, "-") == 0 &&
	       protocol && strcmp(protocol, "1") == 0 && kind &&
	       strcmp(kind, driver->kind) == 0;
}

static void
hello_came(struct driver *driver, const struct line *line)
{
	if (!hello_is_right(driver, line)) {
		child_end_now(driver, "wrong-hello");
		return;
	}
	driver->phase = PHASE_UP;
	driver->is_watched = true;
	ping_next(driver);
	if (!driver->is_renewed)
		log_driver(driver, LOG_DRIVER_STARTED, NULL);
	driver->has_greeted = true;
	driver->calls.on_up(driver->calls.context);
}

static void
child_line(void *context, const struct line *line)
{
	struct driver *driver = context;

	driver->heard_at = uv_now(driver->loop);
	if (driver->phase == PHASE_GREETING)
		hello_came(driver, line);
	else if (driver->phase == PHASE_UP && strcmp(line->verb, "pong") != 0)
		driver->calls.on_line(driver->calls.context, line);
}

static void
child_begin(uv_timer_t *timer)
{
	struct driver *driver = timer->data;
	struct child_calls calls = {child_line, child_bad, child_ended, driver};
	int error;

	driver->code = NULL;
	driver->end_is_expected = false;
	driver->has_greeted = false;
	driver->begun_at = uv_now(driver->loop);
	driver->heard_at = driver->begun_at;
	error = child_new(&driver->child, driver->loop, driver->argv, &calls);
	if (error == 0) {
		driver->phase = PHASE_GREETING;
		uv_timer_start(&driver->timer, hello_late, driver->times.hello, 0);
		return;
	}
	log_driver(driver, LOG_DRIVER_ENDED, "driver-missing");
	pause_after_fault(driver);
	driver->calls.on_down(driver->calls.context, "driver-missing");
}

static int
argv_copy(struct driver *driver, const struct driver_options *options)
{
	size_t i, count = 0;

	while (options->args && options->args[count])
		count++;
	driver->argv = calloc(count + 2, sizeof(*driver->argv));
	driver->station = strdup(options->station);
	driver->kind = strdup(options->kind);
	if (!driver->argv || !driver->station || !driver->kind)
		return KE_NO_MEMORY;
	for (i = 0; i <= count; i++) {
		driver->argv[i] =
			strdup(i == 0 ? options->program : options->args[i - 1]);
		if (!driver->argv[i])
			return KE_NO_MEMORY;
	}
	return 0;
}

int
driver_new(struct driver **out, uv_loop_t *loop, const struct driver_options *options,
	const struct driver_calls *calls)
{
	struct driver *driver = calloc(1, sizeof(*driver));
	int error;

	*out = NULL;
	if (!driver)
		return KE_NO_MEMORY;
	driver->loop = loop;
	driver->calls = *calls;
	driver->times = options->times ? *options->times : default_times;
	uv_timer_init(loop, &driver->timer);
	driver->timer.data = driver;
	error = argv_copy(driver, options);
	if (error != 0) {
		driver_finish(driver);
		return error;
	}
	pause_begin(driver, 0);
	*out = driver;
	return 0;
}

void
driver_stop(struct driver *driver, void (*done)(void *context), void *context)
{
	driver->done = done;
	driver->done_context = context;
	driver->is_stopping = true;
	if (driver->child)
		child_end_now(driver, NULL);
	else
		driver_finish(driver);
}

bool
driver_is_up(const struct driver *driver)
{
	return driver && driver->phase == PHASE_UP;
}

bool
driver_is_changing(const struct driver *driver)
{
	return driver && driver->child && driver->phase != PHASE_UP;
}

int
driver_send(struct driver *driver, struct secret **line)
{
	if (driver_is_up(driver))
		return child_write(driver->child, line);
	secret_free(*line);
	*line = NULL;
	return KE_LINK;
}

int
driver_send_plain(struct driver *driver, const char *line, size_t len)
{
	return driver_is_up(driver) ? child_write_plain(driver->child, line, len)
				    : KE_LINK;
}

void
driver_watch(struct driver *driver, bool on)
{
	if (on && !driver->is_watched)
		driver->heard_at = uv_now(driver->loop);
	driver->is_watched = on;
}

void
driver_retire(struct driver *driver)
{
	/* It has worked: what comes next is no row of faults. */
	driver->pause_ms = 0;
	if (driver->phase != PHASE_UP)
		return;
	driver->end_is_expected = true;
	child_end_now(driver, NULL);
}

void
driver_end(struct driver *driver, const char *code)
{
	if (driver->child)
		child_end_now(driver, code);
}
