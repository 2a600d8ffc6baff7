/* SPDX-License-Identifier: MIT */
/* Refusals in words: what is refused, where it stands, and the next step. */
#ifndef KEYLINE_DAEMON_CTL_REFUSE_H
#define KEYLINE_DAEMON_CTL_REFUSE_H

#include "daemon/ctl_server.h"
#include "proto/wallet_state.h"

struct host;

/* What a person names in a command. */
enum ctl_object { CTL_BATCH, CTL_WALLET, CTL_STATION, CTL_ALARM };

/* Ends a call: there is no such object here; see which there are with ... */
void ctl_refuse_unknown(struct ctl_call *call, enum ctl_object kind, const char *name);

/*
 * Ends a call with an error of proto/error.h.  state may be NULL: "REFUSED"; action
 * may be NULL; the status is formatted.
 */
void ctl_refuse(struct ctl_call *call, int error, const char *state, const char *action,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Ends a call: the file that was to come with it cannot be read; error as
 * ctl_file_read() gives it. */
void ctl_refuse_file(struct ctl_call *call, int error, const char *name);

/* Ends a call whose error is the disk's or the ledger's (host_trouble()). */
void ctl_refuse_trouble(struct ctl_call *call, struct host *host, int error);

/*
 * Ends a call, true: this host has stopped its work until the next start, or its disks
 * take nothing right now.  Commands to stations are not for here: they say what they
 * refuse, and stop and abort are needed.
 */
bool ctl_refuse_change(struct ctl_call *call, struct host *host);

/*
 * Ends a call: a step of a wallet that its state, or a hold, does not allow.  Tells
 * from which states the step leads on.  error is what the ledger said; an error that
 * is none of these is told in its own words.
 */
void ctl_refuse_step(struct ctl_call *call, struct host *host, const char *serial,
	enum wallet_event event, int error);

#endif
