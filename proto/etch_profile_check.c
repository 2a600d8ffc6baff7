/* SPDX-License-Identifier: MIT */
/* What makes a profile valid beyond its single lines. */
#include "proto/etch_profile_check.h"

/* Items that one request carries. */
struct group {
	enum etch_item first, last; /* by their order in ETCH_ITEM_LIST */
	uint32_t max;               /* registers */
	bool tight;                 /* nothing else may lie in between */
	int ends_with;              /* the item that must lie last, or -1 */
	const char *name;
};

static const struct group groups[] = {
	{ETCH_MAGIC, ETCH_BOOT_ID, ETCH_READ_MAX, false, -1, "[identity]"},
	{ETCH_HEARTBEAT, ETCH_CODE, ETCH_READ_MAX, false, -1, "[status]"},
	{ETCH_READBACK_JOB, ETCH_READBACK_DATA, ETCH_READ_MAX, true, ETCH_READBACK_DATA,
		"[readback]"},
	{ETCH_JOB_ID, ETCH_JOB_LENGTH, ETCH_WRITE_MAX, true, -1, "[job]"},
	{ETCH_CHUNK_JOB, ETCH_CHUNK_DATA, ETCH_WRITE_MAX, true, ETCH_CHUNK_DATA,
		"[chunk]"},
};

static uint32_t
place_end(const struct etch_place *place)
{
	return (uint32_t)place->address + place->count;
}

static bool
places_overlap(const struct etch_profile *p, int a, int b)
{
	const struct etch_place *x = &p->places[a], *y = &p->places[b];

	if (x->table != y->table || x->address >= place_end(y) ||
		y->address >= place_end(x))
		return false;
	if (etch_item_kind(a) != ETCH_BIT || etch_item_kind(b) != ETCH_BIT)
		return true;
	return x->bit == y->bit;
}

static int
check_overlaps(const struct etch_profile *p, struct etch_profile_error *error,
	const unsigned lines[ETCH_ITEMS])
{
	for (int a = 0; a < ETCH_ITEMS; a++) {
		if (place_end(&p->places[a]) > UINT16_MAX + 1u)
			return etch_profile_fail(error, lines[a],
				"%s: reaches beyond address 65535", etch_item_name(a));
		for (int b = 0; b < a; b++) {
			if (places_overlap(p, a, b))
				return etch_profile_fail(error, lines[a],
					"%s: overlaps %s of line %u", etch_item_name(a),
					etch_item_name(b), lines[b]);
		}
	}
	return 0;
}

/* Bits outside the group's registers are read by themselves and don't count. */
static int
check_group(const struct etch_profile *p, struct etch_profile_error *error,
	const unsigned lines[ETCH_ITEMS], const struct group *g)
{
	const struct etch_place *head = &p->places[g->first];
	uint32_t low = UINT32_MAX, high = 0, sum = 0;

	for (int i = g->first; i <= (int)g->last; i++) {
		const struct etch_place *place = &p->places[i];

		if (etch_item_kind(i) == ETCH_BIT)
			continue;
		if (place->table != head->table)
			return etch_profile_fail(error, lines[i],
				"%s: not in the table of the others of %s",
				etch_item_name(i), g->name);
		low = place->address < low ? place->address : low;
		high = place_end(place) > high ? place_end(place) : high;
		sum += place->count;
	}
	if (high - low > g->max)
		return etch_profile_fail(error, lines[g->first],
			"%s: spreads over more than %u registers", g->name, g->max);
	if (g->tight && high - low != sum)
		return etch_profile_fail(error, lines[g->first],
			"%s: its registers must lie side by side", g->name);
	if (g->ends_with >= 0 && place_end(&p->places[g->ends_with]) != high)
		return etch_profile_fail(error, lines[g->ends_with], "%s: must lie last",
			etch_item_name(g->ends_with));
	return 0;
}

/* A command's edge is a write of the whole register, so only commands may share it. */
static int
check_commands(const struct etch_profile *p, struct etch_profile_error *error,
	const unsigned lines[ETCH_ITEMS])
{
	for (int c = ETCH_LOAD_BEGIN; c <= ETCH_CANCEL; c++) {
		const struct etch_place *place = &p->places[c];

		for (int i = 0; place->table == ETCH_HOLDING && i < ETCH_ITEMS; i++) {
			const struct etch_place *other = &p->places[i];

			if (i >= ETCH_LOAD_BEGIN && i <= ETCH_CANCEL)
				continue;
			if (other->table == ETCH_HOLDING &&
				other->address == place->address)
				return etch_profile_fail(error, lines[i],
					"%s: shares a register with commands",
					etch_item_name(i));
		}
	}
	return 0;
}

static int
check_numbers(const struct etch_profile *p, struct etch_profile_error *error)
{
	const struct etch_timing *t = &p->timing;
	const struct etch_field *f = &p->field;

	if (t->host_timeout < t->heartbeat + 2 * t->response + t->late_window)
		return etch_profile_fail(error, 0,
			"host-timeout-ms: shorter than heartbeat, late window and two "
			"responses");
	if (t->late_window < t->response)
		return etch_profile_fail(
			error, 0, "late-window-ms: shorter than response-ms");
	if (f->width / f->scale > UINT16_MAX || f->height / f->scale > UINT16_MAX)
		return etch_profile_fail(
			error, 0, "scale-um: too fine for the field's size");
	if (f->text_height > f->height || f->serial_height > f->height)
		return etch_profile_fail(
			error, 0, "text-height-um: higher than the field");
	for (int a = 0; a < ETCH_REASONS; a++) {
		for (int b = 0; b < a; b++) {
			if (p->reasons[a] == p->reasons[b])
				return etch_profile_fail(error, 0,
					"[reasons] %s and %s have one number",
					etch_reason_name(a), etch_reason_name(b));
		}
	}
	return 0;
}

int
etch_profile_check(const struct etch_profile *p, struct etch_profile_error *error,
	const unsigned lines[ETCH_ITEMS])
{
	int rc = check_overlaps(p, error, lines);

	for (unsigned i = 0; rc == 0 && i < sizeof groups / sizeof groups[0]; i++)
		rc = check_group(p, error, lines, &groups[i]);
	if (rc == 0)
		rc = check_commands(p, error, lines);
	if (rc == 0)
		rc = check_numbers(p, error);
	return rc;
}

uint32_t
etch_profile_extent(const struct etch_profile *p, enum etch_table table)
{
	uint32_t extent = 0;

	for (int i = 0; i < ETCH_ITEMS; i++) {
		const struct etch_place *place = &p->places[i];

		if (place->table == table && place_end(place) > extent)
			extent = place_end(place);
	}
	return extent;
}

struct etch_span
etch_profile_span(const struct etch_profile *p, enum etch_item first, enum etch_item last)
{
	uint32_t low = UINT32_MAX, high = 0;

	for (int i = first; i <= (int)last; i++) {
		const struct etch_place *place = &p->places[i];

		if (etch_item_kind(i) == ETCH_BIT)
			continue;
		low = place->address < low ? place->address : low;
		high = place_end(place) > high ? place_end(place) : high;
	}
	return (struct etch_span){
		p->places[first].table, (uint16_t)low, (uint16_t)(high - low)};
}
