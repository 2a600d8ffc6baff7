/* SPDX-License-Identifier: MIT */
/* batch check: the daemon judges the bytes of a file that only its giver need see. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/handover.h"
#include "ctl/style.h"

#include <stdio.h>
#include <unistd.h>

int
run_check(const struct invocation *call)
{
	const char *path = call->arguments[0];
	int file = handover_file(call, path);
	struct style style = style_of(stdout);
	struct answer answer;
	enum ctl_exit code;
	json_t *args;

	if (file < 0)
		return (int)ctl_exit_of(file);
	args = json_pack("{s:s}", "name", handover_name(path));
	code = ask_with_file(&answer, call, "batch check", args, file);
	close(file);
	json_decref(args);
	if (!invocation_has(call, OPTION_JSON))
		call->command->show(&answer, &style);
	ask_complain(&answer);
	ask_clear(&answer);
	return (int)code;
}
