/* SPDX-License-Identifier: MIT */
/* batch import and batch export: between removable media and the spool. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/copy.h"
#include "ctl/style.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The spool's folder of that name, as the daemon tells it, into path. */
static enum ctl_exit
find_folder(char path[PATH_MAX], const struct invocation *call, const char *folder)
{
	const char *spool = NULL;
	const json_t *object;
	struct answer answer;
	enum ctl_exit code = ask(&answer, call, "status", NULL, false, false);
	size_t index;

	ask_complain(&answer);
	json_array_foreach(answer.objects, index, object)
	{
		if (json_object_get(object, "spool"))
			spool = json_string_value(json_object_get(object, "spool"));
	}
	if (code == CTL_EXIT_OK && !spool) {
		fputs("keylinectl: the daemon does not tell where its spool is\n",
			stderr);
		code = CTL_EXIT_FAILED;
	} else if (code == CTL_EXIT_OK) {
		snprintf(path, PATH_MAX, "%s/%s", spool, folder);
	}
	ask_clear(&answer);
	return code;
}

static void
report(const struct invocation *call, const struct copy *copy, const char *done)
{
	struct style style = style_of(stdout);
	bool dry_run = invocation_has(call, OPTION_DRY_RUN);

	if (invocation_has(call, OPTION_JSON)) {
		json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:b, s:b}",
			"type", "copy", "name", copy->name, "from", copy->from, "to",
			copy->directory, "bytes", (json_int_t)copy->bytes, "sha256",
			copy->sha256, "was_there", copy->was_there, "dry_run", dry_run);

		if (object)
			ask_print_json(object);
		json_decref(object);
		return;
	}
	style_print(&style, TONE_PLAIN, copy->name);
	printf(": %s\n", copy->was_there ? "is there already"
			 : dry_run       ? "would be copied"
					 : done);
}

static bool
copy_one(const struct invocation *call, struct copy *copy, const char *done)
{
	bool is_export = call->command->run == run_export;
	struct style style = style_of(stderr);

	if (copy_file(copy, is_export, invocation_has(call, OPTION_DRY_RUN)) == 0) {
		report(call, copy, done);
		return true;
	}
	fputs("keylinectl: ", stderr);
	style_print(&style, TONE_PLAIN, copy->message);
	putc('\n', stderr);
	return false;
}

int
run_import(const struct invocation *call)
{
	char incoming[PATH_MAX];
	enum ctl_exit code = find_folder(incoming, call, "incoming");

	for (size_t i = 0; code != CTL_EXIT_UNREACHABLE && i < call->repeated_count;
		i++) {
		const char *slash = strrchr(call->repeated[i], '/');
		struct copy copy = {.from = call->repeated[i],
			.directory = incoming,
			.name = slash ? slash + 1 : call->repeated[i]};

		if (code != CTL_EXIT_OK && code != CTL_EXIT_FAILED)
			break;
		if (!copy_name_is_taken(copy.name)) {
			fprintf(stderr,
				"keylinectl: %s: the daemon ignores such names; rename "
				"the file\n",
				copy.from);
			code = CTL_EXIT_FAILED;
		} else if (!copy_one(call, &copy, "imported")) {
			code = CTL_EXIT_FAILED;
		}
	}
	return (int)code;
}

/* Whether name is BATCH.PART.KIND... of the kind, or a certificate HOST.KIND.BATCH.crt.
 */
static bool
belongs(const char *name, const char *batch, const char *kind)
{
	size_t len = strlen(batch), size = strlen(name);
	char wanted[64];

	snprintf(wanted, sizeof wanted, ".%.40s.", kind ? kind : "");
	if (kind && !strstr(name, wanted))
		return false;
	if (strncmp(name, batch, len) == 0 && name[len] == '.' && name[len + 1] >= '0' &&
		name[len + 1] <= '9')
		return true;
	return size > len + 5 && strcmp(name + size - 4, ".crt") == 0 &&
	       strncmp(name + size - 4 - len, batch, len) == 0 &&
	       name[size - 5 - len] == '.';
}

/* Copies what belongs; how many files that were, -1 when one failed. */
static int
export_all(const struct invocation *call, const char *outgoing, struct dirent **entries,
	int count)
{
	int done = 0;
	bool well = true;

	for (int i = 0; i < count; i++) {
		char from[PATH_MAX + NAME_MAX + 2];
		struct copy copy = {.from = from,
			.directory = call->options[OPTION_TO],
			.name = entries[i]->d_name};

		if (!belongs(copy.name, call->arguments[0], call->options[OPTION_KIND]))
			continue;
		snprintf(from, sizeof from, "%s/%s", outgoing, copy.name);
		done++;
		if (!copy_one(call, &copy, "exported"))
			well = false;
	}
	return well ? done : -1;
}

int
run_export(const struct invocation *call)
{
	char outgoing[PATH_MAX];
	enum ctl_exit code = find_folder(outgoing, call, "outgoing");
	struct dirent **entries = NULL;
	int count, done;

	if (code != CTL_EXIT_OK)
		return (int)code;
	count = scandir(outgoing, &entries, NULL, alphasort);
	if (count < 0) {
		fprintf(stderr, "keylinectl: %s: %s\n", outgoing, strerror(errno));
		return CTL_EXIT_FAILED;
	}
	done = export_all(call, outgoing, entries, count);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (done == 0)
		fprintf(stderr, "keylinectl: no outgoing files of %s\n",
			call->arguments[0]);
	return done < 0 ? CTL_EXIT_FAILED : done ? CTL_EXIT_OK : CTL_EXIT_NOT_FOUND;
}
