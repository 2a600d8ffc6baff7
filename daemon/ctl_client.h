/* SPDX-License-Identifier: MIT */
/* One connection of the control socket, and one call; for ctl_server.c, ctl_client.c and
 * ctl_call.c alone. */
#ifndef KEYLINE_DAEMON_CTL_CLIENT_H
#define KEYLINE_DAEMON_CTL_CLIENT_H

#include <uv.h>
#include "daemon/closer.h"
#include "daemon/ctl_server.h"

enum {
	CTL_CLIENTS_MAX = 32,
	CTL_CLIENTS_OF_ONE_USER = 12,
	/* Waiting to be sent: pause above the first, hang up above the second. */
	CTL_QUEUE_FULL = 256 * 1024,
	CTL_QUEUE_MAX = 4 * 1024 * 1024,
	/* A reader that takes nothing, or half a request, for so long is cut off. */
	CTL_STALL_MS = 30 * 1000
};

struct ctl_client {
	/* Answers go out through the pipe; requests come in at sock, a descriptor of the
	 * same socket: so they are received here, and this one is closed last. */
	uv_pipe_t pipe;
	uv_poll_t poll;
	int sock;
	unsigned open_handles;
	/* A descriptor that is no sealed file, and the socket when some may lie in it
	 * unread; until they are closed the client has its place among those of its user.
	 */
	struct closer_work stray;
	struct closer_work last;
	struct ctl_server *server;
	struct ctl_client *next;
	struct ctl_peer peer;
	/* A file that came and whose request has not ended yet; negative: none. */
	int file;
	/* The command that is being answered; NULL: none. */
	struct ctl_call *call;
	char *in;
	size_t in_len;
	size_t queued;
	uint64_t moved_at;
	bool is_reading;
	bool is_dispatching;
	bool is_closing;
	/* Hang up when all is sent. */
	bool is_ending;
};

struct ctl_call {
	struct ctl_server *server;
	/* NULL: gone. */
	struct ctl_client *client;
	struct ctl_peer peer;
	struct ctl_request request;
	const struct ctl_command *command;
	/* What came with the request, negative: nothing. */
	int file;
	void (*resume)(struct ctl_call *call, void *data);
	void *data;
	/* It has ended, and is freed when the loop comes round; the next such one. */
	bool is_ended;
	struct ctl_call *next;
};

/* Who is at the other end.  Returns 0 or KE_IO. */
KEYLINE_WARN_UNUSED int ctl_peer_read(
	struct ctl_peer *out, int fd, gid_t viewers, gid_t supervisors);

/* Takes over the pipe that was accepted; in any case ctl_server_client_gone() is told
 * after ctl_client_close().  Returns 0, KE_IO. */
KEYLINE_WARN_UNUSED int ctl_client_open(struct ctl_client *client);
/* Begins to read.  Returns 0, KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int ctl_client_begin(struct ctl_client *client);
/* Says `busy' and why to one that has asked nothing yet and is closed next; without
 * waiting, so that a crowd costs nothing. */
void ctl_client_turn_away(struct ctl_client *client, const struct ctl_telling *why);
void ctl_client_close(struct ctl_client *client);

/* Sends one answer; *line is freed later. */
void ctl_client_send(struct ctl_client *client, char *line, size_t len);

/* The call of this client has ended: goes on with the next request. */
void ctl_client_call_ended(struct ctl_client *client);

/* Cuts off a client that has stalled at the time now (uv_now()). */
void ctl_client_check(struct ctl_client *client, uint64_t now);

/* In ctl_call.c: one request line of a client, or why it is none: KE_TOO_LONG,
 * KE_INCOMPLETE. */
void ctl_call_begin(
	struct ctl_client *client, const char *bytes, size_t len, int error);

/* In ctl_server.c: the end of a client. */
void ctl_server_client_gone(struct ctl_client *client);
/* The server lives as long as a call of it does; one that has ended it frees when whoever
 * ended it has returned to the loop. */
void ctl_server_call_began(struct ctl_server *server);
void ctl_server_call_ended(struct ctl_server *server, struct ctl_call *call);
/* In ctl_call.c: frees it. */
void ctl_call_free(struct ctl_call *call);
/* The first row of the tables with that name, NULL: none; and the handlers' context. */
const struct ctl_command *ctl_server_command(
	const struct ctl_server *server, const char *name);
void *ctl_server_context(const struct ctl_server *server);
/* Whether options.refuse has refused and ended a command that changes something. */
bool ctl_server_refuses(const struct ctl_server *server, struct ctl_call *call);

#endif
