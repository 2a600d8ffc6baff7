/* SPDX-License-Identifier: MIT */
/*
 * keyline-qa: the one program where both factors meet.  It works offline and by
 * itself, keeps what it reads in locked memory and forgets it when it ends.
 */
#ifndef KEYLINE_QA_QA_H
#define KEYLINE_QA_QA_H

#include <stdbool.h>
#include <stddef.h>

enum qa_exit { QA_RIGHT = 0, QA_WRONG = 1, QA_MALFORMED = 2, QA_FAILED = 3 };

enum { QA_COINS_MAX = 64 };

struct qa_options {
	const char *command;
	char *code; /* of inspect */
	bool show_key;
	bool json;
	const char *coins[QA_COINS_MAX];
	size_t coin_count;
};

/* Two lines on stdin, an EPK and a passphrase: what they open. */
enum qa_exit qa_decrypt(const struct qa_options *options);

/* Two lines on stdin, a confirmation code and a passphrase: what they confirm. */
enum qa_exit qa_confirm(const struct qa_options *options);

/* What one code tells by itself.  Overwrites options->code. */
enum qa_exit qa_inspect(const struct qa_options *options);

/* One sentence about an error of proto/error.h on stderr; the exit that goes with it. */
enum qa_exit qa_complain(const char *about, int error);

#endif
