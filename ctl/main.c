/* SPDX-License-Identifier: MIT */
/* keylinectl: status and commands over keylined's socket. */
#include "config.h"
#include "ctl/ask.h"
#include "ctl/complete.h"
#include "ctl/help.h"
#include "ctl/invocation.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --help, wherever it stands, and --version. */
static int
inform(const struct invocation *call, const char *first)
{
	if (invocation_has(call, OPTION_VERSION)) {
		puts("keylinectl " PACKAGE_VERSION);
		return CTL_EXIT_OK;
	}
	if (call->command)
		help_command(stdout, call->command);
	else if (!first || !help_group(stdout, first))
		help_all(stdout);
	return CTL_EXIT_OK;
}

/* What is wrong with the words, and how they should be. */
static int
complain(const struct invocation *call, const char *message, const char *first)
{
	char usage[HELP_USAGE_SIZE];

	fprintf(stderr, "keylinectl: %s\n", message);
	if (call->command) {
		help_usage(usage, call->command);
		fprintf(stderr, "usage: keylinectl %s\n", usage);
	} else {
		bool known = first && help_has_group(first);

		fprintf(stderr, "Try:  keylinectl%s%s --help\n", known ? " " : "",
			known ? first : "");
	}
	return CTL_EXIT_USAGE;
}

static int
run(const struct invocation *call)
{
	int code;

	if (ask_number(call, OPTION_TIMEOUT, 1) < 0) {
		fputs("keylinectl: --timeout takes a number from 1 on\n", stderr);
		return CTL_EXIT_USAGE;
	}
	code = call->command->run(call);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("keylinectl: stdout");
		return code ? code : CTL_EXIT_FAILED;
	}
	return code;
}

int
main(int argc, char **argv)
{
	char message[INVOCATION_MESSAGE_SIZE];
	const char **words = calloc((size_t)argc + 1, sizeof *words);
	struct invocation call;
	int code;

	setlocale(LC_CTYPE, "");
	if (!words) {
		perror("keylinectl");
		return CTL_EXIT_FAILED;
	}
	if (argc > 1 && strcmp(argv[1], "__complete") == 0) {
		code = complete_run(argc - 2, argv + 2);
	} else if (invocation_parse(&call, words, message, argc, argv) != 0) {
		code = complain(&call, message, words[0]);
	} else if (invocation_has(&call, OPTION_HELP) ||
		   invocation_has(&call, OPTION_VERSION)) {
		code = inform(&call, words[0]);
	} else {
		code = run(&call);
	}
	free(words);
	return code;
}
