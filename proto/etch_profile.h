/* SPDX-License-Identifier: MIT */
/*
 * The Modbus register map of an etcher as data: keyline-etch-profile(5).  The driver
 * and the simulator know items by name only; where an item lies is the profile's.
 */
#ifndef KEYLINE_PROTO_ETCH_PROFILE_H
#define KEYLINE_PROTO_ETCH_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

enum etch_table { ETCH_HOLDING, ETCH_INPUT, ETCH_COIL, ETCH_DISCRETE, ETCH_TABLES };

/* How an item's content is read. */
enum etch_kind {
	ETCH_BIT,   /* a bit of a register, a coil or a discrete input */
	ETCH_U16,   /* one register */
	ETCH_U32,   /* two registers in the profile's word order */
	ETCH_BYTES, /* registers of two bytes each, high byte first, ascending */
};

/*
 * X(constant, section, key, kind, registers, 1 when the host writes it)
 * Registers 0: the length is a limit of the profile.
 */
#define ETCH_ITEM_LIST(X)                                                            \
	X(ETCH_MAGIC, "identity", "magic", ETCH_U32, 2, 0)                           \
	X(ETCH_MAP_VERSION, "identity", "map-version", ETCH_U16, 1, 0)               \
	X(ETCH_DEVICE_SERIAL, "identity", "device-serial", ETCH_BYTES, 8, 0)         \
	X(ETCH_FIRMWARE, "identity", "firmware", ETCH_BYTES, 4, 0)                   \
	X(ETCH_BOOT_ID, "identity", "boot-id", ETCH_U32, 2, 0)                       \
	X(ETCH_HEARTBEAT, "status", "heartbeat", ETCH_U16, 1, 0)                     \
	X(ETCH_HEARTBEAT_ECHO, "status", "heartbeat-echo", ETCH_U16, 1, 0)           \
	X(ETCH_WAITING, "status", "waiting", ETCH_BIT, 1, 0)                         \
	X(ETCH_READY, "status", "ready", ETCH_BIT, 1, 0)                             \
	X(ETCH_LOADING, "status", "loading", ETCH_BIT, 1, 0)                         \
	X(ETCH_LOADED, "status", "loaded", ETCH_BIT, 1, 0)                           \
	X(ETCH_ARMED, "status", "armed", ETCH_BIT, 1, 0)                             \
	X(ETCH_BUSY, "status", "busy", ETCH_BIT, 1, 0)                               \
	X(ETCH_DONE, "status", "done", ETCH_BIT, 1, 0)                               \
	X(ETCH_FAULT, "status", "fault", ETCH_BIT, 1, 0)                             \
	X(ETCH_ERASED, "status", "erased", ETCH_BIT, 1, 0)                           \
	X(ETCH_DOOR_CLOSED, "status", "door-closed", ETCH_BIT, 1, 0)                 \
	X(ETCH_ESTOP_OK, "status", "estop-ok", ETCH_BIT, 1, 0)                       \
	X(ETCH_PART_PRESENT, "status", "part-present", ETCH_BIT, 1, 0)               \
	X(ETCH_LASER_ENABLED, "status", "laser-enabled", ETCH_BIT, 1, 0)             \
	X(ETCH_MIRROR_LOAD_BEGIN, "status", "mirror-load-begin", ETCH_BIT, 1, 0)     \
	X(ETCH_MIRROR_LOAD_COMMIT, "status", "mirror-load-commit", ETCH_BIT, 1, 0)   \
	X(ETCH_MIRROR_ARM, "status", "mirror-arm", ETCH_BIT, 1, 0)                   \
	X(ETCH_MIRROR_START, "status", "mirror-start", ETCH_BIT, 1, 0)               \
	X(ETCH_MIRROR_ERASE, "status", "mirror-erase", ETCH_BIT, 1, 0)               \
	X(ETCH_MIRROR_ACK_FAULT, "status", "mirror-ack-fault", ETCH_BIT, 1, 0)       \
	X(ETCH_MIRROR_CANCEL, "status", "mirror-cancel", ETCH_BIT, 1, 0)             \
	X(ETCH_RESULT, "status", "result", ETCH_U16, 1, 0)                           \
	X(ETCH_FAULT_CODE, "status", "fault-code", ETCH_U16, 1, 0)                   \
	X(ETCH_ACCEPTED_SEQUENCE, "status", "accepted-sequence", ETCH_U16, 1, 0)     \
	X(ETCH_ACCEPTED_REGISTERS, "status", "accepted-registers", ETCH_U16, 1, 0)   \
	X(ETCH_LOADED_JOB, "status", "loaded-job", ETCH_U32, 2, 0)                   \
	X(ETCH_ARM_TOKEN, "status", "arm-token", ETCH_U32, 2, 0)                     \
	X(ETCH_ARM_REMAINING, "status", "arm-remaining", ETCH_U16, 1, 0)             \
	X(ETCH_PROGRESS, "status", "progress", ETCH_U16, 1, 0)                       \
	X(ETCH_MARKED_COUNTER, "status", "marked-counter", ETCH_U32, 2, 0)           \
	X(ETCH_LAST_MARKED_JOB, "status", "last-marked-job", ETCH_U32, 2, 0)         \
	X(ETCH_LAST_STARTED_JOB, "status", "last-started-job", ETCH_U32, 2, 0)       \
	X(ETCH_LAST_STARTED_NONCE, "status", "last-started-nonce", ETCH_BYTES, 4, 0) \
	X(ETCH_CODE, "status", "code", ETCH_BYTES, 8, 0)                             \
	X(ETCH_READBACK_JOB, "readback", "readback-job", ETCH_U32, 2, 0)             \
	X(ETCH_READBACK_AT, "readback", "readback-at", ETCH_U16, 1, 0)               \
	X(ETCH_READBACK_COUNT, "readback", "readback-count", ETCH_U16, 1, 0)         \
	X(ETCH_READBACK_DATA, "readback", "readback-data", ETCH_BYTES, 0, 0)         \
	X(ETCH_READBACK_OFFSET, "readback", "readback-offset", ETCH_U16, 1, 1)       \
	X(ETCH_HOST_HEARTBEAT, "command", "host-heartbeat", ETCH_U16, 1, 1)          \
	X(ETCH_BOOT_ECHO, "command", "boot-echo", ETCH_U32, 2, 1)                    \
	X(ETCH_COMMAND_JOB, "command", "command-job", ETCH_U32, 2, 1)                \
	X(ETCH_START_TOKEN, "command", "start-token", ETCH_U32, 2, 1)                \
	X(ETCH_LOAD_BEGIN, "command", "load-begin", ETCH_BIT, 1, 1)                  \
	X(ETCH_LOAD_COMMIT, "command", "load-commit", ETCH_BIT, 1, 1)                \
	X(ETCH_ARM, "command", "arm", ETCH_BIT, 1, 1)                                \
	X(ETCH_START, "command", "start", ETCH_BIT, 1, 1)                            \
	X(ETCH_ERASE, "command", "erase", ETCH_BIT, 1, 1)                            \
	X(ETCH_ACK_FAULT, "command", "ack-fault", ETCH_BIT, 1, 1)                    \
	X(ETCH_CANCEL, "command", "cancel", ETCH_BIT, 1, 1)                          \
	X(ETCH_JOB_ID, "job", "job-id", ETCH_U32, 2, 1)                              \
	X(ETCH_JOB_NONCE, "job", "job-nonce", ETCH_BYTES, 4, 1)                      \
	X(ETCH_JOB_LENGTH, "job", "job-length", ETCH_U16, 1, 1)                      \
	X(ETCH_CHUNK_JOB, "chunk", "chunk-job", ETCH_U32, 2, 1)                      \
	X(ETCH_CHUNK_SEQUENCE, "chunk", "chunk-sequence", ETCH_U16, 1, 1)            \
	X(ETCH_CHUNK_COUNT, "chunk", "chunk-count", ETCH_U16, 1, 1)                  \
	X(ETCH_CHUNK_DATA, "chunk", "chunk-data", ETCH_BYTES, 0, 1)

enum etch_item {
#define X(constant, section, key, kind, registers, host) constant,
	ETCH_ITEM_LIST(X)
#undef X
		ETCH_ITEMS
};

/* The commands in the order of their bits and of their mirrors. */
enum {
	ETCH_COMMANDS = ETCH_CANCEL - ETCH_LOAD_BEGIN + 1,
	ETCH_MIRROR_OF_COMMAND = ETCH_MIRROR_LOAD_BEGIN - ETCH_LOAD_BEGIN
};

/*
 * What `result` and `fault-code` say; the profile gives each its number on the wire.
 * X(constant, name, default number)
 */
#define ETCH_REASON_LIST(X)                                \
	X(ETCH_REASON_NONE, "none", 0)                     \
	X(ETCH_REASON_DOOR_OPEN, "door-open", 1)           \
	X(ETCH_REASON_E_STOP, "e-stop", 2)                 \
	X(ETCH_REASON_NO_PART, "no-part", 3)               \
	X(ETCH_REASON_LASER_OFF, "laser-off", 4)           \
	X(ETCH_REASON_LASER_SOURCE, "laser-source", 5)     \
	X(ETCH_REASON_SCANNER, "scanner", 6)               \
	X(ETCH_REASON_HEARTBEAT_LOST, "heartbeat-lost", 7) \
	X(ETCH_REASON_POWER_LOST, "power-lost", 8)         \
	X(ETCH_REASON_CANCELLED, "cancelled", 9)           \
	X(ETCH_REASON_NOT_READY, "not-ready", 16)          \
	X(ETCH_REASON_BUSY, "busy", 17)                    \
	X(ETCH_REASON_FAULT_LATCHED, "fault-latched", 18)  \
	X(ETCH_REASON_NOT_ERASED, "not-erased", 19)        \
	X(ETCH_REASON_BAD_LENGTH, "bad-length", 20)        \
	X(ETCH_REASON_INCOMPLETE, "incomplete", 21)        \
	X(ETCH_REASON_BAD_DATA, "bad-data", 22)            \
	X(ETCH_REASON_NOT_LOADED, "not-loaded", 23)        \
	X(ETCH_REASON_WRONG_JOB, "wrong-job", 24)          \
	X(ETCH_REASON_JOB_USED, "job-used", 25)            \
	X(ETCH_REASON_NOT_ARMED, "not-armed", 26)          \
	X(ETCH_REASON_ARM_EXPIRED, "arm-expired", 27)      \
	X(ETCH_REASON_WRONG_TOKEN, "wrong-token", 28)      \
	X(ETCH_REASON_CAUSE_PRESENT, "cause-present", 29)

enum etch_reason {
#define X(constant, name, number) constant,
	ETCH_REASON_LIST(X)
#undef X
		ETCH_REASONS
};

enum {
	ETCH_MAGIC_VALUE = 0x4b4c4554, /* "KLET" */
	ETCH_MAP_VERSION_VALUE = 1,
	ETCH_READ_MAX = 125,  /* registers a Modbus read carries */
	ETCH_WRITE_MAX = 123, /* registers a Modbus write carries */
	ETCH_NONCE_LEN = 8,
	ETCH_SERIAL_MAX = 16
};

/* Where an item lies.  count: addresses it takes; bit: 0..15, of a register only. */
struct etch_place {
	enum etch_table table;
	uint16_t address;
	uint16_t count;
	uint16_t bit;
};

struct etch_limits {
	uint16_t chunk_registers;    /* data of one chunk */
	uint16_t readback_registers; /* data of the read-back window */
	uint16_t job_registers;      /* what the device's job buffer holds */
};

/* All in milliseconds. */
struct etch_timing {
	uint32_t heartbeat;    /* the host's heartbeat changes at least this often */
	uint32_t host_timeout; /* after which the device takes the host for gone */
	uint32_t response;     /* a reply that is later than this is late */
	uint32_t late_window;  /* after an error: silence before the flush */
	uint32_t mirror_limit; /* from a command's edge to its mirror */
	uint32_t arm_expiry;   /* an arming that is older is void */
	uint32_t busy_limit;   /* the longest mark */
	uint32_t erase_limit;  /* the longest erase */
};

/* Lengths in micrometres; the field's origin is its lower left corner. */
struct etch_field {
	uint32_t width, height;              /* the marking field */
	uint16_t scale;                      /* micrometres a count of a record */
	uint32_t text_height, serial_height; /* of a capital letter, at most */
};

struct etch_mark {
	uint16_t passes;
	uint16_t speed; /* millimetres a second */
	uint16_t power; /* class 0..15 */
};

struct etch_profile {
	bool low_word_first;
	struct etch_place places[ETCH_ITEMS];
	struct etch_limits limits;
	struct etch_timing timing;
	struct etch_field field;
	struct etch_mark mark;
	uint16_t reasons[ETCH_REASONS];
};

/* What is wrong, in which line (0: in the whole). */
struct etch_profile_error {
	unsigned line;
	char text[120];
};

/*
 * Parses and validates a profile: every item present once, none overlapping, the
 * groups that are moved in one request contiguous, limits within Modbus's.
 * Returns 0, or KE_BAD_PROFILE with error filled in.
 */
KEYLINE_WARN_UNUSED int etch_profile_parse(struct etch_profile *out,
	struct etch_profile_error *error, const char *text, size_t len);

/* A stretch of one table that one request moves. */
struct etch_span {
	enum etch_table table;
	uint16_t address;
	uint16_t count;
};

/*
 * The stretch that holds the registers of the items from first to last (bits that lie
 * elsewhere aside); one of the groups of keyline-etch-profile(5).
 */
struct etch_span etch_profile_span(
	const struct etch_profile *p, enum etch_item first, enum etch_item last);

/* The number of addresses of a table up to the last one that the profile uses. */
uint32_t etch_profile_extent(const struct etch_profile *p, enum etch_table table);

/* An item's key ("door-closed") and kind; whether the host writes it. */
const char *etch_item_name(enum etch_item item);
enum etch_kind etch_item_kind(enum etch_item item);
bool etch_item_is_host(enum etch_item item);

/* A reason's name ("door-open"), and the reason behind a number on the wire: -1 unknown.
 */
const char *etch_reason_name(enum etch_reason reason);
int etch_profile_reason(const struct etch_profile *p, uint16_t number);

#endif
