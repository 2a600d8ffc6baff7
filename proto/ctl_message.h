/* SPDX-License-Identifier: MIT */
/*
 * The messages of the control socket (DESIGN section 7): JSON objects, one a
 * line.  Shared by keylined and keylinectl; pure, over jansson.
 *
 *	request  {"schema":1,"command":"wallet show","args":{...},"dry_run":true}
 *	answers  {"type":T,...}\n ... {"type":"end","exit":N}\n
 */
#ifndef KEYLINE_PROTO_CTL_MESSAGE_H
#define KEYLINE_PROTO_CTL_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "proto/error.h"

enum {
	CTL_SCHEMA = 1,
	/* One request or answer line with its newline. */
	CTL_BYTES_MAX = 65536,
	CTL_COMMAND_MAX = 40
};

/* How a command ended; the exit codes of keylinectl(1). */
enum ctl_exit {
	CTL_EXIT_OK = 0,
	CTL_EXIT_FAILED = 1,
	CTL_EXIT_USAGE = 2,
	CTL_EXIT_UNREACHABLE = 3,
	CTL_EXIT_NOT_FOUND = 4,
	CTL_EXIT_REFUSED = 5,
	CTL_EXIT_ATTENTION = 6,
	CTL_EXIT_TIMEOUT = 7,
	CTL_EXIT_NOT_PERMITTED = 8,
	CTL_EXIT_LAST_ = CTL_EXIT_NOT_PERMITTED
};

/* The exit that stands for an error of proto/error.h (0: CTL_EXIT_OK). */
enum ctl_exit ctl_exit_of(int error);

/* A parsed request; command and args belong to root. */
struct ctl_request {
	json_t *root;
	const char *command;
	/* An object, perhaps empty, of strings, integers and booleans alone. */
	json_t *args;
	bool dry_run;
};

/*
 * Parses one request, bytes[0..len-1], with or without its newline.  Returns 0,
 * KE_TOO_LONG, KE_NEWER_FORMAT (another schema) or KE_BAD_MESSAGE: not one JSON
 * object, a key unknown or twice, an argument that is no scalar, no command of
 * small letters and single spaces, a string with a control character.  Clear the
 * request after success.
 */
KEYLINE_WARN_UNUSED int ctl_request_parse(
	struct ctl_request *out, const char *bytes, size_t len);
void ctl_request_clear(struct ctl_request *request);

/* An argument's text, or NULL when it is absent or no string. */
const char *ctl_request_text(const struct ctl_request *request, const char *key);

/*
 * Formats a request as one line.  args is borrowed and may be NULL.  *line is
 * freed with free().  Returns 0, KE_NO_MEMORY, KE_BAD_MESSAGE or KE_TOO_LONG.
 */
KEYLINE_WARN_UNUSED int ctl_request_format(
	char **line, size_t *len, const char *command, const json_t *args, bool dry_run);

/* What a person is told: {state, status, action, see} of an error or a fault. */
struct ctl_telling {
	const char *state;
	const char *status;
	const char *action;
	const char *see;
};

/* Answers to be sent; a new reference, NULL when out of memory. */
json_t *ctl_answer_new(const char *type);
json_t *ctl_answer_end(enum ctl_exit code);
json_t *ctl_answer_error(const char *name, const struct ctl_telling *telling);

/*
 * Formats an answer as one line with its newline, freed with free().
 * Returns 0, KE_NO_MEMORY or KE_TOO_LONG.
 */
KEYLINE_WARN_UNUSED int ctl_answer_format(char **line, size_t *len, const json_t *answer);

/* A parsed answer; type belongs to root. */
struct ctl_answer {
	json_t *root;
	const char *type;
	/* Whether this ends the answers, and then how. */
	bool is_end;
	enum ctl_exit exit;
};

/* Parses one answer line.  Returns 0, KE_TOO_LONG or KE_BAD_MESSAGE. */
KEYLINE_WARN_UNUSED int ctl_answer_parse(
	struct ctl_answer *out, const char *bytes, size_t len);
void ctl_answer_clear(struct ctl_answer *answer);

#endif
