/* SPDX-License-Identifier: MIT */
/*
 * The forms of the names that files, keys and configs carry (DESIGN section 3),
 * and the two uses that never mix.  A name is len bytes; it needs no final NUL.
 */
#ifndef KEYLINE_PROTO_NAME_H
#define KEYLINE_PROTO_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* The longest of each, without a final NUL. */
enum {
	NAME_HOST_MAX = 32,
	NAME_BATCH_MAX = 32,
	NAME_PRODUCT_MAX = 32,
	NAME_STATION_MAX = 16,
	NAME_SERIAL_MAX = 20,
	NAME_COIN_MAX = 11
};

/* [a-z0-9][a-z0-9-]{0,31} */
bool name_is_host(const char *text, size_t len);

/* Whether a machine's name is of the domain .local (RFC 6762, section 3), in any case and
 * with or without its last dot: it would be asked for by multicast, which neither the
 * drivers' confinement nor the unit's lets through. */
bool name_is_multicast(const char *text, size_t len);

/* [A-Z0-9][A-Z0-9-]{0,31} */
bool name_is_batch(const char *text, size_t len);

/* [A-Za-z0-9][A-Za-z0-9-]{0,31}: the NAME of a config's [product NAME] section. */
bool name_is_product(const char *text, size_t len);

/* [a-z0-9][a-z0-9-]{0,15} */
bool name_is_station(const char *text, size_t len);

/* [A-Z][0-9A-Z-]{0,19}: the form alone; proto/serial.h knows the pattern.  Never a '/': it
 * ends the serial in a layer's mark (proto/layer_mark.h). */
bool name_is_serial(const char *text, size_t len);

/* [A-Z][A-Z0-9_]{0,10}: the form alone; the coin table knows which exist. */
bool name_is_coin(const char *text, size_t len);

/* [A-Za-z0-9_.][A-Za-z0-9_.-]*: what a shell and an option parser take as it stands. */
bool name_is_word(const char *text, size_t len);

enum keyline_use { USE_TEST, USE_PRODUCTION };

/* "test" or "production". */
const char *use_name(enum keyline_use use);

/* Whether text[0..len-1] names a use, which then stands in out. */
bool use_parse(enum keyline_use *out, const char *text, size_t len);

#endif
