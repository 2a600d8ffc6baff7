/* SPDX-License-Identifier: MIT */
/* Small texts: times, serials, marks of layers, base64, patterns, lists of coins. */
#include "config.h"
#include "fuzz.h"
#include "proto/base64.h"
#include "proto/batch.h"
#include "proto/layer_mark.h"
#include "proto/serial.h"
#include "proto/utc.h"

enum { TEXT_MAX = 512 };

static struct serial_pattern pattern;

static void
take_time(const uint8_t *bytes, size_t len)
{
	char again[UTC_SIZE];
	int64_t seconds;

	if (utc_parse(&seconds, (const char *)bytes, len) == 0) {
		HOLDS(utc_format(again, seconds) == 0);
		HOLDS(fuzz_is(again, bytes, len));
	}
}

static void
take_serial(const struct serial_pattern *of, const uint8_t *bytes, size_t len)
{
	char again[SERIAL_SIZE];
	uint64_t number;

	if (serial_to_number(&number, of, (const char *)bytes, len) == 0) {
		HOLDS(number < of->count);
		HOLDS(serial_from_number(again, of, number) == 0);
		HOLDS(fuzz_is(again, bytes, len));
	}
}

/* A pattern's first and last serial are serials of it. */
static void
take_pattern(const char *text)
{
	struct serial_pattern of;
	char serial[SERIAL_SIZE];

	if (serial_pattern_compile(&of, text) != 0)
		return;
	HOLDS(of.count > 0);
	for (int last = 0; last < 2; last++) {
		HOLDS(serial_from_number(serial, &of, last ? of.count - 1 : 0) == 0);
		HOLDS(name_is_serial(serial, strlen(serial)));
		take_serial(&of, (const uint8_t *)serial, strlen(serial));
	}
	HOLDS(serial_from_number(serial, &of, of.count) == KE_EXHAUSTED);
}

static void
take_mark(const uint8_t *bytes, size_t len)
{
	char again[LAYER_MARK_SIZE];
	struct layer_mark mark;

	if (layer_mark_parse(&mark, NULL, (const char *)bytes, len) == 0) {
		HOLDS(layer_mark_make(again, mark.serial, mark.layer) == 0);
		HOLDS(fuzz_is(again, bytes, len));
	}
}

static void
take_base64(const uint8_t *bytes, size_t len)
{
	unsigned char out[TEXT_MAX];
	char again[BASE64_LEN(TEXT_MAX) + 1];
	size_t out_len;

	if (base64_decode(out, sizeof out, &out_len, (const char *)bytes, len) == 0) {
		base64_encode(again, out, out_len);
		again[BASE64_LEN(out_len)] = '\0';
		HOLDS(fuzz_is(again, bytes, len));
	}
}

static void
take_coins(const char *text)
{
	struct batch_coins coins;
	size_t len = 0;

	if (batch_coins_parse(&coins, text) != 0)
		return;
	HOLDS(coins.count >= 1 && coins.count <= BATCH_COINS_MAX);
	for (size_t i = 0; i < coins.count; i++) {
		HOLDS(name_is_coin(coins.tickers[i], strlen(coins.tickers[i])));
		HOLDS(strncmp(text + len, coins.tickers[i], strlen(coins.tickers[i])) ==
			0);
		len += strlen(coins.tickers[i]) + 1;
	}
	HOLDS(len == strlen(text) + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text;

	if (len > TEXT_MAX)
		return 0;
	text = fuzz_text(bytes, len);
	take_time(bytes, len);
	take_serial(&pattern, bytes, len);
	take_pattern(text);
	take_mark(bytes, len);
	take_base64(bytes, len);
	take_coins(text);
	free(text);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT);
}
