/* SPDX-License-Identifier: MIT */
/*
 * One file of a configuration.  inih splits lines into key and value; the line
 * reader under it counts them, sees sections with nothing in them, and keeps back
 * what inih would take in silence: long lines, lines that are neither, folded ones.
 */
#include "config.h"
#include "daemon/settings_reader.h"
#include "proto/name.h"
#include "proto/utf8.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* inih's own default for a line; paths and lists fit. */
enum { LINE_MAX_BYTES = 190, NAMES_MAX = 32, FILE_BYTES_MAX = 1 << 20 };

static void
seen_add(struct settings_reader *reader, const char *section, const char *key)
{
	size_t size = (reader->seen_count + 1) * sizeof(*reader->seen);
	struct settings_seen *grown = realloc(reader->seen, size);
	struct settings_seen *seen;

	if (!grown) {
		reader->out_of_memory = true;
		return;
	}
	reader->seen = grown;
	seen = &grown[reader->seen_count];
	memset(seen, 0, sizeof(*seen));
	snprintf(seen->section, sizeof(seen->section), "%s", section);
	snprintf(seen->key, sizeof(seen->key), "%s", key);
	seen->line = reader->line;
	seen->file = strdup(reader->file);
	if (!seen->file)
		reader->out_of_memory = true;
	else
		reader->seen_count++;
}

/* Splits "station laser1" at its space: the name, or "" when there is none. */
static const char *
section_name(char *first, size_t size, const char *section)
{
	const char *space = strchr(section, ' ');
	size_t len = space ? (size_t)(space - section) : strlen(section);

	if (len >= size)
		len = size - 1;
	memcpy(first, section, len);
	first[len] = '\0';
	return space ? space + 1 : "";
}

/* Grows an array of zeroed elements by one, at most NAMES_MAX; NULL: no more. */
static void *
array_add(struct settings_reader *reader, void **array, size_t *count, size_t size)
{
	char *grown;

	if (*count >= NAMES_MAX) {
		settings_fault(reader, "more than %d sections of this kind", NAMES_MAX);
		return NULL;
	}
	grown = realloc(*array, (*count + 1) * size);
	if (!grown) {
		reader->out_of_memory = true;
		return NULL;
	}
	*array = grown;
	memset(grown + *count * size, 0, size);
	return grown + (*count)++ * size;
}

static bool
station_add(struct settings_reader *reader, const char *name)
{
	struct settings *settings = reader->settings;
	void *array = settings->stations;
	struct settings_station *station;

	if (!name_is_station(name, strlen(name))) {
		settings_fault(reader,
			"[station NAME]: NAME must be 1 to %d of a-z, 0-9 and -",
			SETTINGS_STATION_MAX);
		return false;
	}
	station = array_add(reader, &array, &settings->station_count, sizeof(*station));
	settings->stations = array;
	if (!station)
		return false;
	snprintf(station->name, sizeof(station->name), "%s", name);
	station->unit = 1;
	station->scanner_baud = 9600;
	return true;
}

static bool
product_add(struct settings_reader *reader, const char *name)
{
	struct settings *settings = reader->settings;
	void *array = settings->products;
	struct settings_product *product;

	if (!name_is_product(name, strlen(name))) {
		settings_fault(reader,
			"[product NAME]: NAME must be 1 to %d of A-Z, a-z, 0-9 and -",
			SETTINGS_PRODUCT_MAX);
		return false;
	}
	product = array_add(reader, &array, &settings->product_count, sizeof(*product));
	settings->products = array;
	if (!product)
		return false;
	snprintf(product->name, sizeof(product->name), "%s", name);
	return true;
}

/* Its near name, as a section is written: "station NAME" has one of its own. */
static void
section_unknown(struct settings_reader *reader, const char *first)
{
	const char *near = settings_section_near(first);
	bool named =
		near && (strcmp(near, "station") == 0 || strcmp(near, "product") == 0);

	if (near)
		settings_fault(reader,
			"unknown section [%s]; did you mean [%s%s]? See keyline.conf(5)",
			reader->section, near, named ? " NAME" : "");
	else
		settings_fault(reader,
			"unknown section [%s]; correct it, or take it away: "
			"keyline.conf(5) "
			"has them all",
			reader->section);
}

static void
key_unknown(struct settings_reader *reader, const char *first, const char *name)
{
	const char *near = settings_key_near(first, name);
	const char *home = settings_key_home(name);

	if (near)
		settings_fault(reader,
			"unknown key `%s' in [%s]; did you mean `%s'? See "
			"keyline.conf(5)",
			name, reader->section, near);
	else if (home)
		settings_fault(reader,
			"unknown key `%s' in [%s]; put it into [%s], see keyline.conf(5)",
			name, reader->section, home);
	else
		settings_fault(reader,
			"unknown key `%s' in [%s]; correct it, or take it away: "
			"keyline.conf(5) has them all",
			name, reader->section);
}

/* A section begins: is it known, named as it must be, and new in this file? */
static bool
section_begin(struct settings_reader *reader)
{
	const struct settings_seen *seen = settings_seen(reader, reader->section, "");
	char first[SETTINGS_WORD_MAX + 1];
	const char *name = section_name(first, sizeof(first), reader->section);
	bool named = strcmp(first, "station") == 0 || strcmp(first, "product") == 0;

	if (!settings_section_is_known(first) || (!named && *name)) {
		section_unknown(reader, first);
		return false;
	}
	if (seen && strcmp(seen->file, reader->file) == 0) {
		settings_fault(reader, "section [%s] a second time; it begins in line %u",
			reader->section, seen->line);
		return false;
	}
	if (seen)
		return true;
	if (named && !(strcmp(first, "station") == 0 ? station_add(reader, name)
						     : product_add(reader, name)))
		return false;
	seen_add(reader, reader->section, "");
	return true;
}

/* `[NAME]`, perhaps with a comment behind it.  Keeps what is between. */
static void
section_line(struct settings_reader *reader, const char *line)
{
	const char *end = strchr(line, ']');
	size_t len = end ? (size_t)(end - line - 1) : 0;
	const char *rest = end ? end + 1 : "";

	reader->section_is_good = false;
	while (isspace((unsigned char)*rest))
		rest++;
	if (!end || len == 0 || len > SETTINGS_WORD_MAX ||
		(*rest && *rest != ';' && *rest != '#')) {
		settings_fault(reader, "not a section: [NAME] is expected");
		snprintf(reader->section, sizeof(reader->section), "?");
		return;
	}
	memcpy(reader->section, line + 1, len);
	reader->section[len] = '\0';
	reader->section_is_good = section_begin(reader);
}

/* What a line is worth to inih: false when it must not see it. */
static bool
line_is_good(struct settings_reader *reader, const char *line, bool whole)
{
	const char *c;

	if (!whole) {
		settings_fault(reader, "line over %d bytes", LINE_MAX_BYTES);
		return false;
	}
	/* It may be told again, to a terminal. */
	for (c = line; *c; c += *c != '\0') {
		size_t len = strcspn(c, "\t\r");

		if (!utf8_is_seen(c, len)) {
			settings_fault(reader,
				"a character that is not seen, or is not UTF-8");
			return false;
		}
		c += len;
	}
	if (*line == '\0' || *line == '\n' || *line == '\r' || *line == ';' ||
		*line == '#')
		return true;
	if (*line == '[') {
		section_line(reader, line);
		return reader->section_is_good;
	}
	if (!strchr(line, '=')) {
		settings_fault(reader, "neither a section nor KEY = VALUE");
		return false;
	}
	return true;
}

/* fgets for inih: one line without its indent, "\n" in place of what is not good. */
static char *
line_next(char *out, int size, void *context)
{
	struct settings_reader *reader = context;
	char bytes[LINE_MAX_BYTES + 2];
	const char *line = bytes;
	bool whole = true;
	int c;
	size_t len = 0;

	while ((c = getc(reader->stream)) != EOF && c != '\n') {
		if (c == '\0')
			c = '\1';
		if (len < LINE_MAX_BYTES)
			bytes[len++] = (char)c;
		else
			whole = false;
	}
	if (c == EOF && len == 0)
		return NULL;
	bytes[len] = '\0';
	reader->line++;
	if (reader->line == 1 && len >= 3 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	while (*line == ' ' || *line == '\t')
		line++;
	snprintf(
		out, (size_t)size, "%s\n", line_is_good(reader, line, whole) ? line : "");
	return out;
}

/* The structure that a section's keys go into. */
static void *
section_base(struct settings_reader *reader, const char *first)
{
	struct settings *settings = reader->settings;

	/* The last one is the one being read only in its first file. */
	if (strcmp(first, "station") == 0) {
		const char *name = strchr(reader->section, ' ') + 1;
		size_t i;

		for (i = 0; i < settings->station_count; i++)
			if (strcmp(settings->stations[i].name, name) == 0)
				return &settings->stations[i];
	}
	if (strcmp(first, "product") == 0) {
		const char *name = strchr(reader->section, ' ') + 1;
		size_t i;

		for (i = 0; i < settings->product_count; i++)
			if (strcmp(settings->products[i].name, name) == 0)
				return &settings->products[i];
	}
	return settings;
}

/* The key that was added last, unless memory was out. */
static void
seen_spoil(struct settings_reader *reader, const char *section, const char *name)
{
	struct settings_seen *last;

	if (reader->seen_count == 0)
		return;
	last = &reader->seen[reader->seen_count - 1];
	if (strcmp(last->section, section) == 0 && strcmp(last->key, name) == 0)
		last->is_bad = true;
}

static int
key_take(void *context, const char *section, const char *name, const char *value)
{
	struct settings_reader *reader = context;
	const struct settings_key *key;
	const struct settings_seen *seen;
	char first[SETTINGS_WORD_MAX + 1];

	(void)section;
	if (!reader->section[0]) {
		settings_fault(reader, "a key before the first section");
		return 1;
	}
	if (!reader->section_is_good)
		return 1;
	section_name(first, sizeof(first), reader->section);
	key = settings_key_find(first, name);
	seen = settings_seen(reader, reader->section, name);
	if (!key)
		key_unknown(reader, first, name);
	else if (seen)
		settings_fault(reader, "`%s' a second time; it is set in %s:%u", name,
			seen->file, seen->line);
	else {
		seen_add(reader, reader->section, name);
		if (!key->parse(reader, key,
			    (char *)section_base(reader, first) + key->offset, value)) {
			settings_fault(reader, "`%s' must be %s", name, key->allowed);
			seen_spoil(reader, reader->section, name);
		}
	}
	return 1;
}

/* No device, which may have no end, and no pipe, which may never have a beginning. */
static FILE *
file_open(struct settings_reader *reader, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *file = NULL;
	struct stat st = {0};

	if (fd >= 0 &&
		(fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX))
		settings_fault(
			reader, "is not a file of at most %d bytes", FILE_BYTES_MAX);
	else if (fd < 0 || !(file = fdopen(fd, "r")))
		settings_fault(reader, "cannot be read: %s", strerror(errno));
	if (!file && fd >= 0)
		(void)close(fd);
	return file;
}

void
settings_read_file(struct settings_reader *reader, const char *file)
{
	reader->file = file;
	reader->line = 0;
	reader->section[0] = '\0';
	reader->section_is_good = false;
	reader->stream = file_open(reader, file);
	if (!reader->stream)
		return;
	if (ini_parse_stream(line_next, reader, key_take, reader) < 0)
		reader->out_of_memory = true;
	if (ferror(reader->stream)) {
		reader->line = 0;
		settings_fault(reader, "cannot be read: %s", strerror(errno));
	}
	fclose(reader->stream);
	reader->stream = NULL;
}
