/* SPDX-License-Identifier: MIT */
/* log: journalctl with the right matches takes our place, or is read for --json. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/show_parts.h"
#include "proto/utc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Options that become a match on a field of the journal. */
static const struct {
	enum option option;
	const char *field;
} matches[] = {
	{OPTION_BATCH, "KEYLINE_BATCH"},
	{OPTION_SERIAL, "KEYLINE_SERIAL"},
	{OPTION_STATION, "KEYLINE_STATION"},
};

enum { MATCHES = sizeof matches / sizeof matches[0], MATCH_SIZE = 256 };
enum { WORDS_MAX = MATCHES + 10 };

/* The words of journalctl's command line. */
struct journalctl {
	const char *argv[WORDS_MAX];
	size_t count;
	char texts[MATCHES + 1][MATCH_SIZE];
};

static void
add_match(struct journalctl *j, size_t slot, const char *field, const char *value)
{
	snprintf(j->texts[slot], MATCH_SIZE, "%s=%s", field, value);
	j->argv[j->count++] = j->texts[slot];
}

static void
add_words(struct journalctl *j, const struct invocation *call)
{
	j->argv[j->count++] = "journalctl";
	j->argv[j->count++] = "SYSLOG_IDENTIFIER=keylined";
	if (invocation_has(call, OPTION_JSON)) {
		j->argv[j->count++] = "--quiet";
		j->argv[j->count++] = "--output=json";
	}
	if (invocation_has(call, OPTION_FOLLOW))
		j->argv[j->count++] = "--follow";
	if (invocation_has(call, OPTION_SINCE)) {
		j->argv[j->count++] = "--since";
		j->argv[j->count++] = call->options[OPTION_SINCE];
	}
	for (size_t i = 0; i < MATCHES; i++)
		if (call->options[matches[i].option])
			add_match(j, i, matches[i].field,
				call->options[matches[i].option]);
}

/* One socket, one daemon: its lines are those of the host that answers there. */
static enum ctl_exit
add_host(struct journalctl *j, const struct invocation *call)
{
	struct answer answer;
	enum ctl_exit code = ask(&answer, call, "status", NULL, false, false);
	const json_t *line = show_first(answer.objects, "line");
	const char *host = json_string_value(json_object_get(line, "host"));

	ask_complain(&answer);
	if (code == CTL_EXIT_OK && host)
		add_match(j, MATCHES, "KEYLINE_HOST", host);
	else if (code == CTL_EXIT_OK)
		code = CTL_EXIT_FAILED;
	ask_clear(&answer);
	return code;
}

static void
become(const struct journalctl *j)
{
	/* execvp() takes pointers that it does not write through. */
	union {
		const char *const *ours;
		char *const *theirs;
	} words = {j->argv};

	execvp(words.theirs[0], words.theirs);
	perror("keylinectl: journalctl");
}

/* A field of the journal as text; it tells what is no plain text as an array. */
static void
copy_text(json_t *out, const char *key, const json_t *entry, const char *field)
{
	const char *text = json_string_value(json_object_get(entry, field));

	if (text)
		json_object_set_new(out, key, json_string(text));
}

/* The journal has its numbers as text: microseconds, a priority, a job. */
static void
copy_number(json_t *out, const char *key, const json_t *entry, const char *field)
{
	const char *text = json_string_value(json_object_get(entry, field));

	if (text)
		json_object_set_new(
			out, key, json_integer((json_int_t)strtoll(text, NULL, 10)));
}

static void
print_entry(const char *line)
{
	static const struct {
		const char *key;
		const char *field;
	} texts[] = {
		{"message", "MESSAGE"},
		{"id", "MESSAGE_ID"},
		{"host", "KEYLINE_HOST"},
		{"batch", "KEYLINE_BATCH"},
		{"serial", "KEYLINE_SERIAL"},
		{"station", "KEYLINE_STATION"},
		{"code", "KEYLINE_CODE"},
	};
	json_t *entry = json_loads(line, 0, NULL);
	const char *stamp =
		json_string_value(json_object_get(entry, "__REALTIME_TIMESTAMP"));
	json_t *out = stamp ? ctl_answer_new("log") : NULL;
	char time[UTC_SIZE];

	if (out) {
		if (utc_format(time, strtoll(stamp, NULL, 10) / 1000000) == 0)
			json_object_set_new(out, "time", json_string(time));
		copy_number(out, "priority", entry, "PRIORITY");
		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			copy_text(out, texts[i].key, entry, texts[i].field);
		copy_number(out, "job", entry, "KEYLINE_JOB");
		ask_print_json(out);
		fflush(stdout);
	}
	json_decref(out);
	json_decref(entry);
}

static void
print_entries(int fd)
{
	FILE *stream = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;

	if (!stream) {
		close(fd);
		return;
	}
	while (getline(&line, &size, stream) > 0)
		print_entry(line);
	free(line);
	fclose(stream);
}

/* Runs journalctl with its output to us. */
static int
read_journal(const struct journalctl *j)
{
	int pipe_fds[2], status;
	pid_t child;

	if (pipe(pipe_fds) != 0 || (child = fork()) < 0) {
		perror("keylinectl");
		return CTL_EXIT_FAILED;
	}
	if (child == 0) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		close(pipe_fds[0]);
		close(pipe_fds[1]);
		become(j);
		_exit(CTL_EXIT_FAILED);
	}
	close(pipe_fds[1]);
	print_entries(pipe_fds[0]);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return CTL_EXIT_FAILED;
	return WEXITSTATUS(status);
}

int
run_log(const struct invocation *call)
{
	struct journalctl journalctl = {.count = 0};

	add_words(&journalctl, call);
	if (invocation_has(call, OPTION_SOCKET)) {
		enum ctl_exit code = add_host(&journalctl, call);

		if (code != CTL_EXIT_OK)
			return (int)code;
	}
	if (invocation_has(call, OPTION_JSON))
		return read_journal(&journalctl);
	become(&journalctl);
	return CTL_EXIT_FAILED;
}
