/* SPDX-License-Identifier: MIT */
/* Shipment, results and notices: lists of a batch's wallets, in as many parts as it takes. */
#ifndef KEYLINE_DAEMON_CLOSING_LIST_H
#define KEYLINE_DAEMON_CLOSING_LIST_H

#include "daemon/closing.h"
#include "daemon/ledger_wallet.h"
#include "proto/batch.h"

struct closing_list;

/*
 * Within the running transaction: stages and records the files of a list for a
 * recipient.  word tells a wallet's word, NULL: it is not in the list.  A list
 * without a row makes no file.  *list is to be finished or abandoned, also after an
 * error.  The parts of notices are numbered through, whoever gets them: a batch may have
 * several.
 */
KEYLINE_WARN_UNUSED int closing_list_record(struct closing_list **list,
	const struct closing *act, enum batch_kind kind, const char *recipient,
	const char *(*word)(const struct ledger_wallet *wallet));

/* How many files it makes. */
uint32_t closing_list_count(const struct closing_list *list);

/* After the commit: moves the files to their place.  Then abandon it all the same. */
KEYLINE_WARN_UNUSED int closing_list_finish(struct closing_list *list);

/* Erases what was not committed and frees the list; NULL is a no-op. */
void closing_list_abandon(struct closing_list *list);

#endif
