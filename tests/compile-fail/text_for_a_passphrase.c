/* SPDX-License-Identifier: MIT */
/* A passphrase is a secret, never plain text. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	const char *text = "7K2M-Q9XA-0ZT4-LB6C-W1EH";
	struct verified_claim claim = { .passphrase = text };

	(void)secret;
	return verified_new(&token, &claim);
}
