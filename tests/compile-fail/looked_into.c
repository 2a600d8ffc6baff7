/* SPDX-License-Identifier: MIT */
/* Its members cannot be reached. */
/* expect: incomplete( definition of)? type|undefined struct|invalid use of undefined */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)secret;
	token->text = NULL;
	return 0;
}
