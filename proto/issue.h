/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a file that came in: a list of places and codes, never the
 * text that stood there, since a row may be secret.
 */
#ifndef KEYLINE_PROTO_ISSUE_H
#define KEYLINE_PROTO_ISSUE_H

#include <stddef.h>
#include "proto/error.h"

/* As many are kept; the others are counted. */
enum { ISSUES_KEPT = 1000 };

struct issue {
	/* From 1; 0: the file as a whole. */
	unsigned line;
	/* The field of the line, from 1; 0: the line as a whole. */
	unsigned column;
	int code;
	/* A name of ours for the field (static text), or NULL. */
	const char *field;
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

/* The code of the first issue, or 0 when there is none. */
int issue_first(const struct issue_list *list);

/* By line, then column; those of one place stay in their order. */
void issue_list_sort(struct issue_list *list);

/* Frees the items and empties the list. */
void issue_list_clear(struct issue_list *list);

#endif
