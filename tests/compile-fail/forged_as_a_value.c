/* SPDX-License-Identifier: MIT */
/* Nor as a compound literal. */
/* expect: incomplete type|invalid use of undefined */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int broken(struct secret *secret, struct verified *token);

int
broken(struct secret *secret, struct verified *token)
{
	(void)secret;
	(void)token;
	return verified_serial(&(struct verified){ 0 })[0];
}
