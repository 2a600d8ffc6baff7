/* SPDX-License-Identifier: MIT */
#include "proto/etch_image.h"
#include "proto/hash.h"

#include <string.h>
#include <openssl/crypto.h>

static uint16_t *
registers_of(const struct etch_image *image, const struct etch_place *place)
{
	uint16_t *table = place->table == ETCH_HOLDING ? image->holding : image->input;

	return table + place->address;
}

/* The cell of a coil or discrete input; NULL for a bit of a register. */
static uint8_t *
cell_of(const struct etch_image *image, const struct etch_place *place)
{
	if (place->table == ETCH_COIL)
		return image->coil + place->address;
	if (place->table == ETCH_DISCRETE)
		return image->discrete + place->address;
	return NULL;
}

uint32_t
etch_image_get(
	const struct etch_image *image, const struct etch_profile *p, enum etch_item item)
{
	const struct etch_place *place = &p->places[item];
	const uint8_t *cell = cell_of(image, place);
	const uint16_t *r;

	if (cell)
		return *cell ? 1 : 0;
	r = registers_of(image, place);
	if (etch_item_kind(item) == ETCH_BIT)
		return (r[0] >> place->bit) & 1;
	if (etch_item_kind(item) == ETCH_U16)
		return r[0];
	return p->low_word_first ? (uint32_t)r[1] << 16 | r[0]
				 : (uint32_t)r[0] << 16 | r[1];
}

static void
put_bit(uint16_t *r, unsigned bit, bool value)
{
	unsigned mask = 1u << bit;

	*r = (uint16_t)(value ? *r | mask : *r & ~mask);
}

void
etch_image_put(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item, uint32_t value)
{
	const struct etch_place *place = &p->places[item];
	uint8_t *cell = cell_of(image, place);
	uint16_t *r;

	if (cell) {
		*cell = value ? 1 : 0;
		return;
	}
	r = registers_of(image, place);
	if (etch_item_kind(item) == ETCH_BIT) {
		put_bit(r, place->bit, value != 0);
	} else if (etch_item_kind(item) == ETCH_U16) {
		r[0] = (uint16_t)value;
	} else {
		r[p->low_word_first ? 1 : 0] = (uint16_t)(value >> 16);
		r[p->low_word_first ? 0 : 1] = (uint16_t)value;
	}
}

void
etch_image_get_bytes(unsigned char *out, size_t len, const struct etch_image *image,
	const struct etch_profile *p, enum etch_item item)
{
	const uint16_t *r = registers_of(image, &p->places[item]);

	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)(i % 2 == 0 ? r[i / 2] >> 8 : r[i / 2]);
}

void
etch_image_clear(
	const struct etch_image *image, const struct etch_profile *p, enum etch_item item)
{
	const struct etch_place *place = &p->places[item];

	if (etch_item_kind(item) == ETCH_BIT) {
		etch_image_put(image, p, item, 0);
		return;
	}
	OPENSSL_cleanse(registers_of(image, place), place->count * sizeof(uint16_t));
}

void
etch_image_put_bytes(const struct etch_image *image, const struct etch_profile *p,
	enum etch_item item, const void *bytes, size_t len)
{
	uint16_t *r = registers_of(image, &p->places[item]);
	const unsigned char *in = bytes;

	etch_image_clear(image, p, item);
	for (size_t i = 0; i < len; i++)
		r[i / 2] |= (uint16_t)(i % 2 == 0 ? in[i] << 8 : in[i]);
}

static void
put_be32(unsigned char out[4], uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(value >> (24 - 8 * i));
}

int
etch_code(unsigned char out[ETCH_CODE_LEN], uint32_t job,
	const unsigned char nonce[ETCH_NONCE_LEN], const void *data, size_t len)
{
	unsigned char job_bytes[4], len_bytes[4], hash[HASH_SHA256_LEN];
	const struct hash_part parts[] = {
		{job_bytes, sizeof job_bytes},
		{nonce, ETCH_NONCE_LEN},
		{len_bytes, sizeof len_bytes},
		{data, len},
	};
	int rc;

	put_be32(job_bytes, job);
	put_be32(len_bytes, (uint32_t)len);
	rc = hash_sha256_parts(hash, parts, sizeof parts / sizeof parts[0]);
	memcpy(out, hash, ETCH_CODE_LEN);
	return rc;
}
