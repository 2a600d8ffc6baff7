/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/talk.h"
#include "sim/control.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct talk {
	int fd;
	bool answers;
	char line[CONTROL_LINE_MAX];
	size_t len;
};

struct talk *
talk_new(int fd, bool answers)
{
	struct talk *talk = calloc(1, sizeof *talk);

	if (!talk)
		return NULL;
	talk->fd = fd;
	talk->answers = answers;
	return talk;
}

void
talk_free(struct talk *talk)
{
	if (!talk)
		return;
	close(talk->fd);
	free(talk);
}

int
talk_fd(const struct talk *talk)
{
	return talk->fd;
}

/* An answer is short: a speaker who does not take it is gone. */
static int
give(const struct talk *talk, char answer[CONTROL_ANSWER_MAX])
{
	size_t len = strlen(answer);

	if (!talk->answers)
		return 0;
	answer[len] = '\n';
	return send(talk->fd, answer, len + 1, MSG_NOSIGNAL) == (ssize_t)len + 1
		       ? 0
		       : KE_LINK;
}

int
talk_serve(struct talk *talk, struct machine *machine, int64_t now_ms)
{
	char answer[CONTROL_ANSWER_MAX + 1], *end;
	ssize_t got;

	got = read(talk->fd, talk->line + talk->len, sizeof talk->line - talk->len);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0)
		return KE_LINK;
	talk->len += (size_t)got;
	while ((end = memchr(talk->line, '\n', talk->len))) {
		size_t used = (size_t)(end - talk->line) + 1;

		*end = '\0';
		control_do(answer, talk->line, machine, now_ms);
		talk->len -= used;
		memmove(talk->line, talk->line + used, talk->len);
		if (give(talk, answer) != 0)
			return KE_LINK;
	}
	return talk->len == sizeof talk->line ? KE_LINK : 0;
}
