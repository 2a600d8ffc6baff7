/* SPDX-License-Identifier: MIT */
#include "proto/utf8.h"

/* First byte, how many follow, and what the second may be (RFC 3629, section 4). */
struct form {
	unsigned char first_low, first_high;
	unsigned char following;
	unsigned char second_low, second_high;
};

static const struct form forms[] = {
	{0x00, 0x7f, 0, 0, 0},
	{0xc2, 0xdf, 1, 0x80, 0xbf},
	{0xe0, 0xe0, 2, 0xa0, 0xbf},
	{0xe1, 0xec, 2, 0x80, 0xbf},
	{0xed, 0xed, 2, 0x80, 0x9f},
	{0xee, 0xef, 2, 0x80, 0xbf},
	{0xf0, 0xf0, 3, 0x90, 0xbf},
	{0xf1, 0xf3, 3, 0x80, 0xbf},
	{0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct form *
form_of(unsigned char first)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (first >= forms[i].first_low && first <= forms[i].first_high)
			return &forms[i];
	return 0;
}

bool
utf8_is_valid(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;

	for (size_t i = 0; i < len; i++) {
		const struct form *form = form_of(p[i]);

		if (!form || form->following >= len - i)
			return false;
		for (unsigned k = 1; k <= form->following; k++) {
			unsigned char c = p[i + k];

			if (c < (k == 1 ? form->second_low : 0x80) ||
				c > (k == 1 ? form->second_high : 0xbf))
				return false;
		}
		i += form->following;
	}
	return true;
}
