/* SPDX-License-Identifier: MIT */
/* There is no formatter for a secret. */
/* expect: format */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)token;
	return printf("%s\n", secret);
}
