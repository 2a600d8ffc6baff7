/* SPDX-License-Identifier: MIT */
/* Spending takes the pointer itself away: a copy of it will not do. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	return verified_spend(&secret, token, "1", "0123456789abcdef", false);
}
