/* SPDX-License-Identifier: MIT */
/* report reconcile: a page, CSV or JSON, and the page signed. */
#include "config.h"
#include "ctl/run.h"

#include <stdio.h>
#include "ctl/ask.h"
#include "ctl/signed_file.h"
#include "ctl/style.h"

int
run_report(const struct invocation *call)
{
	struct style style = style_of(stdout);
	json_t *args = ask_args(call);
	char command[CTL_COMMAND_MAX + 1];
	struct answer answer;
	enum ctl_exit code;

	if (invocation_has(call, OPTION_CSV) && invocation_has(call, OPTION_JSON)) {
		fputs("keylinectl: only one of them: --csv or --json\n", stderr);
		json_decref(args);
		return CTL_EXIT_USAGE;
	}
	/* Where the file goes is not the daemon's to know. */
	if (invocation_has(call, OPTION_SIGNED))
		json_object_set_new(args, "signed", json_string("yes"));
	ask_command(command, call->command);
	code = ask(&answer, call, command, args, false, true);
	if (code == CTL_EXIT_OK && invocation_has(call, OPTION_CSV))
		show_report_csv(&answer, &style);
	else if (code == CTL_EXIT_OK && !invocation_has(call, OPTION_JSON))
		call->command->show(&answer, &style);
	ask_complain(&answer);
	if (code == CTL_EXIT_OK && invocation_has(call, OPTION_SIGNED)) {
		const char *path = call->options[OPTION_SIGNED];

		if (signed_file_write(path, &answer))
			fprintf(stderr, "keylinectl: signed: %s\n", path);
		else
			code = CTL_EXIT_FAILED;
	}
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
