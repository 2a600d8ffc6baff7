/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/client.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct conversation {
	const struct client_target *target;
	client_take *take;
	void *context;
	int fd;
	size_t taken; /* bytes of the answer so far */
	size_t len;
	char bytes[CTL_BYTES_MAX];
};

/* All wallets of a million are less; what comes without an end does not fill the memory. */
enum { ANSWER_MAX = 256 << 20 };

/* Hands over what went wrong on the way, in the form of a refusal. */
static enum ctl_exit
tell(struct conversation *c, enum ctl_exit code, const char *name,
	const struct ctl_telling *telling)
{
	json_t *error = ctl_answer_error(name, telling);

	if (error)
		c->take(c->context, error);
	json_decref(error);
	return code;
}

static enum ctl_exit
tell_unreachable(struct conversation *c, int why)
{
	char status[256];

	snprintf(status, sizeof status, "No keylined answers on %s: %s.",
		c->target->socket, strerror(why));
	if (why == EACCES || why == EPERM)
		return tell(c, CTL_EXIT_NOT_PERMITTED, "not-permitted",
			&(struct ctl_telling){"not permitted", status,
				"Viewers open the socket: be in the viewers' group, and "
				"a supervisor in both (see: id), then log in anew.",
				"keylinectl(1), GROUPS"});
	return tell(c, CTL_EXIT_UNREACHABLE, "unreachable",
		&(struct ctl_telling){"unreachable", status,
			"Start it:  systemctl start keylined@NAME   (NAME.conf is its "
			"configuration), or name its socket with --socket.",
			"keylined(8)"});
}

static enum ctl_exit
tell_nonsense(struct conversation *c, const char *status)
{
	return tell(c, CTL_EXIT_FAILED, "bad-message",
		&(struct ctl_telling){"bad message", status,
			"Check that keylinectl and keylined are of one version.",
			"keylinectl(1)"});
}

/* Waits until the socket is ready; 0, or an errno. */
static int
wait_for(const struct conversation *c, short events)
{
	struct pollfd poll_fd = {.fd = c->fd, .events = events};
	int n;

	do {
		n = poll(&poll_fd, 1, c->target->timeout_s * 1000);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno;
	return n ? 0 : ETIMEDOUT;
}

static int
open_socket(struct conversation *c)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(c->target->socket);

	if (len >= sizeof address.sun_path)
		return ENAMETOOLONG;
	memcpy(address.sun_path, c->target->socket, len + 1);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return errno;
	if (connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0)
		return errno;
	return 0;
}

/* As send(2); file goes with the first byte, when there is one. */
static ssize_t
send_some(const struct conversation *c, const char *bytes, size_t len, int file)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = (char *)(uintptr_t)bytes, .iov_len = len};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (file >= 0) {
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof file);
		memcpy(CMSG_DATA(&control.header), &file, sizeof file);
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
	}
	return sendmsg(c->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static int
send_all(const struct conversation *c, const char *bytes, size_t len)
{
	int file = c->target->file;

	while (len) {
		ssize_t n = send_some(c, bytes, len, file);

		if (n >= 0) {
			file = -1;
			bytes += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			int error = wait_for(c, POLLOUT);

			if (error)
				return error;
		} else if (errno == EPIPE) {
			/* It hung up on us, perhaps with a reason to be read. */
			return 0;
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* Hands over the whole lines in the buffer.  Whether the end came or nonsense did. */
static bool
take_lines(struct conversation *c, enum ctl_exit *code)
{
	char *newline, *line = c->bytes;
	bool over = false;

	while (!over &&
		(newline = memchr(line, '\n', c->len - (size_t)(line - c->bytes)))) {
		struct ctl_answer answer;

		if (ctl_answer_parse(&answer, line, (size_t)(newline + 1 - line)) != 0) {
			*code = tell_nonsense(c, "The daemon's answer is not valid.");
			return true;
		}
		over = answer.is_end;
		*code = answer.exit;
		if (!over)
			c->take(c->context, answer.root);
		ctl_answer_clear(&answer);
		line = newline + 1;
	}
	c->len -= (size_t)(line - c->bytes);
	memmove(c->bytes, line, c->len);
	return over;
}

static enum ctl_exit
receive_all(struct conversation *c)
{
	enum ctl_exit code = CTL_EXIT_FAILED;

	while (!take_lines(c, &code)) {
		ssize_t n;

		if (c->len == sizeof c->bytes)
			return tell_nonsense(c, "The daemon's answer is too long.");
		if (wait_for(c, POLLIN) != 0)
			return tell(c, CTL_EXIT_TIMEOUT, "timeout",
				&(struct ctl_telling){"time-out",
					"The daemon did not answer in time.",
					"Look at its log:  keylinectl log   or wait "
					"longer with --timeout.",
					"keylinectl(1)"});
		n = read(c->fd, c->bytes + c->len, sizeof c->bytes - c->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return tell_unreachable(c, errno);
		if (n == 0)
			return tell_nonsense(
				c, "The daemon hung up before its answer ended.");
		c->len += (size_t)n;
		c->taken += (size_t)n;
		if (c->taken > ANSWER_MAX)
			return tell_nonsense(c, "The daemon's answer does not end.");
	}
	return code;
}

static enum ctl_exit
converse(struct conversation *c, const char *line, size_t len)
{
	int error = open_socket(c);

	if (error == 0)
		error = send_all(c, line, len);
	if (error == ETIMEDOUT)
		return tell(c, CTL_EXIT_TIMEOUT, "timeout",
			&(struct ctl_telling){"time-out",
				"The daemon does not take the request.",
				"Look at its log:  keylinectl log", "keylinectl(1)"});
	return error ? tell_unreachable(c, error) : receive_all(c);
}

enum ctl_exit
client_ask(const struct client_target *target, const char *command, const json_t *args,
	bool dry_run, client_take *take, void *context)
{
	struct conversation *c = malloc(sizeof *c);
	enum ctl_exit code = CTL_EXIT_FAILED;
	char *line = NULL;
	size_t len;

	if (!c)
		return CTL_EXIT_FAILED;
	c->target = target;
	c->take = take;
	c->context = context;
	c->fd = -1;
	c->len = 0;
	c->taken = 0;
	if (ctl_request_format(&line, &len, command, args, dry_run) != 0)
		code = tell(c, CTL_EXIT_USAGE, "bad-argument",
			&(struct ctl_telling){"bad argument",
				"An argument is too long or has control characters.",
				"Shorten it.", "keylinectl(1)"});
	else
		code = converse(c, line, len);
	if (c->fd >= 0)
		close(c->fd);
	free(line);
	free(c);
	return code;
}
