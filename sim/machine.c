/* SPDX-License-Identifier: MIT */
#include "sim/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The time that a hand takes to change a part on `part next`. */
enum { HAND_MS = 300 };

struct machine {
	struct machine_settings settings;
	struct keeper *keeper;
	struct etcher *etcher;
	struct fault_set faults;
	/* since when the part is to be taken out, when the next one comes in; -1: never
	 */
	int64_t take_at, put_at;
	int64_t off_until;
	bool failed;
};

int
machine_new(
	struct machine **machine, const struct machine_settings *settings, int64_t now_ms)
{
	struct machine *m = calloc(1, sizeof *m);
	struct etcher_retained retained;
	struct etcher_settings device = {
		settings->profile, settings->serial, settings->mark_ms};
	struct etcher_world world = {
		NULL, keeper_retain, keeper_laser_on, keeper_laser_off, settings->rng};
	int error;

	if (!m)
		return KE_NO_MEMORY;
	m->settings = *settings;
	m->put_at = -1;
	error = keeper_open(&m->keeper, &retained, settings->out, settings->state,
		settings->pictures);
	if (!error && settings->auto_part && !keeper_part_present(m->keeper))
		error = keeper_put_in(m->keeper);
	if (!error) {
		world.context = m->keeper;
		m->etcher = etcher_new(&device, &world, &m->faults, &retained, now_ms);
		error = m->etcher ? 0 : KE_NO_MEMORY;
	}
	if (error) {
		machine_free(m);
		return error;
	}
	etcher_part(m->etcher, keeper_part_present(m->keeper), now_ms);
	*machine = m;
	return 0;
}

void
machine_free(struct machine *m)
{
	if (!m)
		return;
	etcher_free(m->etcher);
	keeper_free(m->keeper);
	free(m);
}

static void
put_in(struct machine *m, int64_t now_ms)
{
	if (keeper_put_in(m->keeper) != 0)
		m->failed = true;
	etcher_part(m->etcher, true, now_ms);
	m->put_at = -1;
}

static void
take_out(struct machine *m, int64_t now_ms)
{
	/* the device first: a mark in progress stops on this part */
	etcher_part(m->etcher, false, now_ms);
	if (keeper_take_out(m->keeper) != 0)
		m->failed = true;
}

/*
 * A part that was marked goes as soon as the device rests, so that whoever looks at
 * part-present after done never sees the marked one.
 */
static void
mind_fixture(struct machine *m, int64_t now_ms)
{
	enum fault_state state = etcher_state(m->etcher);
	bool rests = state != FAULT_BUSY && state != FAULT_FAULT && !m->off_until;

	if (m->settings.auto_part && keeper_part_present(m->keeper) &&
		keeper_part_used(m->keeper) && rests) {
		take_out(m, now_ms);
		m->put_at = now_ms + m->settings.hand_ms;
	}
	if (m->put_at >= 0 && now_ms >= m->put_at)
		put_in(m, now_ms);
}

/* 0: off, 1: on, 2: next, as in FAULT_LIST. */
static void
do_part(struct machine *m, uint32_t what, int64_t now_ms)
{
	m->put_at = -1;
	if (what != 1 && keeper_part_present(m->keeper))
		take_out(m, now_ms);
	if (what == 1 && !keeper_part_present(m->keeper))
		put_in(m, now_ms);
	if (what == 2)
		m->put_at = now_ms + HAND_MS;
}

static void
do_power_off(struct machine *m, uint32_t ms, int64_t now_ms)
{
	etcher_reset(m->etcher, now_ms);
	m->off_until = now_ms + ms;
}

static void
do_counter(struct machine *m, int64_t step, int64_t now_ms)
{
	int64_t counter = (int64_t)etcher_retained(m->etcher)->counter + step;

	etcher_set_counter(m->etcher, (uint32_t)(counter < 0 ? 0 : counter), now_ms);
}

/* The name with its last character changed, or the right one again. */
static void
do_other_device(struct machine *m, bool other)
{
	char name[ETCH_SERIAL_MAX + 1];
	size_t len;

	snprintf(name, sizeof name, "%s", m->settings.serial);
	len = strlen(name);
	if (len && other)
		name[len - 1] = name[len - 1] == 'X' ? 'Y' : 'X';
	etcher_rename(m->etcher, name);
}

static void
act(struct machine *m, const struct fault *fault, int64_t now_ms)
{
	uint32_t value = fault->value;

	if (fault->name == FAULT_DOOR)
		etcher_door(m->etcher, value == 0, now_ms);
	else if (fault->name == FAULT_ESTOP)
		etcher_estop(m->etcher, value != 0, now_ms);
	else if (fault->name == FAULT_PART)
		do_part(m, value, now_ms);
	else if (fault->name == FAULT_RESET)
		etcher_reset(m->etcher, now_ms);
	else if (fault->name == FAULT_POWER_OFF)
		do_power_off(m, value, now_ms);
	else if (fault->name == FAULT_SOURCE)
		etcher_source(m->etcher, value != 0, now_ms);
	else if (fault->name == FAULT_SCANNER)
		etcher_scanner(m->etcher, value != 0, now_ms);
	else if (fault->name == FAULT_COUNTER_JUMP)
		do_counter(m, value, now_ms);
	else if (fault->name == FAULT_COUNTER_BACK)
		do_counter(m, -(int64_t)value, now_ms);
	else if (fault->name == FAULT_OTHER_DEVICE)
		do_other_device(m, value != 0);
	else if (fault->name == FAULT_FREEZE)
		etcher_freeze(m->etcher, value != 0, now_ms);
}

/* The actions whose moment this is; they are done afterwards. */
static size_t
due_actions(
	struct fault due[FAULT_MAX], struct machine *m, const struct fault_moment *moment)
{
	size_t count = 0, at = 0;

	while (count < FAULT_MAX &&
		fault_next(&due[count], &at, &m->faults, FAULT_ACTION, moment))
		count++;
	return count;
}

static void
act_all(struct machine *m, const struct fault due[], size_t count, int64_t now_ms)
{
	for (size_t i = 0; i < count; i++)
		act(m, &due[i], now_ms);
}

/*
 * What waits for a state happens before the device goes on: however late we come to look,
 * a state that is not over is not missed.
 */
static void
act_by_state(struct machine *m, int64_t now_ms)
{
	const struct fault_moment moment = {.state = etcher_state(m->etcher)};
	struct fault due[FAULT_MAX];

	act_all(m, due, due_actions(due, m, &moment), now_ms);
}

void
machine_tick(struct machine *m, int64_t now_ms)
{
	if (machine_failed(m))
		return;
	if (m->off_until && now_ms >= m->off_until) {
		m->off_until = 0;
		etcher_reset(m->etcher, now_ms);
	}
	if (!m->off_until) {
		act_by_state(m, now_ms);
		etcher_tick(m->etcher, now_ms);
	}
	mind_fixture(m, now_ms);
}

/* What an access must be seen with: the device, and the access itself. */
struct view {
	const struct etcher *etcher;
	const struct modbus_access *access;
};

static bool
touches(const void *view, enum etch_item item)
{
	const struct view *v = view;

	return etcher_touches(v->etcher, v->access, item);
}

static void
note_effect(struct machine_effects *effects, const struct fault *fault,
	const struct etch_profile *profile)
{
	const struct {
		enum fault_name name;
		bool *flag;
	} flags[] = {
		{FAULT_MUTE, &effects->mute},
		{FAULT_DEAF, &effects->deaf},
		{FAULT_PRETEND, &effects->pretend},
		{FAULT_WRONG_ECHO, &effects->wrong_echo},
		{FAULT_BAD_FRAME, &effects->bad_frame},
		{FAULT_WRONG_UNIT, &effects->wrong_unit},
		{FAULT_SHORT, &effects->cut_short},
		{FAULT_TWICE, &effects->twice},
		{FAULT_STALE, &effects->stale},
		{FAULT_GARBAGE, &effects->garbage},
		{FAULT_DISCONNECT, &effects->disconnect},
		{FAULT_HANG_UP, &effects->hang_up},
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (flags[i].name == fault->name)
			*flags[i].flag = true;
	if (fault->name == FAULT_LATE)
		effects->late_ms = fault->value;
	if (fault->name == FAULT_DRIBBLE)
		effects->gap_ms = fault->value;
	if (fault->name == FAULT_REFUSE)
		effects->refuse = fault->value;
	if (fault->name == FAULT_WRONG_VALUE)
		effects->wrong_value =
			fault->on == FAULT_ANY ? -2 : profile->places[fault->on].address;
}

/* What happens to the request on the wire. */
static void
wire_effects(struct machine_effects *effects, struct machine *m,
	const struct fault_moment *moment)
{
	struct fault struck;
	size_t at = 0;

	memset(effects, 0, sizeof *effects);
	effects->wrong_value = -1;
	while (fault_next(&struck, &at, &m->faults, FAULT_WIRE, moment))
		note_effect(effects, &struck, m->settings.profile);
}

int
machine_access(struct machine_effects *effects, struct machine *m,
	struct modbus_access *access, int64_t now_ms)
{
	const struct view view = {m->etcher, access};
	struct fault_moment moment = {
		.touches = touches, .access = &view, .write = access->write};
	struct fault due[FAULT_MAX];
	size_t count;
	int error;

	if (!m->off_until)
		act_by_state(m, now_ms);
	moment.state = etcher_state(m->etcher);
	wire_effects(effects, m, &moment);
	if (m->off_until)
		effects->deaf = true;
	if (effects->deaf || effects->disconnect || effects->pretend)
		return 0;
	if (effects->refuse)
		return (int)effects->refuse;
	/* what a write raises must be looked at before it is written */
	count = due_actions(due, m, &moment);
	error = etcher_access(m->etcher, access, now_ms);
	act_all(m, due, count, now_ms);
	return error;
}

int
machine_fault(struct machine *m, const struct fault *fault, int64_t now_ms)
{
	if (fault_waits(fault))
		return fault_add(&m->faults, fault);
	act(m, fault, now_ms);
	return machine_failed(m) ? KE_BAD_STATE : 0;
}

struct fault_set *
machine_faults(struct machine *m)
{
	return &m->faults;
}

void
machine_status(char *text, size_t size, const struct machine *m)
{
	const struct etcher_retained *r = etcher_retained(m->etcher);

	snprintf(text, size,
		"state=%s fault=%s boot=%" PRIu32 " counter=%" PRIu32
		" last-marked-job=%" PRIu32
		" last-started-job=%" PRIu32
		" door=%s estop=%s part=%s parts=%u used=%d marks=%u starts=%u faults=%zu",
		m->off_until ? "off" : fault_state_text(etcher_state(m->etcher)),
		etcher_fault(m->etcher), etcher_boot_id(m->etcher), r->counter,
		r->last_marked_job,
		r->last_started_job, etcher_door_closed(m->etcher) ? "closed" : "open",
		etcher_estop_pressed(m->etcher) ? "pressed" : "released",
		keeper_part_present(m->keeper) ? "on" : "off", keeper_part(m->keeper),
		keeper_part_used(m->keeper), keeper_marks(m->keeper),
		etcher_starts(m->etcher), m->faults.count);
}

bool
machine_failed(const struct machine *m)
{
	return m->failed || etcher_failed(m->etcher);
}

bool
machine_is_off(const struct machine *m)
{
	return m->off_until != 0;
}
