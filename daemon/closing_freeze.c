/* SPDX-License-Identifier: MIT */
/* A batch that may be compromised: stopped at once, told to others, ended or let go. */
#include "config.h"
#include "daemon/closing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/closing_list.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/settings.h"

/* Hosts of all routes and senders, each once. */
enum { PEERS_MAX = SETTINGS_ROUTES * (SETTINGS_ROUTE_HOSTS + SETTINGS_FROM_HOSTS) };

struct notices {
	const char *peers[PEERS_MAX];
	size_t count;
	struct closing_list *lists[PEERS_MAX];
};

static void
add_peer(struct notices *n, const char *own, const char *host)
{
	if (host[0] == '\0' || strcmp(host, own) == 0)
		return;
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->peers[i], host) == 0)
			return;
	n->peers[n->count++] = host;
}

static void
find_peers(struct notices *n, const struct settings *settings)
{
	memset(n, 0, sizeof *n);
	for (int route = 0; route < SETTINGS_ROUTES; route++) {
		for (size_t i = 0; i < SETTINGS_ROUTE_HOSTS; i++)
			add_peer(n, settings->host, settings->routes[route].hosts[i]);
		for (size_t i = 0; i < SETTINGS_FROM_HOSTS; i++)
			add_peer(n, settings->host, settings->from[route].hosts[i]);
	}
}

bool
closing_is_peer(const struct settings *settings, const char *host)
{
	struct notices n;

	find_peers(&n, settings);
	for (size_t i = 0; i < n.count; i++)
		if (strcmp(n.peers[i], host) == 0)
			return true;
	return false;
}

static const char *
frozen_word(const struct ledger_wallet *wallet)
{
	(void)wallet;
	return batch_word_name(BATCH_WORD_FROZEN);
}

static const char *
void_word(const struct ledger_wallet *wallet)
{
	return wallet->state == WALLET_VOID ? batch_word_name(BATCH_WORD_WITHDRAWN)
					    : NULL;
}

/* A host without a site key has never dealt with anybody. */
static int
record_notices(struct notices *n, const struct closing *act,
	const char *(*word)(const struct ledger_wallet *wallet))
{
	struct host *host = act->host;
	const struct certificate *site;
	int error = keystore_of(
		&site, host->keys, host->settings->host, CERTIFICATE_SITE, "");

	if (error)
		return error == KE_NO_KEY ? 0 : error;
	for (size_t i = 0; error == 0 && i < n->count; i++)
		error = closing_list_record(
			&n->lists[i], act, BATCH_NOTICE, n->peers[i], word);
	return error;
}

/* In one transaction: what is done, that two approved it, and what others are told. */
static int
commit(const struct closing *act, struct notices *n,
	int (*verb)(
		struct ledger *, const struct ledger_by *, const char *, const char *),
	const char *(*word)(const struct ledger_wallet *wallet))
{
	struct ledger *ledger = act->host->ledger;
	int error = act->approval ? ledger_request_begin(ledger, act->by, act->approval)
				  : ledger_begin(ledger);

	if (error)
		return error;
	error = verb(ledger, act->by, act->batch, act->reason);
	if (error == 0 && word && !act->dry_run)
		error = record_notices(n, act, word);
	/* A dry run has gone the whole way, and takes nothing. */
	if (!act->dry_run)
		return ledger_end(ledger, error);
	ledger_rollback(ledger);
	return error;
}

static int
act_on(const struct closing *act,
	int (*verb)(
		struct ledger *, const struct ledger_by *, const char *, const char *),
	const char *(*word)(const struct ledger_wallet *wallet))
{
	struct notices n;
	size_t told = 0;
	int error;

	find_peers(&n, act->host->settings);
	error = commit(act, &n, verb, word);
	for (size_t i = 0; i < n.count; i++) {
		told += n.lists[i] && closing_list_count(n.lists[i]) > 0;
		if (error == 0 && n.lists[i])
			error = closing_list_finish(n.lists[i]);
		closing_list_abandon(n.lists[i]);
	}
	if (error == 0 && word && !act->dry_run)
		(void)snprintf(act->refusal->told, sizeof act->refusal->told,
			"notices for %zu hosts are in outgoing", told);
	return error;
}

int
closing_freeze(const struct closing *act)
{
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = act_on(act, ledger_batch_freeze, frozen_word);
	if (error == KE_BAD_STATE && batch.voided)
		return closing_refuse(act, error, "Nothing is left to stop.",
			"%s was made void.", act->batch);
	if (error == KE_BAD_STATE)
		return closing_refuse(act, error, "Tell the others by telephone.",
			"%s is frozen already: %.150s.", act->batch, batch.reason);
	return error;
}

static int
refuse_not_frozen(const struct closing *act)
{
	return closing_refuse(act, KE_BAD_STATE,
		"Only a frozen batch is let go or made void; one person freezes it:  "
		"keylinectl batch freeze BATCH --reason TEXT",
		"%s is not frozen.", act->batch);
}

/* What another host's notice raised: two persons have decided. */
static void
stop_alarm(const struct closing *act)
{
	if (!act->dry_run)
		alarm_clear(act->host->alarms, "batch-frozen", act->batch);
}

int
closing_unfreeze(const struct closing *act)
{
	int error = act_on(act, ledger_batch_unfreeze, NULL);

	if (error == 0)
		stop_alarm(act);
	return error == KE_BAD_STATE ? refuse_not_frozen(act) : error;
}

int
closing_void(const struct closing *act)
{
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error)
		return error;
	error = act_on(act, ledger_batch_void, void_word);
	if (error == 0)
		stop_alarm(act);
	if (error == KE_BUSY)
		return closing_refuse(act, KE_BAD_STATE,
			"Let their stations end, or settle them:  keylinectl wallet "
			"resolve  "
			"then give the command again.",
			"Wallets of %s are at a machine, or in doubt.", act->batch);
	return error == KE_BAD_STATE ? refuse_not_frozen(act) : error;
}
