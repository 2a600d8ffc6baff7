/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/port.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Splits HOST:PORT or [HOST]:PORT. */
static int
split_address(char host[PORT_NAME_MAX], const char **service, const char *where)
{
	const char *colon = strrchr(where, ':');
	size_t len = colon ? (size_t)(colon - where) : 0;

	if (len == 0 || len >= PORT_NAME_MAX || !colon[1])
		return KE_BAD_ARGUMENT;
	if (where[0] == '[' && len > 2 && colon[-1] == ']') {
		where++;
		len -= 2;
	}
	memcpy(host, where, len);
	host[len] = '\0';
	*service = colon + 1;
	return 0;
}

static int
listen_on(const struct addrinfo *address)
{
	int fd =
		socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int on = 1;

	if (fd < 0)
		return KE_IO;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
		bind(fd, address->ai_addr, address->ai_addrlen) != 0 ||
		listen(fd, 8) != 0) {
		close(fd);
		return KE_IO;
	}
	return fd;
}

/* The address as it became. */
static int
name_socket(struct port *port)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	char host[256], service[32];

	if (getsockname(port->fd, (struct sockaddr *)&address, &len) != 0 ||
		getnameinfo((struct sockaddr *)&address, len, host, sizeof host, service,
			sizeof service, NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return KE_IO;
	snprintf(port->name, sizeof port->name, strchr(host, ':') ? "[%s]:%s" : "%s:%s",
		host, service);
	return 0;
}

int
port_open_tcp(struct port *port, const char *where)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
	char host[PORT_NAME_MAX];
	struct addrinfo *found;
	const char *service;

	memset(port, 0, sizeof *port);
	port->kind = MODBUS_TCP;
	port->fd = -1;
	if (split_address(host, &service, where) != 0 ||
		getaddrinfo(host, service, &hints, &found) != 0)
		return KE_BAD_ARGUMENT;
	port->fd = listen_on(found);
	freeaddrinfo(found);
	return port->fd < 0 ? KE_IO : name_socket(port);
}

int
port_accept(const struct port *port)
{
	int fd = accept4(port->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int on = 1;

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return fd;
}

/* Puts the link in place by one rename; only a link is replaced. */
static int
point_link(const struct port *port, const char *pty)
{
	char beside[PORT_NAME_MAX + 8];
	struct stat st;

	if (lstat(port->link, &st) == 0 && !S_ISLNK(st.st_mode))
		return KE_IO;
	snprintf(beside, sizeof beside, "%s.new", port->link);
	unlink(beside);
	if (symlink(pty, beside) != 0 || rename(beside, port->link) != 0)
		return KE_IO;
	return 0;
}

static int
make_pty(struct port *port)
{
	char pty[64];

	port->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (port->fd < 0 || grantpt(port->fd) != 0 || unlockpt(port->fd) != 0 ||
		ptsname_r(port->fd, pty, sizeof pty) != 0)
		return KE_IO;
	if (!port->link[0]) {
		snprintf(port->name, sizeof port->name, "%s", pty);
		return 0;
	}
	snprintf(port->name, sizeof port->name, "%s", port->link);
	return point_link(port, pty);
}

int
port_open_pty(struct port *port, const char *where)
{
	memset(port, 0, sizeof *port);
	port->kind = MODBUS_RTU;
	port->fd = -1;
	if (strcmp(where, "auto") != 0) {
		if (where[0] != '/' || strlen(where) >= sizeof port->link)
			return KE_BAD_ARGUMENT;
		snprintf(port->link, sizeof port->link, "%s", where);
	}
	return make_pty(port);
}

int
port_replug(struct port *port)
{
	/* The new pty first, so that it cannot get the old one's number. */
	int old = port->fd, error = make_pty(port);

	close(old);
	return error;
}

bool
port_is_alone(const struct port *port)
{
	struct pollfd look = {.fd = port->fd};

	return poll(&look, 1, 0) > 0 && look.revents & POLLHUP;
}

void
port_close(struct port *port)
{
	if (port->link[0])
		unlink(port->link);
	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
}

int
port_listen_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat st;
	mode_t mask;
	int fd, bound;

	if (strlen(path) >= sizeof address.sun_path)
		return KE_IO;
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return KE_IO;
	mask = umask(0177);
	bound = bind(fd, (struct sockaddr *)&address, sizeof address);
	umask(mask);
	if (bound != 0 || listen(fd, 8) != 0) {
		close(fd);
		return KE_IO;
	}
	return fd;
}
