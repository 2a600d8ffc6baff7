/* SPDX-License-Identifier: MIT */
/* What happens to files that were imported, as the next step of whoever did it. */
#ifndef KEYLINE_CTL_IMPORT_NEXT_H
#define KEYLINE_CTL_IMPORT_NEXT_H

#include <stdbool.h>

/* Which kinds of file were imported; zero at first. */
struct import_next {
	unsigned kinds;
	bool any;
};

/* Takes note of a file, by its name. */
void import_next_add(struct import_next *next, const char *name);

/* Tells on stderr, once a kind, which stage takes it, and where its result will be:
 * incoming is the folder that it was copied to.  Nothing when none was added. */
void import_next_tell(const struct import_next *next, const char *incoming);

#endif
