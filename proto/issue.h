/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a file that came in: a list of places and codes, never the
 * text that stood there, since a row may be secret.  What may be told of it is a number
 * that is over its limit, and a control character, which is no text.
 */
#ifndef KEYLINE_PROTO_ISSUE_H
#define KEYLINE_PROTO_ISSUE_H

#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

/* As many are kept; the others are counted. */
enum { ISSUES_KEPT = 1000 };

/* What an issue has beside its code; all 0: nothing. */
struct issue_detail {
	/* With a unit, "bytes" or "rows" (static text; "" of a bare number): a value that
	 * is over the limit. */
	uint64_t value;
	uint64_t limit;
	const char *unit;
	/* Not 0: value is a control character, and stands at this place of the field,
	 * counted in characters from 1. */
	unsigned place;
};

struct issue {
	/* From 1; 0: the file as a whole. */
	unsigned line;
	/* The field of the line, from 1; 0: the line as a whole. */
	unsigned column;
	int code;
	/* A name of ours for the field (static text), or NULL. */
	const char *field;
	struct issue_detail detail;
};

struct issue_list {
	struct issue *items;
	size_t count;
	/* With those that were not kept. */
	size_t total;
};

/* An empty list. */
#define ISSUE_LIST_EMPTY                              \
	{                                             \
		.items = NULL, .count = 0, .total = 0 \
	}

/*
 * Adds an issue; field is static text or NULL.  When memory is out or the list is
 * full, only the total grows.  Returns code, so that a parser can return it on.
 */
int issue_add(struct issue_list *list, unsigned line, unsigned column, int code,
	const char *field);

/* The same, with what more is known; the issue is copied. */
int issue_add_whole(struct issue_list *list, const struct issue *issue);

/* What an issue is in words: the code's text, and its detail: "longer than its limit:
 * 70 bytes, and at most 64 is allowed". */
enum { ISSUE_WORDS_SIZE = 192 };
void issue_words(char out[ISSUE_WORDS_SIZE], const struct issue *issue);

/* The code of the first issue, or 0 when there is none. */
int issue_first(const struct issue_list *list);

/* By line, then column; those of one place stay in their order. */
void issue_list_sort(struct issue_list *list);

/* Frees the items and empties the list. */
void issue_list_clear(struct issue_list *list);

#endif
