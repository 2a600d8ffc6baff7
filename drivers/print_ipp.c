/* SPDX-License-Identifier: MIT */
/* print-ipp(8): prints one two-layer sticker on an IPP printer; keyline-driver(7). */
#include "config.h"
#include "drivers/driver_io.h"
#include "drivers/driver_loop.h"
#include "drivers/driver_process.h"
#include "drivers/label_layout.h"
#include "drivers/print_driver.h"
#include "drivers/sandbox.h"
#include "proto/hash.h"
#include "proto/secret.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEAP = 1 << 17, DEADLINE_S = 120, DEADLINE_S_MAX = 3600 };

static const char name[] = "print-ipp";

/* Millimetres with at most two decimals, ended by end, in hundredths; NULL: not so. */
static const char *
read_side(unsigned *out, const char *text, char end)
{
	unsigned value = 0, decimals = 0, digits = 0;
	bool point = false;

	for (; *text && *text != end; text++) {
		if (*text == '.' && !point && digits > 0) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || value > 100000 || decimals == 2)
			return NULL;
		value = value * 10 + (unsigned)(*text - '0');
		decimals += point;
		digits++;
	}
	if (*text != end || digits == 0 || (point && decimals == 0))
		return NULL;
	for (; decimals < 2; decimals++)
		value *= 10;
	*out = value;
	return text + 1;
}

/* `40x40` or `50.8x25.4`. */
static int
read_media(struct ipp_media *media, const char *text)
{
	struct label_form form;

	text = read_side(&media->width, text, 'x');
	if (!text || !read_side(&media->height, text, '\0'))
		return KE_BAD_ARGUMENT;
	/* Media that no resolution could fill are a mistake of the configuration. */
	return label_form_of(&form, media->width, media->height,
		media->dpi ? media->dpi : LABEL_DPI_MIN);
}

static int
read_options(struct print_options *options, const char **lock, int argc, char **argv)
{
	const char *media = NULL, *dpi = NULL, *deadline = NULL;
	const struct driver_option table[] = {
		{"uri", &options->uri, true},
		{"pin", &options->pin, true},
		{"host", &options->host, true},
		{"lock", lock, true},
		{"media", &media, true},
		{"dpi", &dpi, false},
		{"deadline", &deadline, false},
		{NULL, NULL, false},
	};
	uint64_t number = 0;
	int rc = driver_process_options(table, argc, argv);

	/* 0, like no dpi at all: the printer's own. */
	if (rc == 0 && dpi && strcmp(dpi, "0") != 0)
		rc = driver_process_number(&number, dpi, LABEL_DPI_MIN, LABEL_DPI_MAX);
	options->media.dpi = (unsigned)number;
	number = DEADLINE_S;
	if (rc == 0 && deadline)
		rc = driver_process_number(&number, deadline, 1, DEADLINE_S_MAX);
	options->deadline_s = (unsigned)number;
	return rc == 0 ? read_media(&options->media, media) : rc;
}

/* From here on the printer's port is all that can be connected to. */
static int
confine(const struct print_driver *driver)
{
	const struct sandbox cage = {.network = true, .port = print_driver_port(driver)};
	int rc = sandbox_enter(&cage, NULL);

	if (rc != 0)
		driver_process_note(name, "the process cannot be protected");
	return rc;
}

static enum driver_exit
serve(const struct print_options *options)
{
	enum driver_exit code = DRIVER_EXIT_DEVICE;
	struct print_driver *driver = NULL;
	struct driver_loop *loop = NULL;
	struct driver_io *io = driver_io_new(STDIN_FILENO, STDOUT_FILENO);
	int rc = io ? print_driver_new(&driver, options, io) : KE_NO_MEMORY;

	if (rc == KE_BAD_ARGUMENT) {
		driver_process_note(name, "uri, pin or host is not valid");
		code = DRIVER_EXIT_USAGE;
	}
	if (rc == 0)
		rc = confine(driver);
	if (rc == 0)
		loop = driver_loop_new(&print_driver_ops, driver, io);
	if (loop && driver_io_hello(io, name, "print") == 0) {
		print_driver_set_loop(driver, loop);
		print_driver_probe(driver);
		code = driver_loop_run(loop);
	}
	driver_loop_free(loop);
	print_driver_free(driver);
	driver_io_free(io);
	return code;
}

static int
lock_exit(int rc)
{
	driver_process_note(name, rc == KE_LOCKED ? "another process holds the lock"
						  : "the lock file cannot be opened");
	return rc == KE_LOCKED ? DRIVER_EXIT_LOCK : DRIVER_EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct print_options options = {0};
	const char *lock = NULL;
	int rc;

	/* libcups would take its printer, keys and rules from the environment. */
	if (driver_process_scrub_heap(argv) != 0 || clearenv() != 0 ||
		driver_process_harden() != 0) {
		driver_process_note(name, "the process cannot be protected");
		return DRIVER_EXIT_DEVICE;
	}
	if (read_options(&options, &lock, argc, argv) != 0) {
		driver_process_note(name, "an option is missing or not valid");
		return DRIVER_EXIT_USAGE;
	}
	rc = driver_process_lock(lock);
	if (rc != 0)
		return lock_exit(rc);
	if (secret_heap_init(HEAP) != 0) {
		driver_process_note(name, "memory for secrets cannot be locked");
		return DRIVER_EXIT_DEVICE;
	}
	/* The next process may fare better; this one would take each printer for another.
	 */
	if (hash_self_check() != 0) {
		driver_process_note(name, "the cryptographic library fails");
		return DRIVER_EXIT_DEVICE;
	}
	rc = serve(&options);
	secret_heap_done();
	return rc;
}
