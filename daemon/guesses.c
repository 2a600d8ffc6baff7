/* SPDX-License-Identifier: MIT */
#include "daemon/guesses.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include "proto/error.h"
#include "proto/operator_code.h"

bool
guesses_wrong(struct guesses *guesses, unsigned max, uint64_t now_ms)
{
	if (guesses->wrong > 0 && now_ms - guesses->since_ms >= GUESSES_KEPT_MS)
		guesses->wrong = 0;
	if (guesses->wrong == 0)
		guesses->since_ms = now_ms;
	if (++guesses->wrong < max)
		return false;
	guesses->wrong = 0;
	guesses->locked_until_ms = now_ms + GUESSES_LOCK_MS;
	return true;
}

bool
guesses_are_locked(const struct guesses *guesses, uint64_t now_ms)
{
	return now_ms < guesses->locked_until_ms;
}

/* No more of them than accounts that may ask times operators who are enrolled. */
struct guess_book {
	struct guess_book *next;
	uid_t account;
	char name[OPERATOR_NAME_SIZE]; /* "": whatever name */
	struct guesses guesses;
};

void
guess_book_free(struct guess_book *book)
{
	struct guess_book *next;

	for (; book; book = next) {
		next = book->next;
		free(book);
	}
}

static struct guess_book *
find(struct guess_book *book, uid_t account, const char *name)
{
	while (book && (book->account != account || strcmp(book->name, name) != 0))
		book = book->next;
	return book;
}

/* The entry, made when there is none; NULL: no memory. */
static struct guesses *
entry_of(struct guess_book **book, uid_t account, const char *name)
{
	struct guess_book *entry = find(*book, account, name);

	if (entry)
		return &entry->guesses;
	entry = calloc(1, sizeof *entry);
	if (!entry)
		return NULL;
	entry->account = account;
	(void)snprintf(entry->name, sizeof entry->name, "%s", name);
	entry->next = *book;
	*book = entry;
	return &entry->guesses;
}

bool
guess_book_is_locked(
	struct guess_book *book, uid_t account, const char *name, uint64_t now_ms)
{
	const struct guess_book *own = find(book, account, name);
	const struct guess_book *all = find(book, account, "");

	return (own && guesses_are_locked(&own->guesses, now_ms)) ||
	       (all && guesses_are_locked(&all->guesses, now_ms));
}

int
guess_book_wrong(
	struct guess_book **book, uid_t account, const char *name, uint64_t now_ms)
{
	struct guesses *own = entry_of(book, account, name);
	struct guesses *all = own ? entry_of(book, account, "") : NULL;
	bool is_many;

	if (!all)
		return KE_NO_MEMORY;
	is_many = guesses_wrong(own, GUESSES_MAX, now_ms);
	return guesses_wrong(all, GUESSES_OF_ACCOUNT, now_ms) || is_many;
}

void
guess_book_right(struct guess_book *book, uid_t account, const char *name)
{
	struct guess_book *own = find(book, account, name);

	if (own)
		own->guesses.wrong = 0;
}
