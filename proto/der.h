/* SPDX-License-Identifier: MIT */
/*
 * A cursor over DER that takes nothing but the shortest lengths: used to pin the
 * exact shape of a CMS file before OpenSSL, which is more tolerant, sees it.
 */
#ifndef KEYLINE_PROTO_DER_H
#define KEYLINE_PROTO_DER_H

#include <stdbool.h>
#include <stddef.h>

/* The tags that CMS needs. */
enum {
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	/* [0], [1]: with members inside; [0] of a plain string. */
	DER_CONTEXT_0 = 0xa0,
	DER_CONTEXT_1 = 0xa1,
	DER_CONTEXT_0_PLAIN = 0x80
};

/* What is left to read; borrowed. */
struct der {
	const unsigned char *at;
	size_t left;
};

/* Steps over the next element when it has that tag; its content is *inside. */
bool der_take(struct der *in, unsigned tag, struct der *inside);

/* Steps over the next element, whatever it is; its content is *inside. */
bool der_take_any(struct der *in, unsigned *tag, struct der *inside);

/* Steps over the next bytes when they are these. */
bool der_take_bytes(struct der *in, const void *bytes, size_t len);

#endif
