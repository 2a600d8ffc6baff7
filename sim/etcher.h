/* SPDX-License-Identifier: MIT */
/*
 * The simulated etcher: keyline-etch-profile(5) from the device's side.  Pure: register
 * accesses, interlocks and the clock come in; registers, the laser's acts and what must
 * be kept over a power cut go out.
 */
#ifndef KEYLINE_SIM_ETCHER_H
#define KEYLINE_SIM_ETCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/etch_profile.h"
#include "proto/rng.h"
#include "sim/fault.h"
#include "sim/modbus.h"

struct etcher;

/* What a power cut does not take. */
struct etcher_retained {
	uint32_t counter;
	uint32_t last_marked_job;
	uint32_t last_started_job;
	unsigned char last_started_nonce[ETCH_NONCE_LEN];
	/* the laser may be on */
	bool marking;
};

/* One act of the laser. */
struct etcher_act {
	uint32_t job;
	/* before the act */
	uint32_t counter;
	/* the job's data, and how many of its records were marked */
	const unsigned char *data;
	size_t len;
	uint32_t records;
	/* at its end: was it marked to the end, else the reason's name */
	bool whole;
	const char *reason;
};

/* The world around the device.  A function that fails ends the device: etcher_failed().
 */
struct etcher_world {
	void *context;
	/* Must be durable when it returns 0. */
	int (*retain)(void *context, const struct etcher_retained *retained);
	/* The laser goes on, was switched off. */
	int (*laser_on)(void *context, const struct etcher_act *act);
	int (*laser_off)(void *context, const struct etcher_act *act);
	struct rng rng;
};

struct etcher_settings {
	const struct etch_profile *profile;
	/* at most ETCH_SERIAL_MAX characters */
	const char *serial;
	/* the time of a mark; 0: as the records' lengths and speeds have it */
	uint32_t mark_ms;
};

/*
 * Powers the device on.  profile and serial must outlive it; faults is asked whenever
 * something could go wrong.  NULL: no memory or no random bytes.
 */
struct etcher *etcher_new(const struct etcher_settings *settings,
	const struct etcher_world *world, struct fault_set *faults,
	const struct etcher_retained *retained, int64_t now_ms);
void etcher_free(struct etcher *etcher);

/* Does what is due by the clock; to be called every 10 ms or so. */
void etcher_tick(struct etcher *etcher, int64_t now_ms);

/*
 * Does a register access; reads fill access->values.  Returns 0 or the exception that
 * refuses it: addresses outside the map, writing to what the device publishes.
 */
int etcher_access(struct etcher *etcher, struct modbus_access *access, int64_t now_ms);

/* Does the access touch the item's addresses?  A bit: does it raise it? */
bool etcher_touches(const struct etcher *etcher, const struct modbus_access *access,
	enum etch_item item);

/* The interlocks.  The machine starts with the door closed and without a part. */
void etcher_door(struct etcher *etcher, bool closed, int64_t now_ms);
void etcher_estop(struct etcher *etcher, bool pressed, int64_t now_ms);
void etcher_part(struct etcher *etcher, bool present, int64_t now_ms);

/* What may break. */
void etcher_source(struct etcher *etcher, bool broken, int64_t now_ms);
void etcher_scanner(struct etcher *etcher, bool broken, int64_t now_ms);
/* The controller's program stops, its Modbus side goes on answering what it had. */
void etcher_freeze(struct etcher *etcher, bool frozen, int64_t now_ms);
/* Loses all but the retained items and boots. */
void etcher_reset(struct etcher *etcher, int64_t now_ms);
void etcher_rename(struct etcher *etcher, const char *serial);
void etcher_set_counter(struct etcher *etcher, uint32_t counter, int64_t now_ms);

enum fault_state etcher_state(const struct etcher *etcher);
/* The name of the latched fault's reason; "none". */
const char *etcher_fault(const struct etcher *etcher);
const struct etcher_retained *etcher_retained(const struct etcher *etcher);
bool etcher_part_present(const struct etcher *etcher);
bool etcher_door_closed(const struct etcher *etcher);
bool etcher_estop_pressed(const struct etcher *etcher);
/* START edges since power on, those that were refused too. */
unsigned etcher_starts(const struct etcher *etcher);
/* Of this start of the controller; never 0. */
uint32_t etcher_boot_id(const struct etcher *etcher);
/* Has a function of the world failed?  Then the device stands still. */
bool etcher_failed(const struct etcher *etcher);

#endif
