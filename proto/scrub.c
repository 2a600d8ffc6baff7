/* SPDX-License-Identifier: MIT */
#include "proto/scrub.h"

#include <openssl/crypto.h>

__attribute__((noinline)) void
scrub_stack(void)
{
	unsigned char dead[SCRUB_BYTES];

	OPENSSL_cleanse(dead, sizeof dead);
}
