/* SPDX-License-Identifier: MIT */
/* A token cannot be copied by value. */
/* expect: incomplete type|invalid use of undefined */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)secret;
	return (*token = *token, 0);
}
