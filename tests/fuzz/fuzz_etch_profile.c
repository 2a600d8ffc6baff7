/* SPDX-License-Identifier: MIT */
/*
 * Profiles of etchers, and the map they make.  In a profile that is taken no two items
 * share a place: what is put into all of them is there when all were put.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/etch_image.h"

enum { EXTENT_MAX = 65536 };

static uint16_t holding[EXTENT_MAX], input[EXTENT_MAX];
static uint8_t coil[EXTENT_MAX], discrete[EXTENT_MAX];

/* A value that an item can hold, another one for each. */
static uint32_t
value_of(enum etch_item item)
{
	switch (etch_item_kind(item)) {
	case ETCH_BIT:
		return item % 2;
	case ETCH_U16:
	case ETCH_BYTES:
		return 0x1000u + item;
	case ETCH_U32:
		return 0x12340000u + 0x101u * item;
	}
	abort();
}

static void
put(const struct etch_image *image, const struct etch_profile *p, enum etch_item item)
{
	uint8_t bytes[2 * ETCH_READ_MAX];
	size_t len = 2u * p->places[item].count;

	if (etch_item_kind(item) != ETCH_BYTES) {
		etch_image_put(image, p, item, value_of(item));
		return;
	}
	HOLDS(len <= sizeof bytes);
	memset(bytes, (int)item, len);
	etch_image_put_bytes(image, p, item, bytes, len);
}

static void
check(const struct etch_image *image, const struct etch_profile *p, enum etch_item item)
{
	uint8_t bytes[2 * ETCH_READ_MAX];
	size_t len = 2u * p->places[item].count;

	if (etch_item_kind(item) != ETCH_BYTES) {
		HOLDS(etch_image_get(image, p, item) == value_of(item));
		return;
	}
	etch_image_get_bytes(bytes, len, image, p, item);
	for (size_t i = 0; i < len; i++)
		HOLDS(bytes[i] == (uint8_t)item);
}

static void
use_map(const struct etch_profile *p)
{
	const struct etch_image image = {holding, input, coil, discrete};

	for (int t = 0; t < ETCH_TABLES; t++)
		HOLDS(etch_profile_extent(p, t) <= EXTENT_MAX);
	for (int i = 0; i < ETCH_ITEMS; i++) {
		HOLDS(p->places[i].address + p->places[i].count <=
			etch_profile_extent(p, p->places[i].table));
		HOLDS(!etch_item_is_host(i) || p->places[i].table == ETCH_HOLDING ||
			p->places[i].table == ETCH_COIL);
		put(&image, p, i);
	}
	for (int i = 0; i < ETCH_ITEMS; i++)
		check(&image, p, i);
	for (int i = 0; i < ETCH_REASONS; i++)
		HOLDS(etch_profile_reason(p, p->reasons[i]) == i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct etch_profile profile;
	struct etch_profile_error error = {0};
	char *text = fuzz_text(bytes, len);
	unsigned lines = 1;
	int rc = etch_profile_parse(&profile, &error, text, len);

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	HOLDS(rc == 0 || (rc == KE_BAD_PROFILE && error.text[0] && error.line <= lines));
	if (rc == 0)
		use_map(&profile);
	free(text);
	return 0;
}

FUZZ_BEGIN
