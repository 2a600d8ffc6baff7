/* SPDX-License-Identifier: MIT */
/* The etcher's life: power, clock, heartbeats, interlocks. */
#include "config.h"
#include "sim/etcher.h"
#include "sim/etcher_state.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

enum { HEARTBEAT_MS = 50 };

bool
etcher_quirk(const struct etcher *e, enum fault_name name)
{
	return fault_strikes(e->faults, name, etcher_state(e));
}

uint32_t
etcher_random(struct etcher *e)
{
	unsigned char bytes[4];
	uint32_t number = 0;

	while (number == 0) {
		if (e->world.rng.fill(e->world.rng.state, bytes, sizeof bytes) != 0) {
			e->failed = true;
			return 1;
		}
		memcpy(&number, bytes, sizeof number);
	}
	return number;
}

/* Everything that lives in the controller's memory is as after power-on. */
static void
boot(struct etcher *e, int64_t now_ms)
{
	uint32_t before = e->boot_id;

	etcher_map_clear(e);
	OPENSSL_cleanse(e->buffer, e->buffer_len);
	memset(&e->job, 0, sizeof e->job);
	memset(e->code, 0, sizeof e->code);
	e->erased = true;
	e->mode = MODE_BOOT;
	e->step = STEP_ZEROS;
	e->commands = e->mirrors = 0;
	e->result = e->fault = ETCH_REASON_NONE;
	e->heartbeat = e->host_heartbeat = 0;
	e->heartbeat_at = now_ms;
	e->alive = e->frozen = e->arm_expired = e->mark_again = false;
	e->progress = 0;
	etcher_disarm(e);
	do
		e->boot_id = etcher_random(e);
	while (e->boot_id == before);
	etcher_publish(e, now_ms);
}

struct etcher *
etcher_new(const struct etcher_settings *settings, const struct etcher_world *world,
	struct fault_set *faults, const struct etcher_retained *retained, int64_t now_ms)
{
	struct etcher *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	e->profile = settings->profile;
	e->mark_ms = settings->mark_ms;
	e->world = *world;
	e->faults = faults;
	e->retained = *retained;
	e->door_closed = true;
	etcher_rename(e, settings->serial);
	e->buffer_len = 2 * (size_t)e->profile->limits.job_registers;
	e->buffer = calloc(1, e->buffer_len);
	if (!e->buffer || etcher_map_init(e) != 0) {
		etcher_free(e);
		return NULL;
	}
	boot(e, now_ms);
	if (e->failed) {
		etcher_free(e);
		return NULL;
	}
	return e;
}

void
etcher_free(struct etcher *e)
{
	if (!e)
		return;
	etcher_map_free(e);
	if (e->buffer)
		OPENSSL_cleanse(e->buffer, e->buffer_len);
	free(e->buffer);
	free(e);
}

static void
host_is_lost(struct etcher *e, int64_t now_ms)
{
	e->alive = false;
	if (e->mode == MODE_MARKING)
		etcher_mark_stop(e, ETCH_REASON_HEARTBEAT_LOST, now_ms);
	if (e->mode == MODE_LOADING || e->mode == MODE_LOADED) {
		etcher_job_drop(e);
		e->mode = MODE_IDLE;
	}
	etcher_disarm(e);
	etcher_job_wipe(e);
}

static void
mind_host(struct etcher *e, int64_t now_ms)
{
	uint16_t heartbeat = (uint16_t)etcher_get(e, ETCH_HOST_HEARTBEAT);
	bool was_alive = e->alive;

	if (heartbeat != e->host_heartbeat) {
		e->host_heartbeat = heartbeat;
		e->host_at = now_ms;
		e->alive = heartbeat != 0;
	} else if (now_ms - e->host_at >= (int64_t)e->profile->timing.host_timeout) {
		e->alive = false;
	}
	if (was_alive && !e->alive)
		host_is_lost(e, now_ms);
}

static void
mind_arming(struct etcher *e, int64_t now_ms)
{
	if (!e->arm_token)
		return;
	if (now_ms >= e->arm_until) {
		etcher_disarm(e);
		e->arm_expired = true;
	} else if (etcher_interlock(e) != ETCH_REASON_NONE) {
		etcher_disarm(e);
	}
}

/* One cycle of the controller's program. */
void
etcher_step(struct etcher *e, int64_t now_ms)
{
	if (e->frozen || e->failed)
		return;
	mind_host(e, now_ms);
	mind_arming(e, now_ms);
	etcher_mark_step(e, now_ms);
	etcher_command_step(e, now_ms);
	etcher_publish(e, now_ms);
}

void
etcher_tick(struct etcher *e, int64_t now_ms)
{
	if (!e->frozen && now_ms - e->heartbeat_at >= HEARTBEAT_MS) {
		e->heartbeat_at = now_ms;
		if (!etcher_quirk(e, FAULT_NO_HEARTBEAT))
			e->heartbeat++;
	}
	etcher_step(e, now_ms);
}

void
etcher_door(struct etcher *e, bool closed, int64_t now_ms)
{
	e->door_closed = closed;
	etcher_step(e, now_ms);
}

void
etcher_estop(struct etcher *e, bool pressed, int64_t now_ms)
{
	e->estop_pressed = pressed;
	etcher_step(e, now_ms);
}

void
etcher_part(struct etcher *e, bool present, int64_t now_ms)
{
	e->part_present = present;
	etcher_step(e, now_ms);
}

void
etcher_source(struct etcher *e, bool broken, int64_t now_ms)
{
	e->source_broken = broken;
	etcher_step(e, now_ms);
}

void
etcher_scanner(struct etcher *e, bool broken, int64_t now_ms)
{
	e->scanner_broken = broken;
	etcher_step(e, now_ms);
}

/* Laser-enable is wired to fall with the program; the program notices when it goes on. */
void
etcher_freeze(struct etcher *e, bool frozen, int64_t now_ms)
{
	if (frozen)
		etcher_mark_cut(e, ETCH_REASON_LASER_OFF);
	e->frozen = frozen;
	if (!frozen && e->mode == MODE_MARKING)
		etcher_mark_stop(e, ETCH_REASON_LASER_OFF, now_ms);
	etcher_step(e, now_ms);
}

void
etcher_reset(struct etcher *e, int64_t now_ms)
{
	etcher_mark_cut(e, ETCH_REASON_POWER_LOST);
	boot(e, now_ms);
}

void
etcher_rename(struct etcher *e, const char *serial)
{
	size_t len = strnlen(serial, ETCH_SERIAL_MAX);

	memcpy(e->serial, serial, len);
	e->serial[len] = '\0';
}

void
etcher_set_counter(struct etcher *e, uint32_t counter, int64_t now_ms)
{
	e->retained.counter = counter;
	etcher_keep(e);
	etcher_step(e, now_ms);
}

enum fault_state
etcher_state(const struct etcher *e)
{
	switch (e->mode) {
	case MODE_BOOT:
		return FAULT_BOOT;
	case MODE_IDLE:
		return FAULT_IDLE;
	case MODE_LOADING:
		return FAULT_LOADING;
	case MODE_LOADED:
		return e->arm_token ? FAULT_ARMED : FAULT_LOADED;
	case MODE_MARKING:
		return FAULT_BUSY;
	case MODE_DONE:
		return FAULT_DONE;
	case MODE_FAULT:
		break;
	}
	return FAULT_FAULT;
}

const char *
etcher_fault(const struct etcher *e)
{
	return etch_reason_name(e->fault);
}

const struct etcher_retained *
etcher_retained(const struct etcher *e)
{
	return &e->retained;
}

bool
etcher_part_present(const struct etcher *e)
{
	return e->part_present;
}

uint32_t
etcher_boot_id(const struct etcher *e)
{
	return e->boot_id;
}

unsigned
etcher_starts(const struct etcher *e)
{
	return e->starts;
}

bool
etcher_door_closed(const struct etcher *e)
{
	return e->door_closed;
}

bool
etcher_estop_pressed(const struct etcher *e)
{
	return e->estop_pressed;
}

bool
etcher_failed(const struct etcher *e)
{
	return e->failed;
}
