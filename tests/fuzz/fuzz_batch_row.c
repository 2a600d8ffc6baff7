/* SPDX-License-Identifier: MIT */
/* The line inside a sealed row, of each kind: what is taken is written again the same. */
#include "config.h"
#include "fuzz.h"
#include "proto/batch_row.h"

static const char batch[] = "US-2026-118", serial[] = "AA000001A";

static void
take_code(const struct secret *plain, struct secret *again)
{
	struct batch_code row;

	if (batch_code_parse(&row, plain, batch, serial) == 0) {
		HOLDS(batch_code_format(again, batch, serial, &row) == 0);
		HOLDS(secret_equal(again, plain));
	}
	batch_code_clear(&row);
}

static void
take_passphrase(const struct secret *plain, struct secret *again)
{
	struct batch_passphrase row;

	if (batch_passphrase_parse(&row, plain, batch, serial) == 0) {
		HOLDS(passphrase_is_well_formed(row.passphrase));
		HOLDS(batch_passphrase_format(again, batch, serial, &row) == 0);
		HOLDS(secret_equal(again, plain));
		batch_passphrase_clear(&row);
	} else {
		HOLDS(!row.passphrase);
	}
}

static void
take_confirmation(const struct secret *plain, struct secret *again)
{
	struct batch_confirmation row;

	if (batch_confirmation_parse(&row, plain, batch, serial) == 0) {
		HOLDS(row.count >= 1 && row.count <= BATCH_COINS_MAX);
		HOLDS(batch_confirmation_format(again, batch, serial, &row) == 0);
		HOLDS(secret_equal(again, plain));
	}
	batch_confirmation_clear(&row);
}

static void
take_sticker(const struct secret *plain, struct secret *again)
{
	struct batch_sticker row;

	if (batch_sticker_parse(&row, plain, batch, serial) == 0) {
		HOLDS(secret_len(row.epk) == BIP38_EPK_LEN);
		HOLDS(batch_sticker_format(again, batch, serial, &row) == 0);
		HOLDS(secret_equal(again, plain));
		batch_sticker_clear(&row);
	} else {
		HOLDS(!row.epk);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct secret *plain, *again;

	if (len == 0 || len > BATCH_ROW_MAX)
		return 0;
	plain = fuzz_secret(bytes, len);
	again = secret_new(BATCH_ROW_MAX);
	HOLDS(again);
	take_code(plain, again);
	take_passphrase(plain, again);
	take_confirmation(plain, again);
	take_sticker(plain, again);
	secret_free(plain);
	secret_free(again);
	return 0;
}

FUZZ_BEGIN
