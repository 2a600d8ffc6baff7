/* SPDX-License-Identifier: MIT */
/* The inside of the simulated etcher, for its own files only. */
#ifndef KEYLINE_SIM_ETCHER_STATE_H
#define KEYLINE_SIM_ETCHER_STATE_H

#include "proto/etch_image.h"
#include "sim/etcher.h"

enum etcher_step {
	/* waiting for zeros, then for the echo */
	STEP_ZEROS,
	STEP_ECHO,
	STEP_UP
};

/* ARMED is LOADED with an arming; see etcher_state(). */
enum etcher_mode {
	MODE_BOOT,
	MODE_IDLE,
	MODE_LOADING,
	MODE_LOADED,
	MODE_MARKING,
	MODE_DONE,
	MODE_FAULT
};

struct etcher_job {
	uint32_t id;
	unsigned char nonce[ETCH_NONCE_LEN];
	/* registers: of the whole job, taken so far */
	uint16_t length, accepted;
	uint16_t sequence;
};

struct etcher {
	const struct etch_profile *profile;
	struct etcher_world world;
	struct fault_set *faults;
	struct etcher_retained retained;
	uint32_t mark_ms;
	char serial[ETCH_SERIAL_MAX + 1];
	bool failed;
	/* START edges since power on, refused ones too */
	unsigned starts;

	/* the tables as Modbus sees them; who owns each address */
	struct etch_image image;
	uint32_t extent[ETCH_TABLES];
	unsigned char *owner[ETCH_TABLES];

	enum etcher_mode mode;
	enum etcher_step step;
	uint32_t boot_id;
	bool frozen;
	bool door_closed, estop_pressed, part_present;
	bool source_broken, scanner_broken;

	uint16_t heartbeat;
	int64_t heartbeat_at;
	uint16_t host_heartbeat;
	int64_t host_at;
	bool alive;

	/* bits by the order of the commands */
	unsigned commands, mirrors;
	enum etch_reason result;
	enum etch_reason fault;

	struct etcher_job job;
	unsigned char *buffer;
	size_t buffer_len;
	/* what the device says of it */
	bool erased;
	unsigned char code[ETCH_CODE_LEN];

	uint32_t arm_token;
	int64_t arm_until;
	bool arm_expired;

	/* the mark in progress: since when, how long, how many records */
	int64_t mark_at;
	uint32_t mark_for;
	uint32_t mark_records;
	uint16_t mark_len;
	bool laser_is_on;
	uint32_t progress;
	uint32_t marked_job;
	bool mark_again;
	int64_t break_at;
};

/* etcher_map.c: the registers. */
int etcher_map_init(struct etcher *e);
void etcher_map_clear(struct etcher *e);
void etcher_map_free(struct etcher *e);
/* The host's items as they stand. */
uint32_t etcher_get(const struct etcher *e, enum etch_item item);
/* Publishes all that the device shows. */
void etcher_publish(struct etcher *e, int64_t now_ms);

/* etcher_job.c: the job buffer. */
void etcher_job_take(struct etcher *e);
void etcher_job_chunk(struct etcher *e);
enum etch_reason etcher_job_commit(struct etcher *e);
/* Zeroes the buffer alone; the job with all that is shown of it. */
void etcher_job_wipe(struct etcher *e);
void etcher_job_drop(struct etcher *e);

/* etcher_command.c: the boot handshake and the commands. */
void etcher_command_step(struct etcher *e, int64_t now_ms);

/* etcher_mark.c: the laser. */
bool etcher_laser_enabled(const struct etcher *e);
/* What keeps the laser from going on, in the order of the page; none. */
enum etch_reason etcher_interlock(const struct etcher *e);
void etcher_mark_begin(struct etcher *e, int64_t now_ms);
void etcher_mark_step(struct etcher *e, int64_t now_ms);
/* Stops a mark in progress and latches the reason. */
void etcher_mark_stop(struct etcher *e, enum etch_reason reason, int64_t now_ms);
/* Switches the laser off and tells nobody in the device. */
void etcher_mark_cut(struct etcher *e, enum etch_reason reason);
void etcher_disarm(struct etcher *e);
/* Keeps the retained items; a failure ends the device. */
void etcher_keep(struct etcher *e);

/* etcher.c: one cycle of the controller's program. */
void etcher_step(struct etcher *e, int64_t now_ms);
/* Not 0. */
uint32_t etcher_random(struct etcher *e);
/* Does a quirk strike now? */
bool etcher_quirk(const struct etcher *e, enum fault_name name);

#endif
