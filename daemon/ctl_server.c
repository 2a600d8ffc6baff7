/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_client.h"
#include "daemon/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHECK_MS = 5000, BACKLOG = 128 };

struct ctl_server {
	struct ctl_server_options options;
	const struct ctl_command **tables;
	uv_pipe_t listener;
	uv_timer_t timer;
	uv_async_t closer;
	/* Runs once the loop comes round, for the calls that have ended. */
	uv_idle_t reaper;
	struct ctl_call *ended;
	struct ctl_client *clients;
	size_t client_count;
	size_t call_count;
	unsigned open_handles;
	int lock;
	/* A client came and there was no memory: until it is taken nobody else is told. */
	bool is_waiting;
	bool is_closing;
};

/* Frees the server when nothing can reach it any more. */
static void
server_release(struct ctl_server *server)
{
	if (!server->is_closing || server->open_handles > 0 || server->client_count > 0 ||
		server->call_count > 0)
		return;
	if (server->lock >= 0)
		close(server->lock);
	free((void *)server->tables);
	free(server);
}

static void
handle_closed(uv_handle_t *handle)
{
	struct ctl_server *server = handle->data;

	server->open_handles--;
	server_release(server);
}

void
ctl_server_client_gone(struct ctl_client *client)
{
	struct ctl_server *server = client->server;
	struct ctl_client **at = &server->clients;

	while (*at && *at != client)
		at = &(*at)->next;
	if (*at)
		*at = client->next;
	server->client_count--;
	server_release(server);
}

/* One that is closing has its user's place until what he handed over is closed, and none
 * of anybody else's.  NULL, or what keeps this user's next one out. */
static const struct ctl_telling *
crowd(const struct ctl_server *server, uid_t uid)
{
	static const struct ctl_telling own = {"BUSY",
		"This user has as many connections to the daemon as one may have.",
		"End other keylinectl of this user that still run, and give the command "
		"again.",
		"keylined(8)"};
	static const struct ctl_telling others = {"BUSY",
		"The daemon has as many connections as it takes of all users together.",
		"Give the command again in a moment. If it stays so, see who holds them: "
		"ss -xp",
		"keylined(8)"};
	const struct ctl_client *client;
	size_t all = 0, of_user = 0;

	for (client = server->clients; client; client = client->next) {
		all += !client->is_closing;
		of_user += client->peer.uid == uid;
	}
	if (of_user >= CTL_CLIENTS_OF_ONE_USER)
		return &own;
	return all >= CTL_CLIENTS_MAX ? &others : NULL;
}

/* Who is turned away is told why before the hang-up. */
static bool
client_is_welcome(struct ctl_server *server, struct ctl_client *client)
{
	const struct ctl_telling *why;

	if (ctl_peer_read(&client->peer, client->sock, server->options.viewers,
		    server->options.supervisors) != 0)
		return false;
	why = crowd(server, client->peer.uid);
	if (why)
		ctl_client_turn_away(client, why);
	return !why;
}

static void
client_came(uv_stream_t *listener, int status)
{
	struct ctl_server *server = listener->data;
	struct ctl_client *client;
	bool is_welcome;

	if (status != 0)
		return;
	client = calloc(1, sizeof(*client));
	server->is_waiting = !client;
	if (!client)
		return;
	client->server = server;
	client->file = -1;
	if (uv_pipe_init(listener->loop, &client->pipe, 0) != 0) {
		free(client);
		server->is_waiting = true;
		return;
	}
	is_welcome = uv_accept(listener, (uv_stream_t *)&client->pipe) == 0;
	is_welcome = ctl_client_open(client) == 0 && is_welcome &&
		     client_is_welcome(server, client);
	client->next = server->clients;
	server->clients = client;
	server->client_count++;
	if (!is_welcome || ctl_client_begin(client) != 0)
		ctl_client_close(client);
}

static void
clients_check(uv_timer_t *timer)
{
	struct ctl_server *server = timer->data;
	struct ctl_client *client, *next;

	for (client = server->clients; client; client = next) {
		next = client->next;
		ctl_client_check(client, uv_now(timer->loop));
	}
	if (server->is_waiting)
		client_came((uv_stream_t *)&server->listener, 0);
}

const struct ctl_command *
ctl_server_command(const struct ctl_server *server, const char *name)
{
	const struct ctl_command *row;
	size_t i;

	for (i = 0; i < server->options.table_count; i++)
		for (row = server->tables[i]; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

void *
ctl_server_context(const struct ctl_server *server)
{
	return server->options.context;
}

bool
ctl_server_refuses(const struct ctl_server *server, struct ctl_call *call)
{
	const struct ctl_server_options *options = &server->options;

	return call->command->is_changing && options->refuse
		&& options->refuse(call, options->context);
}

void
ctl_server_call_began(struct ctl_server *server)
{
	server->call_count++;
}

/* Also after ctl_server_close(): its handle stays open as long as there are calls. */
static void
reaper_close(struct ctl_server *server)
{
	if (server->is_closing && server->call_count == 0 &&
		!uv_is_closing((uv_handle_t *)&server->reaper))
		uv_close((uv_handle_t *)&server->reaper, handle_closed);
}

static void
calls_reap(uv_idle_t *reaper)
{
	struct ctl_server *server = reaper->data;
	struct ctl_call *call;

	(void)uv_idle_stop(reaper);
	while ((call = server->ended) != NULL) {
		server->ended = call->next;
		server->call_count--;
		ctl_call_free(call);
	}
	reaper_close(server);
}

void
ctl_server_call_ended(struct ctl_server *server, struct ctl_call *call)
{
	call->next = server->ended;
	server->ended = call;
	(void)uv_idle_start(&server->reaper, calls_reap);
}

/* Takes PATH.lock and removes the socket that a dead daemon left. */
/* What keeps a socket from being made at its path. */
static int
place_error(int code)
{
	switch (code) {
	case ENOENT:
	case ENOTDIR:
		return KE_NOT_FOUND;
	case EACCES:
	case EPERM:
		return KE_NOT_PERMITTED;
	case ELOOP:
	case EISDIR:
	case EADDRINUSE:
		return KE_BAD_NAME;
	case EROFS:
		return KE_READ_ONLY;
	case ENOSPC:
	case EDQUOT:
		return KE_NO_SPACE;
	default:
		return KE_IO;
	}
}

static int
path_claim(struct ctl_server *server, const char *path)
{
	char lock[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
	struct stat st;
	int error;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return KE_TOO_LONG;
	snprintf(lock, sizeof(lock), "%s.lock", path);
	server->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (server->lock < 0)
		return place_error(errno);
	error = durable_lock(server->lock);
	if (error)
		return error;
	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : place_error(errno);
	if (!S_ISSOCK(st.st_mode))
		return KE_BAD_NAME;
	return unlink(path) == 0 ? 0 : place_error(errno);
}

static int
socket_listen(struct ctl_server *server)
{
	const char *path = server->options.path;
	int error = uv_pipe_bind(&server->listener, path);
	struct stat st;

	/* The process's umask keeps others out until the group and mode are set. */
	if (error != 0)
		return place_error(-error);
	/* In a folder with the group's setgid bit it has the group already, and a daemon
	 * that may not change it is no hindrance. */
	if (lstat(path, &st) != 0)
		return place_error(errno);
	if ((st.st_gid != server->options.viewers &&
		    chown(path, (uid_t)-1, server->options.viewers) != 0) ||
		chmod(path, 0660) != 0)
		return place_error(errno);
	return uv_listen((uv_stream_t *)&server->listener, BACKLOG, client_came) == 0
		       ? 0
		       : KE_IO;
}

static int
tables_copy(struct ctl_server *server, const struct ctl_server_options *options)
{
	size_t size = options->table_count * sizeof(*server->tables);

	server->options = *options;
	server->tables = malloc(size ? size : 1);
	if (!server->tables)
		return KE_NO_MEMORY;
	memcpy((void *)server->tables, (const void *)options->tables, size);
	return 0;
}

int
ctl_server_new(struct ctl_server **out, uv_loop_t *loop,
	const struct ctl_server_options *options)
{
	struct ctl_server *server = calloc(1, sizeof(*server));
	int error;

	*out = NULL;
	if (!server)
		return KE_NO_MEMORY;
	server->lock = -1;
	error = tables_copy(server, options);
	if (error == 0)
		error = path_claim(server, options->path);
	if (error == 0 && uv_pipe_init(loop, &server->listener, 0) != 0)
		error = KE_IO;
	if (error != 0) {
		server->is_closing = true;
		server_release(server); /* no handle is open: it is freed */
		return error; /* NOLINT(clang-analyzer-unix.Malloc) */
	}
	server->open_handles = 3;
	server->listener.data = server;
	server->closer.data = server;
	uv_timer_init(loop, &server->timer);
	server->timer.data = server;
	(void)uv_idle_init(loop, &server->reaper);
	server->reaper.data = server;
	if (closer_listen(&server->closer, loop) == 0)
		server->open_handles++;
	else
		error = KE_IO;
	if (error == 0)
		error = socket_listen(server);
	if (error == 0 &&
		uv_timer_start(&server->timer, clients_check, CHECK_MS, CHECK_MS))
		error = KE_IO;
	if (error != 0)
		ctl_server_close(server);
	else
		*out = server;
	return error;
}

static void
work_forget(struct closer_work *work)
{
	free(work);
}

/* Whoever was not accepted yet may have sent descriptors, which go with the listener. */
static void
listener_close(struct ctl_server *server)
{
	struct closer_work *work = calloc(1, sizeof(*work));
	uv_os_fd_t fd;
	int last = -1;

	if (work && uv_fileno((uv_handle_t *)&server->listener, &fd) == 0)
		last = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	/* libuv removes the path when it closes the listener. */
	uv_close((uv_handle_t *)&server->listener, handle_closed);
	if (last >= 0)
		closer_hand(work, last, work_forget);
	else
		free(work);
}

void
ctl_server_close(struct ctl_server *server)
{
	struct ctl_client *client, *next;

	if (!server || server->is_closing)
		return;
	server->is_closing = true;
	listener_close(server);
	closer_deafen();
	if (server->open_handles > 3)
		uv_close((uv_handle_t *)&server->closer, handle_closed);
	uv_close((uv_handle_t *)&server->timer, handle_closed);
	for (client = server->clients; client; client = next) {
		next = client->next;
		ctl_client_close(client);
	}
	reaper_close(server);
}
