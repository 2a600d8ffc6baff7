/* SPDX-License-Identifier: MIT */
/* What one person has asked for, on the page that everybody watches. */
#ifndef KEYLINE_DAEMON_REQUEST_WAITS_H
#define KEYLINE_DAEMON_REQUEST_WAITS_H

#include <jansson.h>
#include <stddef.h>

struct host;

/* Appends a fault (station_show.h) for each open request, `request-waits', to array.  How
 * many are open; an error of the ledger stops the work and counts as none. */
size_t request_waits_append(json_t *array, struct host *host);

#endif
