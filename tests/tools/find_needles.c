/* SPDX-License-Identifier: MIT */
/*
 * Looks for many pieces of bytes at once, in files and in the memory of processes:
 *
 *	find_needles PLACE...
 *
 * stdin has the pieces, one a line: LABEL HEX (no blank in the label; 8 bytes and more).
 * A place is file:PATH or pid:NUMBER, all of whose readable memory is searched.  Prints a
 * line for each hit (hit PLACE OFFSET WHERE LABEL), one for what could not be read
 *(unread PLACE WHERE BYTES), and one a place: searched PLACE BYTES.  WHERE is `-', or a
 *mapping's name and `locked' or `plain': whether it stays out of swap and cores.
 */
#define _GNU_SOURCE
#include "config.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY = 8, BITS = 20, BLOCK = 1 << 20, NAME = 200, TOLD_MAX = 3, PAGE = 4096 };

/* The key, eight bytes of it that look like little else, is what is looked up. */
struct needle {
	unsigned char *bytes;
	size_t len, key_at;
	char *label;
	/* How often it was told of the place that is searched. */
	unsigned told;
	struct needle *next;
};

static struct needle *table[1 << BITS];
/* A bit for each of its rows that is taken: small enough to stay near the processor. */
static uint64_t taken[(1 << BITS) / 64];
/* How much before and behind a key belongs to some needle. */
static size_t longest_before, longest_behind;
static unsigned char block[BLOCK];

static void
fail(const char *what)
{
	fprintf(stderr, "find_needles: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint32_t
hash(const unsigned char *at)
{
	uint64_t key;

	memcpy(&key, at, KEY);
	return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS));
}

static unsigned
kinds_of_bytes(const unsigned char *at)
{
	unsigned kinds = 0;

	for (unsigned i = 0; i < KEY; i++)
		kinds += !memchr(at, at[i], i);
	return kinds;
}

static void
needle_add(struct needle *needle)
{
	unsigned best = 0;
	uint32_t row;

	for (size_t i = 0; i + KEY <= needle->len; i++) {
		unsigned kinds = kinds_of_bytes(needle->bytes + i);

		if (kinds > best) {
			best = kinds;
			needle->key_at = i;
		}
	}
	if (needle->key_at > longest_before)
		longest_before = needle->key_at;
	if (needle->len - needle->key_at > longest_behind)
		longest_behind = needle->len - needle->key_at;
	row = hash(needle->bytes + needle->key_at);
	needle->next = table[row];
	table[row] = needle;
	taken[row / 64] |= UINT64_C(1) << row % 64;
}

static unsigned
digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	if (!at)
		fail("hex of stdin");
	return (unsigned)(at - digits);
}

static void
needles_read(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		struct needle *needle = calloc(1, sizeof *needle);
		char *hex = strchr(line, ' ');

		if (!needle || !hex)
			fail("a line of stdin");
		*hex++ = '\0';
		hex[strcspn(hex, "\n")] = '\0';
		needle->len = strlen(hex) / 2;
		needle->label = strdup(line);
		needle->bytes = malloc(needle->len + 1);
		if (needle->len < KEY || needle->len > BLOCK / 4 || !needle->label ||
			!needle->bytes)
			fail("a piece of stdin");
		for (size_t i = 0; i < needle->len; i++)
			needle->bytes[i] = (unsigned char)(digit(hex[2 * i]) << 4 |
							   digit(hex[2 * i + 1]));
		needle_add(needle);
	}
	free(line);
}

static bool
is_taken(uint32_t row)
{
	return taken[row / 64] >> row % 64 & 1;
}

struct place {
	const char *name;
	int fd;
	uint64_t searched;
};

/* Every needle whose key stands at block[at], of a block that begins at from. */
static void
look(const struct place *place, const char *where, uint64_t from, size_t at, size_t len)
{
	for (struct needle *n = table[hash(block + at)]; n; n = n->next) {
		if (n->key_at > at || n->len - n->key_at > len - at ||
			memcmp(block + at - n->key_at, n->bytes, n->len) != 0)
			continue;
		if (n->told++ < TOLD_MAX)
			printf("hit %s %" PRIu64 " %s %s\n", place->name,
				from + at - n->key_at, where, n->label);
	}
}

/* Searches bytes from..to; a page that cannot be read is passed over. */
static void
search(struct place *place, const char *where, uint64_t from, uint64_t to)
{
	size_t overlap = longest_before + longest_behind, unread = 0;
	/* The keys before this have been looked up. */
	uint64_t done = from;

	while (from < to) {
		size_t want = to - from < BLOCK ? (size_t)(to - from) : BLOCK;
		ssize_t got = pread(place->fd, block, want, (off_t)from);

		if (got == 0)
			break;
		if (got < 0) {
			if (errno == EINTR)
				continue;
			unread += PAGE - from % PAGE;
			from += PAGE - from % PAGE;
			done = from;
			continue;
		}
		for (size_t at = (size_t)(done - from); at + KEY <= (size_t)got; at++)
			if (is_taken(hash(block + at)))
				look(place, where, from, at, (size_t)got);
		place->searched += (uint64_t)got;
		if ((uint64_t)got == to - from || (size_t)got <= overlap) {
			from += (uint64_t)got;
			done = from;
		} else {
			/* Keys near the end are looked up again with all that is behind
			 * them. */
			done = from + (uint64_t)got - longest_behind + 1;
			from += (uint64_t)got - overlap;
			place->searched -= overlap;
		}
	}
	if (unread)
		printf("unread %s %s %zu\n", place->name, where, unread);
}

static void
search_file(struct place *place, const char *path)
{
	place->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (place->fd < 0) {
		/* What is gone by now holds nothing any more. */
		if (errno != ENOENT)
			fail(path);
		return;
	}
	search(place, "-", 0, UINT64_MAX >> 1);
	close(place->fd);
}

struct mapping {
	uint64_t from, to;
	char rights[5], name[NAME];
};

static void
search_mapping(struct place *place, const struct mapping *map, bool locked)
{
	char where[NAME + 16];

	/* These are the kernel's own. */
	if (map->rights[0] != 'r' || strcmp(map->name, "[vvar]") == 0 ||
		strcmp(map->name, "[vvar_vclock]") == 0 ||
		strcmp(map->name, "[vsyscall]") == 0)
		return;
	snprintf(where, sizeof where, "%s:%s:%s", map->name, map->rights,
		locked ? "locked" : "plain");
	search(place, where, map->from, map->to);
}

static void
search_process(struct place *place, const char *pid)
{
	char path[64], *line = NULL;
	size_t size = 0;
	struct mapping map = {0};
	uint64_t kept = 0, swapped = 0;
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%s/mem", pid);
	place->fd = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%s/smaps", pid);
	maps = fopen(path, "re");
	if (place->fd < 0 || !maps) {
		/* It may have ended; who asks for it will miss it. */
		if (errno != ENOENT && errno != ESRCH)
			fail(path);
		if (place->fd >= 0)
			close(place->fd);
		return;
	}
	while (getline(&line, &size, maps) > 0) {
		uint64_t from, to;
		char rights[5], name[NAME] = "-";

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %*s %199s", &from,
			    &to, rights, name) >= 3) {
			map.from = from;
			map.to = to;
			memcpy(map.rights, rights, sizeof rights);
			memcpy(map.name, name, sizeof name);
		} else if (sscanf(line, "Rss: %" SCNu64, &kept) == 1 ||
			   sscanf(line, "Swap: %" SCNu64, &swapped) == 1) {
			continue;
		} else if (strncmp(line, "VmFlags:", 8) == 0 && kept + swapped > 0) {
			/* The last line of a mapping; one that nobody has touched holds
			 * nothing. */
			search_mapping(
				place, &map, strstr(line, " lo") && strstr(line, " dd"));
		}
	}
	free(line);
	fclose(maps);
	close(place->fd);
}

int
main(int argc, char **argv)
{
	needles_read();
	for (int i = 1; i < argc; i++) {
		struct place place = {.name = argv[i]};

		if (strncmp(argv[i], "pid:", 4) == 0)
			search_process(&place, argv[i] + 4);
		else if (strncmp(argv[i], "file:", 5) == 0)
			search_file(&place, argv[i] + 5);
		else
			fail(argv[i]);
		for (size_t row = 0; row < 1 << BITS; row++)
			for (struct needle *n = is_taken((uint32_t)row) ? table[row]
									: NULL;
				n; n = n->next)
				n->told = 0;
		printf("searched %s %" PRIu64 "\n", place.name, place.searched);
	}
	return 0;
}
