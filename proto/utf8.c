/* SPDX-License-Identifier: MIT */
#include "proto/utf8.h"

#include <stdint.h>
#include <string.h>

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

/* Unicode 15: categories Cc, Cf, Zl, Zp of these blocks. */
static const struct {
	uint32_t first, last;
} unseen[] = {
	{0x0000, 0x001f},
	{0x007f, 0x009f},
	{0x00ad, 0x00ad},
	{0x061c, 0x061c},
	{0x115f, 0x1160},
	{0x180b, 0x180f},
	{0x200b, 0x200f},
	{0x2028, 0x202e},
	{0x2060, 0x206f},
	{0x3164, 0x3164},
	{0xfe00, 0xfe0f},
	{0xfeff, 0xfeff},
	{0xffa0, 0xffa0},
	{0xfff0, 0xfffb},
	{0xe0000, 0xe0fff},
};

/* One character of valid UTF-8; *at moves behind it. */
static uint32_t
next_character(const unsigned char **at)
{
	uint32_t c = *(*at)++;
	int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (more)
		c &= 0x3fU >> more;
	for (; more > 0; more--)
		c = c << 6 | (*(*at)++ & 0x3fU);
	return c;
}

bool
utf8_is_seen(const char *bytes, size_t len)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + len;

	if (!utf8_is_valid(bytes, len))
		return false;
	while (at < end) {
		uint32_t c = next_character(&at);

		for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
			if (c >= unseen[i].first && c <= unseen[i].last)
				return false;
	}
	return true;
}

size_t
utf8_unseen_length(const char *text)
{
	const struct form *form = form_of((unsigned char)*text);
	size_t len = form ? form->following + 1U : 1U;

	if (!*text)
		return 0;
	if (!form || memchr(text, '\0', len) || !utf8_is_valid(text, len))
		return 1;
	return utf8_is_seen(text, len) ? 0 : len;
}

void
utf8_mask(char *text)
{
	char *to = text;

	while (*text) {
		size_t masked = utf8_unseen_length(text);
		unsigned char lead = (unsigned char)*text;
		/* Of one that is seen, and so is whole. */
		size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

		if (masked) {
			*to++ = '?';
			text += masked;
			continue;
		}
		memmove(to, text, len);
		to += len;
		text += len;
	}
	*to = '\0';
}
