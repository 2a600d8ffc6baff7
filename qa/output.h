/* SPDX-License-Identifier: MIT */
/* Standard output for what may hold a private key: no buffer of stdio in between. */
#ifndef KEYLINE_QA_OUTPUT_H
#define KEYLINE_QA_OUTPUT_H

#include "proto/secret.h"

/* Writes all of it.  Returns 0 or KE_IO. */
KEYLINE_WARN_UNUSED int output_secret(const struct secret *text);

#endif
