/* SPDX-License-Identifier: MIT */
#include "proto/error.h"

struct error_row {
	int code;
	const char *name;
	const char *text;
};

static const struct error_row error_rows[] = {
	{ KE_OK, "ok", "no error" },
#define X(constant, name, text) { constant, name, text },
	KEYLINE_ERRORS(X)
#undef X
};

static const struct error_row *
row_of(int code)
{
	for (unsigned i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
		if (error_rows[i].code == code)
			return &error_rows[i];
	return 0;
}

const char *
error_name(int code)
{
	const struct error_row *row = row_of(code);

	return row ? row->name : "unknown";
}

const char *
error_text(int code)
{
	const struct error_row *row = row_of(code);

	return row ? row->text : "unknown error";
}
