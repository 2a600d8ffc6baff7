/* SPDX-License-Identifier: MIT */
/*
 * keyline.conf, and INI text as profiles have it.  What is taken fits together; each
 * fault that is told has its file and, where there is one, its line, and no byte that a
 * terminal would act on.
 */
#include "config.h"
#include "fuzz.h"
#include "daemon/settings.h"
#include "proto/ini.h"
#include "proto/name.h"
#include "proto/utf8.h"

#include <sys/mman.h>
#include <unistd.h>

static char path[64];
static int file;

struct told {
	size_t count;
	unsigned long lines;
};

static void
take_report(void *context, const char *text)
{
	struct told *told = context;
	size_t place = strlen(path);

	told->count++;
	HOLDS(strncmp(text, path, place) == 0 && text[place] == ':');
	HOLDS(strtoul(text + place + 1, NULL, 10) <= told->lines);
	HOLDS(!strchr(text, '\n'));
	/* A text that was cut may end within a character. */
	HOLDS(utf8_is_seen(text, strlen(text)) || strlen(text) >= 1000);
}

static void
check_settings(const struct settings *s)
{
	HOLDS(name_is_host(s->host, strlen(s->host)));
	HOLDS(s->stages != 0 && s->state && s->spool && s->socket);
	for (size_t i = 0; i < s->station_count; i++) {
		HOLDS(name_is_station(s->stations[i].name, strlen(s->stations[i].name)));
		HOLDS(settings_station(s, s->stations[i].name) == &s->stations[i]);
	}
	for (size_t i = 0; i < s->product_count; i++) {
		HOLDS(s->products[i].coin_count >= 1);
		HOLDS(settings_product(s, s->products[i].name) == &s->products[i]);
	}
}

static void
take_settings(const uint8_t *bytes, size_t len)
{
	struct told told = {.lines = 1};
	struct settings *settings;
	int rc;

	for (size_t i = 0; i < len; i++)
		told.lines += bytes[i] == '\n';
	HOLDS(ftruncate(file, 0) == 0);
	HOLDS(pwrite(file, bytes, len, 0) == (ssize_t)len);
	rc = settings_load(&settings, path, take_report, &told);
	HOLDS(rc == 0 || rc == KE_BAD_CONFIG);
	HOLDS((rc == 0) == (settings != NULL) && (rc == 0) == (told.count == 0));
	if (rc == 0)
		check_settings(settings);
	settings_free(settings);
}

/* Each key that is read can be written on a line of its own and is read again. */
static void
take_ini(const char *text, size_t len)
{
	struct ini ini, again;
	char line[4 * INI_NAME_MAX + INI_VALUE_MAX];
	int rc;

	ini_begin(&ini, text, len);
	while ((rc = ini_next(&ini)) == 1) {
		int n = snprintf(line, sizeof line, "[%s]\n%s =%s\n",
			ini.section[0] ? ini.section : "x", ini.key, ini.value);

		HOLDS(n > 0 && (size_t)n < sizeof line);
		ini_begin(&again, line, (size_t)n);
		HOLDS(ini_next(&again) == 1 && again.line == 2);
		HOLDS(strcmp(again.key, ini.key) == 0);
		HOLDS(strcmp(again.value, ini.value) == 0);
		HOLDS(!ini.section[0] || strcmp(again.section, ini.section) == 0);
		HOLDS(ini_next(&again) == 0);
	}
	HOLDS(rc == 0 || (rc == KE_BAD_CONFIG && ini.line >= 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text;

	if (len > 1 << 16)
		return 0;
	text = fuzz_text(bytes, len);
	take_ini(text, len);
	free(text);
	take_settings(bytes, len);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	file = memfd_create("settings", MFD_CLOEXEC);
	HOLDS(file >= 0);
	HOLDS(snprintf(path, sizeof path, "/proc/self/fd/%d", file) > 0);
	return 0;
}
