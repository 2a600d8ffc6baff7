/* SPDX-License-Identifier: MIT */
/* report reconcile: a page, CSV or JSON, and the page signed. */
#include "config.h"
#include "ctl/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ctl/ask.h"
#include "ctl/new_file.h"
#include "ctl/style.h"
#include "proto/base64.h"

/* The pieces of the signed file, one behind the other, into *out (free() it); false:
 * there is none, or one of them is no base64. */
static bool
join_signed(unsigned char **out, size_t *len, const json_t *objects)
{
	const json_t *object;
	size_t index, room = 0;

	*out = NULL;
	*len = 0;
	json_array_foreach(objects, index, object) room +=
		json_string_length(json_object_get(object, "cms"));
	*out = malloc(room + 1);
	if (!*out)
		return false;
	json_array_foreach(objects, index, object)
	{
		const json_t *piece = json_object_get(object, "cms");
		size_t got = 0;

		if (piece &&
			base64_decode(*out + *len, room - *len, &got,
				json_string_value(piece), json_string_length(piece)) != 0)
			return false;
		*len += got;
	}
	return *len > 0;
}

static enum ctl_exit
write_signed(const struct invocation *call, const struct answer *answer)
{
	const char *path = call->options[OPTION_SIGNED];
	enum ctl_exit code = CTL_EXIT_FAILED;
	unsigned char *bytes;
	size_t len;

	if (!join_signed(&bytes, &len, answer->objects)) {
		fputs("keylinectl: the daemon sent no signed report\n", stderr);
	} else if (new_file_write(path, bytes, len, 0644)) {
		fprintf(stderr, "keylinectl: signed: %s\n", path);
		code = CTL_EXIT_OK;
	}
	free(bytes);
	return code;
}

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
	if (code == CTL_EXIT_OK && invocation_has(call, OPTION_SIGNED))
		code = write_signed(call, &answer);
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
