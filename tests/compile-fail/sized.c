/* SPDX-License-Identifier: MIT */
/* Nobody knows how large a token is, so nobody can copy one. */
/* expect: incomplete type|invalid application */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)secret;
	(void)token;
	return (int)sizeof(struct verified);
}
