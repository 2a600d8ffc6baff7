/* SPDX-License-Identifier: MIT */
/*
 * What the daemon says to the journal (or, when stderr is not the journal, to
 * stderr): one function a kind of event, each with a MESSAGE_ID of its own and a fixed
 * text.  What goes into the fields are names and numbers that were checked before;
 * never the text of a device, a row, a passphrase, a code or an address.
 */
#ifndef KEYLINE_DAEMON_LOG_H
#define KEYLINE_DAEMON_LOG_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum log_event {
	LOG_STARTED,
	LOG_STOPPING,
	LOG_STOPPED,
	LOG_START_FAILED,
	LOG_CONFIG_FAULT,
	LOG_COMMAND,
	LOG_STATION_STATE,
	LOG_STATION_FAULT,
	LOG_STATION_ACKNOWLEDGED,
	LOG_SCAN_IGNORED,
	LOG_OPERATOR,
	LOG_DRIVER_STARTED,
	LOG_DRIVER_ENDED,
	LOG_DRIVER_STDERR,
	LOG_JOB_READY,
	LOG_JOB_STARTED,
	LOG_JOB_DONE,
	LOG_JOB_NOT_DONE,
	LOG_JOB_IN_DOUBT,
	LOG_JOB_LOST,
	LOG_BATCH,
	LOG_WALLET,
	LOG_FILE,
	LOG_WORK_STOPPED,
	LOG_DISK,
	LOG_CLOCK,
	LOG_ERASE,
	LOG_EVENTS
};

/* The fields an event may carry; NULL or 0: absent. */
struct log_fields {
	const char *batch;
	const char *serial;
	const char *station;
	/* who stands there */
	const char *who;
	uint32_t job;
	/* A name of one of our own tables: an error, a fault's code, a state. */
	const char *code;
	const char *detail;
	/* The next step of whoever reads it, whole sentences. */
	const char *action;
};

/* Where lines go; finds out about the journal.  Called once, at start. */
void log_open(void);

/* The host's name (static text, or as long as the process), for KEYLINE_HOST. */
void log_set_host(const char *host);

/* Tells an event with its fixed text. */
void log_event(enum log_event event, const struct log_fields *fields);

/* A command that changes something, who gave it and how it ended. */
void log_command(const char *name, uid_t uid, int exit);

/* A line of configuration faults, as "FILE:LINE: ..." */
void log_config_fault(const char *text);

/* What systemd/keyline.catalog must have: the MESSAGE_ID and text of an event. */
const char *log_message_id(enum log_event event);
const char *log_message_text(enum log_event event);

#endif
