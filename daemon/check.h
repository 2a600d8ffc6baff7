/* SPDX-License-Identifier: MIT */
/*
 * The check of one wallet on a pool thread: passphrase row and confirmation row are
 * opened, and the verifier makes a token of them or says why not.
 */
#ifndef KEYLINE_DAEMON_CHECK_H
#define KEYLINE_DAEMON_CHECK_H

#include "daemon/row.h"
#include "proto/address.h"

struct check_control;
struct verified;

/* How many wallets are checked side by side. */
enum { CHECK_AT_ONCE = 2 };

struct check {
	char serial[LEDGER_SERIAL_SIZE];
	struct row passphrase;
	struct row confirmation;
	/* Run before a wallet is condemned; borrowed; NULL: none. */
	const struct check_control *control;
	/* What came of it: a token, or why there is none. */
	int error;
	struct verified *token;
	/* The address of the first coin: the one on the sticker. */
	char address[ADDRESS_SIZE];
	/* SHA-256 of the confirmation code and of the public key, for never-twice. */
	unsigned char confirmation_digest[LEDGER_DIGEST_LEN];
	unsigned char pubkey_digest[LEDGER_DIGEST_LEN];
};

/* Fetches both rows of a wallet, on the loop thread.  Clear it after success. */
KEYLINE_WARN_UNUSED int check_fetch(
	struct check *out, struct host *host, const char *serial);

/*
 * Verifies, on any thread; some 50 to 300 ms, by the processor.  Returns 0 with the token, or the
 * verifier's error: KE_WRONG_PASSPHRASE, KE_MISMATCH_*, KE_NOT_COMPRESSED, ... that a second
 * check finds too while the control passes; KE_CRYPTO where the control does not.
 */
KEYLINE_WARN_UNUSED int check_run(struct check *check);

/* The same for up to CHECK_AT_ONCE wallets; each one's error tells what came of it. */
void check_run_many(struct check *checks, size_t count);

/* Frees rows and token. */
void check_clear(struct check *check);

/* Whether an error says that the wallet's data are wrong, for good; else the host
 * could not look (no key, no memory, no disk) and the wallet is as it was. */
bool check_condemns(int error);

#endif
