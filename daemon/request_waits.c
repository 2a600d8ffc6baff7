/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/request_waits.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "daemon/fault.h"
#include "daemon/host.h"
#include "daemon/ledger_request.h"
#include "daemon/station_show.h"

/* Longer is the key of a person or host, which its own listing shows. */
enum { ARGS_SHOWN_MAX = 80 };

struct appending {
	json_t *array;
	size_t count;
};

static int
append(void *context, const struct ledger_request *request)
{
	struct appending *a = context;
	struct fault fault = *fault_of("request-waits");
	char about[32], status[512], action[128];
	bool shows_args = request->args[0] && strlen(request->args) <= ARGS_SHOWN_MAX;

	(void)snprintf(about, sizeof about, "request %" PRIu64, request->id);
	(void)snprintf(status, sizeof status,
		"%s asked for `%s %s'%s%.*s; it waits for a second person.",
		request->actor, request->action, request->object, shows_args ? ", " : "",
		shows_args ? ARGS_SHOWN_MAX : 0, request->args);
	(void)snprintf(action, sizeof action,
		"Another supervisor reads it and signs:  keylinectl approve %" PRIu64,
		request->id);
	fault.status = status;
	fault.action = action;
	if (json_array_append_new(a->array, fault_show("REQUEST", about, &fault, NULL,
						    (time_t)(request->created_ms / 1000)))
		== 0)
		a->count++;
	return 0;
}

size_t
request_waits_append(json_t *array, struct host *host)
{
	struct appending a = { array, 0 };
	int error = ledger_request_list(host->ledger, host_now_ms(), append, &a);

	if (error)
		host_stop_work(host, error);
	return a.count;
}
