/* SPDX-License-Identifier: MIT */
/*
 * The high-water mark: number and hash of the last committed event, in a directory
 * that is not restored together with the state directory.  It takes its place after each
 * commit, so that after a crash the ledger may be ahead of it, never behind; its bytes
 * are on the disk before, so that want of room stops the commit and not the mark.  It is
 * written by one ledger alone: one that finds another's there has a copy of it beside it.
 *
 *	keyline-mark 1
 *	seq 1234
 *	hash <64 hex digits>
 */
#include "config.h"
#include "daemon/durable.h"
#include "daemon/ledger_db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MARK_SIZE = 160, MARK_MODE = 0600 };

static int
format(char out[MARK_SIZE], uint64_t seq, const unsigned char hash[LEDGER_HASH_LEN])
{
	char hex[2 * LEDGER_HASH_LEN + 1];

	ledger_hex(hex, hash);
	return snprintf(
		out, MARK_SIZE, "keyline-mark 1\nseq %" PRIu64 "\nhash %s\n", seq, hex);
}

/* The value of one small hex digit, or -1. */
static unsigned
digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10) & 15;
}

/* Reads the text back; what format() would not write is no mark. */
static int
parse(uint64_t *seq, unsigned char hash[LEDGER_HASH_LEN], const char *text)
{
	char again[MARK_SIZE];
	char hex[2 * LEDGER_HASH_LEN + 1];

	if (sscanf(text, "keyline-mark 1\nseq %" SCNu64 "\nhash %64[0-9a-f]", seq, hex) !=
			2 ||
		strlen(hex) != 2 * LEDGER_HASH_LEN)
		return KE_CHAIN_BROKEN;
	for (int i = 0; i < LEDGER_HASH_LEN; i++)
		hash[i] = (unsigned char)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
	(void)format(again, *seq, hash);
	return strcmp(again, text) == 0 ? 0 : KE_CHAIN_BROKEN;
}

int
ledger_mark_read(
	uint64_t *seq, unsigned char hash[LEDGER_HASH_LEN], const struct ledger *l)
{
	char text[MARK_SIZE];
	int fd = openat(l->mark_dir, l->mark_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n;
	int error;

	if (fd < 0)
		return durable_error(errno);
	do {
		n = read(fd, text, sizeof text - 1);
	} while (n < 0 && errno == EINTR);
	error = errno;
	(void)close(fd);
	if (n < 0)
		return durable_error(error);
	text[n] = '\0';
	return parse(seq, hash, text);
}

int
ledger_mark_write(
	struct ledger *l, uint64_t seq, const unsigned char hash[LEDGER_HASH_LEN])
{
	char text[MARK_SIZE];
	int len = format(text, seq, hash);
	int rc =
		durable_write(l->mark_dir, l->mark_name, text, (size_t)len, MARK_MODE, 1);

	return rc == 0 ? 0 : ledger_fail(l, rc, "the high-water mark was not written");
}

int
ledger_mark_begin(struct ledger *l)
{
	return ledger_mark_read(&l->mark_seq, l->mark_hash, l);
}

/* Whoever has another mark now works with a copy of this ledger, or put the mark back. */
static int
check_own(struct ledger *l)
{
	unsigned char hash[LEDGER_HASH_LEN];
	uint64_t seq;
	int rc = ledger_mark_read(&seq, hash, l);

	if (rc == KE_NOT_FOUND || rc == KE_CHAIN_BROKEN ||
		(rc == 0 && (seq != l->mark_seq ||
				    memcmp(hash, l->mark_hash, sizeof hash) != 0)))
		rc = KE_OTHER_MARK;
	return rc == 0 ? 0
		       : ledger_fail(l, rc, "the high-water mark is not what was written");
}

int
ledger_mark_prepare(struct ledger *l)
{
	char text[MARK_SIZE];
	int len = format(text, l->seq, l->hash);
	int rc = check_own(l);

	if (rc != 0)
		return rc;
	rc = durable_prepare(l->mark_dir, l->mark_name, text, (size_t)len, MARK_MODE);
	/* Nothing is committed: with room the same can be tried again. */
	if (rc == KE_NO_SPACE || rc == KE_READ_ONLY)
		return l->lost = rc;
	return rc == 0 ? 0 : ledger_fail(l, rc, "the high-water mark was not written");
}

int
ledger_mark_put(struct ledger *l)
{
	int rc = check_own(l);

	if (rc != 0)
		return rc;
	rc = durable_put(l->mark_dir, l->mark_name, 1);
	if (rc != 0)
		return ledger_fail(l, rc, "the high-water mark was not written");
	l->mark_seq = l->durable_seq;
	memcpy(l->mark_hash, l->durable_hash, sizeof l->mark_hash);
	return 0;
}

int
ledger_mark_check(struct ledger *l)
{
	unsigned char mark[LEDGER_HASH_LEN], stored[LEDGER_HASH_LEN];
	uint64_t seq = 0;
	int rc = ledger_mark_read(&seq, mark, l);

	if (rc == KE_NOT_FOUND)
		return l->seq == 0 ? ledger_mark_write(l, 0, l->hash) : KE_NO_MARK;
	if (rc != 0 || seq == 0)
		return rc;
	if (seq > l->seq)
		return KE_ROLLED_BACK;
	rc = ledger_event_hash(stored, l, seq);
	if (rc == KE_NOT_FOUND)
		return KE_ROLLED_BACK;
	return rc == 0 && memcmp(stored, mark, sizeof mark) != 0 ? KE_ROLLED_BACK : rc;
}
