/* SPDX-License-Identifier: MIT */
/* The one shape of a sealed row: it can be checked without any key. */
#ifndef KEYLINE_PROTO_CMS_SEALED_FORM_H
#define KEYLINE_PROTO_CMS_SEALED_FORM_H

#include <stddef.h>
#include "proto/error.h"

/*
 * Checks every element of a sealed row but the random ones: point, key id, wrapped
 * key, nonce, content, tag.  Returns 0 with *key_id on the recipient's CMS_KEY_ID_LEN
 * bytes within der, or KE_BAD_CMS.
 */
KEYLINE_WARN_UNUSED int cms_sealed_form(
	const unsigned char **key_id, const unsigned char *der, size_t der_len);

#endif
