/* SPDX-License-Identifier: MIT */
/* batch import and batch export: between removable media and the spool. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/copy.h"
#include "ctl/import_next.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
	struct import_next next = {0};

	for (size_t i = 0; code != CTL_EXIT_UNREACHABLE && i < call->repeated_count;
		i++) {
		const char *slash = strrchr(call->repeated[i], '/');
		struct copy copy = {.from = call->repeated[i],
			.directory = incoming,
			.name = slash ? slash + 1 : call->repeated[i],
			.owner_overwrites = true};

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
		} else {
			import_next_add(&next, copy.name);
		}
	}
	if (!invocation_has(call, OPTION_JSON) && !invocation_has(call, OPTION_DRY_RUN))
		import_next_tell(&next, incoming);
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

/* Which stage writes a kind of file, and when. */
static const struct {
	const char *stage;
	const char *kind;
	const char *when;
} writers[] = {
	{"generate", "codes", "The codes are written when the batch is generated."},
	{"generate", "passphrases",
		"The passphrases are written when the batch is generated."},
	{"mint", "confirmations",
		"The confirmations are written when all of it is minted."},
	{"mint", "stickers", "The stickers are written to the secure disk, never here."},
	{"print", "shipment",
		"The shipment is written by `batch ship', once every wallet is shipped "
		"or "
		"accounted for."},
	{"etch", "results", "The results are written by `batch release'."},
	{NULL, "receipt", "A receipt is written when a file of the batch is taken in."},
};

static bool
has_stage(const json_t *line, const char *stage)
{
	const json_t *stages = json_object_get(line, "stages"), *item;
	size_t index;

	json_array_foreach(stages, index, item)
	{
		if (strcmp(json_string_value(item) ? json_string_value(item) : "",
			    stage) == 0)
			return true;
	}
	return false;
}

/* What this host would have to do first, as far as it is asked for. */
static void
say_when(char *out, size_t size, const struct invocation *call)
{
	const char *kind = call->options[OPTION_KIND];
	struct answer answer;
	const json_t *line;
	size_t len = 0;

	out[0] = '\0';
	(void)ask(&answer, call, "status", NULL, false, false);
	line = show_first(answer.objects, "line");
	for (size_t i = 0; i < sizeof writers / sizeof writers[0] && len < size; i++)
		if (writers[i].stage
				? has_stage(line, writers[i].stage) &&
					  (!kind || strcmp(kind, writers[i].kind) == 0)
				: kind && strcmp(kind, writers[i].kind) == 0)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
				len ? " " : "", writers[i].when);
	if (!out[0])
		snprintf(out, size, "Ask for it on the host that writes it.");
	ask_clear(&answer);
}

/* Nothing to copy: is there no such batch, or is it too early? */
static enum ctl_exit
refuse_empty(const struct invocation *call)
{
	const char *id = call->arguments[0], *kind = call->options[OPTION_KIND];
	char status[256], action[512];
	struct ctl_telling telling = {NULL, status, action, "keyline-batch(5)"};
	struct answer answer;
	json_t *args = json_pack("{s:s}", "batch", id);
	enum ctl_exit code = ask(&answer, call, "batch show", args, false, false);
	const json_t *batch = show_first(answer.objects, "batch");

	if (code == CTL_EXIT_OK) {
		const char *state = json_string_value(json_object_get(batch, "state"));

		telling.state = state ? state : "unknown";
		snprintf(status, sizeof status,
			"%.40s is %.20s and has no %s%sfiles in outgoing.", id,
			telling.state, kind ? kind : "", kind ? " " : "");
		say_when(action, sizeof action, call);
		code = ask_refuse(call, CTL_EXIT_NOT_FOUND, "not-found", &telling);
	} else {
		ask_complain(&answer);
	}
	ask_clear(&answer);
	json_decref(args);
	return code;
}

/* Whether copies can go there at all. */
static bool
is_folder(const char *path)
{
	struct stat st;
	int error = stat(path, &st) == 0 ? (S_ISDIR(st.st_mode) ? 0 : ENOTDIR) : errno;

	if (error)
		fprintf(stderr,
			"keylinectl: --to %s: %s\n"
			"Mount the medium there, or name another folder.\n",
			path, strerror(error));
	return error == 0;
}

/* Certificates of a kind go with its files: that there are no files is told. */
static void
tell_bare(const struct invocation *call, struct dirent *const *entries, int count)
{
	const char *kind = call->options[OPTION_KIND];
	const char *wanted = NULL;
	struct answer answer;

	for (size_t i = 0; kind && i < sizeof writers / sizeof writers[0]; i++)
		if (writers[i].stage && strcmp(kind, writers[i].kind) == 0)
			wanted = writers[i].stage;
	for (int i = 0; i < count; i++) {
		size_t len = strlen(entries[i]->d_name);

		if (belongs(entries[i]->d_name, call->arguments[0], kind) && len > 4 &&
			strcmp(entries[i]->d_name + len - 4, ".cms") == 0)
			return;
	}
	if (!wanted)
		return;
	(void)ask(&answer, call, "status", NULL, false, false);
	if (has_stage(show_first(answer.objects, "line"), wanted))
		fprintf(stderr,
			"keylinectl: certificates only: no %s file of %s is in "
			"outgoing.\n"
			"What a host with both stages sends to itself stays in it.\n",
			kind, call->arguments[0]);
	ask_clear(&answer);
}

int
run_export(const struct invocation *call)
{
	char outgoing[PATH_MAX];
	enum ctl_exit code;
	struct dirent **entries = NULL;
	int count, done;

	if (!is_folder(call->options[OPTION_TO]))
		return CTL_EXIT_FAILED;
	code = find_folder(outgoing, call, "outgoing");
	if (code != CTL_EXIT_OK)
		return (int)code;
	count = scandir(outgoing, &entries, NULL, alphasort);
	if (count < 0) {
		fprintf(stderr, "keylinectl: %s: %s\n", outgoing, strerror(errno));
		return CTL_EXIT_FAILED;
	}
	done = export_all(call, outgoing, entries, count);
	if (done > 0)
		tell_bare(call, entries, count);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (done == 0)
		return (int)refuse_empty(call);
	return done < 0 ? CTL_EXIT_FAILED : CTL_EXIT_OK;
}
