/* SPDX-License-Identifier: MIT */
/* Vector records: a job that is taken is written again the same, record by record. */
#include "config.h"
#include "fuzz.h"
#include "proto/etch_record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct etch_record_header header;
	struct secret *job, *again;
	struct etch_record record;

	if (len == 0 || etch_record_check(&header, bytes, len) != 0)
		return 0;
	job = fuzz_secret(bytes, len);
	again = secret_new(len);
	HOLDS(again && etch_record_put_header(again, &header) == 0);
	for (size_t i = 0; i < header.count; i++) {
		etch_record_get(&record, bytes, i);
		HOLDS(record.op == ETCH_SET ||
			(uint64_t)record.x * header.scale <= header.width);
		HOLDS(record.op == ETCH_SET ||
			(uint64_t)record.y * header.scale <= header.height);
		HOLDS(etch_record_put(again, &record) == 0);
	}
	HOLDS(secret_equal(job, again));
	secret_free(job);
	secret_free(again);
	return 0;
}

FUZZ_BEGIN
