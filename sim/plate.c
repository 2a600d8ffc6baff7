/* SPDX-License-Identifier: MIT */
#include "sim/plate.h"
#include "proto/etch_record.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

/* The card: ISO/IEC 7810 ID-1, larger when the field would not fit; the field's rim. */
static const double CARD_WIDTH = 85.6, CARD_HEIGHT = 53.98, CARD_CORNER = 3.18, RIM = 5.0;
/* The field's centre stands a little below the card's. */
static const double FIELD_LEVEL = 0.42;

struct plate {
	struct plate_shape shape;
	struct plate_line *lines;
	size_t count, size;
};

/* How the beam marks: from a settings record. */
struct beam {
	double width, depth;
};

struct plate *
plate_new(void)
{
	struct plate *plate = calloc(1, sizeof *plate);

	if (!plate)
		return NULL;
	plate->shape.width = CARD_WIDTH;
	plate->shape.height = CARD_HEIGHT;
	plate->shape.corner = CARD_CORNER;
	return plate;
}

void
plate_free(struct plate *plate)
{
	if (!plate)
		return;
	if (plate->lines)
		OPENSSL_cleanse(plate->lines, plate->size * sizeof plate->lines[0]);
	free(plate->lines);
	free(plate);
}

static int
grow(struct plate *plate)
{
	size_t size = plate->size ? 2 * plate->size : 1024;
	struct plate_line *lines = calloc(size, sizeof lines[0]);

	if (!lines)
		return KE_NO_MEMORY;
	if (plate->lines) {
		memcpy(lines, plate->lines, plate->count * sizeof lines[0]);
		OPENSSL_cleanse(plate->lines, plate->size * sizeof lines[0]);
		free(plate->lines);
	}
	plate->lines = lines;
	plate->size = size;
	return 0;
}

static double
at_least(double value, double least)
{
	return value < least ? least : value;
}

/* Makes room for the field, in the middle of the card's width. */
static void
place_field(struct plate_shape *shape, const struct etch_record_header *header)
{
	shape->field_width = header->width / 1000.0;
	shape->field_height = header->height / 1000.0;
	shape->width = at_least(shape->width, shape->field_width + 2 * RIM);
	shape->height = at_least(shape->height, shape->field_height + 2 * RIM);
	shape->field_x = (shape->width - shape->field_width) / 2;
	shape->field_y = shape->height * FIELD_LEVEL - shape->field_height / 2;
	shape->field_y = at_least(shape->field_y, RIM);
}

/* More passes, more power and less speed mark deeper and a little wider. */
static struct beam
beam_of(const struct etch_record *set)
{
	double energy = set->passes * (set->power + 1.0) * 100.0 / set->speed;
	struct beam beam;

	beam.depth = 0.7 + 0.28 * energy / (energy + 1.0);
	beam.width = 0.2 + 0.14 * energy / (energy + 3.0);
	return beam;
}

int
plate_etch(struct plate *plate, const unsigned char *job, size_t len, size_t records)
{
	struct beam beam = {0.2, 0.8};
	struct etch_record_header header;
	struct etch_record r, last = {0};
	double mm;

	if (etch_record_check(&header, job, len) != 0)
		return KE_BAD_RECORD;
	place_field(&plate->shape, &header);
	mm = header.scale / 1000.0;
	for (size_t i = 0; i < header.count && i < records; i++) {
		etch_record_get(&r, job, i);
		if (r.op == ETCH_SET)
			beam = beam_of(&r);
		if (r.op == ETCH_MARK) {
			if (plate->count == plate->size && grow(plate) != 0)
				return KE_NO_MEMORY;
			plate->lines[plate->count++] = (struct plate_line){
				plate->shape.field_x + last.x * mm,
				plate->shape.field_y + last.y * mm,
				plate->shape.field_x + r.x * mm,
				plate->shape.field_y + r.y * mm, beam.width, beam.depth};
		}
		last = r;
	}
	OPENSSL_cleanse(&r, sizeof r);
	OPENSSL_cleanse(&last, sizeof last);
	return 0;
}

void
plate_shape(struct plate_shape *shape, const struct plate *plate)
{
	*shape = plate->shape;
}

size_t
plate_count(const struct plate *plate)
{
	return plate->count;
}

const struct plate_line *
plate_line(const struct plate *plate, size_t index)
{
	return &plate->lines[index];
}

int
plate_bytes_add(struct plate_bytes *out, const void *bytes, size_t len)
{
	if (len > out->size - out->len) {
		size_t size = 2 * out->size + len + 4096;
		unsigned char *more = OPENSSL_clear_realloc(out->bytes, out->size, size);

		if (!more)
			return KE_NO_MEMORY;
		out->bytes = more;
		out->size = size;
	}
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
	return 0;
}

void
plate_bytes_free(struct plate_bytes *out)
{
	OPENSSL_clear_free(out->bytes, out->size);
	memset(out, 0, sizeof *out);
}
