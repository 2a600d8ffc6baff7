/* SPDX-License-Identifier: MIT */
#include "sim/reply.h"

#include <string.h>

enum { GARBAGE_LEN = 24 };

/* Tells one value wrong in the answer to a read. */
static void
spoil_value(
	struct modbus_frame *frame, const struct modbus_access *access, int32_t address)
{
	size_t at = frame->len - 1;

	if (access->write || frame->pdu[0] & 0x80)
		return;
	if (address >= access->address && address < access->address + access->count)
		at = access->table == MODBUS_COIL || access->table == MODBUS_DISCRETE
			     ? 2 + (size_t)(address - access->address) / 8
			     : 3 + 2 * (size_t)(address - access->address);
	frame->pdu[at] ^= 1;
}

/* What goes wrong inside the frame. */
static void
spoil_frame(struct modbus_frame *frame, const struct machine_effects *effects,
	const struct modbus_access *access)
{
	/* the address that a write's answer repeats */
	if (effects->wrong_echo && access->write)
		frame->pdu[2] ^= 1;
	if (effects->wrong_value != -1)
		spoil_value(frame, access, effects->wrong_value);
	if (effects->wrong_unit)
		frame->unit++;
}

/* What goes wrong with its bytes. */
static void
spoil_bytes(struct reply *reply, const struct machine_effects *effects,
	enum modbus_wire kind, const struct reply_memory *memory)
{
	if (effects->bad_frame)
		reply->bytes[kind == MODBUS_TCP ? 1 : reply->len - 1] ^= 0x55;
	if (effects->cut_short)
		reply->len /= 2;
	if (effects->stale && memory->len) {
		memcpy(reply->bytes, memory->bytes, memory->len);
		reply->len = memory->len;
	}
	if (effects->garbage) {
		reply->len = GARBAGE_LEN;
		for (unsigned i = 0; i < GARBAGE_LEN; i++)
			reply->bytes[i] = (uint8_t)(0x9d + 0x35 * i);
	}
}

void
reply_make(struct reply *reply, struct reply_memory *memory,
	const struct modbus_frame *request, enum modbus_wire kind,
	struct machine *machine, int64_t now_ms)
{
	struct machine_effects effects = {.wrong_value = -1};
	struct modbus_access access = {0};
	struct modbus_frame frame;
	int exception = modbus_parse(&access, request);

	memset(reply, 0, sizeof *reply);
	if (!exception)
		exception = machine_access(&effects, machine, &access, now_ms);
	if (exception)
		modbus_refuse(&frame, request, (enum modbus_exception)exception);
	else
		modbus_reply(&frame, request, &access);
	spoil_frame(&frame, &effects, &access);
	reply->len = modbus_wrap(reply->bytes, kind, &frame);
	if (!effects.stale) {
		memcpy(memory->bytes, reply->bytes, reply->len);
		memory->len = reply->len;
	}
	spoil_bytes(reply, &effects, kind, memory);
	reply->manner.late_ms = effects.late_ms;
	reply->manner.gap_ms = effects.gap_ms;
	reply->hang_up = effects.disconnect || effects.hang_up;
	reply->times = effects.mute || effects.deaf ? 0 : effects.twice ? 2 : 1;
}
