/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/publish_place.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/alarm.h"
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "daemon/host.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"

#define OUTGOING_PREFIX STORE_OUTGOING_PREFIX

static int
own_dir(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static bool
is_outgoing(const char *path)
{
	return strncmp(path, OUTGOING_PREFIX, strlen(OUTGOING_PREFIX)) == 0;
}

/* The directory for a path of the ledger, with its name there. */
static int
open_final(int *dir, const char **name, struct host *host, const char *path)
{
	size_t len = strlen(OUTGOING_PREFIX);

	if (!is_outgoing(path))
		return store_place(dir, name, host, path);
	*name = path + len;
	*dir = own_dir(spool_folder_fd(host->spool, SPOOL_OUTGOING));
	return *dir < 0 ? KE_IO : 0;
}

static void
name_path(struct publish_place *place, const struct host *host,
	const struct batch_header *header, const unsigned char *digest,
	const char *receipt_for)
{
	char name[BATCH_NAME_SIZE], stored[STORE_NAME_SIZE];
	enum batch_kind answered = header->kind;

	if (receipt_for)
		(void)batch_kind_parse(&answered, receipt_for, strlen(receipt_for));
	batch_name(name, header, answered);
	store_name(stored, digest);
	if (header->kind == BATCH_STICKERS)
		(void)snprintf(
			place->path, sizeof place->path, STORE_SECURE_PREFIX "%s", name);
	else if (strcmp(header->recipient, host->settings->host) == 0)
		(void)snprintf(place->path, sizeof place->path, STORE_PREFIX "%s", stored);
	else
		(void)snprintf(
			place->path, sizeof place->path, OUTGOING_PREFIX "%s", name);
}

/* A name that is free: what stands there was committed and waits for its place, or is not
 * this host's. */
static void
name_staged(struct publish_place *place, const char *host)
{
	char more[16] = "";
	struct stat st;

	for (unsigned i = 2; i < UINT_MAX; i++) {
		(void)snprintf(place->staged_name, sizeof place->staged_name,
			"%s%.40s%s%.180s%s" PUBLISH_STAGED_ENDING, host ? "." : "",
			host ? host : "", host ? "." : "", place->final_name, more);
		if (fstatat(place->staged_dir, place->staged_name, &st,
			    AT_SYMLINK_NOFOLLOW) != 0)
			return;
		(void)snprintf(more, sizeof more, ".%u", i);
	}
}

void
publish_place_name(char out[LEDGER_PATH_SIZE], const char *staged)
{
	size_t len = strlen(staged) - strlen(PUBLISH_STAGED_ENDING), name;
	const char *at = staged[0] == '.' ? strchr(staged + 1, '.') : NULL;

	/* After ".HOST." of the secure disk, without the number of a further one. */
	at = at && (size_t)(at - staged) < len ? at + 1 : staged;
	len -= (size_t)(at - staged);
	for (name = len; name > 0 && at[name - 1] >= '0' && at[name - 1] <= '9'; name--)
		;
	if (name > 0 && name < len && at[name - 1] == '.')
		len = name - 1;
	(void)snprintf(out, LEDGER_PATH_SIZE, "%.*s", (int)len, at);
}

int
publish_place_open(struct publish_place *place, struct host *host,
	const struct batch_header *header, const unsigned char digest[LEDGER_DIGEST_LEN],
	const char *receipt_for)
{
	bool is_secure = header->kind == BATCH_STICKERS;
	const char *name;
	int error;

	name_path(place, host, header, digest, receipt_for);
	error = open_final(&place->final_dir, &name, host, place->path);
	if (error)
		return error;
	(void)snprintf(place->final_name, sizeof place->final_name, "%s", name);
	/* An EPK is nowhere but on the secure disk, staged or not. */
	place->staged_dir = own_dir(is_secure ? place->final_dir : host->staged_fd);
	if (place->staged_dir < 0)
		return KE_IO;
	name_staged(place, is_secure ? header->sender : NULL);
	return 0;
}

void
publish_place_close(struct publish_place *place)
{
	if (place->staged_dir >= 0)
		(void)close(place->staged_dir);
	if (place->final_dir >= 0)
		(void)close(place->final_dir);
	place->staged_dir = place->final_dir = -1;
}

/*
 * A rename would bring the group of the state directory along, and a service may
 * not change it: a file in outgoing/ is written there, where it gets the folder's.
 */
static int
copy_out(struct host *host, int staged_dir, const char *staged, const char *name)
{
	struct erase_result erased;
	unsigned char *bytes = NULL;
	size_t len = 0;
	int error = store_read(&bytes, &len, staged_dir, staged);

	if (error == 0)
		error = spool_publish(host->spool, name, bytes, len);
	free(bytes);
	return error ? error : erase_file(&erased, staged_dir, staged);
}

int
publish_place_finish(const struct publish_place *place, struct host *host)
{
	if (is_outgoing(place->path))
		return copy_out(
			host, place->staged_dir, place->staged_name, place->final_name);
	return durable_move(place->staged_dir, place->staged_name, place->final_dir,
		place->final_name);
}

int
publish_place_move(struct host *host, int dir, const char *staged, const char *path)
{
	const char *name;
	int final_dir;
	int error = open_final(&final_dir, &name, host, path);

	if (error)
		return error;
	error = is_outgoing(path) ? copy_out(host, dir, staged, name)
				  : durable_move(dir, staged, final_dir, name);
	publish_tell_taken(host, name, error);
	(void)close(final_dir);
	return error;
}

void
publish_tell_taken(struct host *host, const char *name, int error)
{
	if (error == KE_DUPLICATE)
		alarm_raise(host->alarms, "outgoing-taken", name, host_now_ms());
	else if (error == 0)
		alarm_clear(host->alarms, "outgoing-taken", name);
}
