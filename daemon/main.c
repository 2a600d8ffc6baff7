/* SPDX-License-Identifier: MIT */
/* keylined(8): options, then keylined_run(). */
#include "config.h"
#include "daemon/harden.h"
#include "daemon/keylined.h"
#include "daemon/log.h"
#include "daemon/start.h"
#include "proto/secret.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Locked memory for secrets: one wallet a worker, not a batch.  Under RLIMIT_MEMLOCK. */
enum { SECRET_HEAP = 1 << 20 };

enum exit_code { ENDED = 0, FAILED = 1, USAGE = 2 };

struct options {
	const char *file;
	bool check_only;
};

static const char usage[] = "usage: keylined -c FILE [--check-config]\n"
			    "       keylined --help | --version\n";

/* Returns 0 to go on, else the exit code plus one. */
static int
options_read(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{"config", required_argument, NULL, 'c'},
		{"check-config", no_argument, NULL, 'C'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:h", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			options->file = optarg;
			break;
		case 'C':
			options->check_only = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return ENDED + 1;
		case 'V':
			puts("keylined " PACKAGE_VERSION);
			return ENDED + 1;
		default:
			fputs(usage, stderr);
			return USAGE + 1;
		}
	}
	if (!options->file || optind != argc) {
		fputs(usage, stderr);
		return USAGE + 1;
	}
	return 0;
}

static void
fault_log(void *context, const char *text)
{
	(void)context;
	log_config_fault(text);
}

static void
fault_print(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

/* No error of the table: the host is as it should not be. */
static int
swap_is_on(void)
{
	log_event(LOG_START_FAILED,
		&(struct log_fields){.code = "swap",
			.detail = "swap is on; secrets could be written to disk",
			.action = "Turn it off, for good:  swapoff -a  and no swap in "
				  "/etc/fstab. For a test: swap = allow."});
	return FAILED;
}

static int
run(const struct settings *settings)
{
	int error;

	if (harden_swap_is_on() && !settings->swap_allowed)
		return swap_is_on();
	if (secret_heap_init(SECRET_HEAP) != 0) {
		(void)start_told(START_PROCESS, KE_NO_LOCKED_MEMORY, "secrets");
		return FAILED;
	}
	error = keylined_run(settings);
	secret_heap_done();
	return error == 0 ? ENDED : FAILED;
}

int
main(int argc, char **argv)
{
	struct options options = {NULL, false};
	struct settings *settings;
	int error, code = options_read(&options, argc, argv);

	if (code != 0)
		return code - 1;
	if (harden_process() != 0) {
		fputs("keylined: cannot protect the process (core files, tracers, "
		      "descriptors); see what the unit or a container forbids it\n",
			stderr);
		return FAILED;
	}
	log_open();
	error = options.check_only
			? settings_load_here(&settings, options.file, fault_print, NULL)
			: settings_load(&settings, options.file, fault_log, NULL);
	if (error != 0) {
		if (error != KE_BAD_CONFIG)
			fputs("keylined: out of memory\n", stderr);
		return FAILED;
	}
	log_set_host(settings->host);
	code = options.check_only ? ENDED : run(settings);
	log_set_host(NULL);
	settings_free(settings);
	return code;
}
