/* SPDX-License-Identifier: MIT */
/* A passphrase or PIN, typed at the terminal and nowhere else. */
#ifndef KEYLINE_CTL_PASSPHRASE_H
#define KEYLINE_CTL_PASSPHRASE_H

#include "proto/error.h"
#include "proto/secret.h"

enum { PASSPHRASE_MAX = 256 };

/*
 * Asks at the process's own terminal, without echo, whatever stdin is.  *out is the
 * caller's.  Returns 0; KE_IO there is no terminal, or it went away; KE_TOO_LONG;
 * KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int passphrase_ask(struct secret **out, const char *prompt);

#endif
