/* SPDX-License-Identifier: MIT */
/* One call of keylinectl: the command with its arguments and options, from argv. */
#ifndef KEYLINE_CTL_INVOCATION_H
#define KEYLINE_CTL_INVOCATION_H

#include "ctl/command.h"

enum { INVOCATION_NAME_SIZE = 64, INVOCATION_GROUPS_SIZE = 160 };

struct invocation {
	const struct command *command;
	/* By place; NULL where an optional one is absent. */
	const char *arguments[COMMAND_ARGUMENTS_MAX];
	/* All words of a repeated argument, the first one included. */
	const char *const *repeated;
	size_t repeated_count;
	/* By enum option; NULL where absent, "" for a flag. */
	const char *options[OPTIONS_];
	/* Where arguments that name a batch or a wallet are, in capitals. */
	char names[COMMAND_ARGUMENTS_MAX][INVOCATION_NAME_SIZE];
	/* Where the words of grouped digits are, with a blank between two. */
	char groups[INVOCATION_GROUPS_SIZE];
};

enum { INVOCATION_WORDS_MAX = 4096, INVOCATION_MESSAGE_SIZE = 256 };

/*
 * Reads argv[1..argc-1] into call, which keeps pointers into argv and into itself (not
 * to be copied); words must have room for argc pointers and outlive call.  Batches and
 * serials are taken in any case.  With --help or --version
 * nothing else is demanded, and call->command may be NULL.
 * Returns 0, or -1 with one sentence in message.
 */
int invocation_parse(struct invocation *call, const char **words,
	char message[INVOCATION_MESSAGE_SIZE], int argc, char *const *argv);

/* Whether a flag was given. */
static inline bool
invocation_has(const struct invocation *call, enum option option)
{
	return call->options[option] != NULL;
}

/* The option that argv word names ("--reason" or "--reason=..."), OPTIONS_ for none. */
enum option invocation_option(const char *word);

#endif
