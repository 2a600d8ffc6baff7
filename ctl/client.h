/* SPDX-License-Identifier: MIT */
/* One question to the daemon and its answers. */
#ifndef KEYLINE_CTL_CLIENT_H
#define KEYLINE_CTL_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include "proto/ctl_message.h"

#define CLIENT_SOCKET "/run/keyline/keylined.sock"

enum { CLIENT_TIMEOUT_S = 30 };

struct client_target {
	const char *socket;
	int timeout_s; /* of silence */
	int file;      /* a descriptor that goes along; negative: none */
};

/* Takes one answer that is not the end; borrows it. */
typedef void client_take(void *context, json_t *object);

/*
 * Connects, asks, hands every answer to take, disconnects.  A daemon that cannot
 * be reached, is silent or talks nonsense is handed over as an answer of type
 * "error" too, so that whoever shows refusals shows these.  Returns how the
 * command ended.
 */
enum ctl_exit client_ask(const struct client_target *target, const char *command,
	const json_t *args, bool dry_run, client_take *take, void *context);

#endif
