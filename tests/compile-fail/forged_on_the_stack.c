/* SPDX-License-Identifier: MIT */
/* A token cannot be made on the stack. */
/* expect: storage size|incomplete type */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	struct verified forged;

	(void)secret;
	(void)token;
	return verified_serial(&forged)[0];
}
