/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/say.h"

#include <stdio.h>
#include "ctl/style.h"
#include "proto/certificate.h"

void
say_problem(const char *path, const char *text)
{
	struct style style = style_of(stderr);

	fputs("keylinectl: ", stderr);
	if (path) {
		style_print(&style, TONE_PLAIN, path);
		fputs(": ", stderr);
	}
	style_print(&style, TONE_PLAIN, text);
	putc('\n', stderr);
}

void
say_key(const char *path, const char *fingerprint)
{
	char grouped[FINGERPRINT_GROUPED_SIZE];
	struct style style = style_of(stdout);

	fingerprint_group(grouped, fingerprint);
	style_print(&style, TONE_PLAIN, path);
	printf("\n  %s\n", grouped);
	fputs("Copy this file to a stick: others cannot read your folder.  Read the "
	      "fingerprint out to\nthose who enrol you from it, on each host that you "
	      "approve for:\n  keylinectl person enroll USER FILE\n",
		stderr);
}
