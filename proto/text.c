/* SPDX-License-Identifier: MIT */
#include "proto/text.h"
#include <stdio.h>
#include <string.h>

bool
text_ends_in(const char *text, const char *ending)
{
	size_t len = strlen(text), end = strlen(ending);

	return len > end && strcmp(text + len - end, ending) == 0;
}

void
text_join(char *out, size_t size, const char *rows, size_t stride, size_t count)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s", i ? "," : "",
			rows + i * stride);
}
