/* SPDX-License-Identifier: MIT */
/* Tables of JSON objects: each column is a row of a static table of its own. */
#ifndef KEYLINE_CTL_TABLE_H
#define KEYLINE_CTL_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct style;

/* How a member of an object is written. */
enum cell_kind {
	CELL_TEXT,
	CELL_WRAPPED, /* text that may take several lines on a terminal */
	CELL_STATE,   /* text with the colour of its state; "(held)" behind it */
	CELL_NUMBER,
	CELL_CYCLE,    /* milliseconds */
	CELL_DURATION, /* seconds */
	CELL_ETA,      /* seconds from now */
	CELL_TIME,
	CELL_ACTOR,       /* "uid1001", as this host calls that user */
	CELL_FINGERPRINT, /* hex digits in groups of four */
	CELL_FLAG         /* "yes", or nothing */
};

struct table_column {
	const char *heading;
	const char *key; /* "reason", or "link.errors" for a member of a member */
	enum cell_kind kind;
	bool optional; /* left out when no row has a value */
};

enum { CELL_SIZE = 1024 };

/* The member that key names, NULL when absent or null. */
json_t *table_member(const json_t *object, const char *key);

/* A member of an object as text; "" when it is absent. */
void table_cell(char out[CELL_SIZE], const json_t *object, const char *key,
	enum cell_kind kind, const struct style *style);

/* Whether any object is of the type. */
bool table_has(const json_t *objects, const char *type);

/*
 * Prints the objects of one type as a table under its headings; nothing at all
 * when there are none.
 */
void table_print(const struct style *style, const json_t *objects, const char *type,
	const struct table_column *columns, size_t count);

/* Prints "heading  value" lines of one object, leaving out what is absent. */
void table_print_fields(const struct style *style, const json_t *object,
	const struct table_column *columns, size_t count);

#endif
