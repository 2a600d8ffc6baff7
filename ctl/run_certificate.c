/* SPDX-License-Identifier: MIT */
/* report certificate: the text, as pages to print, or the signed bytes into a file. */
#include "config.h"
#include "ctl/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ctl/ask.h"
#include "ctl/page.h"
#include "ctl/signed_file.h"
#include "ctl/style.h"
#include "ctl/table.h"

static const char *
text_of(const json_t *object, const char *type, const char *key)
{
	const char *is = json_string_value(json_object_get(object, "type"));
	const char *text = json_string_value(json_object_get(object, key));

	return is && strcmp(is, type) == 0 ? text : NULL;
}

/* The text's lines, masked, which are freed one by one; NULL: no memory. */
static char **
lines_of(size_t *count, const struct answer *answer)
{
	char **lines = calloc(json_array_size(answer->objects) + 1, sizeof *lines);
	const json_t *object;
	size_t index;

	*count = 0;
	if (!lines)
		return NULL;
	json_array_foreach(answer->objects, index, object)
	{
		const char *text = text_of(object, "text", "text");

		if (text && (lines[*count] = strdup(text)))
			style_mask(lines[(*count)++]);
	}
	return lines;
}

static void
print_text(const struct answer *answer, bool is_page, const char *batch)
{
	char title[INVOCATION_NAME_SIZE + 64];
	size_t count;
	char **lines = lines_of(&count, answer);

	if (!lines)
		return;
	snprintf(title, sizeof title, "%.*s: certificate of sanitization",
		INVOCATION_NAME_SIZE, batch);
	if (is_page)
		page_print(stdout, title, (const char *const *)lines, count);
	else
		for (size_t i = 0; i < count; i++)
			puts(lines[i]);
	for (size_t i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
}

static enum ctl_exit
write_signed(const struct invocation *call, const struct answer *answer)
{
	const char *path = call->options[OPTION_SIGNED];
	const struct ctl_telling unsigned_one = {.state = "NOT SIGNED",
		.status =
			"This certificate is not signed: the host had no site key when it was "
			"written.",
		.action = "See its text:  keylinectl report certificate BATCH"};

	if (!table_has(answer->objects, "signed"))
		return ask_refuse(call, CTL_EXIT_REFUSED, "not-signed", &unsigned_one);
	if (!signed_file_write(path, answer))
		return CTL_EXIT_FAILED;
	printf("%s\n", path);
	return CTL_EXIT_OK;
}

int
run_certificate(const struct invocation *call)
{
	bool is_signed = invocation_has(call, OPTION_SIGNED);
	json_t *args = ask_args(call);
	struct answer answer;
	enum ctl_exit code =
		ask(&answer, call, "report certificate", args, false, !is_signed);

	ask_complain(&answer);
	if (code == CTL_EXIT_OK && is_signed)
		code = write_signed(call, &answer);
	else if (code == CTL_EXIT_OK && !invocation_has(call, OPTION_JSON))
		print_text(
			&answer, invocation_has(call, OPTION_PAGE), call->arguments[0]);
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
