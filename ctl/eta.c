/* SPDX-License-Identifier: MIT */
#include "ctl/eta.h"

#include <stdbool.h>
#include <string.h>

static bool
is(const json_t *object, const char *key, const char *text)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value && strcmp(value, text) == 0;
}

static json_int_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* Wallets a second of all stations of a kind that work and know their median. */
static double
rate_of(const json_t *objects, const char *kind)
{
	const json_t *object;
	double rate = 0;
	size_t index;

	json_array_foreach(objects, index, object)
	{
		if (is(object, "type", "station") && is(object, "kind", kind) &&
			is(object, "state", "Execute") &&
			number(object, "cycles") >= ETA_CYCLES_MIN &&
			number(object, "cycle_median_ms") > 0)
			rate += 1000.0 / (double)number(object, "cycle_median_ms");
	}
	return rate;
}

void
eta_add(json_t *objects)
{
	double rate = rate_of(objects, "etch");
	json_int_t left = 0;
	json_t *object;
	size_t index;

	if (rate <= 0)
		rate = rate_of(objects, "print");
	if (rate <= 0)
		return;
	json_array_foreach(objects, index, object)
	{
		if (!is(object, "type", "batch") || number(object, "left") <= 0 ||
			json_is_true(json_object_get(object, "held")) ||
			json_is_integer(json_object_get(object, "eta_s")))
			continue;
		left += number(object, "left");
		json_object_set_new(
			object, "eta_s", json_integer((json_int_t)((double)left / rate)));
	}
}
