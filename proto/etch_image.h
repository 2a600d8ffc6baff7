/* SPDX-License-Identifier: MIT */
/*
 * Items of a profile in a copy of the device's tables: the driver's after a read,
 * the simulator's own.  Also the code that the device publishes over a loaded job.
 */
#ifndef KEYLINE_PROTO_ETCH_IMAGE_H
#define KEYLINE_PROTO_ETCH_IMAGE_H

#include "proto/etch_profile.h"

/*
 * The four tables, each of at least etch_profile_extent() entries from address 0;
 * the caller's memory (a libmodbus mapping fits).  Only the tables that hold an
 * item that is asked for need be there.
 */
struct etch_image {
	uint16_t *holding;
	uint16_t *input;
	uint8_t *coil;
	uint8_t *discrete;
};

/* The value of a bit (0 or 1), one register or two. */
uint32_t etch_image_get(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item);
void etch_image_put(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item, uint32_t value);

/*
 * The first len bytes of an item of kind ETCH_BYTES; len at most two bytes a
 * register.  Putting fewer bytes than there is room zeroes the rest.
 */
void etch_image_get_bytes(unsigned char *out, size_t len, const struct etch_image *image,
	const struct etch_profile *p, enum etch_item item);
void etch_image_put_bytes(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item, const void *bytes, size_t len);

/* Zeroes an item. */
void etch_image_clear(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item);

enum { ETCH_CODE_LEN = 16 };

/*
 * The code over a loaded job: the first 16 bytes of SHA-256 over the job id (4 bytes,
 * big-endian), the nonce (8), the length of the data in bytes (4, big-endian), the
 * data.  Returns 0 or KE_CRYPTO.
 */
KEYLINE_WARN_UNUSED int etch_code(unsigned char out[ETCH_CODE_LEN], uint32_t job,
	const unsigned char nonce[ETCH_NONCE_LEN], const void *data, size_t len);

#endif
