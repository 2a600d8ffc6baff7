/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/settings_reader.h"
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const stage_names[] = {"generate", "etch", "mint", "print"};

static const char *const kind_names[] = {
	[SETTINGS_KIND_PRINT] = "print",
	[SETTINGS_KIND_PAIR] = "pair",
	[SETTINGS_KIND_SHIP] = "ship",
	[SETTINGS_KIND_ARRIVE] = "arrive",
	[SETTINGS_KIND_ETCH] = "etch",
	[SETTINGS_KIND_SEAL] = "seal",
};

const char *
settings_stage_name(enum settings_stage stage)
{
	size_t i;

	for (i = 0; i < sizeof(stage_names) / sizeof(stage_names[0]); i++)
		if ((unsigned)stage == 1u << i)
			return stage_names[i];
	return "unknown";
}

const char *
settings_kind_name(enum settings_kind kind)
{
	return kind_names[kind];
}

const struct settings_product *
settings_product(const struct settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->product_count; i++)
		if (strcmp(settings->products[i].name, name) == 0)
			return &settings->products[i];
	return NULL;
}

const struct settings_station *
settings_station(const struct settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->station_count; i++)
		if (strcmp(settings->stations[i].name, name) == 0)
			return &settings->stations[i];
	return NULL;
}

/* about: "" for a fault, "note: " for what is none. */
__attribute__((format(printf, 5, 0))) static void
tell(struct settings_reader *reader, const char *file, unsigned line, const char *about,
	const char *format, va_list args)
{
	char text[1024], place[1200];

	vsnprintf(text, sizeof(text), format, args);
	/* A name that is told again may have had a tab in it. */
	for (char *c = text; *(c += strcspn(c, "\t\r")) != '\0';)
		*c = ' ';
	if (line)
		snprintf(place, sizeof(place), "%s:%u: %s%s", file, line, about,
			text);
	else
		snprintf(place, sizeof(place), "%s: %s%s", file, about, text);
	reader->report(reader->context, place);
}

void
settings_fault(struct settings_reader *reader, const char *format, ...)
{
	va_list args;

	reader->faults++;
	va_start(args, format);
	tell(reader, reader->file, reader->line, "", format, args);
	va_end(args);
}

/* At the key's line, else at its section's. */
__attribute__((format(printf, 5, 0))) static void
tell_at(struct settings_reader *reader, const char *section, const char *key,
	const char *about, const char *format, va_list args)
{
	const struct settings_seen *seen = settings_seen(reader, section, key);

	if (!seen)
		seen = settings_seen(reader, section, "");
	if (seen)
		tell(reader, seen->file, seen->line, about, format, args);
	else
		tell(reader, reader->file, 0, about, format, args);
}

void
settings_fault_at(struct settings_reader *reader, const char *section, const char *key,
	const char *format, ...)
{
	va_list args;

	reader->faults++;
	va_start(args, format);
	tell_at(reader, section, key, "", format, args);
	va_end(args);
}

void
settings_note_at(struct settings_reader *reader, const char *section, const char *key,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	tell_at(reader, section, key, "note: ", format, args);
	va_end(args);
}

const struct settings_seen *
settings_seen(const struct settings_reader *reader, const char *section, const char *key)
{
	size_t i;

	for (i = 0; i < reader->seen_count; i++)
		if (strcmp(reader->seen[i].section, section) == 0 &&
			strcmp(reader->seen[i].key, key) == 0)
			return &reader->seen[i];
	return NULL;
}

static int
is_drop_in(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       strcmp(entry->d_name + len - 5, ".conf") == 0;
}

/* FILE.d/(*).conf; that there is no such folder is no fault. */
static void
drop_ins_read(struct settings_reader *reader, const char *file)
{
	struct dirent **entries;
	char *folder, *path;
	int i, count;

	if (asprintf(&folder, "%s.d", file) < 0) {
		reader->out_of_memory = true;
		return;
	}
	count = scandir(folder, &entries, is_drop_in, alphasort);
	if (count < 0 && errno != ENOENT) {
		reader->file = folder;
		reader->line = 0;
		settings_fault(reader, "cannot be read: %s", strerror(errno));
	}
	for (i = 0; i < count; i++) {
		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0) {
			reader->out_of_memory = true;
		} else {
			settings_read_file(reader, path);
			free(path);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	free(folder);
}

static struct settings *
settings_default(void)
{
	struct settings *settings = calloc(1, sizeof(*settings));

	if (!settings)
		return NULL;
	settings->unsealed_max = 1;
	settings->scrypt_memory = 512;
	settings->erase_deadline = 72;
	settings->shift_max = 12;
	settings->viewers = (gid_t)-1;
	settings->supervisors = (gid_t)-1;
	settings->drivers = strdup(LIBEXECDIR);
	snprintf(settings->serial_pattern, sizeof settings->serial_pattern, "AA999999C");
	snprintf(settings->alphabet, sizeof settings->alphabet,
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	if (!settings->drivers) {
		free(settings);
		return NULL;
	}
	return settings;
}

static void
seen_free(struct settings_reader *reader)
{
	size_t i;

	for (i = 0; i < reader->seen_count; i++)
		free(reader->seen[i].file);
	free(reader->seen);
}

static int
load(struct settings **out, const char *file, settings_report *report, void *context,
	bool is_here)
{
	struct settings_reader reader = {.report = report, .context = context};
	int error;

	*out = NULL;
	reader.settings = settings_default();
	if (!reader.settings)
		return KE_NO_MEMORY;
	settings_read_file(&reader, file);
	drop_ins_read(&reader, file);
	reader.file = file;
	reader.line = 0;
	settings_check(&reader, file);
	if (is_here)
		settings_places(&reader);
	error = reader.out_of_memory ? KE_NO_MEMORY : reader.faults ? KE_BAD_CONFIG : 0;
	seen_free(&reader);
	if (error != 0)
		settings_free(reader.settings);
	else
		*out = reader.settings;
	return error;
}

int
settings_load(
	struct settings **out, const char *file, settings_report *report, void *context)
{
	return load(out, file, report, context, false);
}

int
settings_load_here(
	struct settings **out, const char *file, settings_report *report, void *context)
{
	return load(out, file, report, context, true);
}

static void
station_clear(struct settings_station *station)
{
	free(station->uri);
	free(station->pin);
	free(station->media);
	free(station->device);
	free(station->profile);
	free(station->device_serial);
	free(station->scanner);
}

void
settings_free(struct settings *settings)
{
	size_t i;

	if (!settings)
		return;
	for (i = 0; i < settings->station_count; i++)
		station_clear(&settings->stations[i]);
	free(settings->stations);
	free(settings->products);
	free(settings->state);
	free(settings->spool);
	free(settings->socket);
	free(settings->highwater);
	free(settings->drivers);
	free(settings->key_folder);
	free(settings->random_extra);
	free(settings->place);
	free(settings->organization);
	free(settings->contact);
	free(settings->disk.path);
	free(settings->disk.uuid);
	free(settings->disk.serial);
	free(settings);
}
