/* SPDX-License-Identifier: MIT */
/* What a host signed, out of its answer into a file. */
#ifndef KEYLINE_CTL_SIGNED_FILE_H
#define KEYLINE_CTL_SIGNED_FILE_H

#include <stdbool.h>
#include "ctl/ask.h"

/*
 * Joins the pieces of an answer's objects `signed' and writes them into the new file path
 * (ctl/new_file.h).  False: there is none, one is no base64, no memory, or no file could
 * be made; the problem was told.
 */
bool signed_file_write(const char *path, const struct answer *answer);

#endif
