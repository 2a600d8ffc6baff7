/* SPDX-License-Identifier: MIT */
/* A claim is not yet a token. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	struct verified_claim claim = { .passphrase = secret };
	struct secret *line;

	token = &claim;
	return verified_spend(&line, &token, "1", "0123456789abcdef", false);
}
