/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/detection.h"

#include <openssl/bn.h>

/* No bad one is among the opened: a product of min(bad, opened) fractions. */
struct miss {
	BIGNUM *above;
	BIGNUM *below;
	/* Roughly the same, to know when no more digit of the answer can change. */
	double rough;
};

/* Below this the answer is one millionth less than certain, whatever follows. */
#define MISS_FORGOTTEN 1e-9

static int
multiply(struct miss *miss, uint64_t lot, uint64_t more, uint64_t fewer)
{
	for (uint64_t i = 0; i < fewer && miss->rough > MISS_FORGOTTEN; i++) {
		if (!BN_mul_word(miss->above, lot - more - i) ||
			!BN_mul_word(miss->below, lot - i))
			return KE_NO_MEMORY;
		miss->rough *= (double)(lot - more - i) / (double)(lot - i);
	}
	return 0;
}

/* (below - above) * 1000000 / below, which fits a word. */
static int
divide(uint32_t *ppm, const struct miss *miss)
{
	BN_CTX *context = BN_CTX_new();
	BIGNUM *found = BN_new();
	int error = KE_NO_MEMORY;

	if (context && found && BN_sub(found, miss->below, miss->above) &&
		BN_mul_word(found, DETECTION_CERTAIN) &&
		BN_div(found, NULL, found, miss->below, context)) {
		*ppm = (uint32_t)BN_get_word(found);
		error = 0;
	}
	BN_free(found);
	BN_CTX_free(context);
	return error;
}

int
detection_ppm(uint32_t *ppm, uint64_t lot, uint64_t bad, uint64_t opened)
{
	struct miss miss = {BN_new(), BN_new(), 1};
	uint64_t more = bad > opened ? bad : opened;
	uint64_t fewer = bad > opened ? opened : bad;
	int error = KE_NO_MEMORY;

	*ppm = 0;
	if (lot > DETECTION_LOT_MAX || more > lot) {
		error = KE_BAD_ARGUMENT;
	} else if (fewer > 0 && fewer > lot - more) {
		/* There are not so many good ones as are opened. */
		*ppm = DETECTION_CERTAIN;
		error = 0;
	} else if (miss.above && miss.below && BN_one(miss.above) && BN_one(miss.below)) {
		error = multiply(&miss, lot, more, fewer);
		if (error == 0)
			error = divide(ppm, &miss);
	}
	BN_free(miss.above);
	BN_free(miss.below);
	return error;
}

int
detection_least(uint64_t *bad, uint64_t lot, uint64_t opened, uint32_t ppm)
{
	uint64_t low = 1, high = lot;
	uint32_t found;
	int error = detection_ppm(&found, lot, 0, opened);

	*bad = 0;
	if (error == 0 && (ppm == 0 || ppm > DETECTION_CERTAIN))
		error = KE_BAD_ARGUMENT;
	if (error || opened == 0)
		return error;
	/* More bad ones are found more easily, and all of them for certain. */
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		error = detection_ppm(&found, lot, middle, opened);
		if (error)
			return error;
		if (found >= ppm)
			high = middle;
		else
			low = middle + 1;
	}
	*bad = low;
	return 0;
}
