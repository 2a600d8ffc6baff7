/* SPDX-License-Identifier: MIT */
/* Its bytes are reached by proto/secret_bytes.h alone. */
/* expect: incomplete( definition of)? type|undefined struct|invalid use of undefined */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)token;
	return secret->bytes[0];
}
