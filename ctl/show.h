/* SPDX-License-Identifier: MIT */
/* How the daemon's answers look to people, one function a form. */
#ifndef KEYLINE_CTL_SHOW_H
#define KEYLINE_CTL_SHOW_H

#include <jansson.h>

struct style;

/* What came back: the objects in their order and, apart, the refusal if there is one. */
struct answer {
	json_t *objects; /* an array */
	json_t *error;   /* or NULL */
	int exit;
};

void show_status(const struct answer *answer, const struct style *given);
void show_batches(const struct answer *answer, const struct style *style);
void show_batch(const struct answer *answer, const struct style *style);
void show_check(const struct answer *answer, const struct style *style);
void show_wallets(const struct answer *answer, const struct style *style);
void show_wallet(const struct answer *answer, const struct style *style);
void show_stations(const struct answer *answer, const struct style *style);
void show_keys(const struct answer *answer, const struct style *style);
void show_witnesses(const struct answer *answer, const struct style *style);
void show_ledger(const struct answer *answer, const struct style *style);
void show_requests(const struct answer *answer, const struct style *style);
void show_request(const struct answer *answer, const struct style *style);
void show_operators(const struct answer *answer, const struct style *style);
void show_persons(const struct answer *answer, const struct style *style);

/* The page of a report; and its rows as CSV. */
void show_report(const struct answer *answer, const struct style *style);
void show_report_csv(const struct answer *answer, const struct style *style);

/* Labels or ribbons at a station. */
void show_supply(const struct answer *answer, const struct style *style);

/* What a second person has done, whatever that was. */
void show_approved(const struct answer *answer, const struct style *style);

/* How the counts of a batch close, then the change. */
void show_release(const struct answer *answer, const struct style *style);

/* How many of a batch's wallets, or one line an object. */
void show_bulk(const struct answer *answer, const struct style *style);

/* One line an object: what it is now.  For changing commands. */
void show_change(const struct answer *answer, const struct style *style);

/* A key that was made, or another host's site that is trusted now. */
void show_key_change(const struct answer *answer, const struct style *style);

/* The four lines of a fault or refusal: state, status, action, see; absent ones left out.
 */
void show_fault(const json_t *fault, const struct style *style);

#endif
