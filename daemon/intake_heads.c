/* SPDX-License-Identifier: MIT */
/*
 * The two places in chains of events that a signed file names: one of its sender's
 * ledger, which this host keeps for him, and one of this host's own, which the sender
 * has kept.  Neither can be taken back without the other host's noticing.
 */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/ledger_witness.h"
#include "daemon/settings.h"
#include "proto/batch_policy.h"

/* 0 when an event of this host's ledger is the one that another host saw. */
static int
check_own(struct host *host, const struct ledger_head *seen)
{
	unsigned char hash[LEDGER_HASH_LEN];
	int error = ledger_event_hash(hash, host->ledger, seen->seq);

	if (error == KE_NOT_FOUND)
		return KE_FORKED;
	return error == 0 && memcmp(hash, seen->hash, sizeof hash) != 0 ? KE_FORKED
									: error;
}

static int
refuse(struct intake_file *file, unsigned line, const char *field, const char *whose)
{
	(void)snprintf(file->action, sizeof file->action,
		"The ledger of %s was altered, cut, or put back: stop, and on that host "
		"run:"
		"  keylinectl ledger verify",
		whose);
	if (!file->check_only)
		alarm_raise(file->host->alarms, "ledger-forked", whose, host_now_ms());
	return issue_add(&file->issues, line, 2, KE_FORKED, field);
}

int
intake_heads_check(struct intake_file *file, const struct batch_header *header)
{
	struct host *host = file->host;
	int error = ledger_witness_check(host->ledger, header->sender, &header->ledger);

	if (error == KE_FORKED)
		return refuse(file, BATCH_LINE_LEDGER, "ledger", header->sender);
	if (error == 0 || error == KE_NOT_FOUND)
		error = header->witness.seq ? check_own(host, &header->witness) : 0;
	if (error == KE_FORKED)
		return refuse(file, BATCH_LINE_WITNESS, "witness", host->settings->host);
	return error;
}
