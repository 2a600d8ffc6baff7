/* SPDX-License-Identifier: MIT */
/* Claiming, reading, ending, putting back, publishing. */
#include "config.h"
#include "daemon/spool_inside.h"
#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RESULT_MODE = 0640, PUBLISH_MODE = 0640, SUFFIX_MAX = 1000000 };

static void
close_file(struct spool_file *file)
{
	if (file->fd >= 0)
		(void)close(file->fd);
	file->fd = -1;
}

/*
 * Opens a file in working/ and looks at what was really claimed: between scan and
 * claim the name may have come to mean something else.
 */
static void
open_claimed(struct spool_file *file, const struct spool *s)
{
	struct stat st;

	file->fd = openat(s->fds[SPOOL_WORKING], file->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file->fd < 0 || fstat(file->fd, &st) != 0) {
		file->code = durable_error(errno);
	} else if (!S_ISREG(st.st_mode)) {
		file->code = KE_BAD_NAME;
	} else {
		file->size = (uint64_t)st.st_size;
		if (file->size > s->max_bytes)
			file->code = KE_TOO_LONG;
	}
	if (file->code != 0)
		close_file(file);
}

static int
take_recovered(struct spool_file *file, struct spool *s)
{
	const char *name = s->recovered[s->recovered_next++];

	memset(file, 0, sizeof *file);
	file->fd = -1;
	file->recovered = true;
	(void)snprintf(file->name, sizeof file->name, "%s", name);
	spool_name_show(file->dropped, name);
	if (spool_name_is_odd(name))
		file->code = KE_BAD_NAME;
	else
		open_claimed(file, s);
	return 0;
}

/* Moves an odd name to working/refused-N. */
static int
claim_odd(struct spool_file *file, struct spool *s, const char *name)
{
	int rc = KE_DUPLICATE;

	while (rc == KE_DUPLICATE && s->refused < SUFFIX_MAX) {
		(void)snprintf(file->name, sizeof file->name, "refused-%u", ++s->refused);
		rc = durable_move(
			s->fds[SPOOL_INCOMING], name, s->fds[SPOOL_WORKING], file->name);
	}
	return rc;
}

static int
claim(struct spool_file *file, struct spool *s, const struct spool_entry *entry)
{
	int rc;

	memset(file, 0, sizeof *file);
	file->fd = -1;
	file->code = entry->code;
	file->size = (uint64_t)entry->signature.size;
	if (spool_name_is_odd(entry->name)) {
		spool_name_show(file->dropped, entry->name);
		return claim_odd(file, s, entry->name);
	}
	(void)snprintf(file->name, sizeof file->name, "%s", entry->name);
	(void)snprintf(file->dropped, sizeof file->dropped, "%s", entry->name);
	rc = durable_move(
		s->fds[SPOOL_INCOMING], entry->name, s->fds[SPOOL_WORKING], file->name);
	if (rc == 0 && file->code == 0)
		open_claimed(file, s);
	return rc;
}

/*
 * Whether a program, a file server say, holds a lease for writing on it: it is at work on
 * the file.  Our asking makes the kernel take the lease back.
 */
static bool
is_leased(const struct spool *s, const char *name)
{
	int fd = openat(s->fds[SPOOL_INCOMING], name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return errno == EWOULDBLOCK;
	(void)close(fd);
	return false;
}

int
spool_take(struct spool_file *file, struct spool *s)
{
	if (s->failed != 0)
		return s->failed;
	if (s->recovered_next < s->recovered_count)
		return take_recovered(file, s);
	for (size_t i = 0; i < s->count; i++) {
		struct spool_entry *e = &s->entries[i];
		int rc;

		if (!e->ready || !e->is_file || e->taken || e->deferred != 0)
			continue;
		if (e->code == 0 && is_leased(s, e->name)) {
			e->ready = false;
			continue;
		}
		rc = claim(file, s, e);
		/* Gone in the meantime; or one of that name is still at work. */
		if (rc == KE_NOT_FOUND || rc == KE_DUPLICATE)
			continue;
		e->taken = rc == 0;
		return spool_note(s, rc);
	}
	return KE_NOT_FOUND;
}

int
spool_read(unsigned char **bytes, size_t *len, struct spool *s, struct spool_file *file)
{
	size_t room = (size_t)file->size + 1, n = 0;
	unsigned char *buffer = malloc(room);
	ssize_t got;

	*bytes = NULL;
	*len = 0;
	if (!buffer)
		return KE_NO_MEMORY;
	if (file->fd < 0 || lseek(file->fd, 0, SEEK_SET) != 0) {
		free(buffer);
		return KE_BAD_STATE;
	}
	while (n < room) {
		got = read(file->fd, buffer + n, room - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(buffer);
			return durable_error(errno);
		}
		if (got == 0)
			break;
		n += (size_t)got;
	}
	/* One byte more than it had: someone is still writing. */
	if (n > file->size || n > s->max_bytes) {
		free(buffer);
		return KE_TOO_LONG;
	}
	*bytes = buffer;
	*len = n;
	return 0;
}

/* The first of NAME, NAME.2, NAME.3 ... that the folder does not have. */
static int
free_name(char out[SPOOL_NAME_SIZE], const struct spool *s, enum spool_folder folder,
	const char *name)
{
	struct stat st;

	(void)snprintf(out, SPOOL_NAME_SIZE, "%s", name);
	for (unsigned i = 2; i < SUFFIX_MAX; i++) {
		if (fstatat(s->fds[folder], out, &st, AT_SYMLINK_NOFOLLOW) != 0)
			return errno == ENOENT ? 0 : durable_error(errno);
		(void)snprintf(out, SPOOL_NAME_SIZE, "%.*s.%u", SPOOL_NAME_MAX, name, i);
	}
	return KE_EXHAUSTED;
}

static int
write_result(struct spool *s, enum spool_folder folder, const char *name,
	const char *kind, const char *bytes, size_t len)
{
	char result[SPOOL_NAME_SIZE + 16];

	(void)snprintf(result, sizeof result, "%s.result.%s", name, kind);
	return durable_write(s->fds[folder], result, bytes, len, RESULT_MODE, 1);
}

int
spool_finish(char *name_out, struct spool *s, struct spool_file *file,
	enum spool_folder folder, const struct spool_result *result)
{
	char name[SPOOL_NAME_SIZE];
	int rc = s->failed;

	if (folder != SPOOL_DONE && folder != SPOOL_FAILED && folder != SPOOL_DUPLICATE)
		return KE_BAD_ARGUMENT;
	close_file(file);
	if (rc == 0)
		rc = free_name(name, s, folder, file->name);
	if (rc == 0)
		rc = write_result(s, folder, name, "txt", result->text, result->text_len);
	if (rc == 0)
		rc = write_result(
			s, folder, name, "json", result->json, result->json_len);
	if (rc == 0)
		rc = durable_move(
			s->fds[SPOOL_WORKING], file->name, s->fds[folder], name);
	if (rc != 0)
		return spool_note(s, rc);
	if (name_out)
		memcpy(name_out, name, sizeof name);
	if (folder == SPOOL_DONE)
		spool_retry_deferred(s);
	return 0;
}

void
spool_retry_deferred(struct spool *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->entries[i].deferred = 0;
}

static struct spool_entry *
entry_find(struct spool *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->entries[i].name, name) == 0)
			return &s->entries[i];
	return NULL;
}

/* The entry of a name; one that no scan has seen (found at the start) is added. */
static struct spool_entry *
entry_of(struct spool *s, const char *name)
{
	struct spool_entry *known = entry_find(s, name), *grown;

	if (known)
		return known;
	grown = realloc(s->entries, (s->count + 1) * sizeof *grown);
	if (!grown)
		return NULL;
	s->entries = grown;
	memset(&grown[s->count], 0, sizeof *grown);
	grown[s->count].name = strdup(name);
	if (!grown[s->count].name)
		return NULL;
	s->count++;
	spool_sort(s);
	return entry_find(s, name);
}

/* The moves gave it a new ctime: to the next scan it is the file it was before. */
static int
put_deferred(struct spool *s, const char *name, const struct stat *st, int code)
{
	struct spool_entry *e = entry_of(s, name);

	if (!e)
		return KE_NO_MEMORY;
	e->signature = spool_signature_of(st);
	e->ready = true;
	e->is_file = S_ISREG(st->st_mode);
	e->taken = false;
	e->deferred = code;
	return 0;
}

/* "B.2.codes.cms" -> "B.2.codes.7.cms": what it is stands in the ending. */
static void
numbered_name(char out[SPOOL_NAME_SIZE], const char *name, unsigned number)
{
	const char *ending = strrchr(name, '.');
	size_t stem = ending ? (size_t)(ending - name) : strlen(name);
	char number_text[16];
	size_t more = strlen(name) - stem;

	more += (size_t)snprintf(number_text, sizeof number_text, ".%u", number);
	if (more >= SPOOL_NAME_MAX)
		ending = NULL;
	if (stem + more > SPOOL_NAME_MAX)
		stem = more < SPOOL_NAME_MAX ? SPOOL_NAME_MAX - more
					     : SPOOL_NAME_MAX - sizeof number_text;
	(void)snprintf(out, SPOOL_NAME_SIZE, "%.*s%s%s", (int)stem, name, number_text,
		ending ? ending : "");
}

/* Its name in incoming/ was given to another file meanwhile: the first free one of its kind. */
static int
move_beside(struct spool *s, struct spool_file *file)
{
	char name[SPOOL_NAME_SIZE];
	int rc = KE_DUPLICATE;

	for (unsigned i = 2; rc == KE_DUPLICATE && i < SUFFIX_MAX; i++) {
		numbered_name(name, file->name, i);
		rc = durable_move(s->fds[SPOOL_WORKING], file->name,
			s->fds[SPOOL_INCOMING], name);
	}
	if (rc == 0)
		memcpy(file->name, name, sizeof name);
	return rc;
}

/* Whether incoming/ has the same bytes under its name again, and what of it the next scan
 * has to see if it is still the same file. */
static bool
is_dropped_again(struct stat *st, struct spool *s, const struct spool_file *file)
{
	struct spool_file own = {.fd = -1}, again = {.fd = -1};
	unsigned char *a = NULL, *b = NULL;
	size_t a_len = 0, b_len = 0;
	bool is_same = false;

	own.fd = openat(s->fds[SPOOL_WORKING], file->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	again.fd = openat(s->fds[SPOOL_INCOMING], file->name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	own.size = file->size;
	if (own.fd >= 0 && again.fd >= 0 && fstat(again.fd, st) == 0 &&
		S_ISREG(st->st_mode) && (uint64_t)st->st_size == own.size) {
		again.size = own.size;
		is_same = spool_read(&a, &a_len, s, &own) == 0 &&
			  spool_read(&b, &b_len, s, &again) == 0 && a_len == b_len &&
			  memcmp(a, b, a_len) == 0;
	}
	free(a);
	free(b);
	close_file(&own);
	close_file(&again);
	return is_same;
}

int
spool_defer(struct spool *s, struct spool_file *file, int code)
{
	struct stat st = {0};
	int rc = s->failed;

	close_file(file);
	if (rc == 0)
		rc = durable_move(s->fds[SPOOL_WORKING], file->name,
			s->fds[SPOOL_INCOMING], file->name);
	/* What a program puts back whenever it vanishes is put back once: then it waits. */
	if (rc == KE_DUPLICATE && is_dropped_again(&st, s, file))
		rc = durable_unlink(s->fds[SPOOL_WORKING], file->name);
	else if (rc == KE_DUPLICATE || rc == 0) {
		if (rc == KE_DUPLICATE)
			rc = move_beside(s, file);
		if (rc == 0 && fstatat(s->fds[SPOOL_INCOMING], file->name, &st,
				       AT_SYMLINK_NOFOLLOW) != 0)
			rc = durable_error(errno);
	}
	if (rc != 0)
		return spool_note(s, rc);
	return put_deferred(s, file->name, &st, code != 0 ? code : KE_OUT_OF_SEQUENCE);
}

int
spool_again(struct spool *s, struct spool_file *file)
{
	char *name = strdup(file->name), **grown;

	close_file(file);
	grown = name ? realloc(s->recovered, (s->recovered_count + 1) * sizeof *grown)
		     : NULL;
	if (!grown) {
		free(name);
		return KE_NO_MEMORY;
	}
	s->recovered = grown;
	grown[s->recovered_count++] = name;
	return 0;
}

/* 0 when outgoing/name has just these bytes, else KE_DUPLICATE or I/O. */
static int
compare_published(const struct spool *s, const char *name, const void *bytes, size_t len)
{
	struct spool_file there = {.fd = -1};
	unsigned char *have = NULL;
	struct stat st;
	ssize_t n;
	int rc = KE_DUPLICATE;

	there.fd = openat(s->fds[SPOOL_OUTGOING], name,
		O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (there.fd < 0)
		return durable_error(errno);
	if (fstat(there.fd, &st) == 0 && S_ISREG(st.st_mode) &&
		(uint64_t)st.st_size == len && (have = malloc(len + 1)) != NULL) {
		n = pread(there.fd, have, len, 0);
		if (n >= 0 && (size_t)n == len && memcmp(have, bytes, len) == 0)
			rc = 0;
	}
	free(have);
	close_file(&there);
	return rc;
}

int
spool_publish(struct spool *s, const char *name, const void *bytes, size_t len)
{
	int rc = s->failed;

	if (spool_name_is_odd(name) || spool_name_is_ignored(name) || name[0] == '\0' ||
		strchr(name, '/'))
		return KE_BAD_NAME;
	if (rc == 0)
		rc = durable_write(
			s->fds[SPOOL_OUTGOING], name, bytes, len, PUBLISH_MODE, 0);
	if (rc == KE_DUPLICATE)
		rc = compare_published(s, name, bytes, len);
	return spool_note(s, rc);
}
