/* SPDX-License-Identifier: MIT */
/*
 * What keyline-qa prints: "name: value" lines, or one JSON object.  It is put
 * together in locked memory, since a private key may stand in it, and written in
 * one go.  The first error stays until qa_report_end() tells it.
 */
#ifndef KEYLINE_QA_REPORT_H
#define KEYLINE_QA_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include "proto/secret.h"

struct qa_report {
	struct secret *text;
	bool json;
	bool first;
	int error;
};

/* Begins; type is the command.  Values must need no escape in JSON. */
void qa_report_begin(struct qa_report *r, const char *type, bool json);

void qa_report_text(struct qa_report *r, const char *name, const char *value);
void qa_report_number(struct qa_report *r, const char *name, unsigned long value);
void qa_report_flag(struct qa_report *r, const char *name, bool value);
void qa_report_hex(
	struct qa_report *r, const char *name, const unsigned char *bytes, size_t len);
void qa_report_secret(struct qa_report *r, const char *name, const struct secret *value);

/* Puts what follows into an object of that name; plain text doesn't show it. */
void qa_report_open(struct qa_report *r, const char *name);
void qa_report_close(struct qa_report *r);

/* Ends, writes to stdout, wipes.  Returns 0, KE_IO, KE_TOO_LONG or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int qa_report_end(struct qa_report *r);

#endif
