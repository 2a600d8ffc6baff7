/* SPDX-License-Identifier: MIT */
/* A token is no secret whose bytes could be taken. */
/* expect: incompatible pointer */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)secret;
	return secret_view(token)[0];
}
