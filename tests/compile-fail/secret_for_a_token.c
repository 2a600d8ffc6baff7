/* SPDX-License-Identifier: MIT */
/* Nor can a secret. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	struct secret *line;

	(void)token;
	return verified_spend(&line, &secret, "1", "0123456789abcdef", false);
}
