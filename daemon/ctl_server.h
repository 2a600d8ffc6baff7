/* SPDX-License-Identifier: MIT */
/*
 * The control socket: who asks (SO_PEERCRED and groups), what may be asked (tables
 * of commands), and answers (proto/ctl_message.h).  A client has one command at a
 * time; one that floods, reads too slowly or goes away harms nobody else.
 */
#ifndef KEYLINE_DAEMON_CTL_SERVER_H
#define KEYLINE_DAEMON_CTL_SERVER_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>
#include "proto/ctl_message.h"

struct ctl_server;

/*
 * One command that is being answered.  After its end it can still be read, until whoever
 * ended it has returned to the loop, and what is answered then goes nowhere: so no handler
 * that refuses and then looks at what was asked reads freed memory.
 */
struct ctl_call;

enum ctl_group { CTL_VIEWER, CTL_SUPERVISOR };

/* Who asks.  Root may do all but is no person: it never counts as one of two. */
struct ctl_peer {
	uid_t uid;
	gid_t gid;
	pid_t pid;
	bool is_viewer;
	bool is_supervisor;
	bool is_person;
};

struct ctl_command {
	const char *name;
	enum ctl_group group;
	/* Whether it changes anything: only such a command may be a dry run. */
	bool is_changing;
	/* Names of its text arguments with spaces between; "reason?" may be absent. */
	const char *args;
	/* Answers and calls ctl_call_end() or ctl_call_fail(), at once or later. */
	void (*handler)(struct ctl_call *call, void *context);
};

struct ctl_server_options {
	const char *path;
	gid_t viewers;
	gid_t supervisors;
	/* Commands with reports of the same name: the first one wins.  Ends in NULL name.
	 */
	const struct ctl_command *const *tables;
	size_t table_count;
	/* NULL, or asked before each command that changes something: true when it has
	 * refused and ended the call. */
	bool (*refuse)(struct ctl_call *call, void *context);
	void *context;
};

/*
 * Listens on options->path (0660, group viewers); a socket that a dead daemon left
 * is replaced, a living one is KE_LOCKED.  Returns 0, KE_IO, KE_LOCKED, KE_TOO_LONG
 * (the path), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int ctl_server_new(struct ctl_server **out, uv_loop_t *loop,
	const struct ctl_server_options *options);

/* Closes the socket and all clients, removes the path; freed when the loop has run. */
void ctl_server_close(struct ctl_server *server);

/* What was asked, and by whom. */
const struct ctl_request *ctl_call_request(const struct ctl_call *call);
const char *ctl_call_text(const struct ctl_call *call, const char *key);
const struct ctl_peer *ctl_call_peer(const struct ctl_call *call);
bool ctl_call_is_dry_run(const struct ctl_call *call);
/* The descriptor that came with it, for ctl_file_read(); negative: none.  The call's own. */
int ctl_call_file(const struct ctl_call *call);

/* Sends an answer object and drops its reference; NULL counts as out of memory. */
void ctl_call_answer(struct ctl_call *call, json_t *answer);

/*
 * For long answers: whether so much waits to be sent that the handler should pause,
 * and what is called once it has gone out, or once the client has gone away.
 */
bool ctl_call_is_full(const struct ctl_call *call);
void ctl_call_resume(struct ctl_call *call,
	void (*resume)(struct ctl_call *call, void *data), void *data);

/* Whether the client has gone away: answers then go nowhere. */
bool ctl_call_is_gone(const struct ctl_call *call);

/* Ends the command, once; the call is gone when the loop comes round. */
void ctl_call_end(struct ctl_call *call, enum ctl_exit code);

/* Sends an error object for a code of proto/error.h and ends with its exit.  telling
 * may be NULL: then the code's own text is told. */
void ctl_call_fail(struct ctl_call *call, int error, const struct ctl_telling *telling);

#endif
