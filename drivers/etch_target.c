/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/etch_target.h"
#include "proto/name.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
copy(char *out, size_t size, const char *text, size_t len)
{
	if (len == 0 || len >= size)
		return KE_BAD_CONFIG;
	memcpy(out, text, len);
	out[len] = '\0';
	return 0;
}

static bool
is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	long port = strtol(text, NULL, 10);

	return digits > 0 && digits <= ETCH_PORT_MAX && text[digits] == '\0' &&
	       text[0] != '0' && port <= 65535;
}

/* HOST:PORT or [ADDRESS]:PORT */
static int
parse_tcp(struct etch_target *target, const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *host = text;
	size_t len;

	if (!colon || !is_port(colon + 1))
		return KE_BAD_CONFIG;
	len = (size_t)(colon - text);
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (memchr(host, ':', len) || host[0] == '[') {
		return KE_BAD_CONFIG;
	}
	if (name_is_multicast(host, len))
		return KE_BAD_CONFIG;
	if (copy(target->port, sizeof target->port, colon + 1, strlen(colon + 1)) != 0)
		return KE_BAD_CONFIG;
	return copy(target->host, sizeof target->host, host, len);
}

/* PATH:BAUD:FRAMING; both must be said, a wrong one must not pass for a path's end. */
static int
parse_rtu(struct etch_target *target, const char *text)
{
	const char *framing = strrchr(text, ':');
	const char *baud = framing;

	while (baud && baud > text && baud[-1] != ':')
		baud--;
	if (!baud || baud == text || baud == framing || strlen(framing) != 4 ||
		strspn(baud, "0123456789") != (size_t)(framing - baud) ||
		!strchr("78", framing[1]) || !strchr("NEO", framing[2]) ||
		!strchr("12", framing[3]))
		return KE_BAD_CONFIG;
	return serial_port_parse(&target->serial, text);
}

int
etch_target_parse(struct etch_target *target, const char *text)
{
	memset(target, 0, sizeof *target);
	if (strncmp(text, "tcp:", 4) == 0) {
		target->is_tcp = true;
		return parse_tcp(target, text + 4);
	}
	if (strncmp(text, "rtu:", 4) == 0)
		return parse_rtu(target, text + 4);
	return KE_BAD_CONFIG;
}

/* Waits until a connection that was begun is there.  Returns 0 or KE_LINK. */
static int
connected(int fd, int connect_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = 0, n;
	socklen_t len = sizeof error;

	do
		n = poll(&p, 1, connect_ms);
	while (n < 0 && errno == EINTR);
	if (n != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		return KE_LINK;
	return error == 0 ? 0 : KE_LINK;
}

static int
open_address(const struct addrinfo *address, int connect_ms)
{
	int fd = socket(address->ai_family,
		address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
		address->ai_protocol);
	int on = 1;

	if (fd < 0)
		return KE_LINK;
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 &&
		(errno != EINPROGRESS || connected(fd, connect_ms) != 0)) {
		close(fd);
		return KE_LINK;
	}
	/* Requests are small and each waits for its answer. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

static int
open_tcp(const struct etch_target *target, int connect_ms)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	int fd = KE_LINK;

	if (getaddrinfo(target->host, target->port, &hints, &list) != 0)
		return KE_LINK;
	for (const struct addrinfo *a = list; fd < 0 && a; a = a->ai_next)
		fd = open_address(a, connect_ms);
	freeaddrinfo(list);
	return fd;
}

int
etch_target_open(const struct etch_target *target, int connect_ms)
{
	return target->is_tcp ? open_tcp(target, connect_ms)
			      : serial_port_open(&target->serial);
}
