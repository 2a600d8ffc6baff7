/* SPDX-License-Identifier: MIT */
#include "proto/issue.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int
issue_add(struct issue_list *list, unsigned line, unsigned column, int code,
	const char *field)
{
	return issue_add_whole(list,
		&(struct issue){
			.line = line, .column = column, .code = code, .field = field});
}

int
issue_add_whole(struct issue_list *list, const struct issue *issue)
{
	struct issue *items = list->items;
	int code = issue->code;

	list->total++;
	if (list->count == ISSUES_KEPT)
		return code;
	/* Grows at 0, 1, 2, 4, 8 ... items. */
	if ((list->count & (list->count - 1)) == 0) {
		size_t capacity = list->count ? list->count * 2 : 1;

		items = realloc(items, capacity * sizeof *items);
		if (!items)
			return code;
		list->items = items;
	}
	items[list->count++] = *issue;
	return code;
}

/* "TAB"; others have no name that people know. */
static const char *
control_name(uint64_t character)
{
	return character == 0      ? "NUL, "
	       : character == '\t' ? "TAB, "
	       : character == '\n' ? "a line feed, "
	       : character == '\r' ? "a carriage return, "
				   : "";
}

void
issue_words(char out[ISSUE_WORDS_SIZE], const struct issue *issue)
{
	const struct issue_detail *detail = &issue->detail;
	const char *text = error_text(issue->code);

	if (detail->place)
		(void)snprintf(out, ISSUE_WORDS_SIZE,
			"%s: %s0x%02" PRIx64 ", is character %u of it", text,
			control_name(detail->value), detail->value, detail->place);
	else if (detail->unit && detail->value)
		(void)snprintf(out, ISSUE_WORDS_SIZE,
			"%s: %" PRIu64 "%s%s, and at most %" PRIu64 " is allowed", text,
			detail->value, detail->unit[0] ? " " : "", detail->unit,
			detail->limit);
	else
		(void)snprintf(out, ISSUE_WORDS_SIZE, "%s", text);
}

int
issue_first(const struct issue_list *list)
{
	if (list->count)
		return list->items[0].code;
	return list->total ? KE_NO_MEMORY : 0;
}

static bool
stands_before(const struct issue *a, const struct issue *b)
{
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* By insertion: the list is short and nearly in order. */
void
issue_list_sort(struct issue_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		struct issue issue = list->items[i];
		size_t j = i;

		for (; j > 0 && stands_before(&issue, &list->items[j - 1]); j--)
			list->items[j] = list->items[j - 1];
		list->items[j] = issue;
	}
}

void
issue_list_clear(struct issue_list *list)
{
	free(list->items);
	*list = (struct issue_list)ISSUE_LIST_EMPTY;
}
