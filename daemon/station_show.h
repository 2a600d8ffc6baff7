/* SPDX-License-Identifier: MIT */
/* Stations as objects of the control socket (DESIGN section 7). */
#ifndef KEYLINE_DAEMON_STATION_SHOW_H
#define KEYLINE_DAEMON_STATION_SHOW_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>
#include "daemon/fault.h"
#include "daemon/recipe.h"
#include "daemon/station.h"

/* A `station' object; NULL: out of memory. */
json_t *station_show(const struct station *station);

/* `fault' objects of a station, into array; returns how many. */
size_t station_show_faults(const struct station *station, json_t *array);

/* What the recipe adds to the text of a fault: a sentence or two with a blank before each;
 * "" nothing. */
void station_show_more(char out[RECIPE_TELL_BYTES], const struct station *station);

/* What a person does in the end to let a Held or Aborted station go on; else "". */
void station_show_then(char *out, size_t size, const struct station *station);

/* Whether the station is Stopped. */
bool station_is_stopped(const struct station *station);

/* A `fault' object of our own table for something other than a station: state as
 * shown, what it is about ("laser1"), since when. */
json_t *fault_show(const char *state, const char *about, const struct fault *fault,
	const char *then, time_t since);

#endif
