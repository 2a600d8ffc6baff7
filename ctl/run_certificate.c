/* SPDX-License-Identifier: MIT */
/* report certificate: the text, as pages to print, or the signed bytes into a file. */
#include "config.h"
#include "ctl/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ctl/ask.h"
#include "ctl/page.h"
#include "ctl/say.h"
#include "ctl/style.h"
#include "ctl/table.h"
#include "proto/base64.h"
#include "proto/buffer.h"

/* More than the daemon gives out. */
enum { SIGNED_MAX = 4 << 20 };

static const char *
text_of(const json_t *object, const char *type, const char *key)
{
	const char *is = json_string_value(json_object_get(object, "type"));
	const char *text = json_string_value(json_object_get(object, key));

	return is && strcmp(is, type) == 0 ? text : NULL;
}

/* The text's lines, masked, which are freed one by one; NULL: no memory. */
static char **
lines_of(size_t *count, const struct answer *answer)
{
	char **lines = calloc(json_array_size(answer->objects) + 1, sizeof *lines);
	const json_t *object;
	size_t index;

	*count = 0;
	if (!lines)
		return NULL;
	json_array_foreach(answer->objects, index, object)
	{
		const char *text = text_of(object, "text", "text");

		if (text && (lines[*count] = strdup(text)))
			style_mask(lines[(*count)++]);
	}
	return lines;
}

static void
print_text(const struct answer *answer, bool is_page, const char *batch)
{
	char title[INVOCATION_NAME_SIZE + 64];
	size_t count;
	char **lines = lines_of(&count, answer);

	if (!lines)
		return;
	snprintf(title, sizeof title, "%.*s: certificate of sanitization",
		INVOCATION_NAME_SIZE, batch);
	if (is_page)
		page_print(stdout, title, (const char *const *)lines, count);
	else
		for (size_t i = 0; i < count; i++)
			puts(lines[i]);
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

/* The signed bytes that came, in pieces; false: none, or nonsense, or no memory. */
static bool
gather_signed(struct buffer *out, const struct answer *answer)
{
	const json_t *object;
	size_t index;

	json_array_foreach(answer->objects, index, object)
	{
		const char *text = text_of(object, "signed", "base64");
		size_t len = text ? strlen(text) : 0, room = len / 4 * 3;
		unsigned char *bytes = text ? malloc(room + 1) : NULL;

		if (!text)
			continue;
		if (!bytes || base64_decode(bytes, room, &room, text, len) != 0)
			out->error = out->error ? out->error : KE_BAD_MESSAGE;
		else
			buffer_append(out, bytes, room);
		free(bytes);
	}
	return out->error == 0 && out->len > 0;
}

/* A file that is there already is somebody's: it stays. */
static bool
write_file(const char *path, const char *bytes, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool done = fd >= 0;

	for (size_t at = 0; done && at < len;) {
		ssize_t put = write(fd, bytes + at, len - at);

		done = put > 0;
		at += done ? (size_t)put : 0;
	}
	done = done && fsync(fd) == 0;
	if (!done)
		say_problem(path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return done;
}

static enum ctl_exit
write_signed(const struct invocation *call, const struct answer *answer)
{
	const char *path = call->options[OPTION_SIGNED];
	const struct ctl_telling unsigned_one = { .state = "NOT SIGNED",
		.status = "This certificate is not signed: the host had no site key when it was "
			  "written.",
		.action = "See its text:  keylinectl report certificate BATCH" };
	struct buffer bytes;
	enum ctl_exit code = CTL_EXIT_OK;

	buffer_init(&bytes, SIGNED_MAX);
	if (!table_has(answer->objects, "signed"))
		code = ask_refuse(call, CTL_EXIT_REFUSED, "not-signed", &unsigned_one);
	else if (!gather_signed(&bytes, answer) || !write_file(path, bytes.bytes, bytes.len))
		code = CTL_EXIT_FAILED;
	else
		printf("%s\n", path);
	buffer_free(&bytes);
	return code;
}

int
run_certificate(const struct invocation *call)
{
	bool is_signed = invocation_has(call, OPTION_SIGNED);
	json_t *args = ask_args(call);
	struct answer answer;
	enum ctl_exit code =
		ask(&answer, call, "report certificate", args, false, !is_signed);

	ask_complain(&answer);
	if (code == CTL_EXIT_OK && is_signed)
		code = write_signed(call, &answer);
	else if (code == CTL_EXIT_OK && !invocation_has(call, OPTION_JSON))
		print_text(&answer, invocation_has(call, OPTION_PAGE), call->arguments[0]);
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
