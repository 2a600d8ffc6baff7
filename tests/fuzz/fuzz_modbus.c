/* SPDX-License-Identifier: MIT */
/*
 * What a Modbus device answers, over TCP, to one request: its bytes wait in a pair of
 * sockets.  What a read gives is in the answer, in its places; nothing else is touched;
 * after an error nothing more is sent.
 */
#include "config.h"
#include "fuzz.h"
#include "drivers/etch_link.h"
#include "drivers/etch_target.h"

#include <sys/socket.h>
#include <unistd.h>

enum {
	COUNT_MAX = 40,
	GUARD = 0xa5,
	/* Of an answer: header, function, number of bytes. */
	HEAD = 9,
	UNIT = 17,
	WAIT_MS = 200
};

static int device = -1, host = -1;

int __wrap_etch_target_open(const struct etch_target *target, int connect_ms);

int
__wrap_etch_target_open(const struct etch_target *target, int connect_ms)
{
	int fd = host;

	(void)target;
	(void)connect_ms;
	host = -1;
	return fd;
}

/* Tables and guards behind them. */
static uint16_t registers[COUNT_MAX + 1];
static uint8_t bits[COUNT_MAX + 1];

static void
check_guards(const struct etch_request *r)
{
	const uint8_t *from = r->registers ? (const uint8_t *)(registers + r->span.count)
					   : bits + r->span.count;
	const uint8_t *to = r->registers ? (const uint8_t *)(registers + COUNT_MAX + 1)
					 : bits + COUNT_MAX + 1;

	for (; from < to; from++)
		HOLDS(*from == GUARD);
}

/* An answer that was taken: ours, and whole. */
static void
check_answer(const struct etch_request *r, const uint8_t *bytes, size_t len)
{
	static const uint8_t functions[2][ETCH_TABLES] = {{[ETCH_HOLDING] = 3,
								  [ETCH_INPUT] = 4,
								  [ETCH_COIL] = 1,
								  [ETCH_DISCRETE] = 2},
		{[ETCH_HOLDING] = 16, [ETCH_COIL] = 15}};
	uint8_t function = functions[r->write][r->span.table];

	if (r->write && r->span.count == 1)
		function = r->span.table == ETCH_HOLDING ? 6 : 5;
	HOLDS(len >= HEAD && bytes[7] == function);
	HOLDS(bytes[0] == 0 && bytes[1] == 1 && bytes[2] == 0 && bytes[3] == 0);
	HOLDS(bytes[6] == UNIT);
	HOLDS(len >= 6u + (unsigned)(bytes[4] << 8 | bytes[5]));
	if (r->write) {
		HOLDS(len >= HEAD + 3 && bytes[8] == 0 && bytes[9] == r->span.address);
		return;
	}
	HOLDS(len >=
		HEAD + (r->registers ? 2u * r->span.count : (r->span.count + 7u) / 8));
	for (size_t i = 0; i < r->span.count; i++) {
		const uint8_t *at = bytes + HEAD + 2 * i;

		if (r->registers)
			HOLDS(registers[i] == (at[0] << 8 | at[1]));
		else
			HOLDS(bits[i] == (bytes[HEAD + i / 8] >> i % 8 & 1));
	}
}

static size_t
drain(void)
{
	uint8_t bytes[512];
	size_t all = 0;
	ssize_t got;

	while ((got = recv(device, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
		all += (size_t)got;
	return all;
}

static void
do_request(const struct etch_request *r, const uint8_t *bytes, size_t len)
{
	static const struct etch_target target = {.is_tcp = true};
	struct etch_link *link = etch_link_new(&target, UNIT, WAIT_MS);
	int rc;

	HOLDS(link && etch_link_open(link, 0) == 0);
	rc = etch_link_do(link, r);
	HOLDS(rc == 0 || rc == KE_LINK);
	HOLDS(drain() > 0);
	check_guards(r);
	if (rc == 0) {
		check_answer(r, bytes, len);
	} else {
		HOLDS(etch_link_do(link, r) == KE_LINK && drain() == 0);
		HOLDS(etch_link_statistics(link)->errors == 1);
	}
	etch_link_free(link);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct etch_request r = {0};
	int pair[2];

	if (len < 2 || len > 512)
		return 0;
	r.span.table = bytes[0] % ETCH_TABLES;
	r.write = bytes[0] & 0x10 &&
		  (r.span.table == ETCH_HOLDING || r.span.table == ETCH_COIL);
	r.span.count = (uint16_t)(1 + bytes[1] % COUNT_MAX);
	r.span.address = 7;
	memset(registers, GUARD, sizeof registers);
	memset(bits, GUARD, sizeof bits);
	if (r.span.table == ETCH_HOLDING || r.span.table == ETCH_INPUT)
		r.registers = registers;
	else
		r.bits = bits;
	HOLDS(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
	host = pair[0];
	device = pair[1];
	HOLDS(write(device, bytes + 2, len - 2) == (ssize_t)(len - 2));
	/* What is not there is not waited for. */
	HOLDS(shutdown(device, SHUT_WR) == 0);
	do_request(&r, bytes + 2, len - 2);
	close(device);
	return 0;
}

FUZZ_BEGIN
