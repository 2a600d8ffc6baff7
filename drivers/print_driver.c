/* SPDX-License-Identifier: MIT */
#include "drivers/print_inner.h"
#include "drivers/driver_process.h"
#include "drivers/ipp_reason.h"
#include "drivers/print_draw.h"

#include <stdlib.h>
#include <string.h>

enum {
	PROBE_MS = 5000, /* for one look at the printer */
	LOAD_MS = 20000, /* for all that comes before ready */
	IDLE_MS = 2000   /* between two looks at an idle printer */
};

/*
 * Looks of one process in a row that may be in vain.  Where an allocation failed once,
 * libcups and GnuTLS can be left unable to do what they could: that must not outlive
 * the process, and what it looks like cannot be told from a printer that is away.
 */
enum { LOOKS_IN_VAIN = 5 };

int
print_driver_new(struct print_driver **out, const struct print_options *options,
	struct driver_io *io)
{
	struct print_driver *driver = calloc(1, sizeof *driver);
	struct ipp_job probe;
	int rc;

	*out = NULL;
	if (!driver)
		return KE_NO_MEMORY;
	driver->options = *options;
	driver->io = io;
	rc = ipp_job_set_name(
		&probe, options->host, "0000000000000000", "4294967295");
	if (rc == 0)
		rc = ipp_link_new(&driver->link, options->uri, options->pin);
	if (rc == 0)
		*out = driver;
	else
		free(driver);
	return rc;
}

void
print_driver_free(struct print_driver *driver)
{
	if (!driver)
		return;
	label_free(driver->label);
	ipp_link_free(driver->link);
	free(driver);
}

uint16_t
print_driver_port(const struct print_driver *driver)
{
	return ipp_link_port(driver->link);
}

void
print_driver_set_loop(struct print_driver *driver, struct driver_loop *loop)
{
	driver->loop = loop;
}

static void
set_deadline(struct print_driver *driver, int64_t ms)
{
	ipp_link_deadline(driver->link, driver_process_now_ms() + ms);
}

static bool
same_code(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

void
print_tell(struct print_driver *driver, const char *state, const char *code)
{
	if (same_code(driver->state, state) && same_code(driver->code, code))
		return;
	driver->state = state;
	driver->code = code;
	/* Who is gone shows at the next line that is read. */
	if (driver_io_status(driver->io, state, code) != 0)
		driver->state = NULL;
}

const char *
print_look(struct print_driver *driver)
{
	int rc = ipp_printer_ask(&driver->printer, driver->link, &driver->options.media);

	return rc == 0 ? NULL : ipp_reason_of_error(rc);
}

void
print_tell_look(struct print_driver *driver, const char *missing, bool at_work)
{
	if (missing)
		print_tell(driver,
			strcmp(missing, "wrong-pin") == 0 ? "fault" : "offline", missing);
	else if (driver->printer.fault)
		print_tell(driver, "fault", driver->printer.fault);
	else if (at_work || driver->printer.busy)
		print_tell(driver, "busy", NULL);
	else
		print_tell(driver, "ready", NULL);
}

void
print_driver_probe(struct print_driver *driver)
{
	const char *missing;

	set_deadline(driver, PROBE_MS);
	missing = print_look(driver);
	print_tell_look(driver, missing, false);
	driver->in_vain = missing ? driver->in_vain + 1 : 0;
}

static int
print_idle(void *device)
{
	struct print_driver *driver = device;

	if (driver->label)
		return 0;
	/* Before a look, which takes its time: what has come meanwhile would be lost. */
	if (driver->in_vain >= LOOKS_IN_VAIN)
		driver_loop_end(driver->loop, DRIVER_EXIT_RENEW);
	else
		print_driver_probe(driver);
	return 0;
}

void
print_unload(void *device)
{
	struct print_driver *driver = device;

	label_free(driver->label);
	driver->label = NULL;
}

int
print_set_job(struct ipp_job *job, const struct print_driver *driver, const char *nonce,
	const char *number)
{
	job->printer = &driver->printer;
	job->media = &driver->options.media;
	return ipp_job_set_name(job, driver->options.host, nonce, number);
}

static const char *
prepare(struct print_driver *driver, struct driver_ready *ready, const char *number,
	const struct driver_load *load)
{
	struct ipp_job job;
	const char *code = print_look(driver);
	int rc;

	print_tell_look(driver, code, false);
	if (code)
		return code;
	if (driver->printer.fault)
		return driver->printer.fault;
	if (driver->printer.busy)
		return "busy";
	memcpy(driver->nonce, load->nonce, sizeof driver->nonce);
	if (print_set_job(&job, driver, driver->nonce, number) != 0)
		return "internal";
	code = ipp_job_validate(driver->link, &job);
	if (code)
		return code;
	rc = print_draw(&driver->label, ready->digest, &driver->options.media,
		driver->printer.dpi, load);
	ready->counter = driver->printer.impressions;
	ready->boot = driver->printer.boot;
	return rc == 0 ? NULL : ipp_reason_of_error(rc);
}

static const char *
print_load(void *device, struct driver_ready *ready, const char *number,
	const struct driver_load *load)
{
	struct print_driver *driver = device;
	const char *code;

	set_deadline(driver, LOAD_MS);
	code = prepare(driver, ready, number, load);
	if (code)
		print_unload(driver);
	return code;
}

const struct driver_ops print_driver_ops = {
	.kinds = 1u << DRIVER_LOAD_STICKER | 1u << DRIVER_LOAD_SETUP,
	.one_job = true,
	.idle_ms = IDLE_MS,
	.load = print_load,
	.unload = print_unload,
	.start = print_start,
	.query = print_query,
	.idle = print_idle,
};
