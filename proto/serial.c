/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/serial.h"

#include <string.h>

enum { ISO7064_M = 36 };

#define SERIAL_COUNT_MAX UINT64_C(1000000000000000)

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

char
serial_check_character(const char *text, size_t len)
{
	unsigned product = ISO7064_M;

	for (size_t i = 0; i < len; i++) {
		unsigned value, sum;

		if (text[i] == '-')
			continue;
		value = text[i] <= '9' ? (unsigned)(text[i] - '0')
				       : (unsigned)(text[i] - 'A') + 10;
		sum = (product + value) % ISO7064_M;
		product = (sum ? sum : ISO7064_M) * 2 % (ISO7064_M + 1);
	}
	return digits[(ISO7064_M + 1 - product) % ISO7064_M];
}

/* How many characters may stand at a place of the pattern: 1 where it is fixed. */
static unsigned
radix_of(char place)
{
	return place == 'A' ? 26 : place == '9' ? 10 : 1;
}

static char
first_of(char place)
{
	return place == '9' ? '0' : place;
}

int
serial_pattern_compile(struct serial_pattern *out, const char *text)
{
	size_t len = strnlen(text, SERIAL_SIZE);
	uint64_t count = 1;

	/* The form of a serial is, by luck, also the form of a pattern. */
	if (!name_is_serial(text, len) || text[len - 1] != 'C')
		return KE_BAD_PATTERN;
	for (size_t i = 0; i + 1 < len; i++) {
		if (text[i] == 'C')
			return KE_BAD_PATTERN;
		count *= radix_of(text[i]);
		if (count > SERIAL_COUNT_MAX)
			return KE_BAD_PATTERN;
	}
	if (count == 1)
		return KE_BAD_PATTERN;
	memset(out, 0, sizeof *out);
	memcpy(out->text, text, len);
	out->len = len;
	out->count = count;
	return 0;
}

int
serial_from_number(
	char out[SERIAL_SIZE], const struct serial_pattern *pattern, uint64_t number)
{
	size_t check = pattern->len - 1;

	if (number >= pattern->count)
		return KE_EXHAUSTED;
	for (size_t i = check; i-- > 0;) {
		unsigned radix = radix_of(pattern->text[i]);

		out[i] = (char)(first_of(pattern->text[i]) + number % radix);
		number /= radix;
	}
	out[check] = serial_check_character(out, check);
	out[check + 1] = '\0';
	return 0;
}

int
serial_to_number(
	uint64_t *out, const struct serial_pattern *pattern, const char *text, size_t len)
{
	uint64_t number = 0;

	if (len != pattern->len)
		return KE_BAD_LENGTH;
	if (!name_is_serial(text, len))
		return KE_BAD_SERIAL;
	for (size_t i = 0; i + 1 < len; i++) {
		unsigned radix = radix_of(pattern->text[i]);
		int value = text[i] - first_of(pattern->text[i]);

		if (value < 0 || (unsigned)value >= radix)
			return KE_BAD_SERIAL;
		number = number * radix + (unsigned)value;
	}
	if (text[len - 1] != serial_check_character(text, len - 1))
		return KE_BAD_CHECKSUM;
	*out = number;
	return 0;
}
