/* SPDX-License-Identifier: MIT */
/* Questions; only to a person at a terminal. */
#ifndef KEYLINE_CTL_PROMPT_H
#define KEYLINE_CTL_PROMPT_H

#include <stdbool.h>

/* Whether there is somebody to ask: stdin and stderr are a terminal. */
bool prompt_possible(void);

/* Whether what is typed after the question is expected, spaces round it aside. */
bool prompt_typed(const char *question, const char *expected);

#endif
