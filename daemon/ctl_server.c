/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_client.h"
#include "daemon/log.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { CHECK_MS = 5000, BACKLOG = 128 };

struct ctl_server {
	struct ctl_server_options options;
	const struct ctl_command **tables;
	uv_pipe_t listener;
	uv_timer_t timer;
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

static size_t
clients_of(const struct ctl_server *server, uid_t uid)
{
	const struct ctl_client *client;
	size_t count = 0;

	for (client = server->clients; client; client = client->next)
		count += client->peer.uid == uid;
	return count;
}

static bool
client_is_welcome(struct ctl_server *server, struct ctl_client *client)
{
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&client->pipe, &fd) != 0 ||
		ctl_peer_read(&client->peer, fd, server->options.viewers,
			server->options.supervisors) != 0)
		return false;
	return server->client_count < CTL_CLIENTS_MAX &&
	       clients_of(server, client->peer.uid) < CTL_CLIENTS_OF_ONE_USER;
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
	if (uv_pipe_init(listener->loop, &client->pipe, 0) != 0) {
		free(client);
		server->is_waiting = true;
		return;
	}
	client->pipe.data = client;
	is_welcome = uv_accept(listener, (uv_stream_t *)&client->pipe) == 0 &&
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

static const struct ctl_command *
command_find(const struct ctl_server *server, const char *name)
{
	const struct ctl_command *row;
	size_t i;

	for (i = 0; i < server->options.table_count; i++)
		for (row = server->tables[i]; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

/* Whether the word name[0..len-1] stands in the list; *optional if with a `?'. */
static bool
args_have(const char *args, const char *name, size_t len)
{
	const char *at = args;

	while (*at) {
		size_t word = strcspn(at, " "), bare = word;

		if (word > 0 && at[word - 1] == '?')
			bare--;
		if (bare == len && memcmp(at, name, len) == 0)
			return true;
		at += word;
		at += strspn(at, " ");
	}
	return false;
}

/* NULL, or what is wrong with the arguments. */
static const char *
args_check(const struct ctl_call *call, char *text, size_t size)
{
	const char *at = call->command->args ? call->command->args : "", *key;
	json_t *args = call->request.args, *value;

	json_object_foreach(args, key, value)
	{
		if (!args_have(call->command->args ? call->command->args : "", key,
			    strlen(key)))
			return "There is an argument that this command does not take.";
		if (!json_is_string(value) || json_string_length(value) == 0)
			return "An argument of this command is not a text, or is empty.";
	}
	while (*at) {
		size_t word = strcspn(at, " ");
		char name[CTL_COMMAND_MAX + 1];

		snprintf(name, sizeof(name), "%.*s", (int)word, at);
		if (at[word - 1] != '?' && !json_object_get(args, name)) {
			snprintf(text, size, "The argument `%s' is missing.", name);
			return text;
		}
		at += word;
		at += strspn(at, " ");
	}
	return NULL;
}

/* Whether the call may go to its handler; else it has been answered. */
static bool
call_is_good(struct ctl_call *call)
{
	char text[CTL_COMMAND_MAX + 40];
	struct ctl_telling telling = {"USAGE", NULL, "See keylinectl(1).", NULL};
	const struct ctl_command *command = call->command;

	if (!command)
		telling.status = "There is no such command on this host.";
	else if (call->request.dry_run && !command->is_changing)
		telling.status =
			"This command changes nothing: there is no dry run of it.";
	else
		telling.status = args_check(call, text, sizeof(text));
	if (command && !(command->group == CTL_VIEWER ? call->peer.is_viewer
						      : call->peer.is_supervisor)) {
		ctl_call_fail(call, KE_NOT_PERMITTED, &(struct ctl_telling){"REFUSED",
			command->group == CTL_VIEWER
				? "This command is for viewers and supervisors."
				: "This command is for supervisors.",
			command->group == CTL_VIEWER
				? "Ask the administrator to add you to the viewers' group."
				: "Ask a supervisor to give it.",
			"keylinectl(1), GROUPS"});
		return false;
	}
	if (telling.status) {
		ctl_call_fail(call, KE_BAD_MESSAGE, &telling);
		return false;
	}
	return true;
}

void
ctl_server_request(struct ctl_client *client, const char *bytes, size_t len)
{
	struct ctl_call *call = calloc(1, sizeof(*call));
	int error;

	if (!call) {
		ctl_client_close(client);
		return;
	}
	call->server = client->server;
	call->client = client;
	call->peer = client->peer;
	client->call = call;
	client->server->call_count++;
	error = len > CTL_BYTES_MAX ? KE_TOO_LONG
				    : ctl_request_parse(&call->request, bytes, len);
	if (error != 0) {
		ctl_call_fail(call, error, NULL);
		return;
	}
	call->command = command_find(call->server, call->request.command);
	if (call_is_good(call))
		call->command->handler(call, call->server->options.context);
}

const struct ctl_request *
ctl_call_request(const struct ctl_call *call)
{
	return &call->request;
}

const char *
ctl_call_text(const struct ctl_call *call, const char *key)
{
	return ctl_request_text(&call->request, key);
}

const struct ctl_peer *
ctl_call_peer(const struct ctl_call *call)
{
	return &call->peer;
}

bool
ctl_call_is_dry_run(const struct ctl_call *call)
{
	return call->request.dry_run;
}

bool
ctl_call_is_gone(const struct ctl_call *call)
{
	return !call->client;
}

bool
ctl_call_is_full(const struct ctl_call *call)
{
	return call->client && call->client->queued > CTL_QUEUE_FULL;
}

void
ctl_call_resume(struct ctl_call *call, void (*resume)(struct ctl_call *call, void *data),
	void *data)
{
	call->resume = resume;
	call->data = data;
}

void
ctl_call_answer(struct ctl_call *call, json_t *answer)
{
	char *line;
	size_t len;

	if (call->client) {
		if (answer && ctl_answer_format(&line, &len, answer) == 0)
			ctl_client_send(call->client, line, len);
		else
			ctl_client_close(call->client);
	}
	json_decref(answer);
}

void
ctl_call_end(struct ctl_call *call, enum ctl_exit code)
{
	struct ctl_server *server = call->server;
	struct ctl_client *client;

	if (call->command && call->command->is_changing && !call->request.dry_run)
		log_command(call->command->name, call->peer.uid, (int)code);
	ctl_call_answer(call, ctl_answer_end(code));
	client = call->client;
	ctl_request_clear(&call->request);
	free(call);
	server->call_count--;
	if (client)
		ctl_client_call_ended(client);
	server_release(server);
}

void
ctl_call_fail(struct ctl_call *call, int error, const struct ctl_telling *telling)
{
	struct ctl_telling plain = {"REFUSED", error_text(error), NULL, NULL};

	ctl_call_answer(
		call, ctl_answer_error(error_name(error), telling ? telling : &plain));
	ctl_call_end(call, ctl_exit_of(error));
}

/* Takes PATH.lock and removes the socket that a dead daemon left. */
static int
path_claim(struct ctl_server *server, const char *path)
{
	char lock[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
	struct stat st;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return KE_TOO_LONG;
	snprintf(lock, sizeof(lock), "%s.lock", path);
	server->lock = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (server->lock < 0)
		return KE_IO;
	if (flock(server->lock, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? KE_LOCKED : KE_IO;
	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : KE_IO;
	if (!S_ISSOCK(st.st_mode) || unlink(path) != 0)
		return KE_IO;
	return 0;
}

static int
socket_listen(struct ctl_server *server)
{
	const char *path = server->options.path;
	struct stat st;

	/* The process's umask keeps others out until the group and mode are set. */
	if (uv_pipe_bind(&server->listener, path) != 0)
		return KE_IO;
	/* In a folder with the group's setgid bit it has the group already, and a daemon
	 * that may not change it is no hindrance. */
	if (lstat(path, &st) != 0)
		return KE_IO;
	if ((st.st_gid != server->options.viewers &&
		    chown(path, (uid_t)-1, server->options.viewers) != 0) ||
		chmod(path, 0660) != 0)
		return KE_IO;
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
	server->open_handles = 2;
	server->listener.data = server;
	uv_timer_init(loop, &server->timer);
	server->timer.data = server;
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

void
ctl_server_close(struct ctl_server *server)
{
	struct ctl_client *client, *next;

	if (!server || server->is_closing)
		return;
	server->is_closing = true;
	/* libuv removes the path when it closes the listener. */
	uv_close((uv_handle_t *)&server->listener, handle_closed);
	uv_close((uv_handle_t *)&server->timer, handle_closed);
	for (client = server->clients; client; client = next) {
		next = client->next;
		ctl_client_close(client);
	}
}
