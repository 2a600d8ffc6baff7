/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/passphrase.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* The terminal as it was; restored when a signal ends us with the echo off. */
static struct termios before;
static int terminal = -1;

static void
restore_and_die(int number)
{
	tcsetattr(terminal, TCSAFLUSH, &before);
	signal(number, SIG_DFL);
	raise(number);
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

static int
say(const char *text)
{
	size_t len = strlen(text);

	return write(terminal, text, len) == (ssize_t)len ? 0 : KE_IO;
}

/* Up to the end of the line. */
static int
read_line(struct secret *out)
{
	unsigned char *bytes = secret_bytes(out);
	size_t len = 0;

	while (len < PASSPHRASE_MAX) {
		ssize_t n = read(terminal, bytes + len, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return KE_IO;
		if (bytes[len] == '\n') {
			bytes[len] = 0;
			return secret_set_len(out, len);
		}
		len++;
	}
	return KE_TOO_LONG;
}

static int
ask_quietly(struct secret *out, const char *prompt)
{
	struct termios quiet;
	int error;

	if (tcgetattr(terminal, &before) != 0)
		return KE_IO;
	catch_signals(restore_and_die);
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	error = tcsetattr(terminal, TCSAFLUSH, &quiet) == 0 ? say(prompt) : KE_IO;
	if (error == 0)
		error = read_line(out);
	/* What was typed too much is not the next program's. */
	if (tcsetattr(terminal, TCSAFLUSH, &before) != 0 && error == 0)
		error = KE_IO;
	catch_signals(SIG_DFL);
	if (say("\n") != 0 && error == 0)
		error = KE_IO;
	return error;
}

int
passphrase_ask(struct secret **out, const char *prompt)
{
	int error;

	*out = secret_new(PASSPHRASE_MAX + 1);
	if (!*out)
		return KE_NO_MEMORY;
	terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	error = terminal < 0 ? KE_IO : ask_quietly(*out, prompt);
	if (terminal >= 0)
		close(terminal);
	terminal = -1;
	if (error == 0)
		return 0;
	secret_free(*out);
	*out = NULL;
	return error;
}
