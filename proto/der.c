/* SPDX-License-Identifier: MIT */
#include "proto/der.h"

#include <string.h>

/* Reads a length; false when it is longer than need be, indefinite or too big. */
static bool
take_length(struct der *in, size_t *len)
{
	unsigned count;
	size_t value = 0;

	if (in->left < 1)
		return false;
	count = *in->at++;
	in->left--;
	if (count < 0x80) {
		*len = count;
		return true;
	}
	count &= 0x7f;
	if (count < 1 || count > 4 || in->left < count || in->at[0] == 0)
		return false;
	for (unsigned i = 0; i < count; i++)
		value = value << 8 | in->at[i];
	in->at += count;
	in->left -= count;
	*len = value;
	return value >= 0x80;
}

bool
der_take_any(struct der *in, unsigned *tag, struct der *inside)
{
	struct der at = *in;
	size_t len;

	if (at.left < 1)
		return false;
	*tag = *at.at++;
	at.left--;
	/* Tags of more than one byte have no place here. */
	if ((*tag & 0x1f) == 0x1f || !take_length(&at, &len) || len > at.left)
		return false;
	inside->at = at.at;
	inside->left = len;
	in->at = at.at + len;
	in->left = at.left - len;
	return true;
}

bool
der_take(struct der *in, unsigned tag, struct der *inside)
{
	struct der before = *in;
	unsigned found;

	if (der_take_any(in, &found, inside) && found == tag)
		return true;
	*in = before;
	return false;
}

bool
der_take_bytes(struct der *in, const void *bytes, size_t len)
{
	if (in->left < len || memcmp(in->at, bytes, len) != 0)
		return false;
	in->at += len;
	in->left -= len;
	return true;
}
