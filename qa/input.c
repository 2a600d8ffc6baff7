/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "qa/input.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024 };

/* The terminal as it was; restored when a signal ends us with the echo off. */
static struct termios before;

static void
restore_and_die(int signal_number)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static void
catch_signals(void (*handler)(int))
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction action = {.sa_handler = handler};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaction(signals[i], &action, NULL);
}

static void
say(const char *text)
{
	/* What cannot be said to a terminal that is gone need not be. */
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static bool
echo_off(const char *prompt)
{
	struct termios quiet;

	if (!isatty(STDIN_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
		return false;
	catch_signals(restore_and_die);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	say(prompt);
	return true;
}

static void
echo_on(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	catch_signals(SIG_DFL);
	say("\n");
}

/* One byte into *out.  1, or 0 at the end, or KE_IO. */
static int
read_byte(unsigned char *out)
{
	ssize_t n;

	do {
		n = read(STDIN_FILENO, out, 1);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? KE_IO : (int)n;
}

/* Byte by byte: what comes after the line is not ours to hold. */
static int
read_into(struct secret *line)
{
	unsigned char *bytes = secret_bytes(line);
	size_t len = 0;
	int n;

	while (len < LINE_MAX_BYTES && (n = read_byte(bytes + len)) != 0) {
		if (n < 0)
			return n;
		if (bytes[len] == '\n') {
			bytes[len] = 0;
			if (len && bytes[len - 1] == '\r')
				bytes[--len] = 0;
			return secret_set_len(line, len);
		}
		len++;
	}
	if (len == LINE_MAX_BYTES)
		return KE_TOO_LONG;
	return len ? secret_set_len(line, len) : KE_BAD_ARGUMENT;
}

int
input_line(struct secret **out, const char *prompt)
{
	bool quiet;
	int error;

	*out = secret_new(LINE_MAX_BYTES);
	if (!*out)
		return KE_NO_MEMORY;
	quiet = echo_off(prompt);
	error = read_into(*out);
	if (quiet)
		echo_on();
	if (error) {
		secret_free(*out);
		*out = NULL;
	}
	return error;
}

int
input_code(struct secret **out, const char *prompt)
{
	static const char blank[] = " \t";
	unsigned char *bytes;
	size_t len, skip = 0;
	int error = input_line(out, prompt);

	if (error)
		return error;
	bytes = secret_bytes(*out);
	len = secret_len(*out);
	while (len && memchr(blank, bytes[len - 1], sizeof blank - 1))
		len--;
	while (skip < len && memchr(blank, bytes[skip], sizeof blank - 1))
		skip++;
	memmove(bytes, bytes + skip, len - skip);
	return secret_set_len(*out, len - skip);
}

int
input_end(void)
{
	unsigned char byte;
	int n;

	if (isatty(STDIN_FILENO))
		return 0;
	n = read_byte(&byte);
	return n == 1 ? KE_BAD_ARGUMENT : n;
}
