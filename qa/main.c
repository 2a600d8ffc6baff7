/* SPDX-License-Identifier: MIT */
/* keyline-qa: decrypts, confirms and inspects BIP38 codes, offline. */
#include "config.h"
#include "qa/qa.h"
#include "proto/address.h"
#include "proto/secret.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

enum { HEAP_BYTES = 1 << 16 };

static const struct qa_command {
	const char *name;
	const char *usage;
	const char *help;
	bool takes_code, takes_coins, takes_key;
	enum qa_exit (*run)(const struct qa_options *options);
} commands[] = {
	{"decrypt", "decrypt [--show-key] [--coin TICKER]... [--json]",
		"EPK and passphrase, two lines on stdin: the address", false, true, true,
		qa_decrypt},
	{"confirm", "confirm [--coin TICKER]... [--json]",
		"confirmation code and passphrase, two lines on stdin: the address",
		false, true, false, qa_confirm},
	{"inspect", "inspect [--json] CODE|-", "what a code tells by itself", true, false,
		false, qa_inspect},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void
print_help(void)
{
	puts("usage: keyline-qa COMMAND [OPTION...]\n");
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %s\n      %s\n", commands[i].usage, commands[i].help);
	puts("\n  --show-key      print the private key too, as WIF\n"
	     "  --coin TICKER   print this coin's address too; may be repeated\n"
	     "  --json          print one JSON object\n"
	     "  --help          print this\n"
	     "  --version       print the version\n\n"
	     "exit: 0 right, 1 wrong passphrase, 2 malformed or misused, 3 failed\n"
	     "coins:");
	for (size_t i = 0; address_coin(i); i++)
		printf(" %s", address_coin(i));
	putchar('\n');
}

/* No core, no tracer; what the C library frees by itself is overwritten.  0 or -1. */
static int
harden(void)
{
	struct rlimit none = {0, 0};

	mallopt(M_PERTURB, 0x5a);
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 ? 0
										    : -1;
}

enum qa_exit
qa_complain(const char *about, int error)
{
	const char *text = error_text(error);

	if (error == KE_BAD_ARGUMENT)
		text = "stdin must hold exactly the lines that keyline-qa(1) names";
	if (error == KE_WRONG_PASSPHRASE)
		text = "the passphrase does not open this code; hyphens and capitals count";
	fprintf(stderr, "keyline-qa: %s: %s\n", about, text);
	switch (error) {
	case KE_WRONG_PASSPHRASE:
		return QA_WRONG;
	case KE_NO_MEMORY:
	case KE_NO_LOCKED_MEMORY:
	case KE_CRYPTO:
	case KE_IO:
		return QA_FAILED;
	default:
		return QA_MALFORMED;
	}
}

static enum qa_exit
misused(const char *what, const char *word)
{
	fprintf(stderr, "keyline-qa: %s%s; try --help\n", what, word);
	return QA_MALFORMED;
}

static const struct qa_command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static enum qa_exit
take_coin(struct qa_options *options, const char *coin)
{
	if (!coin || !address_coin_known(coin))
		return misused("not a coin of the table: ", coin ? coin : "nothing");
	if (options->coin_count == QA_COINS_MAX)
		return misused("too many coins", "");
	options->coins[options->coin_count++] = coin;
	return QA_RIGHT;
}

/* argv behind the command's name. */
static enum qa_exit
read_options(struct qa_options *options, const struct qa_command *command, int argc,
	char **argv)
{
	for (int i = 2; i < argc; i++) {
		const char *word = argv[i];

		if (strcmp(word, "--json") == 0) {
			options->json = true;
		} else if (command->takes_key && strcmp(word, "--show-key") == 0) {
			options->show_key = true;
		} else if (command->takes_coins && strcmp(word, "--coin") == 0) {
			if (take_coin(options, argv[++i]) != QA_RIGHT)
				return QA_MALFORMED;
		} else if (word[0] == '-' && word[1] != '\0') {
			return misused("unknown option: ", word);
		} else if (!command->takes_code || options->code) {
			/* It may be a code or a passphrase: it is not repeated here. */
			return misused("one word too many", "");
		} else {
			options->code = argv[i];
		}
	}
	if (command->takes_code && !options->code)
		return misused("which code?", "");
	return QA_RIGHT;
}

static enum qa_exit
run(int argc, char **argv)
{
	struct qa_options options = {0};
	const struct qa_command *command = argc > 1 ? find_command(argv[1]) : NULL;
	enum qa_exit code;

	if (!command)
		return misused("which command?", "");
	options.command = command->name;
	code = read_options(&options, command, argc, argv);
	if (code != QA_RIGHT)
		return code;
	if (harden() != 0 || secret_heap_init(HEAP_BYTES) != 0)
		return qa_complain(command->name, KE_NO_LOCKED_MEMORY);
	code = command->run(&options);
	secret_heap_done();
	return code;
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help();
			return QA_RIGHT;
		}
		if (strcmp(argv[i], "--version") == 0) {
			puts("keyline-qa " PACKAGE_VERSION);
			return QA_RIGHT;
		}
	}
	return (int)run(argc, argv);
}
