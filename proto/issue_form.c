/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/issue_form.h"

#include <stdbool.h>
#include <string.h>
#include "proto/allocation.h"
#include "proto/batch.h"
#include "proto/name.h"
#include "proto/order.h"

struct form_row {
	const char *field;
	const char *form;
};

/* The numbers in the texts are these. */
_Static_assert(ORDER_COUNT_MAX == 1000000 && ORDER_EXTRA_MAX == 100000 &&
		       ALLOCATION_LOT_MAX == 1048575 && ALLOCATION_SEQUENCE_MAX == 4095,
	"limits of an order");
_Static_assert(BATCH_ROWS_MAX == 10000 && BATCH_PARTS_MAX == 9999 &&
		       BATCH_COINS_MAX == 16 && BATCH_DRAWS_MAX == 1000000 &&
		       NAME_HOST_MAX == 32 && NAME_BATCH_MAX == 32 &&
		       NAME_PRODUCT_MAX == 32 && NAME_SERIAL_MAX == 20,
	"limits of a signed file");

static const char batch_form[] =
	"1 to 32 of A-Z, 0-9 and -, the first one a letter or a digit";
static const char host_form[] = "a host's name: 1 to 32 of a-z, 0-9 and -, the first one "
				"a letter or a digit";
static const char extra_form[] = "a number from 0 to 100000, or nothing";

static const struct form_row order_forms[] = {
	{"batch", batch_form},
	{"product", "the NAME of a [product NAME] section of this host's configuration"},
	{"count", "a number from 1 to 1000000"},
	{"first_serial", "a serial of this host's pattern, check character and all, with "
			 "room behind it for all that are made; or next"},
	{"lot", "a number from 0 to 1048575, with a sequence beside it; or next, or "
		"nothing, without one"},
	{"sequence",
		"a number from 0 to 4095, beside a lot that is a number; else nothing"},
	{"draws", extra_form},
	{"spares", extra_form},
	{NULL, NULL},
};

static const struct form_row signed_forms[] = {
	{"keyline", "1, the version of the format"},
	{"kind", "codes, passphrases, confirmations, stickers, shipment, receipt or "
		 "results"},
	{"use", "test or production"},
	{"sender", host_form},
	{"recipient", host_form},
	{"batch", batch_form},
	{"part", "PART,PARTS: numbers from 1 to 9999, the first not over the second"},
	{"sequence", "a number from 1 on"},
	{"previous",
		"none where the sequence is 1, else the SHA-256 of the file before it: "
		"64 of 0-9 and a-f"},
	{"created", "a time in UTC, as 2026-11-22T09:30:00Z"},
	{"product", "1 to 32 of A-Z, a-z, 0-9 and -, the first one no -"},
	{"coins", "1 to 16 different coins of keyline.conf(5), with commas between"},
	{"draws", "a number from 0 to 1000000"},
	{"count", "the number of the rows, from 1 to 10000"},
	{"columns", "the column line of its kind, see keyline-batch(5)"},
	{"serial",
		"a serial of the line's pattern: at most 20 of A-Z, 0-9 and -, a letter "
		"first, its check character last"},
	{"sealed", "one sealed row in base64, as keyline-batch(5) has it"},
	{"state", "shipped, spoiled, missing, rejected or void"},
	{"result", "opened-good or opened-bad"},
	{"sha256", "64 of 0-9 and a-f"},
	{"outcome", "accepted"},
	{NULL, NULL},
};

static const char columns_form[] =
	"batch, product, count, first_serial, lot, sequence, draws and spares";
static const char stray_form[] =
	"nothing: no column of the first row stands above this cell";

/* The errors that are mended by what is written in the field. */
static bool
is_of_form(int code)
{
	static const int codes[] = {KE_BAD_FIELD, KE_BAD_HEADER, KE_BAD_SERIAL,
		KE_BAD_CHECKSUM, KE_BAD_CHARACTER, KE_BAD_LENGTH, KE_TOO_LONG,
		KE_EXHAUSTED, KE_UNKNOWN_PRODUCT, KE_UNKNOWN_COIN, KE_UNKNOWN_COLUMN,
		KE_MISSING_COLUMN, KE_BAD_CMS};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i] == code)
			return true;
	return false;
}

const char *
issue_form(const struct issue *issue, const char *kind)
{
	bool is_order = kind && strcmp(kind, "order") == 0;
	const struct form_row *row = is_order ? order_forms : signed_forms;

	if (!is_of_form(issue->code))
		return NULL;
	if (issue->code == KE_UNKNOWN_COLUMN)
		return columns_form;
	if (!issue->field)
		return is_order && issue->code == KE_BAD_FIELD ? stray_form : NULL;
	for (; row->field; row++)
		if (strcmp(row->field, issue->field) == 0)
			return row->form;
	return NULL;
}
