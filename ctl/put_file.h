/* SPDX-License-Identifier: MIT */
/* A new file with what the daemon told. */
#ifndef KEYLINE_CTL_PUT_FILE_H
#define KEYLINE_CTL_PUT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes path, which must not be there, and brings it to the disk.  false: it is told why
 * on stderr, and what was written of it is gone. */
bool put_file(const char *path, const void *bytes, size_t len);

#endif
