/* SPDX-License-Identifier: MIT */
/*
 * A station from inside; for the station_*.c files alone.
 *
 * Recipes are called only from station_turn(), from a driver's lines and ends, and
 * from commands: never from within what a recipe has called.  What changes there is
 * marked, and station_wake() brings it to the next turn of the loop.
 */
#ifndef KEYLINE_DAEMON_STATION_INNER_H
#define KEYLINE_DAEMON_STATION_INNER_H

#include "daemon/driver.h"
#include "daemon/fault.h"
#include "daemon/log.h"
#include "daemon/shift.h"
#include "daemon/station.h"
#include "proto/packml.h"
#include <time.h>

enum {
	STATION_CYCLES = 20,
	STATION_SERIAL_MAX = 20,
	/* a job's number in decimal */
	STATION_JOB_TEXT = 16,
	/* station, '/', operator and a NUL */
	STATION_ACTOR_SIZE = SETTINGS_STATION_MAX + 1 + OPERATOR_NAME_SIZE
};

/* Where the outstanding job stands. */
enum job_phase {
	JOB_NONE,
	JOB_QUEUED,     /* kept until the driver is up */
	JOB_LOADING,    /* load is written */
	JOB_READY,      /* read back; waits for station_start() */
	JOB_CANCELLING, /* cancel is written */
	JOB_RUNNING,    /* start is written: in doubt */
	JOB_QUERY_QUEUED,
	JOB_QUERYING
};

struct station_work {
	enum job_phase phase;
	uint32_t number;
	bool is_setup;
	/* the load line until it is written */
	struct secret *line;
	unsigned char digest[LINE_DIGEST_LEN];
	uint64_t counter;
	/* of the device's last mark, 0: not told */
	uint32_t last_job;
	/* which start of the device's controller this is, 0: not told */
	uint32_t boot;
	/* the recipe has called station_cancel(); why */
	bool is_given_up;
	const char *give_up_code;
	/* what on_refused will tell after cancel */
	const char *cancel_code;
	struct station_job calls;
	struct station_query query;
	/* the ended line of a query */
	char query_line[256];
	size_t query_len;
};

/* What a driver says about itself and its device. */
struct station_link {
	/* a status came once; a driver of one job may be between two runs since */
	bool is_known;
	/* a status came since the last hello */
	bool is_fresh;
	/* what is wrong, NULL: ready */
	const struct fault *fault;
	/* since when */
	time_t fault_since;
	/* what is so while it is ready ("door-open"), NULL: nothing */
	const struct fault *condition;
	/* the cause of the fault is gone; the device keeps it until a person says so */
	bool is_latched;
	/* a person has: `acknowledge' is written, and not answered yet */
	bool is_acknowledging;
	/* the driver of one job has ended as it should; it comes again */
	bool is_resting;
	uint64_t ok;
	uint64_t errors;
	uint64_t retries;
	uint64_t latency_us;
};

struct station_cycles {
	uint64_t begun_ms;
	bool is_running;
	unsigned last_ms;
	unsigned ring[STATION_CYCLES];
	size_t count;
};

struct station {
	struct station_set *set;
	const struct settings_station *settings;
	const struct recipe *recipe;
	void *data;
	enum packml_state state;
	/* why it does not execute; NULL in Execute and on the way there */
	const struct fault *reason;
	time_t since;
	/* since when that reason stands, and whether it is of the device's status: then one
	 * can see when it is over */
	time_t reason_since;
	bool reason_is_device;
	/* what two persons have settled here, told until the station is let on; NULL: nothing */
	const struct fault *settled;
	time_t settled_at;
	/* Stopped -> (reset) -> Idle -> Execute by one command */
	bool starts_after_reset;
	bool suspended_by_person;
	bool in_setup;
	/* what the recipe has been told */
	bool told_execute;
	bool told_up;
	struct driver *device;
	struct driver *scanner;
	struct station_link link;
	struct station_link scanner_link;
	/* why the last scan in Execute was not taken; NULL: it was */
	const struct fault *bad_scan;
	time_t bad_scan_at;
	struct station_work job;
	uv_timer_t deadline;
	/* the newest job that the device's driver said to have started; 0: none yet */
	uint32_t begun;
	struct station_cycles cycles;
	/* a typed scan: its recipe has asked to wait; who is told in the end */
	bool typed_is_given;
	bool typed_waits;
	void (*typed_end)(void *context, struct station *station);
	void *typed_context;
	/* scans that the recipe was given */
	unsigned scans;
	/* those that could not be read or were not taken */
	unsigned bad_scans;
	unsigned good;
	unsigned spoiled;
	char wallet[STATION_SERIAL_MAX + 1];
	struct shift shift;
	/* as events name it: "laser1/anna", "laser1" */
	char actor[STATION_ACTOR_SIZE];
};

struct station_set {
	uv_loop_t *loop;
	const struct settings *settings;
	void *line;
	struct station *stations;
	size_t count;
	/* what keeps all of them from new work, NULL: nothing */
	const struct fault *bar;
	uv_idle_t turn;
	/* How long a stop waits for jobs that run. */
	uv_timer_t patience;
	/* while handles are being closed */
	size_t open_handles;
	size_t open_drivers;
	bool is_stopping;
	bool is_closing;
	void (*done)(void *context);
	void *done_context;
};

/* station_set.c */
/* Brings the set's next turn. */
void station_wake(struct station *station);

/* station.c */
bool station_has_device(const struct station *station);
/* What is wrong with the device; NULL: nothing, or it is busy with our job or with
 * what our job waits for. */
const struct fault *station_link_fault(const struct station *station);

/* Whether the next command of a person acknowledges the device's fault; does that.  A
 * fault that stays holds the station again. */
bool station_can_acknowledge(const struct station *station);
void station_acknowledge(struct station *station);

/* Whether the device can be asked about a job: it is ready, or keeps a fault whose cause
 * is over. */
bool station_answers(const struct station *station);
/* Whether the device says that it works for somebody. */
bool station_link_is_busy(const struct station_link *link);
/* What a queued job waits for, for all to see; NULL: for nothing unusual. */
const struct fault *station_waits_for(const struct station *station);
/* Whether jobs are let on in this state: those of setup also where no other runs. */
bool station_may_work(const struct station *station, bool is_setup);

/* A fault of the link in place of the one before: when it is another one, since now. */
void station_link_set_fault(struct station_link *link, const struct fault *fault);
/* The reason of a device that reports it no longer. */
bool station_reason_is_over(const struct station *station);

/* station_machine.c */
/* Another reason in the state that is. */
void station_set_reason(struct station *station, const struct fault *reason);
/* A command of the state model, with the reason for where it leads (NULL: none).
 * Returns 0 or KE_BAD_STATE. */
KEYLINE_WARN_UNUSED int station_command(
	struct station *station, enum packml_command command, const struct fault *reason);
/* What a fault of the device or of the line does to a station by itself.  Returns false
 * when it changes nothing. */
bool station_fault_apply(struct station *station, const struct fault *fault);
/* Goes on with everything that has changed. */
void station_turn(struct station *station);
/* The device has a fault or has lost one: holds, suspends, aborts, goes on. */
void station_link_changed(struct station *station);

/* What bars the way to Execute, by the line or by the recipe; NULL: nothing does. */
const struct fault *station_bar(const struct station *station);

/* station_order.c: what a person commands.  *why is a fault that stands in the way, or
 * NULL.  Returns 0 or KE_BAD_STATE. */
KEYLINE_WARN_UNUSED int station_order(
	struct station *station, enum packml_command command, const struct fault **why);
KEYLINE_WARN_UNUSED int station_order_check(const struct station *station,
	enum packml_command command, const struct fault **why);
/* Return 0, KE_NOT_FOUND (this kind has no such thing), KE_BAD_STATE, or what the
 * recipe says. */
KEYLINE_WARN_UNUSED int station_setup(struct station *station);
/* What of the device stands against a setup part; NULL: nothing. */
const struct fault *station_setup_fault(const struct station *station);
/* Whether setup text, or a scan typed by a person, would be taken at all. */
KEYLINE_WARN_UNUSED int station_setup_check(const struct station *station);
KEYLINE_WARN_UNUSED int station_typed_check(const struct station *station);
/* end is called in station_typed() or later when it returns 0, and only then: what came of
 * the scan shows in the station. */
KEYLINE_WARN_UNUSED int station_typed(struct station *station, const char *serial,
	const char *address_end, void (*end)(void *context, struct station *station),
	void *context);

/* station_device.c */
/* A line of the device's driver. */
void station_device_line(void *context, const struct line *line);
void station_device_up(void *context);
void station_device_down(void *context, const char *code);

/* station_job_end.c: each ends the job, logs why, and calls the recipe. */
/* The job is over; what it was is returned for the last callback. */
struct station_work station_job_end(struct station *station);
/* Nothing was marked; it was not, though it was started; nobody knows. */
void station_job_refuse(struct station *station, const char *code);
void station_job_fail(struct station *station, const char *code);
void station_job_doubt(struct station *station, const char *code);
void station_query_unknown(struct station *station, const char *code);
/* Whatever is outstanding, because driver or device is lost. */
void station_job_lose(struct station *station, const char *code);
/* Its driver hangs or does not keep to the protocol: ends both. */
void station_job_break(struct station *station, const char *code);
void station_job_log(
	const struct station *station, enum log_event event, const char *code);

/* station_job.c */
/* Gives up what was not started, because of code; true when no job is outstanding
 * that could still mark. */
bool station_job_settle(struct station *station, const char *code);
/* The driver is up and its device ready: sends what is queued. */
void station_job_send_queued(struct station *station);

/* station_scan.c */
void station_scanner_line(void *context, const struct line *line);
void station_scanner_up(void *context);
void station_scanner_down(void *context, const char *code);

/* station_drivers.c: starts what the kind of station needs. */
KEYLINE_WARN_UNUSED int station_drivers_start(struct station *station);

/* A status line into link.  Returns false when it is not one. */
bool station_link_read(struct station_link *link, const struct line *line);

#endif
