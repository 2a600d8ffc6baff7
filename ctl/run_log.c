/* SPDX-License-Identifier: MIT */
/* log: journalctl with the right matches takes our place. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/invocation.h"
#include "proto/ctl_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Options that become a match on a field of the journal. */
static const struct {
	enum option option;
	const char *field;
} matches[] = {
	{OPTION_BATCH, "KEYLINE_BATCH"},
	{OPTION_SERIAL, "KEYLINE_SERIAL"},
	{OPTION_STATION, "KEYLINE_STATION"},
};

enum { MATCHES = sizeof matches / sizeof matches[0], MATCH_SIZE = 256 };

int
run_log(const struct invocation *call)
{
	static char texts[MATCHES][MATCH_SIZE];
	const char *argv[MATCHES + 6];
	/* execvp() takes pointers that it does not write through. */
	union {
		const char **ours;
		char *const *theirs;
	} words = {argv};
	size_t n = 0;

	argv[n++] = "journalctl";
	argv[n++] = "SYSLOG_IDENTIFIER=keylined";
	if (invocation_has(call, OPTION_FOLLOW))
		argv[n++] = "--follow";
	if (invocation_has(call, OPTION_SINCE)) {
		argv[n++] = "--since";
		argv[n++] = call->options[OPTION_SINCE];
	}
	for (size_t i = 0; i < MATCHES; i++) {
		const char *value = call->options[matches[i].option];

		if (!value)
			continue;
		snprintf(texts[i], MATCH_SIZE, "%s=%s", matches[i].field, value);
		argv[n++] = texts[i];
	}
	argv[n] = NULL;
	execvp(argv[0], words.theirs);
	perror("keylinectl: journalctl");
	return CTL_EXIT_FAILED;
}
