/* SPDX-License-Identifier: MIT */
/* Without proto/secret_bytes.h there are no bytes. */
/* expect: implicit|undeclared */
#include "proto/secret.h"

int broken(const struct secret *secret);

int
broken(const struct secret *secret)
{
	return secret_view(secret)[0];
}
