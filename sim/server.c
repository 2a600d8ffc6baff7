/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/server.h"
#include "sim/reply.h"
#include "sim/talk.h"
#include "sim/wire.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 10, WIRES = 4, TALKS = 8, POLLED = 2 + WIRES + TALKS };

struct server {
	struct server_settings settings;
	/* TCP: the connections; RTU: the first one is the line */
	struct wire *wires[WIRES];
	struct talk *talks[TALKS];
	struct reply_memory memory[WIRES];
	/* RTU: nobody has opened the line */
	bool alone;
};

int64_t
server_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Where to reach us, for whoever started us. */
static void
tell_port(const struct server *s)
{
	dprintf(STDOUT_FILENO, "port %s %s\n",
		s->settings.port.kind == MODBUS_TCP ? "tcp" : "rtu",
		s->settings.port.name);
}

struct server *
server_new(const struct server_settings *settings)
{
	struct server *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->settings = *settings;
	if (settings->port.kind == MODBUS_RTU) {
		/* The wire closes its own copy. */
		int fd = dup(settings->port.fd);

		s->wires[0] = fd < 0 ? NULL : wire_new(fd, MODBUS_RTU, settings->baud);
		if (!s->wires[0]) {
			free(s);
			return NULL;
		}
	}
	if (settings->control_is_fifo)
		s->talks[0] = talk_new(settings->control, false);
	return s;
}

static void
drop_wire(struct server *s, int i)
{
	wire_free(s->wires[i]);
	s->wires[i] = NULL;
}

void
server_free(struct server *s)
{
	if (!s)
		return;
	for (int i = 0; i < WIRES; i++)
		drop_wire(s, i);
	for (int i = 0; i < TALKS; i++)
		talk_free(s->talks[i]);
	port_close(&s->settings.port);
	if (s->settings.control >= 0 && !s->settings.control_is_fifo)
		close(s->settings.control);
	free(s);
}

/* RTU: out and in again, as another pty. */
static void
replug(struct server *s)
{
	int fd;

	drop_wire(s, 0);
	if (port_replug(&s->settings.port) != 0)
		return;
	fd = dup(s->settings.port.fd);
	s->wires[0] = fd < 0 ? NULL : wire_new(fd, MODBUS_RTU, s->settings.baud);
	s->alone = false;
	tell_port(s);
}

static void
hang_up(struct server *s, int i)
{
	if (s->settings.port.kind == MODBUS_RTU)
		replug(s);
	else
		drop_wire(s, i);
}

/* One request; false: the wire is gone. */
static bool
serve_request(struct server *s, int i, const struct modbus_frame *request, int64_t now)
{
	bool rtu = s->settings.port.kind == MODBUS_RTU;
	struct reply reply;

	/* Another slave's, or for all: a broadcast is not answered. */
	if (rtu && request->unit != s->settings.unit && request->unit != 0)
		return true;
	reply_make(&reply, &s->memory[i], request, wire_kind(s->wires[i]),
		s->settings.machine, now);
	if (reply.hang_up) {
		hang_up(s, i);
		return false;
	}
	if (rtu && request->unit == 0)
		return true;
	for (unsigned n = 0; n < reply.times; n++)
		if (wire_send(s->wires[i], reply.bytes, reply.len, &reply.manner, now) !=
			0)
			return true;
	return true;
}

static void
serve_wire(struct server *s, int i, int64_t now)
{
	struct modbus_frame request;
	int found;

	if (wire_read(s->wires[i], now) != 0) {
		if (s->settings.port.kind == MODBUS_TCP)
			drop_wire(s, i);
		else
			wire_alone(s->wires[i], now);
		return;
	}
	while ((found = wire_next(&request, s->wires[i], now)) > 0)
		if (!serve_request(s, i, &request, now))
			return;
	if (found < 0)
		drop_wire(s, i);
}

static void
accept_wire(struct server *s)
{
	int fd = port_accept(&s->settings.port);

	for (int i = 0; fd >= 0 && i < WIRES; i++) {
		if (s->wires[i])
			continue;
		s->wires[i] = wire_new(fd, MODBUS_TCP, 0);
		memset(&s->memory[i], 0, sizeof s->memory[i]);
		if (s->wires[i])
			return;
		break;
	}
	if (fd >= 0)
		close(fd);
}

static void
accept_talk(struct server *s)
{
	int fd = accept4(s->settings.control, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	for (int i = 0; fd >= 0 && i < TALKS; i++) {
		if (s->talks[i])
			continue;
		s->talks[i] = talk_new(fd, true);
		if (s->talks[i])
			return;
		break;
	}
	if (fd >= 0)
		close(fd);
}

/* Who waits for what; what a descriptor means is told by its place. */
static void
fill(struct pollfd polled[POLLED], const struct server *s)
{
	for (int i = 0; i < POLLED; i++)
		polled[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	if (s->settings.port.kind == MODBUS_TCP)
		polled[0].fd = s->settings.port.fd;
	if (!s->settings.control_is_fifo)
		polled[1].fd = s->settings.control;
	for (int i = 0; i < WIRES; i++)
		if (s->wires[i] && !s->alone)
			polled[2 + i].fd = wire_fd(s->wires[i]);
	for (int i = 0; i < TALKS; i++)
		if (s->talks[i])
			polled[2 + WIRES + i].fd = talk_fd(s->talks[i]);
}

static int
wait_ms(const struct server *s, int64_t now)
{
	int64_t wait = TICK_MS;

	for (int i = 0; i < WIRES; i++) {
		int64_t due = s->wires[i] ? wire_due(s->wires[i]) : -1;

		if (due >= 0 && due - now < wait)
			wait = due > now ? due - now : 0;
	}
	return (int)wait;
}

static void
flush_wires(struct server *s, int64_t now)
{
	for (int i = 0; i < WIRES; i++) {
		if (!s->wires[i] || wire_flush(s->wires[i], now) == 0)
			continue;
		if (s->settings.port.kind == MODBUS_TCP)
			drop_wire(s, i);
		else
			wire_alone(s->wires[i], now);
	}
}

/* A pty that nobody has open would report a hang-up for ever: look at each tick only. */
static void
mind_line(struct server *s, int64_t now)
{
	if (s->settings.port.kind != MODBUS_RTU || !s->wires[0])
		return;
	s->alone = port_is_alone(&s->settings.port);
	if (s->alone)
		wire_alone(s->wires[0], now);
}

/* With the power off no connection stands. */
static void
mind_power(struct server *s)
{
	if (!machine_is_off(s->settings.machine) || s->settings.port.kind != MODBUS_TCP)
		return;
	for (int i = 0; i < WIRES; i++)
		drop_wire(s, i);
}

static void
serve(struct server *s, const struct pollfd polled[POLLED], int64_t now)
{
	if (polled[0].revents)
		accept_wire(s);
	if (polled[1].revents)
		accept_talk(s);
	for (int i = 0; i < WIRES; i++)
		if (polled[2 + i].revents && s->wires[i])
			serve_wire(s, i, now);
	for (int i = 0; i < TALKS; i++) {
		if (!polled[2 + WIRES + i].revents || !s->talks[i])
			continue;
		if (talk_serve(s->talks[i], s->settings.machine, now) != 0) {
			talk_free(s->talks[i]);
			s->talks[i] = NULL;
		}
	}
}

int
server_run(struct server *s, const volatile sig_atomic_t *stop)
{
	struct pollfd polled[POLLED];

	tell_port(s);
	dprintf(STDOUT_FILENO, "ready\n");
	while (!*stop && !machine_failed(s->settings.machine)) {
		int64_t now = server_now_ms();

		machine_tick(s->settings.machine, now);
		mind_power(s);
		mind_line(s, now);
		flush_wires(s, now);
		fill(polled, s);
		if (poll(polled, POLLED, wait_ms(s, now)) > 0)
			serve(s, polled, server_now_ms());
		flush_wires(s, server_now_ms());
	}
	return machine_failed(s->settings.machine) ? KE_BAD_STATE : 0;
}
