/* SPDX-License-Identifier: MIT */
/*
 * main() of a fuzz target where libFuzzer is missing: each file that is named, and each
 * file of a folder that is named, goes through the target once; after -near also all that
 * is one edit away from it: a byte that is another one, lacks, or comes twice, and an end
 * that is cut.  Options of libFuzzer's (-runs=N) are passed over.
 */
#include "config.h"
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20, PATH_MAX_LEN = 4096 };

static unsigned long count;
static bool is_near;

/* Its first part, so much that is left out, so often the byte there, and the rest. */
static void
replay_edited(const uint8_t *bytes, size_t len, size_t at, size_t without, size_t times,
	uint8_t byte)
{
	size_t rest = len - at - without;
	/* Of its own length, so that a byte too far shows. */
	uint8_t *exact = malloc(at + times + rest ? at + times + rest : 1);

	HOLDS(exact);
	memcpy(exact, bytes, at);
	memset(exact + at, byte, times);
	memcpy(exact + at + times, bytes + at + without, rest);
	HOLDS(LLVMFuzzerTestOneInput(exact, at + times + rest) == 0);
	free(exact);
	count++;
}

static void
replay_near(const uint8_t *bytes, size_t len)
{
	/* What lies at the edges of classes of characters. */
	static const char others[] = "\0\t\n\r\037 \"#,-./09:;=@AFGZ[_afgz{~\177\200\377";

	for (size_t at = 0; at < len; at++) {
		for (size_t i = 0; i < sizeof others - 1; i++)
			replay_edited(bytes, len, at, 1, 1, (uint8_t)others[i]);
		replay_edited(bytes, len, at, 1, 1, bytes[at] ^ 1);
		replay_edited(bytes, len, at, 1, 0, 0);
		replay_edited(bytes, len, at, 0, 1, bytes[at]);
		replay_edited(bytes, len, at, len - at, 0, 0);
	}
}

static void
replay_file(const char *path)
{
	uint8_t *bytes = malloc(FILE_MAX);
	FILE *file = fopen(path, "rb");
	size_t len;

	HOLDS(bytes && file);
	len = fread(bytes, 1, FILE_MAX, file);
	HOLDS(!ferror(file) && len < FILE_MAX);
	(void)fclose(file);
	replay_edited(bytes, len, 0, 0, 0, 0);
	if (is_near)
		replay_near(bytes, len);
	free(bytes);
}

static void
replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	HOLDS(folder);
	while ((entry = readdir(folder)) != NULL) {
		char inside[PATH_MAX_LEN];

		if (entry->d_name[0] == '.')
			continue;
		HOLDS(snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name) <
			(int)sizeof inside);
		replay_file(inside);
	}
	(void)closedir(folder);
}

int
main(int argc, char **argv)
{
	HOLDS(LLVMFuzzerInitialize(&argc, &argv) == 0);
	for (int i = 1; i < argc; i++) {
		struct stat st;

		is_near = is_near || strcmp(argv[i], "-near") == 0;
		if (argv[i][0] == '-')
			continue;
		HOLDS(stat(argv[i], &st) == 0);
		if (S_ISDIR(st.st_mode))
			replay_folder(argv[i]);
		else
			replay_file(argv[i]);
	}
	printf("%lu inputs\n", count);
	return count == 0;
}
