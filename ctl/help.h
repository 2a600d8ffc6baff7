/* SPDX-License-Identifier: MIT */
/* Help, made from the table of commands. */
#ifndef KEYLINE_CTL_HELP_H
#define KEYLINE_CTL_HELP_H

#include <stdbool.h>
#include <stdio.h>

struct command;

/* All commands, a line each, and the common options. */
void help_all(FILE *out);

/* The commands that begin with a word ("batch"); whether there are any. */
int help_group(FILE *out, const char *word);
bool help_has_group(const char *word);

/* One command: how it is written, who may run it, its options. */
void help_command(FILE *out, const struct command *command);

/* How a command is written: "batch export BATCH --to DIR [--kind KIND]". */
enum { HELP_USAGE_SIZE = 256 };
void help_usage(char out[HELP_USAGE_SIZE], const struct command *command);

#endif
