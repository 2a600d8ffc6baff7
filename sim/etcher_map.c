/* SPDX-License-Identifier: MIT */
/* The etcher's registers: who may touch which, and what is published. */
#include "sim/etcher_state.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

_Static_assert((int)MODBUS_HOLDING == ETCH_HOLDING && (int)MODBUS_INPUT == ETCH_INPUT &&
		       (int)MODBUS_COIL == ETCH_COIL &&
		       (int)MODBUS_DISCRETE == ETCH_DISCRETE,
	"the tables have one order");

enum owner { OWNER_NOBODY, OWNER_DEVICE, OWNER_HOST };

static int
make_tables(struct etcher *e)
{
	for (int t = 0; t < ETCH_TABLES; t++) {
		e->extent[t] = etch_profile_extent(e->profile, (enum etch_table)t);
		e->owner[t] = calloc(e->extent[t] + 1, 1);
		if (!e->owner[t])
			return KE_NO_MEMORY;
	}
	e->image.holding = calloc(e->extent[ETCH_HOLDING] + 1, sizeof(uint16_t));
	e->image.input = calloc(e->extent[ETCH_INPUT] + 1, sizeof(uint16_t));
	e->image.coil = calloc(e->extent[ETCH_COIL] + 1, 1);
	e->image.discrete = calloc(e->extent[ETCH_DISCRETE] + 1, 1);
	return e->image.holding && e->image.input && e->image.coil && e->image.discrete
		       ? 0
		       : KE_NO_MEMORY;
}

int
etcher_map_init(struct etcher *e)
{
	if (make_tables(e) != 0)
		return KE_NO_MEMORY;
	for (int i = 0; i < ETCH_ITEMS; i++) {
		const struct etch_place *place = &e->profile->places[i];

		memset(e->owner[place->table] + place->address,
			etch_item_is_host((enum etch_item)i) ? OWNER_HOST : OWNER_DEVICE,
			place->count);
	}
	return 0;
}

void
etcher_map_clear(struct etcher *e)
{
	if (e->image.holding)
		OPENSSL_cleanse(
			e->image.holding, e->extent[ETCH_HOLDING] * sizeof(uint16_t));
	if (e->image.input)
		OPENSSL_cleanse(e->image.input, e->extent[ETCH_INPUT] * sizeof(uint16_t));
	if (e->image.coil)
		memset(e->image.coil, 0, e->extent[ETCH_COIL]);
	if (e->image.discrete)
		memset(e->image.discrete, 0, e->extent[ETCH_DISCRETE]);
}

void
etcher_map_free(struct etcher *e)
{
	etcher_map_clear(e);
	free(e->image.holding);
	free(e->image.input);
	free(e->image.coil);
	free(e->image.discrete);
	for (int t = 0; t < ETCH_TABLES; t++)
		free(e->owner[t]);
}

uint32_t
etcher_get(const struct etcher *e, enum etch_item item)
{
	return etch_image_get(&e->image, e->profile, item);
}

static bool
is_allowed(const struct etcher *e, const struct modbus_access *access)
{
	if ((uint32_t)access->address + access->count > e->extent[access->table])
		return false;
	for (unsigned i = 0; access->write && i < access->count; i++)
		if (e->owner[access->table][access->address + i] != OWNER_HOST)
			return false;
	return true;
}

/* The word or bit at an address. */
static uint16_t
load(const struct etcher *e, enum modbus_table table, unsigned address)
{
	switch (table) {
	case MODBUS_HOLDING:
		return e->image.holding[address];
	case MODBUS_INPUT:
		return e->image.input[address];
	case MODBUS_COIL:
		return e->image.coil[address];
	case MODBUS_DISCRETE:
		break;
	}
	return e->image.discrete[address];
}

static void
store(struct etcher *e, enum modbus_table table, unsigned address, uint16_t value)
{
	if (table == MODBUS_HOLDING)
		e->image.holding[address] = value;
	else
		e->image.coil[address] = value != 0;
}

int
etcher_access(struct etcher *e, struct modbus_access *access, int64_t now_ms)
{
	if (e->failed)
		return MODBUS_DEVICE_FAILURE;
	if (!is_allowed(e, access))
		return MODBUS_ILLEGAL_ADDRESS;
	if (access->write) {
		for (unsigned i = 0; i < access->count; i++)
			store(e, access->table, access->address + i, access->values[i]);
		etcher_step(e, now_ms);
		return 0;
	}
	etcher_publish(e, now_ms);
	for (unsigned i = 0; i < access->count; i++)
		access->values[i] = load(e, access->table, access->address + i);
	return 0;
}

bool
etcher_touches(
	const struct etcher *e, const struct modbus_access *access, enum etch_item item)
{
	const struct etch_place *place = &e->profile->places[item];
	uint32_t end = (uint32_t)place->address + place->count;
	uint16_t value;

	if ((int)access->table != (int)place->table || access->address >= end ||
		place->address >= (uint32_t)access->address + access->count)
		return false;
	if (etch_item_kind(item) != ETCH_BIT || !access->write)
		return true;
	value = access->values[place->address - access->address];
	if (place->table == ETCH_HOLDING)
		value = value >> place->bit & 1;
	return value && !etcher_get(e, item);
}

static void
show(struct etcher *e, enum etch_item item, uint32_t value)
{
	etch_image_put(&e->image, e->profile, item, value);
}

static void
show_bytes(struct etcher *e, enum etch_item item, const void *bytes, size_t len)
{
	etch_image_put_bytes(&e->image, e->profile, item, bytes, len);
}

static void
publish_identity(struct etcher *e)
{
	static const char firmware[] = "SIM-1.0";

	show(e, ETCH_MAGIC, ETCH_MAGIC_VALUE);
	show(e, ETCH_MAP_VERSION, ETCH_MAP_VERSION_VALUE);
	show(e, ETCH_BOOT_ID, e->boot_id);
	show_bytes(e, ETCH_DEVICE_SERIAL, e->serial, strlen(e->serial));
	show_bytes(e, ETCH_FIRMWARE, firmware, sizeof firmware - 1);
}

static void
publish_bits(struct etcher *e)
{
	const struct {
		enum etch_item item;
		bool value;
	} bits[] = {
		{ETCH_WAITING, e->mode == MODE_BOOT},
		{ETCH_READY, e->mode == MODE_IDLE},
		{ETCH_LOADING, e->mode == MODE_LOADING},
		{ETCH_LOADED, e->mode == MODE_LOADED},
		{ETCH_ARMED, e->arm_token != 0},
		{ETCH_BUSY, e->mode == MODE_MARKING},
		{ETCH_DONE, e->mode == MODE_DONE},
		{ETCH_FAULT, e->mode == MODE_FAULT},
		{ETCH_ERASED, e->erased},
		{ETCH_DOOR_CLOSED, e->door_closed},
		{ETCH_ESTOP_OK, !e->estop_pressed},
		{ETCH_PART_PRESENT, e->part_present},
		{ETCH_LASER_ENABLED, etcher_laser_enabled(e)},
	};

	for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
		show(e, bits[i].item, bits[i].value);
	for (int c = 0; c < ETCH_COMMANDS; c++) {
		bool up = e->mirrors >> c & 1;

		if (c == ETCH_START - ETCH_LOAD_BEGIN && up &&
			etcher_quirk(e, FAULT_LOST_MIRROR))
			up = false;
		show(e, (enum etch_item)(ETCH_MIRROR_LOAD_BEGIN + c), up);
	}
}

static void
publish_numbers(struct etcher *e, int64_t now_ms)
{
	bool has_job = e->mode == MODE_LOADING || e->mode == MODE_LOADED ||
		       e->mode == MODE_MARKING;

	show(e, ETCH_HEARTBEAT, e->heartbeat);
	if (!etcher_quirk(e, FAULT_NO_ECHO))
		show(e, ETCH_HEARTBEAT_ECHO, e->host_heartbeat);
	show(e, ETCH_RESULT, e->profile->reasons[e->result]);
	show(e, ETCH_FAULT_CODE, e->profile->reasons[e->fault]);
	show(e, ETCH_ACCEPTED_SEQUENCE, e->job.sequence);
	show(e, ETCH_ACCEPTED_REGISTERS, e->job.accepted);
	show(e, ETCH_ARM_TOKEN, e->arm_token);
	show(e, ETCH_ARM_REMAINING, e->arm_token ? (uint32_t)(e->arm_until - now_ms) : 0);
	show(e, ETCH_PROGRESS, e->progress);
	show(e, ETCH_MARKED_COUNTER, e->retained.counter);
	if (etcher_quirk(e, FAULT_STALE_JOB))
		return;
	show(e, ETCH_LOADED_JOB, has_job ? e->job.id : 0);
	show(e, ETCH_LAST_MARKED_JOB, e->retained.last_marked_job);
	show(e, ETCH_LAST_STARTED_JOB, e->retained.last_started_job);
}

/* The window into the job buffer that the host asks for. */
static void
publish_readback(struct etcher *e)
{
	uint32_t at = etcher_get(e, ETCH_READBACK_OFFSET);
	uint32_t room = e->profile->limits.readback_registers;
	uint32_t size = e->profile->limits.job_registers;
	uint32_t count = at >= size ? 0 : size - at < room ? size - at : room;

	show(e, ETCH_READBACK_JOB, etcher_get(e, ETCH_LOADED_JOB));
	show(e, ETCH_READBACK_AT, at);
	show(e, ETCH_READBACK_COUNT, count);
	show_bytes(e, ETCH_READBACK_DATA, e->buffer + (count ? 2 * (size_t)at : 0),
		2 * (size_t)count);
}

void
etcher_publish(struct etcher *e, int64_t now_ms)
{
	if (e->frozen)
		return;
	publish_identity(e);
	publish_bits(e);
	publish_numbers(e, now_ms);
	show_bytes(e, ETCH_LAST_STARTED_NONCE, e->retained.last_started_nonce,
		ETCH_NONCE_LEN);
	if (e->mode == MODE_LOADED)
		show_bytes(e, ETCH_CODE, e->code, ETCH_CODE_LEN);
	else
		etch_image_clear(&e->image, e->profile, ETCH_CODE);
	publish_readback(e);
}
