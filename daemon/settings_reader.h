/* SPDX-License-Identifier: MIT */
/* What the files of settings.c share while a configuration is read. */
#ifndef KEYLINE_DAEMON_SETTINGS_READER_H
#define KEYLINE_DAEMON_SETTINGS_READER_H

#include <stdio.h>
#include "daemon/settings.h"

enum { SETTINGS_WORD_MAX = 40 };

/* Where a section or key was seen first; key "" is the section itself. */
struct settings_seen {
	char section[SETTINGS_WORD_MAX + 1];
	char key[SETTINGS_WORD_MAX + 1];
	char *file;
	unsigned line;
	/* Its value was refused: what would follow from it is not told as well. */
	bool is_bad;
};

struct settings_reader {
	struct settings *settings;
	settings_report *report;
	void *context;
	size_t faults;
	bool out_of_memory;
	/* where reading is */
	const char *file;
	unsigned line;
	FILE *stream;
	char section[SETTINGS_WORD_MAX + 1];
	/* whether the section's keys are to be read, not passed over */
	bool section_is_good;
	struct settings_seen *seen;
	size_t seen_count;
};

struct settings_key;

/* Puts value into *field; false: the key's `allowed` tells what it should be. */
typedef bool settings_parse(struct settings_reader *reader,
	const struct settings_key *key, void *field, const char *value);

struct settings_key {
	/* "line"; for `[station NAME]` and `[product NAME]` the first word */
	const char *section;
	const char *name;
	settings_parse *parse;
	/* of the field in struct settings, settings_station or settings_product */
	size_t offset;
	/* room for a text in the structure, or the bounds of a number */
	unsigned min;
	unsigned max;
	/* For a choice: its words with | between; else a sentence's end. */
	const char *allowed;
};

/* The table's rows (NULL behind the last one), and the one for a key (NULL: none). */
const struct settings_key *settings_key_at(size_t index);
const struct settings_key *settings_key_find(const char *section, const char *name);
bool settings_section_is_known(const char *section);

/*
 * What an unknown word may be a slip for, or NULL: a key of the section, a section's
 * first word.  The section in which a key of exactly this name stands, or NULL.
 */
const char *settings_key_near(const char *section, const char *name);
const char *settings_section_near(const char *name);
const char *settings_key_home(const char *name);

/* Tells a fault at the place of reading, or where section and key were seen. */
void settings_fault(struct settings_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void settings_fault_at(struct settings_reader *reader, const char *section,
	const char *key, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for what is no fault: "FILE:LINE: note: ..." */
void settings_note_at(struct settings_reader *reader, const char *section,
	const char *key, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Where a section (key "") or key was seen, or NULL. */
const struct settings_seen *settings_seen(
	const struct settings_reader *reader, const char *section, const char *key);

/* Reads one file into the reader's settings. */
void settings_read_file(struct settings_reader *reader, const char *file);

/* What can only be seen when all is read: missing keys, keys that do not fit. */
void settings_check(struct settings_reader *reader, const char *file);

/* What shows only on this machine: see settings_load_here(). */
void settings_places(struct settings_reader *reader);

/* Of these: whether people can use the spool's folders; whether the ledger has its mark.
 */
void settings_spool_people(struct settings_reader *reader);
void settings_mark_check(struct settings_reader *reader);

/* The parsers of the table. */
settings_parse settings_parse_host;
settings_parse settings_parse_choice;
settings_parse settings_parse_stages;
settings_parse settings_parse_path;
settings_parse settings_parse_text;
settings_parse settings_parse_group;
settings_parse settings_parse_number;
settings_parse settings_parse_pattern;
settings_parse settings_parse_alphabet;
settings_parse settings_parse_coins;
settings_parse settings_parse_hosts;
settings_parse settings_parse_uri;
settings_parse settings_parse_pin;
settings_parse settings_parse_media;
settings_parse settings_parse_device;
settings_parse settings_parse_scanner;

#endif
