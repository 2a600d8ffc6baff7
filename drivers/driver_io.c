/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/driver_io.h"
#include "drivers/driver_process.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>

enum { PROTOCOL = 1 };

struct driver_io {
	int in;
	int out;
	bool eof;
	struct secret *pending; /* bytes that came and are no line yet */
	struct secret *current; /* the line given out last, parsed in place */
	struct line_builder builder;
	char answer[LINE_BYTES_MAX + 1];
};

struct driver_io *
driver_io_new(int in, int out)
{
	struct driver_io *io = calloc(1, sizeof *io);

	if (!io)
		return NULL;
	io->in = in;
	io->out = out;
	io->pending = secret_new(LINE_BYTES_MAX);
	io->current = secret_new(LINE_BYTES_MAX);
	if (!io->pending || !io->current) {
		driver_io_free(io);
		return NULL;
	}
	return io;
}

void
driver_io_free(struct driver_io *io)
{
	if (!io)
		return;
	secret_free(io->pending);
	secret_free(io->current);
	free(io);
}

void
driver_io_wipe(struct driver_io *io)
{
	secret_clear(io->current);
}

/* Moves the first whole line from pending to current and parses it there. */
static enum driver_io_event
take_line(struct line *line, struct driver_io *io)
{
	unsigned char *bytes = secret_bytes(io->pending);
	size_t have = secret_len(io->pending);
	unsigned char *newline = have ? memchr(bytes, '\n', have) : NULL;
	size_t len, left;

	if (!newline)
		return have == secret_capacity(io->pending) ? DRIVER_IO_BAD
							    : DRIVER_IO_TIMEOUT;
	len = (size_t)(newline - bytes) + 1;
	left = have - len;
	if (secret_set(io->current, bytes, len) != 0)
		return DRIVER_IO_BAD;
	memmove(bytes, bytes + len, left);
	OPENSSL_cleanse(bytes + left, len);
	if (secret_set_len(io->pending, left) != 0)
		return DRIVER_IO_BAD;
	if (line_parse(line, (char *)secret_bytes(io->current), len) != 0)
		return DRIVER_IO_BAD;
	return DRIVER_IO_LINE;
}

/* Reads what is there; the descriptor is readable, so this does not block. */
static void
fill(struct driver_io *io)
{
	size_t have = secret_len(io->pending);
	ssize_t n = read(io->in, secret_bytes(io->pending) + have,
		secret_capacity(io->pending) - have);

	if (n > 0)
		io->eof = secret_set_len(io->pending, have + (size_t)n) != 0;
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		io->eof = true;
}

/* One poll(2) until deadline (negative: none); what it found, LINE for our own input. */
static enum driver_io_event
wait_input(const struct driver_io *io, int other, int64_t deadline)
{
	struct pollfd fds[2] = {{io->in, POLLIN, 0}, {other, POLLIN, 0}};

	for (;;) {
		int64_t left = deadline < 0 ? -1 : deadline - driver_process_now_ms();
		int n = poll(fds, 2, deadline >= 0 && left < 0 ? 0 : (int)left);

		if (n < 0 && errno != EINTR)
			return DRIVER_IO_EOF;
		if (n > 0)
			return fds[0].revents ? DRIVER_IO_LINE : DRIVER_IO_OTHER;
		if (n == 0)
			return DRIVER_IO_TIMEOUT;
	}
}

enum driver_io_event
driver_io_next(struct line *line, struct driver_io *io, int other, int timeout_ms)
{
	int64_t deadline = timeout_ms < 0 ? -1 : driver_process_now_ms() + timeout_ms;

	driver_io_wipe(io);
	for (;;) {
		enum driver_io_event event = take_line(line, io);

		if (event != DRIVER_IO_TIMEOUT)
			return event;
		if (io->eof)
			return DRIVER_IO_EOF;
		event = wait_input(io, other, deadline);
		if (event != DRIVER_IO_LINE)
			return event;
		fill(io);
	}
}

struct line_builder *
driver_io_begin(struct driver_io *io, const char *verb, const char *job)
{
	line_begin_plain(&io->builder, io->answer, sizeof io->answer, verb, job);
	return &io->builder;
}

int
driver_io_end(struct driver_io *io)
{
	int len = line_end(&io->builder);
	size_t at = 0;

	if (len < 0)
		return len;
	while (at < (size_t)len) {
		ssize_t n = write(io->out, io->answer + at, (size_t)len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return KE_IO;
		at += (size_t)n;
	}
	/* A scan may be the code of a badge. */
	OPENSSL_cleanse(io->answer, (size_t)len);
	return 0;
}

int
driver_io_say(struct driver_io *io, const char *verb, const char *job)
{
	driver_io_begin(io, verb, job);
	return driver_io_end(io);
}

int
driver_io_say_code(
	struct driver_io *io, const char *verb, const char *job, const char *code)
{
	line_add(driver_io_begin(io, verb, job), "code", code);
	return driver_io_end(io);
}

int
driver_io_say_counter(
	struct driver_io *io, const char *verb, const char *job, uint64_t counter)
{
	line_add_number(driver_io_begin(io, verb, job), "counter", counter);
	return driver_io_end(io);
}

int
driver_io_hello(struct driver_io *io, const char *name, const char *kind)
{
	struct line_builder *b = driver_io_begin(io, "hello", "-");

	line_add_number(b, "protocol", PROTOCOL);
	line_add(b, "name", name);
	line_add(b, "version", PACKAGE_VERSION);
	line_add(b, "kind", kind);
	return driver_io_end(io);
}

int
driver_io_status(struct driver_io *io, const char *state, const char *code)
{
	struct line_builder *b = driver_io_begin(io, "status", "-");

	line_add(b, "state", state);
	if (code)
		line_add(b, "code", code);
	return driver_io_end(io);
}
