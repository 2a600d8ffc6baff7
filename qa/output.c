/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "qa/output.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <unistd.h>

int
output_secret(const struct secret *text)
{
	const unsigned char *bytes = secret_view(text);
	size_t len = secret_len(text);

	while (len) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n < 0 && errno != EINTR)
			return KE_IO;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return 0;
}
