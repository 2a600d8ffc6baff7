/* SPDX-License-Identifier: MIT */
/* What all commands that talk to the daemon share. */
#ifndef KEYLINE_CTL_ASK_H
#define KEYLINE_CTL_ASK_H

#include <jansson.h>
#include <stdbool.h>
#include "ctl/invocation.h"
#include "ctl/show.h"
#include "proto/ctl_message.h"

/*
 * Asks the daemon for command with args (borrowed, may be NULL) at the socket
 * that the call names and collects the answer, which ask_clear() frees.  With
 * --json and print set, each object goes to stdout as it comes.
 */
enum ctl_exit ask(struct answer *answer, const struct invocation *call,
	const char *command, const json_t *args, bool dry_run, bool print);

/* The same with a file of handover_file() (borrowed); all is printed, --dry-run is heeded. */
enum ctl_exit ask_with_file(struct answer *answer, const struct invocation *call,
	const char *command, const json_t *args, int file);
void ask_clear(struct answer *answer);

/* The refusal as people see it, on stderr; nothing when there was none. */
void ask_complain(const struct answer *answer);

/* The same for what keylinectl itself refuses; with --json also on stdout.  Gives code. */
enum ctl_exit ask_refuse(const struct invocation *call, enum ctl_exit code,
	const char *name, const struct ctl_telling *telling);

/* One JSON object on stdout, with its schema. */
void ask_print_json(const json_t *object);

/* The args of the request that a call stands for; a new reference. */
json_t *ask_args(const struct invocation *call);

/* "wallet show" */
void ask_command(char out[CTL_COMMAND_MAX + 1], const struct command *command);

/* A positive number from an option, or fallback when it is absent; -1 when it is none. */
int ask_number(const struct invocation *call, enum option option, int fallback);

#endif
