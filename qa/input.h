/* SPDX-License-Identifier: MIT */
/* Lines of standard input, straight into locked memory. */
#ifndef KEYLINE_QA_INPUT_H
#define KEYLINE_QA_INPUT_H

#include "proto/secret.h"

/*
 * Reads one line, without its newline and a CR before it, into a new secret.  At
 * a terminal the prompt is shown on stderr and nothing is echoed.  Returns 0,
 * KE_BAD_ARGUMENT (the input ends before the line), KE_TOO_LONG (over 1024 bytes),
 * KE_IO, KE_NO_MEMORY; *out is NULL then.
 */
KEYLINE_WARN_UNUSED int input_line(struct secret **out, const char *prompt);

/* The same with blanks on both sides dropped: for codes. */
KEYLINE_WARN_UNUSED int input_code(struct secret **out, const char *prompt);

/* 0 when nothing is left to read or stdin is a terminal, else KE_BAD_ARGUMENT. */
KEYLINE_WARN_UNUSED int input_end(void);

#endif
