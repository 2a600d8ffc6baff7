/* SPDX-License-Identifier: MIT */
/* What a word that is not known was meant to be: the next step of its fault. */
#include "config.h"
#include "daemon/settings_reader.h"

#include <stdio.h>
#include <string.h>

/* So many slips of the hand make another word of it. */
enum { SLIPS_MAX = 2 };

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* How many letters are to be put in, taken out, exchanged, or swapped with the next. */
static unsigned
slips(const char *one, const char *other)
{
	unsigned rows[3][SETTINGS_WORD_MAX + 1];
	size_t wide = strlen(other);

	if (strlen(one) > SETTINGS_WORD_MAX || wide > SETTINGS_WORD_MAX)
		return SETTINGS_WORD_MAX;
	for (size_t j = 0; j <= wide; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= strlen(one); i++) {
		unsigned *row = rows[i % 3], *above = rows[(i - 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= wide; j++) {
			bool differ = one[i - 1] != other[j - 1];

			row[j] = least(
				above[j - 1] + differ, least(above[j], row[j - 1]) + 1);
			if (differ && i > 1 && j > 1 && one[i - 2] == other[j - 1] &&
				one[i - 1] == other[j - 2])
				row[j] = least(row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[strlen(one) % 3][wide];
}

/* Of two words of three letters any are near; a third of a word may be wrong. */
static bool
is_nearer(unsigned *best, const char *word, const char *known)
{
	unsigned distance = slips(word, known);

	if (distance >= *best || distance * 3 > strlen(word))
		return false;
	*best = distance;
	return true;
}

const char *
settings_key_near(const char *section, const char *name)
{
	const char *near = NULL;
	unsigned best = SLIPS_MAX + 1;
	const struct settings_key *key;

	for (size_t i = 0; (key = settings_key_at(i)) != NULL; i++)
		if (strcmp(key->section, section) == 0 &&
			is_nearer(&best, name, key->name))
			near = key->name;
	return near;
}

const char *
settings_section_near(const char *name)
{
	const char *near = NULL;
	unsigned best = SLIPS_MAX + 1;
	const struct settings_key *key;

	for (size_t i = 0; (key = settings_key_at(i)) != NULL; i++)
		if (is_nearer(&best, name, key->section))
			near = key->section;
	return near;
}

const char *
settings_key_home(const char *name)
{
	const struct settings_key *key;

	for (size_t i = 0; (key = settings_key_at(i)) != NULL; i++)
		if (strcmp(key->name, name) == 0)
			return key->section;
	return NULL;
}
