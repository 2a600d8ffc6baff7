/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/heard.h"

#include <stdio.h>
#include <string.h>
#include "proto/certificate.h"

/* The end of the fingerprint that a person must hear, with its blanks. */
enum { GROUPED_LEN = FINGERPRINT_GROUPED_SIZE - 1, HEARD_LEN = 19, TYPED_SIZE = 128 };

bool
heard_same(const char *one, const char *two)
{
	char a[FINGERPRINT_SIZE], b[FINGERPRINT_SIZE];

	return fingerprint_parse(a, one) == 0 && fingerprint_parse(b, two) == 0 &&
	       strcmp(a, b) == 0;
}

void
heard_tell(const char *fingerprint)
{
	char grouped[FINGERPRINT_GROUPED_SIZE];

	fingerprint_group(grouped, fingerprint);
	fprintf(stderr, "fingerprint:\n  %.20s\n  %.20s\n  %.20s\n  %s\n", grouped,
		grouped + 20, grouped + 40, grouped + 60);
}

bool
heard_rest(const char *fingerprint, const char *from)
{
	char grouped[FINGERPRINT_GROUPED_SIZE], typed[TYPED_SIZE], whole[2 * TYPED_SIZE];

	fingerprint_group(grouped, fingerprint);
	fprintf(stderr,
		"fingerprint:\n  %.20s\n  %.20s\n  %.20s\n  ???? ???? ???? ????\n"
		"%s\n"
		"Compare the lines above and type the last four groups: ",
		grouped, grouped + 20, grouped + 40, from);
	fflush(stderr);
	if (!fgets(typed, sizeof typed, stdin))
		return false;
	typed[strcspn(typed, "\r\n")] = '\0';
	snprintf(whole, sizeof whole, "%.*s%s", GROUPED_LEN - HEARD_LEN, grouped, typed);
	return heard_same(whole, grouped);
}
