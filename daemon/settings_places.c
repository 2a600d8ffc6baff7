/* SPDX-License-Identifier: MIT */
/*
 * What the settings name on this machine: folders, files, programs, hosts that are
 * trusted.  No device is opened and nothing is written.  What must be there for a start
 * is a fault; what may come later (a disk, a device, a trusted site) is a note.
 */
#include "config.h"
#include "daemon/settings_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/harden.h"
#include "proto/etch_profile.h"
#include "proto/text.h"

enum {
	PLACE_PATH_MAX = 4096,
	PROFILE_BYTES_MAX = 65536,
	PLACE_TRUSTED_MAX = 256,
	PLACE_GROUPS_MAX = 1024
};

/* The folder above a path, in out; "/" for what lies in the root. */
static void
folder_of(char out[PLACE_PATH_MAX], const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash && slash != path ? (size_t)(slash - path) : 1;

	if (len >= PLACE_PATH_MAX)
		len = PLACE_PATH_MAX - 1;
	memcpy(out, path, len);
	out[len] = '\0';
}

/* Whether this user may make files in it. */
static bool
is_writable(const char *folder)
{
	return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
}

/* A folder that must be there, for the daemon's user to write in. */
static bool
folder_check(struct settings_reader *reader, const char *section, const char *key,
	const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		settings_fault_at(reader, section, key,
			"`%s' %s: %s; make this folder for the daemon's user, or mount "
			"it",
			key, path, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		settings_fault_at(reader, section, key,
			"`%s' %s is no folder; correct it, or take away what lies there",
			key, path);
	else if (!is_writable(path))
		settings_fault_at(reader, section, key,
			"`%s' %s: the user who runs this may not write in it; give it to "
			"the "
			"daemon's user (chown), or run this check as that user",
			key, path);
	else
		return true;
	return false;
}

/* A folder that the daemon makes where there is none, and keeps from all others. */
static void
own_folder_check(struct settings_reader *reader, const char *section, const char *key,
	const char *path, mode_t others)
{
	char above[PLACE_PATH_MAX];
	struct stat st;

	if (!path)
		return;
	if (stat(path, &st) != 0 && errno == ENOENT) {
		folder_of(above, path);
		if (stat(above, &st) != 0 || !S_ISDIR(st.st_mode) || !is_writable(above))
			settings_fault_at(reader, section, key,
				"`%s' %s is not there, and cannot be made in %s; make it "
				"for the "
				"daemon's user, or let that user write there",
				key, path, above);
	} else if (folder_check(reader, section, key, path) && stat(path, &st) == 0 &&
		   ((st.st_mode & others) ||
			   (geteuid() != 0 && st.st_uid != geteuid()))) {
		settings_fault_at(reader, section, key,
			"`%s' %s is open to others than the daemon's user; chown it, "
			"then "
			"chmod 700",
			key, path);
	}
}

/* The daemon never makes it, so that a mark that is gone is noticed; its unit does,
 * before the first start. */
static void
highwater_check(struct settings_reader *reader)
{
	const char *path = reader->settings->highwater;
	char above[PLACE_PATH_MAX];
	struct stat st;

	if (!path)
		return;
	folder_of(above, path);
	if (stat(path, &st) != 0 && errno == ENOENT && is_writable(above))
		settings_note_at(reader, "line", "highwater",
			"`highwater' %s is not there, which is right before the first "
			"start "
			"only; keylined@.service makes it at its first start, else make "
			"it for "
			"the daemon's user",
			path);
	else if (!folder_check(reader, "line", "highwater", path))
		return;
	settings_mark_check(reader);
}

/* Files move between them in one step. */
static void
file_system_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;
	char above[PLACE_PATH_MAX];
	struct stat spool, state;

	folder_of(above, settings->state);
	if (stat(settings->spool, &spool) == 0 &&
		(stat(settings->state, &state) == 0 || stat(above, &state) == 0) &&
		spool.st_dev != state.st_dev)
		settings_fault_at(reader, "line", "spool",
			"`spool' %s and `state' %s lie in two file systems; put both "
			"into one",
			settings->spool, settings->state);
}

/* Whether who runs this is in a group. */
static bool
is_member(gid_t group)
{
	gid_t groups[PLACE_GROUPS_MAX];
	int count = getgroups(PLACE_GROUPS_MAX, groups);

	for (int i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return getegid() == group;
}

/* The socket is to be the viewers': its folder hands the group on, or the daemon gives it
 * (root may; nobody else to a group that he is not in). */
static void
socket_group_check(struct settings_reader *reader, const char *above)
{
	gid_t viewers = reader->settings->viewers;
	struct stat st;

	if (viewers == (gid_t)-1 || geteuid() == 0 || is_member(viewers) ||
		stat(above, &st) != 0 || ((st.st_mode & S_ISGID) && st.st_gid == viewers))
		return;
	settings_fault_at(reader, "line", "socket",
		"`socket' cannot become the viewers'; let its folder hand their group on "
		"(chgrp %lu %s, then chmod 2755), or put the daemon's user into the group",
		(unsigned long)viewers, above);
}

static void
socket_check(struct settings_reader *reader)
{
	const char *path = reader->settings->socket;
	char above[PLACE_PATH_MAX];
	struct stat st;

	if (!path)
		return;
	folder_of(above, path);
	if (!folder_check(reader, "line", "socket", above))
		return;
	if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
		settings_fault_at(reader, "line", "socket",
			"`socket' %s is there and no socket; take it away", path);
	else
		socket_group_check(reader, above);
}

static void
group_check(struct settings_reader *reader, const char *key, gid_t gid)
{
	if (settings_seen(reader, "line", key) && gid != (gid_t)-1 && !getgrgid(gid))
		settings_note_at(reader, "line", key,
			"`%s': no group of this host has the number %lu; members are "
			"told by "
			"the number alone",
			key, (unsigned long)gid);
}

static void
driver_check(struct settings_reader *reader, const char *name, const char *station)
{
	char path[PLACE_PATH_MAX];
	struct stat st;

	(void)snprintf(path, sizeof path, "%s/%s", reader->settings->drivers, name);
	if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
		faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
		return;
	settings_fault_at(reader, "line", "drivers",
		"%s, the driver of the station %s, is not there or may not be run; "
		"install "
		"the drivers, or correct `drivers'",
		path, station);
}

/* The profile's text, to be freed; NULL: it was told why not. */
static char *
profile_read(struct settings_reader *reader, const char *section, const char *path,
	size_t *len)
{
	char *text = malloc(PROFILE_BYTES_MAX);
	FILE *file = fopen(path, "re");

	if (!text)
		reader->out_of_memory = true;
	else if (!file)
		settings_fault_at(reader, section, "profile",
			"`profile' %s: %s; copy the example, and adapt it to the etcher "
			"(keyline-etch-profile(5))",
			path, strerror(errno));
	if (text && file) {
		*len = fread(text, 1, PROFILE_BYTES_MAX, file);
		if (!ferror(file) && *len < PROFILE_BYTES_MAX) {
			fclose(file);
			return text;
		}
		settings_fault_at(reader, section, "profile",
			"`profile' %s: %s; name a file that the daemon's user can read",
			path, ferror(file) ? strerror(errno) : "it is over 64 KiB");
	}
	if (file)
		fclose(file);
	free(text);
	return NULL;
}

static void
profile_check(struct settings_reader *reader, const char *section, const char *path)
{
	struct etch_profile *profile = malloc(sizeof *profile);
	struct etch_profile_error error;
	size_t len = 0;
	char *text = profile_read(reader, section, path, &len);

	if (!profile)
		reader->out_of_memory = true;
	else if (text && etch_profile_parse(profile, &error, text, len) != 0)
		settings_fault_at(reader, section, "profile",
			"`profile' %s:%u: %s; mend it, see keyline-etch-profile(5)", path,
			error.line, error.text);
	free(text);
	free(profile);
}

/* A path of a device: it may be plugged in later. */
static void
device_check(struct settings_reader *reader, const char *section, const char *key,
	const char *value)
{
	char path[PLACE_PATH_MAX];
	struct stat st;

	(void)snprintf(path, sizeof path, "%.*s", (int)strcspn(value, ":"), value);
	if (stat(path, &st) != 0)
		settings_note_at(reader, section, key,
			"`%s' %s is not there now (%s); plug it in, or correct the path",
			key, path, strerror(errno));
}

static void
station_places(struct settings_reader *reader, const struct settings_station *station)
{
	char section[SETTINGS_WORD_MAX + 1];

	(void)snprintf(section, sizeof section, "station %s", station->name);
	if (station->uri)
		driver_check(reader, "print-ipp", station->name);
	if (station->device)
		driver_check(reader, "etch-modbus", station->name);
	if (station->scanner) {
		driver_check(reader, "scan-serial", station->name);
		device_check(reader, section, "scanner", station->scanner);
	}
	if (station->device && strncmp(station->device, "rtu:", 4) == 0)
		device_check(reader, section, "device", station->device + 4);
	if (station->profile)
		profile_check(reader, section, station->profile);
}

static void
disk_places(struct settings_reader *reader)
{
	const struct settings_disk *disk = &reader->settings->disk;
	struct stat st;

	if (!disk->path)
		return;
	if (disk->medium == SETTINGS_DIRECTORY)
		(void)folder_check(reader, "secure-disk", "path", disk->path);
	else if (stat(disk->path, &st) != 0 || !S_ISDIR(st.st_mode))
		settings_note_at(reader, "secure-disk", "path",
			"`path' %s is not there now; make the folder on which the disk "
			"is "
			"mounted",
			disk->path);
}

/* For each kind of file: which stage of this host, if any, takes in what the host sends
 * to itself, and which sends it; and what a host does that takes it, and that sends it.
 */
static const struct {
	enum settings_route route;
	const char *key;
	unsigned taking_stage, sending_stage;
	const char *takes, *sends;
} routes[] = {
	{SETTINGS_ROUTE_CODES, "codes", 0, 0, "mints", "generates"},
	{SETTINGS_ROUTE_PASSPHRASES, "passphrases", SETTINGS_ETCH, SETTINGS_GENERATE,
		"etches", "generates"},
	{SETTINGS_ROUTE_CONFIRMATIONS, "confirmations", 0, 0, "etches", "mints"},
	{SETTINGS_ROUTE_STICKERS, "stickers", SETTINGS_PRINT, SETTINGS_MINT, "prints",
		"mints"},
	{SETTINGS_ROUTE_SHIPMENT, "shipment", 0, 0, "etches", "prints"},
	{SETTINGS_ROUTE_RESULTS, "results", 0, 0, "prints or mints", "etches"},
};

/* The sites that are trusted here, with commas between: "none" without one. */
static void
trusted_text(char *out, size_t size, const struct settings *settings)
{
	static const char ending[] = ".site.crt";
	char path[PLACE_PATH_MAX];
	const struct dirent *entry;
	size_t len = 0;
	DIR *dir;

	(void)snprintf(out, size, "none");
	(void)snprintf(path, sizeof path, "%s/trusted", settings->key_folder);
	dir = opendir(path);
	while (dir && len < size && (entry = readdir(dir)) != NULL) {
		size_t name = strlen(entry->d_name) - strlen(ending);

		if (entry->d_name[0] != '.' && text_ends_in(entry->d_name, ending))
			len += (size_t)snprintf(out + len, size - len, "%s%.*s",
				len ? ", " : "", (int)name, entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
}

/* A host that a key of [route] or [from] names: itself where it has the stage for it,
 * else one that is known. */
static void
named_host_check(
	struct settings_reader *reader, const char *section, size_t row, const char *host)
{
	bool is_from = strcmp(section, "from") == 0;
	const struct settings *settings = reader->settings;
	char path[PLACE_PATH_MAX], trusted[PLACE_TRUSTED_MAX];
	struct stat st;

	if (strcmp(host, settings->host) == 0) {
		if (!(settings->stages & (is_from ? routes[row].sending_stage
						  : routes[row].taking_stage)))
			settings_fault_at(reader, section, routes[row].key,
				"`%s' names this host, which has no such stage; name the "
				"host "
				"that %s",
				routes[row].key,
				is_from ? routes[row].sends : routes[row].takes);
		return;
	}
	(void)snprintf(
		path, sizeof path, "%s/trusted/%s.site.crt", settings->key_folder, host);
	if (stat(path, &st) == 0)
		return;
	trusted_text(trusted, sizeof trusted, settings);
	/* No fault: a site is trusted by way of the daemon, which has to run for it. */
	settings_note_at(reader, section, routes[row].key,
		"`%s': the host %s is not known here yet, and nothing can be %s it; "
		"when its name is right, trust its site:  keylinectl key trust  else "
		"correct "
		"it (trusted here: %s)",
		routes[row].key, host, is_from ? "taken from" : "made for", trusted);
}

static void
routes_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (!settings->host[0] || !settings->key_folder)
		return;
	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		const struct settings_recipients *to = &settings->routes[routes[i].route];
		const struct settings_senders *from = &settings->from[routes[i].route];

		for (size_t k = 0; k < SETTINGS_ROUTE_HOSTS; k++)
			if (to->hosts[k][0])
				named_host_check(reader, "route", i, to->hosts[k]);
		for (size_t k = 0; k < SETTINGS_FROM_HOSTS; k++)
			if (from->hosts[k][0])
				named_host_check(reader, "from", i, from->hosts[k]);
	}
}

void
settings_places(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;

	if (settings->spool && folder_check(reader, "line", "spool", settings->spool))
		settings_spool_people(reader);
	highwater_check(reader);
	own_folder_check(reader, "line", "state", settings->state, S_IWGRP | S_IWOTH);
	own_folder_check(
		reader, "keys", "folder", settings->key_folder, S_IRWXG | S_IRWXO);
	if (settings->spool && settings->state)
		file_system_check(reader);
	socket_check(reader);
	group_check(reader, "viewers", settings->viewers);
	group_check(reader, "supervisors", settings->supervisors);
	disk_places(reader);
	routes_check(reader);
	for (size_t i = 0; i < settings->station_count; i++)
		station_places(reader, &settings->stations[i]);
	if (!settings->swap_allowed && harden_swap_is_on())
		settings_note_at(reader, "line", "swap",
			"swap is on: the daemon does not start; turn it off (swapoff -a, "
			"and in "
			"/etc/fstab)");
}
