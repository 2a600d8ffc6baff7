/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "qa/report.h"
#include "qa/output.h"

#include <stdio.h>
#include <string.h>

enum { REPORT_SIZE = 8192 };

static void
put(struct qa_report *r, const char *text)
{
	if (r->error == 0)
		r->error = secret_append(r->text, text, strlen(text));
}

/* What stands before a value. */
static void
put_name(struct qa_report *r, const char *name)
{
	if (r->json) {
		put(r, r->first ? "\"" : ",\"");
		put(r, name);
		put(r, "\":");
	} else {
		put(r, name);
		put(r, ": ");
	}
	r->first = false;
}

void
qa_report_begin(struct qa_report *r, const char *type, bool json)
{
	r->text = secret_new(REPORT_SIZE);
	r->json = json;
	r->first = true;
	r->error = r->text ? 0 : KE_NO_MEMORY;
	if (json) {
		put(r, "{\"schema\":1");
		r->first = false;
		qa_report_text(r, "type", type);
	}
}

void
qa_report_text(struct qa_report *r, const char *name, const char *value)
{
	put_name(r, name);
	put(r, r->json ? "\"" : "");
	put(r, value);
	put(r, r->json ? "\"" : "\n");
}

void
qa_report_number(struct qa_report *r, const char *name, unsigned long value)
{
	char digits[32];

	snprintf(digits, sizeof digits, r->json ? "%lu" : "%lu\n", value);
	put_name(r, name);
	put(r, digits);
}

void
qa_report_flag(struct qa_report *r, const char *name, bool value)
{
	put_name(r, name);
	if (r->json)
		put(r, value ? "true" : "false");
	else
		put(r, value ? "yes\n" : "no\n");
}

void
qa_report_hex(
	struct qa_report *r, const char *name, const unsigned char *bytes, size_t len)
{
	char digits[3];

	put_name(r, name);
	put(r, r->json ? "\"" : "");
	for (size_t i = 0; i < len; i++) {
		snprintf(digits, sizeof digits, "%02x", bytes[i]);
		put(r, digits);
	}
	put(r, r->json ? "\"" : "\n");
}

void
qa_report_secret(struct qa_report *r, const char *name, const struct secret *value)
{
	put_name(r, name);
	put(r, r->json ? "\"" : "");
	if (r->error == 0)
		r->error = secret_append_secret(r->text, value);
	put(r, r->json ? "\"" : "\n");
}

void
qa_report_open(struct qa_report *r, const char *name)
{
	if (!r->json)
		return;
	put_name(r, name);
	put(r, "{");
	r->first = true;
}

void
qa_report_close(struct qa_report *r)
{
	if (!r->json)
		return;
	put(r, "}");
	r->first = false;
}

int
qa_report_end(struct qa_report *r)
{
	if (r->json)
		put(r, "}\n");
	if (r->error == 0)
		r->error = output_secret(r->text);
	secret_free(r->text);
	r->text = NULL;
	return r->error;
}
