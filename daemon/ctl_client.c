/* SPDX-License-Identifier: MIT */
/*
 * Bytes of one connection: lines in, one request at a time (while one is answered
 * nothing more is read, so a flood stays in the sender's own queue), lines out.
 */
#include "config.h"
#include "daemon/ctl_client.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "daemon/ctl_file.h"

struct answer_write {
	uv_write_t request;
	struct ctl_client *client;
	char *line;
	size_t len;
};

static void client_next(struct ctl_client *client);

/* Frees the client when nothing can reach it any more. */
static void
client_release(struct ctl_client *client)
{
	if (!client->is_closing || client->open_handles > 0 || client->stray.is_handed ||
		client->last.is_handed)
		return;
	ctl_server_client_gone(client);
	if (client->file >= 0)
		close(client->file);
	free(client->in);
	free(client);
}

static void
work_closed(struct closer_work *work)
{
	struct ctl_client *client = work->context;

	if (client->is_closing)
		client_release(client);
	else
		client_next(client);
}

/* What is left unread may have descriptors with it, which the kernel closes with the
 * socket; after shutdown no more can come. */
static void
socket_close(struct ctl_client *client)
{
	int sock = client->sock;

	client->sock = -1;
	if (sock < 0)
		return;
	(void)shutdown(sock, SHUT_RDWR);
	if (ctl_file_drain(sock))
		(void)close(sock);
	else
		closer_hand(&client->last, sock, work_closed);
}

static void
handle_closed(uv_handle_t *handle)
{
	struct ctl_client *client = handle->data;

	if (--client->open_handles > 0)
		return;
	socket_close(client);
	client_release(client);
}

void
ctl_client_close(struct ctl_client *client)
{
	struct ctl_call *call = client->call;

	if (client->is_closing)
		return;
	client->is_closing = true;
	client->call = NULL;
	uv_close((uv_handle_t *)&client->pipe, handle_closed);
	if (client->open_handles > 1)
		uv_close((uv_handle_t *)&client->poll, handle_closed);
	if (!call)
		return;
	call->client = NULL;
	if (call->resume) {
		void (*resume)(struct ctl_call *, void *) = call->resume;

		call->resume = NULL;
		resume(call, call->data);
	}
}

/* A sealed file waits for its request; anything else is none that is read. */
static void
file_came(struct ctl_client *client, int fd)
{
	if (fd < 0)
		return;
	if (client->file < 0 && ctl_file_is_sealed(fd))
		client->file = fd;
	else if (ctl_file_is_sealed(fd))
		(void)close(fd);
	else
		closer_hand(&client->stray, fd, work_closed);
}

/* Nothing more comes: what was asked before is still answered, to one who only shut
 * writing. */
static void
bytes_end(struct ctl_client *client)
{
	client->is_ending = true;
	client->is_reading = false;
	(void)uv_poll_stop(&client->poll);
	client_next(client);
}

static void
bytes_came(uv_poll_t *poll, int status, int events)
{
	struct ctl_client *client = poll->data;
	bool had_file = client->file >= 0;
	ssize_t count;
	int fd = -1;

	(void)events;
	count = status != 0 ? KE_IO
			    : ctl_file_receive(&fd, client->in + client->in_len,
				      CTL_BYTES_MAX - client->in_len, client->sock);
	if (count > 0 && fd >= 0 && had_file)
		count = KE_TOO_LONG;
	file_came(client, fd);
	if (count == KE_BUSY)
		return;
	if (count < 0) {
		ctl_client_close(client);
		return;
	}
	if (count == 0) {
		bytes_end(client);
		return;
	}
	if (client->in_len == 0)
		client->moved_at = uv_now(poll->loop);
	client->in_len += (size_t)count;
	client_next(client);
}

static void
reading_set(struct ctl_client *client, bool on)
{
	if (on == client->is_reading || client->is_closing || client->is_ending)
		return;
	client->is_reading = on;
	if (!on)
		(void)uv_poll_stop(&client->poll);
	else if (uv_poll_start(&client->poll, UV_READABLE, bytes_came) != 0)
		ctl_client_close(client);
}

/* No request is taken while one is answered, or while answers pile up. */
static bool
can_take(const struct ctl_client *client)
{
	return !client->call && !client->is_closing && client->queued <= CTL_QUEUE_FULL;
}

/* The length of the next request, 0: it is not all there.  *error: why it is none. */
static size_t
next_request(const struct ctl_client *client, int *error)
{
	const char *end = memchr(client->in, '\n', client->in_len);

	*error = 0;
	if (end)
		return (size_t)(end - client->in) + 1;
	if (client->in_len == CTL_BYTES_MAX)
		*error = KE_TOO_LONG;
	else if (client->is_ending && client->in_len > 0)
		*error = KE_INCOMPLETE;
	return *error ? client->in_len : 0;
}

/* Takes requests out of the buffer until one is being answered. */
static void
client_next(struct ctl_client *client)
{
	size_t len;
	int error;

	client->is_dispatching = true;
	while (can_take(client) && (len = next_request(client, &error)) > 0) {
		/* Without a newline there is no telling where the next begins, and the rest
		 * of this line must not pass for one. */
		if (error) {
			reading_set(client, false);
			client->is_ending = true;
		}
		ctl_call_begin(client, client->in, len, error);
		client->in_len -= len;
		memmove(client->in, client->in + len, client->in_len);
		client->moved_at = uv_now(client->pipe.loop);
	}
	client->is_dispatching = false;
	if (client->is_ending && !client->call && client->queued == 0)
		ctl_client_close(client);
	else
		reading_set(client, can_take(client) && !client->stray.is_handed);
}

void
ctl_client_call_ended(struct ctl_client *client)
{
	client->call = NULL;
	/* Within client_next() its loop goes on: no recursion, however many requests wait. */
	if (!client->is_dispatching)
		client_next(client);
}

static void
resume_when_sent(struct ctl_client *client)
{
	struct ctl_call *call = client->call;
	void (*resume)(struct ctl_call *, void *);

	if (!call || !call->resume || client->queued > CTL_QUEUE_FULL / 2)
		return;
	resume = call->resume;
	call->resume = NULL;
	resume(call, call->data);
}

static void
answer_written(uv_write_t *request, int status)
{
	struct answer_write *write = request->data;
	struct ctl_client *client = write->client;

	client->queued -= write->len;
	client->moved_at = uv_now(client->pipe.loop);
	free(write->line);
	free(write);
	if (client->is_closing)
		return;
	if (status != 0)
		ctl_client_close(client);
	else if (client->call)
		resume_when_sent(client);
	else if (!client->is_reading && client->queued <= CTL_QUEUE_FULL / 2)
		client_next(client);
}

void
ctl_client_send(struct ctl_client *client, char *line, size_t len)
{
	struct answer_write *write = NULL;
	uv_buf_t buffer = uv_buf_init(line, (unsigned)len);

	if (!client->is_closing && client->queued + len <= CTL_QUEUE_MAX)
		write = malloc(sizeof(*write));
	if (!write) {
		free(line);
		ctl_client_close(client);
		return;
	}
	*write = (struct answer_write){.client = client, .line = line, .len = len};
	write->request.data = write;
	if (client->queued == 0)
		client->moved_at = uv_now(client->pipe.loop);
	client->queued += len;
	if (uv_write(&write->request, (uv_stream_t *)&client->pipe, &buffer, 1,
		    answer_written) != 0) {
		client->queued -= len;
		free(line);
		free(write);
		ctl_client_close(client);
	}
}

int
ctl_client_open(struct ctl_client *client)
{
	uv_os_fd_t fd;

	client->pipe.data = client->poll.data = client;
	client->stray.context = client->last.context = client;
	client->open_handles = 1;
	client->sock = uv_fileno((uv_handle_t *)&client->pipe, &fd) == 0
			       ? fcntl(fd, F_DUPFD_CLOEXEC, 0)
			       : -1;
	if (client->sock < 0 ||
		uv_poll_init(client->pipe.loop, &client->poll, client->sock) != 0)
		return KE_IO;
	client->open_handles++;
	return 0;
}

int
ctl_client_begin(struct ctl_client *client)
{
	client->in = malloc(CTL_BYTES_MAX);
	if (!client->in)
		return KE_NO_MEMORY;
	client->moved_at = uv_now(client->pipe.loop);
	reading_set(client, true);
	return 0;
}

/* An empty socket has room for two short lines; who has closed already misses nothing. */
static void
send_now(struct ctl_client *client, json_t *answer)
{
	char *line = NULL;
	size_t len;

	if (answer && ctl_answer_format(&line, &len, answer) == 0)
		(void)!send(client->sock, line, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	free(line);
	json_decref(answer);
}

void
ctl_client_turn_away(struct ctl_client *client, const struct ctl_telling *why)
{
	send_now(client, ctl_answer_error(error_name(KE_BUSY), why));
	send_now(client, ctl_answer_end(ctl_exit_of(KE_BUSY)));
}

void
ctl_client_check(struct ctl_client *client, uint64_t now)
{
	bool waits = client->queued > 0 || (client->in_len > 0 && !client->call);

	if (waits && now - client->moved_at > CTL_STALL_MS)
		ctl_client_close(client);
}
