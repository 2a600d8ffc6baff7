/* SPDX-License-Identifier: MIT */
/*
 * scan-serial: a barcode scanner on a serial or USB-CDC line, as keyline-driver(7)
 * wants it.  Each code becomes one `scan` line.  A line that is no code is dropped and
 * told by its kind only; its bytes go nowhere.
 */
#include "config.h"
#include "drivers/backoff.h"
#include "drivers/driver_io.h"
#include "drivers/driver_process.h"
#include "drivers/sandbox.h"
#include "drivers/scan_line.h"
#include "drivers/serial_port.h"
#include "proto/secret.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum {
	/* A scanner sends a code in one go: a longer pause in it means that the rest is
	   lost. */
	SILENCE_MS = 500,
	AWAY_FIRST_MS = 250,
	AWAY_LAST_MS = 4000
};

static const char name[] = "scan-serial";

struct scanner {
	struct driver_io *io;
	struct serial_port port;
	struct device_pin pin;
	struct scan_line line;
	/* negative while the device is away */
	int fd;
	int64_t silent_at;
	int64_t retry_at;
	struct backoff backoff;
	/* the reason that was told last for the device being away, else NULL */
	const char *away;
};

/* Tells that the device is away, once for each reason, and sets the time of the next try.
 */
static int
go_away(struct scanner *scanner, const char *code)
{
	const char *before = scanner->away;

	if (scanner->fd >= 0)
		close(scanner->fd);
	scanner->fd = -1;
	scan_line_init(&scanner->line);
	scanner->retry_at = driver_process_now_ms() +
			    backoff_wait(&scanner->backoff, backoff_noise());
	scanner->away = code;
	return before == code ? 0 : driver_io_status(scanner->io, "offline", code);
}

static int
try_open(struct scanner *scanner)
{
	int fd = serial_port_open(&scanner->port);

	if (fd < 0)
		return go_away(
			scanner, fd == KE_LOCKED ? "device-locked" : "device-absent");
	scanner->fd = fd;
	scanner->away = NULL;
	backoff_reset(&scanner->backoff);
	scan_line_init(&scanner->line);
	return driver_io_status(scanner->io, "ready", NULL);
}

static int
tell(struct scanner *scanner, enum scan_event event)
{
	switch (event) {
	case SCAN_MORE:
		return 0;
	case SCAN_CODE:
		line_add(driver_io_begin(scanner->io, "scan", "-"), "value",
			scan_line_code(&scanner->line));
		/* It may be the code of a badge. */
		OPENSSL_cleanse(scanner->line.code, sizeof scanner->line.code);
		return driver_io_end(scanner->io);
	case SCAN_TOO_LONG:
	case SCAN_NOT_TEXT:
	case SCAN_INCOMPLETE:
		return driver_io_status(scanner->io, "ready", scan_line_problem(event));
	}
	return 0;
}

/* Takes what the device has for us. */
static int
take_bytes(struct scanner *scanner)
{
	unsigned char bytes[256];
	ssize_t got = read(scanner->fd, bytes, sizeof bytes);
	int error = 0;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return go_away(scanner, "device-gone");
	scanner->silent_at = driver_process_now_ms() + SILENCE_MS;
	for (ssize_t i = 0; i < got && !error; i++)
		error = tell(scanner, scan_line_byte(&scanner->line, bytes[i]));
	OPENSSL_cleanse(bytes, sizeof bytes);
	return error;
}

/* Does what is due by the clock; *wait_ms: how long nothing will be. */
static int
do_what_is_due(struct scanner *scanner, int *wait_ms)
{
	int64_t now = driver_process_now_ms(), due;
	int error = 0;

	if (scanner->fd < 0 && now >= scanner->retry_at)
		error = try_open(scanner);
	else if (scan_line_open(&scanner->line) && now >= scanner->silent_at)
		error = tell(scanner, scan_line_silence(&scanner->line));
	*wait_ms = -1;
	if (scanner->fd >= 0 && !scan_line_open(&scanner->line))
		return error;
	due = scanner->fd < 0 ? scanner->retry_at : scanner->silent_at;
	*wait_ms = due > now ? (int)(due - now) : 0;
	return error;
}

/* Whether the device is back as one that this process may not open. */
static bool
is_replugged(const struct scanner *scanner)
{
	return scanner->fd < 0 && device_pin_is_outlived(&scanner->pin);
}

/* Serves until the daemon closes its end; the exit code. */
static int
serve(struct scanner *scanner)
{
	struct line line;
	int wait_ms, error = 0;

	while (!error) {
		error = do_what_is_due(scanner, &wait_ms);
		if (error)
			break;
		if (is_replugged(scanner))
			return DRIVER_EXIT_REPLUGGED;
		switch (driver_io_next(&line, scanner->io, scanner->fd, wait_ms)) {
		case DRIVER_IO_LINE:
			if (strcmp(line.verb, "ping") != 0) {
				driver_process_note(name, "not for a scanner");
				return DRIVER_EXIT_USAGE;
			}
			error = driver_io_say(scanner->io, "pong", "-");
			break;
		case DRIVER_IO_EOF:
			return DRIVER_EXIT_EOF;
		case DRIVER_IO_BAD:
			driver_process_note(name, "bad line on stdin");
			return DRIVER_EXIT_USAGE;
		case DRIVER_IO_TIMEOUT:
			break;
		case DRIVER_IO_OTHER:
			error = take_bytes(scanner);
			break;
		}
	}
	/* Only writing can fail, and then nobody listens. */
	return DRIVER_EXIT_EOF;
}

int
main(int argc, char **argv)
{
	struct scanner scanner = {.fd = -1,
		.backoff = {.first = AWAY_FIRST_MS, .last = AWAY_LAST_MS}};
	struct sandbox cage = {0};
	const char *device = NULL, *lock = NULL;
	const struct driver_option options[] = {
		{"device", &device, true},
		{"lock", &lock, true},
		{NULL, NULL, false},
	};
	int code, error;

	if (driver_process_harden() != 0)
		return DRIVER_EXIT_DEVICE;
	if (driver_process_options(options, argc, argv) != 0)
		return DRIVER_EXIT_USAGE;
	if (serial_port_parse(&scanner.port, device) != 0) {
		driver_process_note(name, "--device wants /dev/ttyX[:BAUD[:8N1]]");
		return DRIVER_EXIT_USAGE;
	}
	error = driver_process_lock(lock);
	if (error) {
		driver_process_note(name, "cannot take the lock");
		return error == KE_LOCKED ? DRIVER_EXIT_LOCK : DRIVER_EXIT_DEVICE;
	}
	device_pin_take(&scanner.pin, scanner.port.path);
	cage.device = &scanner.pin;
	if (secret_heap_init(1 << 15) != 0 || sandbox_enter(&cage, NULL) != 0) {
		driver_process_note(name, "the process cannot be protected");
		return DRIVER_EXIT_DEVICE;
	}
	scanner.io = driver_io_new(STDIN_FILENO, STDOUT_FILENO);
	if (!scanner.io)
		return DRIVER_EXIT_DEVICE;
	code = driver_io_hello(scanner.io, name, "scan") == 0 ? serve(&scanner)
							      : DRIVER_EXIT_EOF;
	if (scanner.fd >= 0)
		close(scanner.fd);
	driver_io_free(scanner.io);
	return code;
}
