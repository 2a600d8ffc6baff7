/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "etcher_bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static const unsigned start_bit = 1u << (ETCH_START - ETCH_LOAD_BEGIN);

__attribute__((format(printf, 2, 3))) static int
note(struct bench *b, const char *format, ...)
{
	size_t len = strlen(b->log);
	va_list args;

	va_start(args, format);
	vsnprintf(b->log + len, sizeof b->log - len, format, args);
	va_end(args);
	return b->broken ? KE_IO : 0;
}

static int
retain(void *context, const struct etcher_retained *r)
{
	struct bench *b = context;

	if (!b->broken)
		b->retained = *r;
	return note(b, "keep c=%" PRIu32 " s=%" PRIu32 " l=%" PRIu32 " m=%d;", r->counter,
		r->last_started_job, r->last_marked_job, r->marking);
}

static int
laser_on(void *context, const struct etcher_act *act)
{
	return note(context, "on %" PRIu32 ";", act->job);
}

static int
laser_off(void *context, const struct etcher_act *act)
{
	return note(context, "off %" PRIu32 " %s;", act->job,
		act->whole ? "whole" : act->reason);
}

static int
random_bytes(void *state, unsigned char *out, size_t len)
{
	static unsigned char next;

	(void)state;
	for (size_t i = 0; i < len; i++)
		out[i] = ++next;
	return 0;
}

static void
put16(unsigned char *out, unsigned value)
{
	out[0] = (unsigned char)(value >> 8);
	out[1] = (unsigned char)value;
}

/* BENCH_LINES upright lines of 2 mm. */
static void
make_job(struct bench *b)
{
	const struct etch_field *f = &b->profile.field;
	const unsigned head[] = {0x4b56, 1, f->scale, f->width >> 16, f->width & 0xffff,
		f->height >> 16, f->height & 0xffff, 1 + 2 * BENCH_LINES, 0x0301, 800, 3};
	unsigned char *out = b->job;

	for (size_t i = 0; i < sizeof head / sizeof head[0]; i++, out += 2)
		put16(out, head[i]);
	for (unsigned i = 0; i < BENCH_LINES; i++, out += 12) {
		const unsigned words[] = {
			0x0100, 100 + 100 * i, 100, 0x0200, 100 + 100 * i, 500};

		for (size_t w = 0; w < 6; w++)
			put16(out + 2 * w, words[w]);
	}
	b->job_len = (size_t)(out - b->job);
}

void
bench_power(struct bench *b)
{
	const struct etcher_settings settings = {&b->profile, "BENCH-1", BENCH_MARK_MS};
	const struct etcher_world world = {
		b, retain, laser_on, laser_off, {random_bytes, NULL}};

	etcher_free(b->etcher);
	b->etcher = etcher_new(&settings, &world, &b->faults, &b->retained, b->now);
	ck_assert_ptr_nonnull(b->etcher);
	etcher_part(b->etcher, true, b->now);
	b->log[0] = '\0';
}

void
bench_init(struct bench *b)
{
	struct etch_profile_error error;
	char *text = fixture_profile_text();

	memset(b, 0, sizeof *b);
	ck_assert_int_eq(etch_profile_parse(&b->profile, &error, text, strlen(text)), 0);
	free(text);
	b->now = 1000000;
	b->host_heartbeat = 41;
	make_job(b);
	bench_power(b);
}

void
bench_end(struct bench *b)
{
	etcher_free(b->etcher);
	b->etcher = NULL;
}

static struct modbus_access
access_to(const struct bench *b, enum etch_item item)
{
	const struct etch_place *place = &b->profile.places[item];
	struct modbus_access access = {.table = (enum modbus_table)place->table,
		.address = place->address,
		.count = place->count};

	return access;
}

uint32_t
bench_get(struct bench *b, enum etch_item item)
{
	struct modbus_access access = access_to(b, item);

	ck_assert_int_eq(etcher_access(b->etcher, &access, b->now), 0);
	if (etch_item_kind(item) == ETCH_BIT)
		return access.values[0] >> b->profile.places[item].bit & 1;
	return access.count == 2 ? (uint32_t)access.values[0] << 16 | access.values[1]
				 : access.values[0];
}

void
bench_put(struct bench *b, enum etch_item item, uint32_t value)
{
	struct modbus_access access = access_to(b, item);

	access.write = true;
	if (access.count == 2) {
		access.values[0] = (uint16_t)(value >> 16);
		access.values[1] = (uint16_t)value;
	} else {
		access.values[0] = (uint16_t)value;
	}
	ck_assert_int_eq(etcher_access(b->etcher, &access, b->now), 0);
}

void
bench_put_bytes(struct bench *b, enum etch_item item, const void *bytes, size_t len)
{
	struct modbus_access access = access_to(b, item);
	const unsigned char *in = bytes;

	access.write = true;
	for (size_t i = 0; i < len; i++)
		access.values[i / 2] |= (uint16_t)(i % 2 ? in[i] : in[i] << 8);
	ck_assert_int_eq(etcher_access(b->etcher, &access, b->now), 0);
}

void
bench_bits(struct bench *b, unsigned bits)
{
	struct modbus_access access = access_to(b, ETCH_LOAD_BEGIN);

	access.write = true;
	access.values[0] = (uint16_t)bits;
	ck_assert_int_eq(etcher_access(b->etcher, &access, b->now), 0);
}

void
bench_wait(struct bench *b, int ms, bool host_beats)
{
	for (int i = 0; i < ms; i += 10) {
		b->now += 10;
		etcher_tick(b->etcher, b->now);
		if (host_beats && i % 200 == 0)
			bench_put(b, ETCH_HOST_HEARTBEAT, ++b->host_heartbeat);
	}
}

int
bench_command(struct bench *b, enum etch_item command)
{
	enum etch_item mirror = command + ETCH_MIRROR_OF_COMMAND;
	int reason = -1;

	bench_bits(b, 1u << (command - ETCH_LOAD_BEGIN));
	if (bench_get(b, mirror))
		reason = etch_profile_reason(
			&b->profile, (uint16_t)bench_get(b, ETCH_RESULT));
	bench_bits(b, 0);
	ck_assert_uint_eq(bench_get(b, mirror), 0);
	return reason;
}

void
bench_state(struct bench *b, enum fault_state state)
{
	ck_assert_msg(etcher_state(b->etcher) == state, "state is %s, not %s",
		fault_state_text(etcher_state(b->etcher)), fault_state_text(state));
}

void
bench_boot(struct bench *b)
{
	bench_wait(b, 200, false);
	bench_put(b, ETCH_BOOT_ECHO, bench_get(b, ETCH_BOOT_ID));
	bench_put(b, ETCH_HOST_HEARTBEAT, ++b->host_heartbeat);
}

void
bench_job(struct bench *b, uint32_t job, const char *nonce)
{
	bench_put(b, ETCH_JOB_ID, job);
	bench_put_bytes(b, ETCH_JOB_NONCE, nonce, ETCH_NONCE_LEN);
	bench_put(b, ETCH_JOB_LENGTH, (uint32_t)b->job_len / 2);
	bench_put(b, ETCH_COMMAND_JOB, job);
}

void
bench_chunks(struct bench *b, uint32_t job)
{
	size_t room = 2 * (size_t)b->profile.limits.chunk_registers;
	uint32_t sequence = 0;

	for (size_t at = 0; at < b->job_len; at += room) {
		size_t len = b->job_len - at < room ? b->job_len - at : room;

		/* the sequence last, since these are single accesses */
		bench_put(b, ETCH_CHUNK_SEQUENCE, 0);
		bench_put(b, ETCH_CHUNK_JOB, job);
		bench_put(b, ETCH_CHUNK_COUNT, (uint32_t)len / 2);
		bench_put_bytes(b, ETCH_CHUNK_DATA, b->job + at, len);
		bench_put(b, ETCH_CHUNK_SEQUENCE, ++sequence);
		ck_assert_uint_eq(bench_get(b, ETCH_ACCEPTED_SEQUENCE), sequence);
	}
}

void
bench_to_loading(struct bench *b, uint32_t job)
{
	bench_job(b, job, "nonce--1");
	ck_assert_int_eq(bench_command(b, ETCH_ERASE), ETCH_REASON_NONE);
	ck_assert_int_eq(bench_command(b, ETCH_LOAD_BEGIN), ETCH_REASON_NONE);
}

void
bench_to_loaded(struct bench *b, uint32_t job)
{
	bench_to_loading(b, job);
	bench_chunks(b, job);
	ck_assert_int_eq(bench_command(b, ETCH_LOAD_COMMIT), ETCH_REASON_NONE);
	bench_state(b, FAULT_LOADED);
}

void
bench_to_armed(struct bench *b, uint32_t job)
{
	bench_to_loaded(b, job);
	ck_assert_int_eq(bench_command(b, ETCH_ARM), ETCH_REASON_NONE);
	bench_put(b, ETCH_START_TOKEN, bench_get(b, ETCH_ARM_TOKEN));
	bench_state(b, FAULT_ARMED);
}

void
bench_to_marking(struct bench *b, uint32_t job)
{
	bench_to_armed(b, job);
	bench_bits(b, start_bit);
	bench_bits(b, 0);
	bench_state(b, FAULT_BUSY);
}

void
bench_fault(struct bench *b, const char *text)
{
	char copy[128], *words[8], *rest = NULL;
	struct fault fault;
	size_t count = 0;

	snprintf(copy, sizeof copy, "%s", text);
	for (char *w = strtok_r(copy, " ", &rest); w && count < 8;
		w = strtok_r(NULL, " ", &rest))
		words[count++] = w;
	ck_assert_msg(fault_parse(&fault, words, count) == 0, "%s", text);
	ck_assert_int_eq(fault_add(&b->faults, &fault), 0);
}
