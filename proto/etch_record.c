/* SPDX-License-Identifier: MIT */
#include "proto/etch_record.h"
#include "proto/secret.h"

#include <stdbool.h>
#include <openssl/crypto.h>

enum { RECORD_MAGIC = 0x4b56, PASSES_MAX = 100, SPEED_MAX = 20000, POWER_MAX = 15 };

static void
put_word(unsigned char *out, unsigned word)
{
	out[0] = (unsigned char)(word >> 8);
	out[1] = (unsigned char)word;
}

static unsigned
get_word(const unsigned char *in)
{
	return (unsigned)in[0] << 8 | in[1];
}

int
etch_record_put_header(struct secret *job, const struct etch_record_header *header)
{
	unsigned char bytes[ETCH_RECORD_HEADER_BYTES];

	put_word(bytes, RECORD_MAGIC);
	put_word(bytes + 2, ETCH_RECORD_VERSION);
	put_word(bytes + 4, header->scale);
	put_word(bytes + 6, header->width >> 16);
	put_word(bytes + 8, header->width & 0xffff);
	put_word(bytes + 10, header->height >> 16);
	put_word(bytes + 12, header->height & 0xffff);
	put_word(bytes + 14, header->count);
	return secret_append(job, bytes, sizeof bytes);
}

int
etch_record_put(struct secret *job, const struct etch_record *record)
{
	unsigned char bytes[ETCH_RECORD_BYTES];
	bool set = record->op == ETCH_SET;
	int rc;

	put_word(bytes, (unsigned)record->op << 8 | (set ? record->passes & 0xffu : 0));
	put_word(bytes + 2, set ? record->speed : record->x);
	put_word(bytes + 4, set ? record->power : record->y);
	rc = secret_append(job, bytes, sizeof bytes);
	OPENSSL_cleanse(bytes, sizeof bytes);
	return rc;
}

void
etch_record_get(struct etch_record *out, const unsigned char *job, size_t index)
{
	const unsigned char *in =
		job + ETCH_RECORD_HEADER_BYTES + index * ETCH_RECORD_BYTES;
	unsigned head = get_word(in);

	*out = (struct etch_record){.op = (enum etch_op)(head >> 8)};
	if (out->op == ETCH_SET) {
		out->passes = (uint16_t)(head & 0xff);
		out->speed = (uint16_t)get_word(in + 2);
		out->power = (uint16_t)get_word(in + 4);
	} else {
		out->x = (uint16_t)get_word(in + 2);
		out->y = (uint16_t)get_word(in + 4);
	}
}

/* Reads the header; the number of records must fill the length. */
static int
read_header(struct etch_record_header *header, const unsigned char *job, size_t len)
{
	if (len < ETCH_RECORD_HEADER_BYTES || get_word(job) != RECORD_MAGIC ||
		get_word(job + 2) != ETCH_RECORD_VERSION)
		return KE_BAD_RECORD;
	header->scale = (uint16_t)get_word(job + 4);
	header->width = (uint32_t)get_word(job + 6) << 16 | get_word(job + 8);
	header->height = (uint32_t)get_word(job + 10) << 16 | get_word(job + 12);
	header->count = (uint16_t)get_word(job + 14);
	if (header->scale == 0 || header->width == 0 || header->height == 0 ||
		header->count == 0 || header->count > ETCH_RECORDS_MAX)
		return KE_BAD_RECORD;
	if (len != ETCH_RECORD_HEADER_BYTES + (size_t)header->count * ETCH_RECORD_BYTES)
		return KE_BAD_RECORD;
	return 0;
}

static bool
in_field(const struct etch_record_header *header, const struct etch_record *r)
{
	return (uint64_t)r->x * header->scale <= header->width &&
	       (uint64_t)r->y * header->scale <= header->height;
}

/* Whether a record may follow last; both were read from the wire. */
static bool
may_follow(const struct etch_record_header *header, const struct etch_record *last,
	const struct etch_record *r)
{
	switch (r->op) {
	case ETCH_SET:
		return last->op == 0 || last->op == ETCH_MARK;
	case ETCH_MOVE:
		return (last->op == ETCH_SET || last->op == ETCH_MARK) &&
		       in_field(header, r);
	case ETCH_MARK:
		return (last->op == ETCH_MOVE || last->op == ETCH_MARK) &&
		       in_field(header, r) && (r->x != last->x || r->y != last->y);
	}
	return false;
}

/* Whether the record's own words are within their ranges. */
static bool
words_are_valid(const unsigned char *in, const struct etch_record *r)
{
	if (r->op == ETCH_SET)
		return r->passes >= 1 && r->passes <= PASSES_MAX && r->speed >= 1 &&
		       r->speed <= SPEED_MAX && r->power <= POWER_MAX;
	return in[1] == 0;
}

int
etch_record_check(struct etch_record_header *header, const unsigned char *job, size_t len)
{
	struct etch_record last = {0}, r = {0};
	int rc = read_header(header, job, len);

	for (size_t i = 0; rc == 0 && i < header->count; i++) {
		etch_record_get(&r, job, i);
		if (!words_are_valid(
			    job + ETCH_RECORD_HEADER_BYTES + i * ETCH_RECORD_BYTES, &r) ||
			!may_follow(header, &last, &r))
			rc = KE_BAD_RECORD;
		last = r;
	}
	if (rc == 0 && last.op != ETCH_MARK)
		rc = KE_BAD_RECORD;
	OPENSSL_cleanse(&r, sizeof r);
	OPENSSL_cleanse(&last, sizeof last);
	return rc;
}
