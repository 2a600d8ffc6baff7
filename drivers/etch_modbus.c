/* SPDX-License-Identifier: MIT */
/*
 * etch-modbus: an etcher over Modbus TCP or RTU, as keyline-driver(7) wants it and
 * keyline-etch-profile(5) has it.  One thread: heartbeats between lines, between
 * chunks, while a plate is marked.
 */
#include "config.h"
#include "drivers/etch_job.h"
#include "drivers/etch_report.h"
#include "drivers/sandbox.h"
#include "proto/hash.h"
#include "proto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAP_BYTES = 1 << 20, PROFILE_MAX = 65536, UNIT_MAX = 247 };

static const char name[] = "etch-modbus";

struct etcher {
	struct etch_profile profile;
	struct etch_target target;
	struct device_pin pin;
	struct etch_device device;
	struct etch_job job;
	struct etch_report report;
	struct driver_io *io;
	struct driver_loop *loop;
	const char *job_name;
	bool gone; /* a line could not be written */
};

static void
tell(struct etcher *e, int rc)
{
	if (etch_report_tell(&e->report, e->io, &e->device, rc) != 0)
		e->gone = true;
}

/* The serial line is back as one that this process may not open: the daemon starts
 * another, which asks the device what became of the job. */
static void
leave_if_replugged(struct etcher *e)
{
	if (e->target.is_tcp || e->device.online || !device_pin_is_outlived(&e->pin))
		return;
	e->device.is_lost = true;
	driver_loop_end(e->loop, DRIVER_EXIT_REPLUGGED);
}

static bool
on_wait(void *context, int timeout_ms)
{
	struct etcher *e = context;

	tell(e, 0);
	leave_if_replugged(e);
	return driver_loop_pump(e->loop, timeout_ms);
}

static void
on_started(void *context)
{
	struct etcher *e = context;

	driver_loop_started(e->loop, e->job_name);
}

static void
on_progress(void *context, uint32_t done, uint32_t total)
{
	struct etcher *e = context;

	driver_loop_progress(e->loop, e->job_name, done, total);
}

static struct etch_watch
watch_of(struct etcher *e, const char *job_name)
{
	e->job_name = job_name;
	return (struct etch_watch){e, on_wait, on_started, on_progress};
}

/* The loop has checked that a job is a number from 1 to 4294967295. */
static uint32_t
job_number(const char *job)
{
	return (uint32_t)strtoul(job, NULL, 10);
}

static const char *
ops_load(void *device, struct driver_ready *ready, const char *job,
	const struct driver_load *load)
{
	struct etcher *e = device;

	return etch_job_load(&e->job, ready, job_number(job), load);
}

static void
ops_unload(void *device)
{
	struct etcher *e = device;

	etch_job_unload(&e->job);
}

static void
ops_start(struct driver_result *result, void *device, const char *job)
{
	struct etcher *e = device;
	const struct etch_watch watch = watch_of(e, job);

	etch_job_start(result, &e->job, &watch);
}

static void
ops_query(struct driver_result *result, void *device, const struct driver_query *query)
{
	struct etcher *e = device;
	const struct etch_watch watch = watch_of(e, query->job);
	struct etch_asked asked = {.id = job_number(query->job), .boot = query->boot};

	if (etch_job_nonce(asked.nonce, query->nonce) != 0 ||
		query->counter > UINT32_MAX) {
		*result = (struct driver_result){DRIVER_UNKNOWN, 0, "bad-line"};
		return;
	}
	asked.counter = (uint32_t)query->counter;
	etch_job_query(result, &e->job, &asked, &watch);
}

static void
ops_begun(struct driver_begun *begun, void *device)
{
	const struct etcher *e = device;

	begun->job = etch_device_get(&e->device, ETCH_LAST_STARTED_JOB);
	etch_device_get_bytes(
		begun->nonce, sizeof begun->nonce, &e->device, ETCH_LAST_STARTED_NONCE);
}

static void
ops_acknowledge(void *device)
{
	struct etcher *e = device;

	if (e->device.online)
		tell(e, etch_job_acknowledge(&e->job));
}

static int
ops_idle(void *device)
{
	struct etcher *e = device;
	int rc = e->device.online ? etch_device_poll_when_due(&e->device)
				  : etch_device_connect_when_due(&e->device);

	if (rc == 0)
		rc = etch_job_tidy(&e->job);
	tell(e, rc);
	leave_if_replugged(e);
	/* A reader that is gone shows as the end of stdin as well. */
	return 0;
}

/* Reads the file whole.  Returns its length, or KE_IO or KE_TOO_LONG. */
static long
read_file(char out[PROFILE_MAX], const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	long len = 0;

	if (fd < 0)
		return KE_IO;
	for (;;) {
		ssize_t n = read(fd, out + len, PROFILE_MAX - (size_t)len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			len = KE_IO;
		if (n > 0)
			len += n;
		if (len == PROFILE_MAX)
			len = KE_TOO_LONG;
		if (n <= 0 || len < 0)
			break;
	}
	close(fd);
	return len;
}

static int
read_profile(struct etch_profile *profile, const char *path)
{
	static char text[PROFILE_MAX];
	struct etch_profile_error error;
	char note[sizeof error.text + 48];
	long len = read_file(text, path);

	if (len < 0) {
		driver_process_note(name, "cannot read the profile");
		return KE_BAD_PROFILE;
	}
	if (etch_profile_parse(profile, &error, text, (size_t)len) == 0)
		return 0;
	/* A profile is configuration: its keys are no secret and no device's bytes. */
	snprintf(note, sizeof note, "profile, line %u: %s", error.line, error.text);
	driver_process_note(name, note);
	return KE_BAD_PROFILE;
}

struct options {
	const char *device, *unit, *profile, *serial, *lock;
};

static bool
is_serial(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	return len >= 1 && len <= ETCH_SERIAL_MAX;
}

/* Checks the options.  Returns 0 or KE_BAD_ARGUMENT with a note. */
static int
take_options(struct etcher *e, const struct options *o, uint64_t *unit)
{
	const char *note = NULL;

	if (etch_target_parse(&e->target, o->device) != 0)
		note = "--device wants tcp:HOST:PORT or rtu:/dev/ttyX:BAUD:8E1, with a "
		       "usual rate";
	else if (driver_process_number(unit, o->unit, 1, UNIT_MAX) != 0)
		note = "--unit wants a number from 1 to 247";
	else if (!is_serial(o->serial))
		note = "--serial wants 1 to 16 characters";
	else
		return read_profile(&e->profile, o->profile) == 0 ? 0 : KE_BAD_ARGUMENT;
	driver_process_note(name, note);
	return KE_BAD_ARGUMENT;
}

static int
serve(struct etcher *e)
{
	const struct driver_ops ops = {
		.kinds = 1u << DRIVER_LOAD_PLATE | 1u << DRIVER_LOAD_SETUP,
		.one_job = false,
		.idle_ms = (int)e->profile.timing.heartbeat / 4,
		.load = ops_load,
		.unload = ops_unload,
		.start = ops_start,
		.query = ops_query,
		.begun = ops_begun,
		.acknowledge = ops_acknowledge,
		.idle = ops_idle,
	};
	int code = DRIVER_EXIT_DEVICE;

	e->io = driver_io_new(STDIN_FILENO, STDOUT_FILENO);
	e->loop = e->io ? driver_loop_new(&ops, e, e->io) : NULL;
	if (e->loop)
		code = driver_io_hello(e->io, name, "etch") == 0
			       ? driver_loop_run(e->loop)
			       : DRIVER_EXIT_EOF;
	/* The laser need not wait for our heartbeat to time out. */
	if (e->device.online)
		(void)!etch_device_set(&e->device, ETCH_HOST_HEARTBEAT, 0);
	driver_loop_free(e->loop);
	driver_io_free(e->io);
	return code;
}

/* From here on the etcher's line or port is all that can be opened. */
static int
confine(struct etcher *e)
{
	const struct etch_target *target = &e->target;
	const struct sandbox cage = {
		.device = target->is_tcp ? NULL : &e->pin,
		.network = target->is_tcp,
		.port = target->is_tcp ? (uint16_t)strtoul(target->port, NULL, 10) : 0,
	};
	int rc;

	if (!target->is_tcp)
		device_pin_take(&e->pin, target->serial.path);
	rc = sandbox_enter(&cage, NULL);
	if (rc != 0)
		driver_process_note(name, "the process cannot be protected");
	return rc;
}

static int
run(struct etcher *e, const struct options *o, unsigned unit)
{
	struct etch_link *link;
	int code = DRIVER_EXIT_DEVICE;

	if (secret_heap_init(HEAP_BYTES) != 0) {
		driver_process_note(name, "no locked memory");
		return DRIVER_EXIT_DEVICE;
	}
	/* The next process may fare better; this one would refuse every job. */
	if (hash_self_check() != 0) {
		driver_process_note(name, "the cryptographic library fails");
		return DRIVER_EXIT_DEVICE;
	}
	if (confine(e) != 0)
		return DRIVER_EXIT_DEVICE;
	link = etch_link_new(&e->target, unit, e->profile.timing.response);
	if (link && etch_device_init(&e->device, &e->profile, link, o->serial) == 0) {
		if (etch_job_init(&e->job, &e->device) == 0) {
			code = serve(e);
			etch_job_done(&e->job);
		}
		etch_device_done(&e->device);
	}
	etch_link_free(link);
	return code;
}

int
main(int argc, char **argv)
{
	static struct etcher etcher;
	struct options o = {NULL, NULL, NULL, NULL, NULL};
	const struct driver_option table[] = {
		{"device", &o.device, true},
		{"unit", &o.unit, true},
		{"profile", &o.profile, true},
		{"serial", &o.serial, true},
		{"lock", &o.lock, true},
		{NULL, NULL, false},
	};
	uint64_t unit;
	int error;

	if (driver_process_harden() != 0)
		return DRIVER_EXIT_DEVICE;
	/* What a parent left open is none of ours, and select(2) ends at 1024.  Without it
	 * etch_link_open() tells when a descriptor lies behind that. */
	close_range(STDERR_FILENO + 1, ~0u, 0);
	if (driver_process_options(table, argc, argv) != 0 ||
		take_options(&etcher, &o, &unit) != 0)
		return DRIVER_EXIT_USAGE;
	error = driver_process_lock(o.lock);
	if (error) {
		driver_process_note(name, "cannot take the lock");
		return error == KE_LOCKED ? DRIVER_EXIT_LOCK : DRIVER_EXIT_DEVICE;
	}
	return run(&etcher, &o, (unsigned)unit);
}
