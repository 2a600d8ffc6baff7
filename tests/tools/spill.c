/* SPDX-License-Identifier: MIT */
/* spill N: writes N bytes into a secret of eight.  Whoever watches must object from nine on. */
#include "config.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 8, HEAP = 1 << 16 };

int
main(int argc, char **argv)
{
	struct secret *secret;
	volatile unsigned char *bytes;
	int count = argc == 2 ? atoi(argv[1]) : -1;

	if (count < 0 || secret_heap_init(HEAP) != 0)
		return EXIT_FAILURE;
	secret = secret_new(ROOM);
	if (!secret)
		return EXIT_FAILURE;
	bytes = secret_bytes(secret);
	for (int i = 0; i < count; i++)
		bytes[i] = 1;
	secret_free(secret);
	return EXIT_SUCCESS;
}
