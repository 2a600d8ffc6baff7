/* SPDX-License-Identifier: MIT */
/*
 * main() of a fuzz target where libFuzzer is missing: each file that is named, and each
 * file of a folder that is named, goes through the target once.  Options of libFuzzer's
 * (-runs=N) are passed over.
 */
#include "config.h"
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20, PATH_MAX_LEN = 4096 };

static unsigned long count;

static void
replay_file(const char *path)
{
	uint8_t *bytes = malloc(FILE_MAX), *exact;
	FILE *file = fopen(path, "rb");
	size_t len;

	HOLDS(bytes && file);
	len = fread(bytes, 1, FILE_MAX, file);
	HOLDS(!ferror(file) && len < FILE_MAX);
	(void)fclose(file);
	/* Of its own length, so that a byte too far shows. */
	exact = malloc(len ? len : 1);
	HOLDS(exact);
	memcpy(exact, bytes, len);
	HOLDS(LLVMFuzzerTestOneInput(exact, len) == 0);
	free(exact);
	free(bytes);
	count++;
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
