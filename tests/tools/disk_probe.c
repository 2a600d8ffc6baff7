/* SPDX-License-Identifier: MIT */
/*
 * Asks daemon/secure_disk.c and daemon/erase.c about real mounts, for
 * tests/system/secure-disk.
 *
 *	disk_probe show DIR                                uuid, serial, type, a line each
 *	disk_probe open DIR UUID SERIAL disk|directory USE "ok" or why not
 *	disk_probe erase DIR NAME                          result, file system, findings
 *	disk_probe medium DIR                              rotation, options, a line each
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "daemon/erase.h"
#include "daemon/medium.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"

static int
show(const char *path)
{
	char uuid[SECURE_DISK_TEXT_SIZE], serial[SECURE_DISK_TEXT_SIZE];
	struct block_device device;
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	if (dir < 0)
		return 1;
	secure_disk_uuid(uuid, dir);
	secure_disk_serial(serial, dir);
	printf("%s\n%s\n%s\n", uuid, serial,
		secure_disk_device(&device, dir) == 0 ? device.type : "unknown");
	close(dir);
	return 0;
}

static int
open_disk(char **args)
{
	struct settings settings = {.production = strcmp(args[4], "production") == 0};
	const char *why;
	int dir, rc;

	settings.disk.path = args[0];
	settings.disk.uuid = *args[1] ? args[1] : NULL;
	settings.disk.serial = *args[2] ? args[2] : NULL;
	settings.disk.medium =
		strcmp(args[3], "directory") == 0 ? SETTINGS_DIRECTORY : SETTINGS_DISK;
	rc = secure_disk_open_why(&dir, &why, &settings);
	if ((rc == 0) != (why == NULL) || (rc == 0) != (dir >= 0))
		return 1;
	puts(rc == 0 ? "ok" : why);
	return 0;
}

static int
erase(const char *path, const char *name)
{
	struct erase_result result;
	int dir = open(path, O_RDONLY | O_DIRECTORY);
	int rc = dir < 0 ? KE_NOT_FOUND : erase_file(&result, dir, name);

	if (rc != 0) {
		puts(error_name(rc));
		return 0;
	}
	printf("ok %s %s %s", result.file_system,
		result.in_place ? "in-place" : "downgraded",
		result.verified ? "verified" : "unverified");
	for (int i = 0; i < ERASE_FINDINGS; i++)
		if (result.findings & 1U << i)
			printf(" [%s]", erase_finding_text((enum erase_finding)(1 << i)));
	puts("");
	return 0;
}

static int
tell_medium(const char *path)
{
	struct medium medium;
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	if (dir < 0 || !medium_describe(&medium, dir))
		return 1;
	printf("%s\n%s\n", medium.has_disk ? medium.disk.rotation : "", medium.options);
	close(dir);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "show") == 0)
		return show(argv[2]);
	if (argc == 7 && strcmp(argv[1], "open") == 0)
		return open_disk(argv + 2);
	if (argc == 4 && strcmp(argv[1], "erase") == 0)
		return erase(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "medium") == 0)
		return tell_medium(argv[2]);
	return 2;
}
