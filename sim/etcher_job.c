/* SPDX-License-Identifier: MIT */
/* The etcher's job buffer: chunks in, the code over it, erased to zeros. */
#include "sim/etcher_state.h"

#include <string.h>
#include <openssl/crypto.h>
#include "proto/etch_record.h"

/* Takes the items of [job]; later changes have no effect. */
void
etcher_job_take(struct etcher *e)
{
	memset(&e->job, 0, sizeof e->job);
	e->job.id = etcher_get(e, ETCH_JOB_ID);
	e->job.length = (uint16_t)etcher_get(e, ETCH_JOB_LENGTH);
	etch_image_get_bytes(
		e->job.nonce, ETCH_NONCE_LEN, &e->image, e->profile, ETCH_JOB_NONCE);
	e->arm_expired = false;
}

void
etcher_job_chunk(struct etcher *e)
{
	uint32_t count = etcher_get(e, ETCH_CHUNK_COUNT);
	unsigned char *to = e->buffer + 2 * (size_t)e->job.accepted;

	if (e->mode != MODE_LOADING || etcher_get(e, ETCH_CHUNK_JOB) != e->job.id ||
		etcher_get(e, ETCH_CHUNK_SEQUENCE) != e->job.sequence + 1u || count < 1 ||
		count > e->profile->limits.chunk_registers ||
		count > (uint32_t)(e->job.length - e->job.accepted))
		return;
	e->erased = false;
	if (!etcher_quirk(e, FAULT_DROP_CHUNK))
		etch_image_get_bytes(
			to, 2 * (size_t)count, &e->image, e->profile, ETCH_CHUNK_DATA);
	/* the last word by one: often still a valid record, a little elsewhere */
	if (etcher_quirk(e, FAULT_CORRUPT_CHUNK))
		to[2 * count - 1] ^= 0x01;
	e->job.accepted = (uint16_t)(e->job.accepted + count);
	e->job.sequence++;
}

enum etch_reason
etcher_job_commit(struct etcher *e)
{
	struct etch_record_header header;
	size_t len = 2 * (size_t)e->job.length;

	if (e->mode != MODE_LOADING)
		return ETCH_REASON_NOT_READY;
	if (e->job.accepted != e->job.length)
		return ETCH_REASON_INCOMPLETE;
	if (etch_record_check(&header, e->buffer, len) != 0 ||
		etch_code(e->code, e->job.id, e->job.nonce, e->buffer, len) != 0)
		return ETCH_REASON_BAD_DATA;
	if (etcher_quirk(e, FAULT_WRONG_CODE))
		e->code[7] ^= 0x10;
	e->mode = MODE_LOADED;
	return ETCH_REASON_NONE;
}

void
etcher_job_wipe(struct etcher *e)
{
	size_t keep = etcher_quirk(e, FAULT_NOT_ERASED) ? ETCH_RECORD_HEADER_BYTES : 0;

	OPENSSL_cleanse(e->buffer + keep, e->buffer_len - keep);
	e->erased = true;
}

void
etcher_job_drop(struct etcher *e)
{
	etcher_disarm(e);
	etcher_job_wipe(e);
	OPENSSL_cleanse(&e->job, sizeof e->job);
	OPENSSL_cleanse(e->code, sizeof e->code);
	e->progress = 0;
	e->arm_expired = false;
}
