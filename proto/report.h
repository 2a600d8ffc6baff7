/* SPDX-License-Identifier: MIT */
/*
 * The two reports that stand beside each file that came in: NAME.result.txt for
 * people, NAME.result.json (one object, "schema":1) for programs.  Both are made in
 * memory; neither quotes the file's content, but for what proto/issue.h tells.
 */
#ifndef KEYLINE_PROTO_REPORT_H
#define KEYLINE_PROTO_REPORT_H

#include <jansson.h>
#include "proto/issue.h"

struct report {
	/* The file's name as it was dropped in; odd bytes in it are shown as '?'. */
	const char *file;
	/* Fixed words of the caller: "accepted", "refused", "duplicate". */
	const char *outcome;
	/* NULL where not known. */
	const char *kind;
	const char *batch;
	/* UTC, "2026-11-22T09:30:00Z". */
	const char *time;
	/* Why, for a refusal without or before issues; 0: the first issue's code. */
	int code;
	/* The next step for a person, one sentence, or NULL. */
	const char *action;
	/* May be NULL. */
	const struct issue_list *issues;
};

/* Each writes the report into *out (free() it).  Returns 0 or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int report_text(char **out, size_t *len, const struct report *report);
KEYLINE_WARN_UNUSED int report_json(char **out, size_t *len, const struct report *report);

/* One issue of a file of a kind: {line, column, field, code, text, allowed}, without what
 * it has not.  NULL: out of memory. */
json_t *report_issue_json(const struct issue *issue, const char *kind);

#endif
