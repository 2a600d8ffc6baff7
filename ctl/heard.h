/* SPDX-License-Identifier: MIT */
/* A fingerprint that must come from the other side, not from the file that is judged. */
#ifndef KEYLINE_CTL_HEARD_H
#define KEYLINE_CTL_HEARD_H

#include <stdbool.h>

/* Whether two texts are the same fingerprint but for blanks, colons, hyphens and the case
 * of letters. */
bool heard_same(const char *one, const char *two);

/* Writes a fingerprint (FINGERPRINT_SIZE) in groups of four, in lines to be read out. */
void heard_tell(const char *fingerprint);

/*
 * Shows a fingerprint (FINGERPRINT_SIZE, of proto/certificate.h) but for its last four
 * groups, which the person at the terminal has read out to him and types; from is who reads
 * it out, as a sentence.  Whether they are right.
 */
bool heard_rest(const char *fingerprint, const char *from);

#endif
