/* SPDX-License-Identifier: MIT */
/* Text cannot be spent in place of a token. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	const char *text = "7K2M-Q9XA-0ZT4-LB6C-W1EH";

	(void)token;
	return verified_spend(&secret, &text, "1", "0123456789abcdef", false);
}
