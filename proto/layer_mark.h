/* SPDX-License-Identifier: MIT */
/*
 * The pairing mark of a sticker's layer (DESIGN section 6): SERIAL on the upper layer,
 * SERIAL/L on the lower one, so that one layer that is read twice is never taken for
 * both.  No serial holds a '/' (proto/name.h), whatever the pattern.
 */
#ifndef KEYLINE_PROTO_LAYER_MARK_H
#define KEYLINE_PROTO_LAYER_MARK_H

#include <stddef.h>
#include "proto/error.h"
#include "proto/serial.h"

enum layer_mark_layer { LAYER_MARK_LOWER, LAYER_MARK_UPPER };

/* Room for a mark and its NUL. */
enum { LAYER_MARK_SIZE = SERIAL_SIZE + 2 };

struct layer_mark {
	char serial[SERIAL_SIZE];
	enum layer_mark_layer layer;
};

/* The mark of a layer, with its NUL.  Returns 0 or KE_BAD_SERIAL: serial has not the
 * form of one; out is "" then. */
KEYLINE_WARN_UNUSED int layer_mark_make(
	char out[LAYER_MARK_SIZE], const char *serial, enum layer_mark_layer layer);

/*
 * What the mark text[0..len-1] says, nothing before or after it.  The serial must be of
 * the pattern; NULL, for who knows none: of the form of a serial.  Returns 0, or as
 * serial_to_number(); *out is not changed then.
 */
KEYLINE_WARN_UNUSED int layer_mark_parse(struct layer_mark *out,
	const struct serial_pattern *pattern, const char *text, size_t len);

#endif
