/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/intake.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/intake_file.h"
#include "daemon/intake_report.h"
#include "proto/ctl_message.h"
#include "proto/report.h"
#include "proto/text.h"

static size_t
size_of(const json_t *value)
{
	return json_dumpb(value, NULL, 0, JSON_COMPACT);
}

/* Puts in as many issues as one line holds; the others are counted, and told when these
 * are mended. */
static void
put_issues(json_t *answer, const struct issue_list *issues, const char *kind)
{
	json_t *list = json_object_get(answer, "issues");
	/* A newline ends the line, and a comma goes before each issue. */
	size_t used = size_of(answer) + 1;

	for (size_t i = 0; list && i < issues->count; i++) {
		json_t *issue = report_issue_json(&issues->items[i], kind);

		used += issue ? size_of(issue) + 1 : 0;
		if (used > CTL_BYTES_MAX) {
			json_decref(issue);
			return;
		}
		(void)json_array_append_new(list, issue);
	}
}

int
intake_check(json_t **answer, struct host *host, const char *name,
	const unsigned char *bytes, size_t len)
{
	const char *slash = strrchr(name, '/');
	struct intake_file file = { .host = host,
		.name = slash ? slash + 1 : name,
		.bytes = bytes,
		.len = len,
		.is_secure = text_ends_in(name, ".stickers.cms"),
		.check_only = true };
	struct ledger_file known;
	int error = intake_identify(&file);

	if (error == 0 && ledger_file_get(&known, host->ledger, file.sha256) == 0) {
		if (known.direction == LEDGER_IN) {
			intake_tell_known(&file, &known);
			error = issue_add(&file.issues, 0, 0, KE_DUPLICATE, NULL);
		} else {
			error = intake_refuse_own(&file, &known);
		}
	}
	if (error == 0)
		error = intake_judge(&file);
	*answer = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:[], s:s*}", "type", "check",
		"file", file.name, "kind", file.kind, "batch", file.batch, "outcome",
		error ? "refused" : "good", "issues_total", (json_int_t)file.issues.total,
		"issues", "action", error ? intake_report_action(&file, error) : NULL);
	put_issues(*answer, &file.issues, file.kind);
	intake_file_clear(&file);
	return error;
}
