/* SPDX-License-Identifier: MIT */
/* One request: whether it may be asked, by whom and in what words, and its answers. */
#include "config.h"
#include "daemon/ctl_client.h"
#include "daemon/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "proto/utf8.h"

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

/* The number of the first character that is not seen as what it is; 0: there is none. */
static size_t
unseen_at(const char *text)
{
	size_t number = 1;

	for (; *text; text++) {
		if (((unsigned char)*text & 0xc0) == 0x80)
			continue;
		if (utf8_unseen_length(text))
			return number;
		number++;
	}
	return 0;
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
		/* What is there already under such a name can still be named. */
		if ((strcmp(key, "reason") == 0 || strcmp(key, "note") == 0)
			&& unseen_at(json_string_value(value))) {
			snprintf(text, size,
				"The argument `%s' has a character that is not seen, its "
				"number %zu: leave it out.",
				key, unseen_at(json_string_value(value)));
			return text;
		}
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
	char text[CTL_COMMAND_MAX + 100];
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

/* What is told of a request that cannot be read; NULL: the error's own words. */
static const struct ctl_telling *
unread(int error)
{
	static const struct {
		int error;
		struct ctl_telling telling;
	} rows[] = {
		{KE_INCOMPLETE,
			{"USAGE",
				"The connection ended before the newline of the last "
				"request, which was not done.",
				"End each request with a newline, and give the last one "
				"again.",
				"keylinectl(1)"}},
		{KE_TOO_LONG,
			{"USAGE",
				"A request is longer than its limit, 64 KiB; it was not "
				"done.",
				"Give it in parts: fewer serials a command, a shorter "
				"reason.",
				"keylinectl(1)"}},
		{KE_BAD_MESSAGE,
			{"USAGE",
				"A request is no request of this protocol; it was not "
				"done.",
				"Use keylinectl, of the daemon's version.",
				"keylinectl(1)"}},
		{KE_NEWER_FORMAT,
			{"USAGE", "A request is of a newer protocol than this daemon's.",
				"Use keylinectl of the daemon's version.",
				"keylinectl(1)"}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].error == error)
			return &rows[i].telling;
	return NULL;
}

void
ctl_call_begin(struct ctl_client *client, const char *bytes, size_t len, int error)
{
	struct ctl_call *call = calloc(1, sizeof(*call));

	if (!call) {
		ctl_client_close(client);
		return;
	}
	call->server = client->server;
	call->client = client;
	call->file = client->file;
	client->file = -1;
	call->peer = client->peer;
	client->call = call;
	ctl_server_call_began(client->server);
	if (error == 0)
		error = ctl_request_parse(&call->request, bytes, len);
	if (error != 0) {
		ctl_call_fail(call, error, unread(error));
		return;
	}
	call->command = ctl_server_command(call->server, call->request.command);
	if (call_is_good(call) && !ctl_server_refuses(call->server, call))
		call->command->handler(call, ctl_server_context(call->server));
}

int
ctl_call_file(const struct ctl_call *call)
{
	return call->file;
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
	struct ctl_client *client;

	/* Its client may have begun the next one. */
	if (call->is_ended)
		return;
	if (call->command && call->command->is_changing && !call->request.dry_run)
		log_command(call->command->name, call->peer.uid, (int)code);
	ctl_call_answer(call, ctl_answer_end(code));
	call->is_ended = true;
	client = call->client;
	call->client = NULL;
	call->resume = NULL;
	if (call->file >= 0)
		close(call->file);
	call->file = -1;
	ctl_server_call_ended(call->server, call);
	if (client)
		ctl_client_call_ended(client);
}

void
ctl_call_free(struct ctl_call *call)
{
	ctl_request_clear(&call->request);
	free(call);
}

void
ctl_call_fail(struct ctl_call *call, int error, const struct ctl_telling *telling)
{
	struct ctl_telling plain = {"REFUSED", error_text(error), NULL, NULL};

	ctl_call_answer(
		call, ctl_answer_error(error_name(error), telling ? telling : &plain));
	ctl_call_end(call, ctl_exit_of(error));
}
