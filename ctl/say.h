/* SPDX-License-Identifier: MIT */
/* Short messages on stderr and stdout, for files that see secrets: stdio is not theirs.
 */
#ifndef KEYLINE_CTL_SAY_H
#define KEYLINE_CTL_SAY_H

/* "keylinectl: path: text" on stderr; path NULL: none. */
void say_problem(const char *path, const char *text);

/* A new key's public file and fingerprint, and what is done with them. */
void say_key(const char *path, const char *fingerprint);

#endif
