/* SPDX-License-Identifier: MIT */
/* keyline-sim: a laser etcher that is none, for tests and for the demonstration. */
#include "config.h"
#include "sim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROFILE_MAX = 65536, EXIT_USAGE = 2 };

struct options {
	const char *profile, *tcp, *rtu, *serial, *out, *control, *state, *pictures;
	unsigned long mark_ms, baud, unit, hand_ms;
	bool auto_part;
};

static volatile sig_atomic_t stop;

static void
on_signal(int number)
{
	(void)number;
	stop = 1;
}

static int
random_bytes(void *state, unsigned char *out, size_t len)
{
	(void)state;
	return getrandom(out, len, 0) == (ssize_t)len ? 0 : KE_RANDOM;
}

static void
usage(void)
{
	fputs("usage: keyline-sim --profile FILE (--tcp HOST:PORT | --rtu auto|LINK)\n"
	      "           --serial DEVSERIAL --out DIR [--state FILE] [--control PATH]\n"
	      "           [--pictures all|svg|none] [--mark-ms N] [--auto-part[=N]]\n"
	      "           [--baud N] [--unit N]\n",
		stderr);
}

/* A number of at most max, or a complaint. */
static bool
number(unsigned long *out, const char *name, const char *text, unsigned long max)
{
	size_t len = strlen(text);

	if (len && len < 10 && strspn(text, "0123456789") == len) {
		*out = strtoul(text, NULL, 10);
		if (*out <= max)
			return true;
	}
	fprintf(stderr, "keyline-sim: --%s wants a number up to %lu\n", name, max);
	return false;
}

static int
pictures_of(const char *text)
{
	static const char *const words[] = {"none", "svg", "all"};

	for (int i = 0; i <= KEEPER_SVG_AND_PNG; i++)
		if (!text || strcmp(words[i], text) == 0)
			return text ? i : KEEPER_SVG_AND_PNG;
	return -1;
}

static bool
is_complete(const struct options *o)
{
	if (!o->profile || !o->serial || !o->out || !o->tcp == !o->rtu ||
		pictures_of(o->pictures) < 0) {
		usage();
		return false;
	}
	if (!*o->serial || strlen(o->serial) > ETCH_SERIAL_MAX) {
		fprintf(stderr, "keyline-sim: --serial wants 1 to %d characters\n",
			ETCH_SERIAL_MAX);
		return false;
	}
	return true;
}

static const struct option table[] = {
	{"profile", required_argument, NULL, 'p'},
	{"tcp", required_argument, NULL, 't'},
	{"rtu", required_argument, NULL, 'r'},
	{"serial", required_argument, NULL, 's'},
	{"out", required_argument, NULL, 'o'},
	{"state", required_argument, NULL, 'S'},
	{"control", required_argument, NULL, 'c'},
	{"pictures", required_argument, NULL, 'P'},
	{"mark-ms", required_argument, NULL, 'm'},
	{"baud", required_argument, NULL, 'b'},
	{"unit", required_argument, NULL, 'u'},
	{"auto-part", optional_argument, NULL, 'a'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

/* 0: go on; else the exit status + 1. */
static int
parse_options(struct options *o, int argc, char **argv)
{
	const struct {
		int option;
		const char **value;
	} texts[] = {
		{'p', &o->profile},
		{'t', &o->tcp},
		{'r', &o->rtu},
		{'s', &o->serial},
		{'o', &o->out},
		{'S', &o->state},
		{'c', &o->control},
		{'P', &o->pictures},
	};
	bool good = true;
	int c;

	while (good && (c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
			if (texts[i].option == c)
				*texts[i].value = optarg;
		if (c == 'm')
			good = number(&o->mark_ms, "mark-ms", optarg, 600000);
		else if (c == 'b')
			good = number(&o->baud, "baud", optarg, 921600);
		else if (c == 'u')
			good = number(&o->unit, "unit", optarg, 247) && o->unit > 0;
		else if (c == 'a') {
			o->auto_part = true;
			good = !optarg ||
			       number(&o->hand_ms, "auto-part", optarg, 600000);
		} else if (c == 'h' || c == 'V') {
			puts(c == 'h' ? "See keyline-sim(1)." : PACKAGE_STRING);
			return 1;
		} else if (c == '?')
			good = false;
	}
	return good && optind == argc && is_complete(o) ? 0 : EXIT_USAGE + 1;
}

static int
load_profile(struct etch_profile *profile, const char *path)
{
	struct etch_profile_error error;
	char *text = calloc(1, PROFILE_MAX);
	FILE *file = fopen(path, "r");
	size_t len = 0;
	int result = KE_IO;

	if (file && text) {
		len = fread(text, 1, PROFILE_MAX - 1, file);
		if (!ferror(file) && feof(file))
			result = etch_profile_parse(profile, &error, text, len);
	}
	if (result == KE_BAD_PROFILE)
		fprintf(stderr, "keyline-sim: %s:%u: %s\n", path, error.line, error.text);
	else if (result != 0)
		fprintf(stderr, "keyline-sim: cannot read %s: %s\n", path,
			file ? "it is too long" : strerror(errno));
	if (file)
		fclose(file);
	free(text);
	return result;
}

static int
open_control(struct server_settings *server, const char *path)
{
	struct stat st;

	server->control = -1;
	if (!path)
		return 0;
	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode)) {
		server->control_is_fifo = true;
		/* for writing too, so that it never ends */
		server->control = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	} else {
		server->control = port_listen_unix(path);
	}
	if (server->control < 0) {
		fprintf(stderr, "keyline-sim: cannot open the control channel %s\n",
			path);
		return KE_IO;
	}
	return 0;
}

static int
open_port(struct port *port, const struct options *o)
{
	int error = o->tcp ? port_open_tcp(port, o->tcp) : port_open_pty(port, o->rtu);

	if (error)
		fprintf(stderr, "keyline-sim: cannot open %s: %s\n",
			o->tcp ? o->tcp : o->rtu, error_text(error));
	return error;
}

static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	/* children that draw pictures need no wait */
	sigaction(SIGCHLD, &action, NULL);
}

static int
run(const struct options *o, struct machine *machine)
{
	struct server_settings settings = {.machine = machine,
		.unit = (uint8_t)o->unit,
		.baud = (unsigned)o->baud,
		.control = -1};
	struct server *server;
	int error = open_port(&settings.port, o);

	if (error)
		return error;
	error = open_control(&settings, o->control);
	server = error ? NULL : server_new(&settings);
	if (!server) {
		port_close(&settings.port);
		return error ? error : KE_NO_MEMORY;
	}
	error = server_run(server, &stop);
	if (error)
		fputs("keyline-sim: the state or the log cannot be written\n", stderr);
	server_free(server);
	if (o->control && !settings.control_is_fifo)
		unlink(o->control);
	return error;
}

int
main(int argc, char **argv)
{
	struct options options = {.unit = 1};
	static struct etch_profile profile;
	struct machine_settings settings;
	struct machine *machine;
	int error = parse_options(&options, argc, argv);

	if (error)
		return error - 1;
	umask(077);
	catch_signals();
	if (load_profile(&profile, options.profile) != 0)
		return EXIT_FAILURE;
	settings = (struct machine_settings){.profile = &profile,
		.serial = options.serial,
		.out = options.out,
		.state = options.state,
		.mark_ms = (uint32_t)options.mark_ms,
		.auto_part = options.auto_part,
		.hand_ms = (uint32_t)options.hand_ms,
		.pictures = (enum keeper_pictures)pictures_of(options.pictures),
		.rng = {random_bytes, NULL}};
	error = machine_new(&machine, &settings, server_now_ms());
	if (error) {
		fprintf(stderr, "keyline-sim: %s: %s\n", options.out, error_text(error));
		return EXIT_FAILURE;
	}
	error = run(&options, machine);
	machine_free(machine);
	return error ? EXIT_FAILURE : EXIT_SUCCESS;
}
