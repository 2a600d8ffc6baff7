/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/driver_process.h"
#include "drivers/etch_link.h"

#include <errno.h>
#include <modbus.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <openssl/crypto.h>

enum {
	CONNECT_MS = 1000,
	FRAME_BITS = 256 * 11,
	STACK_BYTES = 32768,
	CHECKSUM_BYTES = 2
};

struct etch_link {
	const struct etch_target *target;
	uint8_t unit;
	uint16_t transaction; /* of the last request over TCP */
	modbus_t *modbus;
	int fd; /* -1: closed */
	bool unsettled;
	struct etch_link_statistics statistics;
};

static modbus_t *
new_context(const struct etch_target *target)
{
	const struct serial_port *s = &target->serial;

	/* Where to is ours to know: the library only gets connected descriptors. */
	if (target->is_tcp)
		return modbus_new_tcp("127.0.0.1", 502);
	return modbus_new_rtu(
		s->path, (int)s->baud, s->parity, (int)s->data_bits, (int)s->stop_bits);
}

/* On a serial line the answer's own length takes time. */
static uint32_t
answer_ms(const struct etch_target *target, uint32_t response_ms)
{
	return target->is_tcp ? response_ms
			      : response_ms + FRAME_BITS * 1000 / target->serial.baud;
}

struct etch_link *
etch_link_new(const struct etch_target *target, unsigned unit, uint32_t response_ms)
{
	struct etch_link *link = calloc(1, sizeof *link);
	uint32_t ms = answer_ms(target, response_ms);

	if (!link)
		return NULL;
	link->target = target;
	link->unit = (uint8_t)unit;
	link->fd = -1;
	link->modbus = new_context(target);
	if (!link->modbus || modbus_set_slave(link->modbus, (int)unit) != 0 ||
		modbus_set_error_recovery(link->modbus, MODBUS_ERROR_RECOVERY_NONE) !=
			0 ||
		modbus_set_debug(link->modbus, FALSE) != 0 ||
		modbus_set_byte_timeout(link->modbus, 0, 0) != 0 ||
		modbus_set_response_timeout(link->modbus, ms / 1000, ms % 1000 * 1000) !=
			0) {
		etch_link_free(link);
		return NULL;
	}
	return link;
}

void
etch_link_close(struct etch_link *link)
{
	/* Not modbus_close(): it would set line settings that it never read. */
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	link->unsettled = false;
	modbus_set_socket(link->modbus, -1);
}

void
etch_link_free(struct etch_link *link)
{
	if (!link)
		return;
	if (link->modbus) {
		etch_link_close(link);
		modbus_free(link->modbus);
	}
	free(link);
}

int
etch_link_open(struct etch_link *link, uint32_t late_window_ms)
{
	int fd;

	etch_link_close(link);
	fd = etch_target_open(link->target, CONNECT_MS);
	if (fd < 0)
		return fd;
	/* select(2) inside the library would write behind its set. */
	if (fd >= FD_SETSIZE) {
		close(fd);
		return KE_EXHAUSTED;
	}
	link->fd = fd;
	if (modbus_set_socket(link->modbus, fd) != 0)
		return KE_LINK;
	/* What the line was asked before it was closed may still be answered, to us. */
	if (!link->target->is_tcp)
		etch_link_settle(link, late_window_ms);
	return 0;
}

bool
etch_link_is_open(const struct etch_link *link)
{
	return link->fd >= 0;
}

/* Over TCP ourselves, for the library would give all requests the number 0.  Whether it
 * was sent. */
static bool
send_frame(const struct etch_link *link, const struct etch_frame *frame)
{
	if (frame->is_tcp)
		return send(link->fd, frame->bytes, frame->len, MSG_NOSIGNAL) ==
		       (ssize_t)frame->len;
	return modbus_send_raw_request(link->modbus, frame->bytes, (int)frame->len) >= 0;
}

/* One request and its answer.  Returns 0, or KE_LINK with errno: 0 when what came is not
 * the answer. */
static int
exchange(struct etch_link *link, const struct etch_request *request)
{
	struct etch_frame asked = {.is_tcp = link->target->is_tcp};
	uint8_t answer[ETCH_FRAME_MAX];
	int len = -1, rc = KE_LINK, error;

	errno = 0;
	if (etch_frame_request(&asked, request, link->unit, ++link->transaction) == 0 &&
		send_frame(link, &asked))
		len = modbus_receive_confirmation(link->modbus, answer);
	error = len < 0 ? errno : 0;
	if (len > 0 && !asked.is_tcp)
		len -= CHECKSUM_BYTES;
	if (len > 0)
		rc = etch_frame_answer(request, &asked, answer, (size_t)len);
	OPENSSL_cleanse(&asked, sizeof asked);
	OPENSSL_cleanse(answer, sizeof answer);
	errno = error;
	return rc;
}

static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
count_answer(struct etch_link *link, int64_t us)
{
	struct etch_link_statistics *s = &link->statistics;

	s->latency_us =
		s->ok ? (uint32_t)((7 * (int64_t)s->latency_us + us) / 8) : (uint32_t)us;
	s->ok++;
}

/* Whether the connection itself is gone, not only an answer. */
static bool
connection_is_gone(int error)
{
	return error == EPIPE || error == ECONNRESET || error == EIO || error == EBADF ||
	       error == ENXIO || error == ENODEV || error == ECONNABORTED ||
	       error == EHOSTUNREACH || error == ENETUNREACH || error == ENETDOWN;
}

int
etch_link_do(struct etch_link *link, const struct etch_request *request)
{
	int64_t began = now_us();

	if (link->fd < 0 || link->unsettled)
		return KE_LINK;
	if (exchange(link, request) == 0) {
		count_answer(link, now_us() - began);
		return 0;
	}
	link->statistics.errors++;
	link->unsettled = true;
	if (connection_is_gone(errno))
		etch_link_close(link);
	return KE_LINK;
}

void
etch_link_settle(struct etch_link *link, uint32_t late_window_ms)
{
	driver_process_sleep_ms(late_window_ms);
	if (link->fd >= 0)
		modbus_flush(link->modbus);
	link->unsettled = false;
}

void
etch_link_count_retry(struct etch_link *link)
{
	link->statistics.retries++;
}

const struct etch_link_statistics *
etch_link_statistics(const struct etch_link *link)
{
	return &link->statistics;
}

__attribute__((noinline)) void
etch_link_scrub(void)
{
	unsigned char stack[STACK_BYTES];

	OPENSSL_cleanse(stack, sizeof stack);
}
