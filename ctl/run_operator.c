/* SPDX-License-Identifier: MIT */
/* Operators: a badge's code is made; badge or PIN is asked at the terminal and handed over. */
#include "config.h"
#include "ctl/run.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>
#include "ctl/ask.h"
#include "ctl/handover.h"
#include "ctl/key_file.h"
#include "ctl/passphrase.h"
#include "ctl/say.h"
#include "ctl/style.h"
#include "proto/operator_code.h"
#include "proto/secret_bytes.h"

static int
random_fill(void *state, unsigned char *out, size_t len)
{
	(void)state;
	if (getrandom(out, len, 0) == (ssize_t)len)
		return 0;
	memset(out, 0, len);
	return KE_RANDOM;
}

static int
write_line(const struct secret *code)
{
	const unsigned char *bytes = secret_view(code);
	size_t len = secret_len(code);

	return write(STDOUT_FILENO, bytes, len) == (ssize_t)len &&
			       write(STDOUT_FILENO, "\n", 1) == 1
		       ? 0
		       : KE_IO;
}

int
run_operator_badge(const struct invocation *call)
{
	struct rng rng = {random_fill, NULL};
	struct secret *code = NULL;
	int error = key_file_begin();

	(void)call;
	if (error == 0)
		error = operator_badge_make(&code, &rng);
	if (error == 0)
		error = write_line(code);
	secret_free(code);
	if (error)
		say_problem(NULL, error_text(error));
	return error ? CTL_EXIT_FAILED : CTL_EXIT_OK;
}

static int
ask_code(struct secret **out, const char *prompt)
{
	int error = key_file_begin();

	*out = NULL;
	if (error == 0)
		error = passphrase_ask(out, prompt);
	if (error)
		say_problem(NULL, error == KE_IO
					  ? "badge or PIN is asked at a terminal, and "
					    "there is none"
					  : error_text(error));
	return error;
}

/* What of a code is wrong, and of a PIN that is guessed first, how one is. */
static const char *
text_of(int error)
{
	if (error == KE_WEAK_PIN)
		return "this PIN is among those guessed first: take 6 to 12 digits, no "
		       "row, no repeated block, more than two different digits";
	return error_text(error);
}

/* The same twice, of the form that its kind has. */
static int
ask_new_code(struct secret **out, enum operator_kind kind)
{
	struct secret *again = NULL;
	int error =
		ask_code(out, kind == OPERATOR_PIN ? "New PIN: " : "Scan the badge: ");

	if (error == 0) {
		error = operator_code_check(kind, *out);
		if (error)
			say_problem(NULL, text_of(error));
	}
	if (error == 0)
		error = ask_code(&again, "The same again: ");
	if (error == 0 && !secret_equal(*out, again)) {
		say_problem(NULL, "the two differ; nothing was enrolled");
		error = KE_BAD_ARGUMENT;
	}
	secret_free(again);
	return error;
}

/* The command with its code; consumes that. */
static int
hand_over(const struct invocation *call, struct secret **code)
{
	char command[CTL_COMMAND_MAX + 1];
	struct style style = style_of(stdout);
	int file = handover_secret(*code);
	struct answer answer;
	enum ctl_exit exit;
	json_t *args;

	secret_free(*code);
	*code = NULL;
	if (file < 0) {
		say_problem(NULL, error_text(file));
		return CTL_EXIT_FAILED;
	}
	args = ask_args(call);
	ask_command(command, call->command);
	exit = ask_with_file(&answer, call, command, args, file);
	handover_secret_close(file);
	if (!invocation_has(call, OPTION_JSON))
		call->command->show(&answer, &style);
	ask_complain(&answer);
	ask_clear(&answer);
	json_decref(args);
	return (int)exit;
}

int
run_operator_enroll(const struct invocation *call)
{
	enum operator_kind kind =
		call->options[OPTION_PIN] ? OPERATOR_PIN : OPERATOR_BADGE;
	struct secret *code;

	if (invocation_has(call, OPTION_DRY_RUN))
		return run_request(call);
	if (ask_new_code(&code, kind) == 0)
		return hand_over(call, &code);
	secret_free(code);
	return CTL_EXIT_USAGE;
}

int
run_sign_on(const struct invocation *call)
{
	struct secret *code;

	if (invocation_has(call, OPTION_DRY_RUN))
		return run_request(call);
	if (ask_code(&code, "PIN or badge: ") == 0)
		return hand_over(call, &code);
	secret_free(code);
	return CTL_EXIT_USAGE;
}
