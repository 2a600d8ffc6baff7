/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/driver_child.h"
#include "proto/secret_bytes.h"
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <linux/close_range.h>
#include <unistd.h>

/* After the end a pipe that a grandchild holds open is waited for so long. */
enum { OUTPUT_MS = 1000, HANDLES = 5 };

struct child {
	uv_process_t process;
	uv_pipe_t in;
	uv_pipe_t out;
	uv_pipe_t err;
	uv_timer_t timer;
	struct child_calls calls;
	unsigned open_handles;
	bool has_exited;
	bool is_muted;
	bool is_done;
	bool wrote_stderr;
	int64_t status;
	int signal;
	size_t len;
	char bytes[LINE_BYTES_MAX];
	/* what is read from stderr, never looked at */
	char dropped[512];
};

struct line_write {
	uv_write_t request;
	struct secret *secret;
	char plain[];
};

static void
child_closed(uv_handle_t *handle)
{
	struct child *child = handle->data;

	if (--child->open_handles == 0)
		free(child);
}

static void
handle_close(uv_handle_t *handle)
{
	if (handle->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handle))
		uv_close(handle, child_closed);
}

static void
close_all(struct child *child)
{
	handle_close((uv_handle_t *)&child->process);
	handle_close((uv_handle_t *)&child->in);
	handle_close((uv_handle_t *)&child->out);
	handle_close((uv_handle_t *)&child->err);
	handle_close((uv_handle_t *)&child->timer);
}

/* Told once, when the process has ended and its stdout too. */
static void
end_check(struct child *child)
{
	if (child->is_done || !child->has_exited ||
		!uv_is_closing((uv_handle_t *)&child->out))
		return;
	child->is_done = true;
	close_all(child);
	child->calls.on_end(
		child->calls.context, child->status, child->signal, child->wrote_stderr);
}

static void
output_late(uv_timer_t *timer)
{
	child_give_up_output(timer->data);
}

static void
exited(uv_process_t *process, int64_t status, int signal)
{
	struct child *child = process->data;

	child->has_exited = true;
	child->status = status;
	child->signal = signal;
	handle_close((uv_handle_t *)&child->in);
	uv_timer_start(&child->timer, output_late, OUTPUT_MS, 0);
	end_check(child);
}

static void
bad(struct child *child, const char *code)
{
	if (child->is_muted)
		return;
	child->is_muted = true;
	child->calls.on_bad(child->calls.context, code);
}

/* Gives out every whole line of the buffer. */
static void
lines_take(struct child *child)
{
	struct line line;
	char *end;
	size_t len;

	while (!child->is_muted &&
		(end = memchr(child->bytes, '\n', child->len)) != NULL) {
		len = (size_t)(end - child->bytes) + 1;
		if (line_parse(&line, child->bytes, len) != 0) {
			bad(child, "bad-line");
			return;
		}
		child->calls.on_line(child->calls.context, &line);
		child->len -= len;
		memmove(child->bytes, child->bytes + len, child->len);
		/* It may have been the code of a badge. */
		OPENSSL_cleanse(child->bytes + child->len, len);
	}
	if (child->len == sizeof(child->bytes))
		bad(child, "bad-line");
}

static void
out_room(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
	struct child *child = handle->data;

	(void)size;
	/* What a muted child says is read, so that it can end, and dropped. */
	if (child->is_muted)
		child->len = 0;
	*out = uv_buf_init(
		child->bytes + child->len, (unsigned)(sizeof(child->bytes) - child->len));
}

static void
out_came(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct child *child = stream->data;

	(void)buffer;
	if (count > 0) {
		child->len += (size_t)count;
		lines_take(child);
	} else if (count < 0) {
		/* Its stdout is closed: without it there is no use in the rest. */
		handle_close((uv_handle_t *)stream);
		if (!child->has_exited)
			bad(child, "driver-died");
		end_check(child);
	}
}

static void
err_room(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
	struct child *child = handle->data;

	(void)size;
	*out = uv_buf_init(child->dropped, sizeof(child->dropped));
}

static void
err_came(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct child *child = stream->data;

	(void)buffer;
	if (count > 0)
		child->wrote_stderr = true;
	else if (count < 0)
		handle_close((uv_handle_t *)stream);
}

static int
handles_init(struct child *child, uv_loop_t *loop)
{
	uv_pipe_t *const pipes[] = {&child->in, &child->out, &child->err};
	size_t i;

	for (i = 0; i < 3; i++) {
		if (uv_pipe_init(loop, pipes[i], 0) != 0)
			return KE_NO_MEMORY;
		pipes[i]->data = child;
		child->open_handles++;
	}
	uv_timer_init(loop, &child->timer);
	child->timer.data = child;
	child->open_handles++;
	return 0;
}

static int
spawn(struct child *child, uv_loop_t *loop, char **argv)
{
	static char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
	char *env[] = {path, locale, NULL};
	uv_stdio_container_t stdio[3] = {
		{.flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
			.data.stream = (uv_stream_t *)&child->in},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
			.data.stream = (uv_stream_t *)&child->out},
		{.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
			.data.stream = (uv_stream_t *)&child->err},
	};
	uv_process_options_t options = {
		.exit_cb = exited,
		.file = argv[0],
		.args = argv,
		.env = env,
		.cwd = "/",
		.stdio_count = 3,
		.stdio = stdio,
	};
	int rc;

	/* Whatever a library has opened without the flag goes no further than here. */
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	rc = uv_spawn(loop, &child->process, &options);

	/* Also after a failure the handle is initialised and must be closed. */
	child->process.data = child;
	child->open_handles++;
	if (rc != 0)
		return rc == UV_ENOMEM ? KE_NO_MEMORY : KE_NOT_FOUND;
	if (uv_read_start((uv_stream_t *)&child->out, out_room, out_came) != 0 ||
		uv_read_start((uv_stream_t *)&child->err, err_room, err_came) != 0) {
		uv_process_kill(&child->process, 9);
		return KE_NO_MEMORY;
	}
	return 0;
}

int
child_new(
	struct child **out, uv_loop_t *loop, char **argv, const struct child_calls *calls)
{
	struct child *child = calloc(1, sizeof(*child));
	int error;

	*out = NULL;
	if (!child)
		return KE_NO_MEMORY;
	child->calls = *calls;
	error = handles_init(child, loop);
	if (error == 0)
		error = spawn(child, loop, argv);
	if (error != 0) {
		if (child->open_handles == 0)
			free(child);
		else
			close_all(child);
		return error;
	}
	*out = child;
	return 0;
}

static void
line_written(uv_write_t *request, int status)
{
	struct line_write *write = request->data;
	struct child *child = request->handle->data;

	secret_free(write->secret);
	free(write);
	/* What it was told is lost: nobody knows what it waits for now. */
	if (status != 0 && status != UV_ECANCELED && !child->has_exited)
		bad(child, "driver-died");
}

static int
write_begin(struct child *child, struct line_write *write, uv_buf_t buffer)
{
	write->request.data = write;
	if (uv_is_closing((uv_handle_t *)&child->in) ||
		uv_write(&write->request, (uv_stream_t *)&child->in, &buffer, 1,
			line_written) != 0) {
		secret_free(write->secret);
		free(write);
		return KE_LINK;
	}
	return 0;
}

int
child_write(struct child *child, struct secret **line)
{
	struct line_write *write = calloc(1, sizeof(*write));
	uv_buf_t buffer;

	if (!write) {
		secret_free(*line);
		*line = NULL;
		return KE_NO_MEMORY;
	}
	write->secret = *line;
	*line = NULL;
	buffer = uv_buf_init(
		(char *)secret_bytes(write->secret), (unsigned)secret_len(write->secret));
	return write_begin(child, write, buffer);
}

int
child_write_plain(struct child *child, const char *bytes, size_t len)
{
	struct line_write *write = calloc(1, sizeof(*write) + len);

	if (!write)
		return KE_NO_MEMORY;
	memcpy(write->plain, bytes, len);
	return write_begin(child, write, uv_buf_init(write->plain, (unsigned)len));
}

void
child_close_stdin(struct child *child)
{
	handle_close((uv_handle_t *)&child->in);
}

void
child_signal(struct child *child, int signal)
{
	if (!child->has_exited)
		uv_process_kill(&child->process, signal);
}

void
child_give_up_output(struct child *child)
{
	handle_close((uv_handle_t *)&child->out);
	end_check(child);
}

void
child_mute(struct child *child)
{
	child->is_muted = true;
}
