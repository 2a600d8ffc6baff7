/* SPDX-License-Identifier: MIT */
/* A secret cannot lie on the stack. */
/* expect: storage size|incomplete type */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	struct secret plain;

	(void)secret;
	(void)token;
	return (int)secret_len(&plain);
}
