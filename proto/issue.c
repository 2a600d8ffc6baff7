/* SPDX-License-Identifier: MIT */
#include "proto/issue.h"

#include <stdbool.h>
#include <stdlib.h>

int
issue_add(struct issue_list *list, unsigned line, unsigned column, int code,
	const char *field)
{
	struct issue *items = list->items;

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
	items[list->count++] = (struct issue){line, column, code, field};
	return code;
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
