/* SPDX-License-Identifier: MIT */
/* Whether a wallet was verified cannot be ignored. */
/* expect: unused-result|unused_result|ignoring return */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	struct verified_claim claim = { .passphrase = secret };

	verified_new(&token, &claim);
	return 0;
}
