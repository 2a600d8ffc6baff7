/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random_throws.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { SIGNS_MAX = 16, LAGS = 16, SIGMAS_SQUARED = 64 };

static const char hex[] = "0123456789abcdef";

/* What was seen on the way through a text; holds no more of it than LAGS signs. */
struct look {
	size_t count;
	size_t of_sign[SIGNS_MAX];
	/* How often a sign was the one so many before it. */
	size_t equal[LAGS + 1];
	unsigned char last[LAGS];
	bool is_dice;
};

/* hits of count trials, each with the chance 1/signs, are too far from count/signs. */
static bool
is_far_off(size_t hits, size_t count, size_t signs)
{
	long long d = (long long)(signs * hits) - (long long)count;

	return d * d > (long long)(SIGMAS_SQUARED * (signs - 1) * count);
}

static void
look_at(struct look *look, unsigned char sign)
{
	for (size_t lag = 1; lag <= LAGS && lag <= look->count; lag++)
		look->equal[lag] += look->last[(look->count - lag) % LAGS] == sign;
	look->last[look->count % LAGS] = sign;
	look->of_sign[sign]++;
	look->count++;
	look->is_dice = look->is_dice && sign >= 1 && sign <= 6;
}

static int
judge(const struct look *look)
{
	size_t signs = look->is_dice ? 6 : SIGNS_MAX;

	if (look->count < (look->is_dice ? THROWS_DICE_MIN : THROWS_HEX_MIN))
		return KE_TOO_FEW_BITS;
	for (size_t i = 0; i < SIGNS_MAX; i++)
		if ((!look->is_dice || (i >= 1 && i <= 6)) &&
			is_far_off(look->of_sign[i], look->count, signs))
			return KE_RANDOM;
	for (size_t lag = 1; lag <= LAGS; lag++)
		if (is_far_off(look->equal[lag], look->count - lag, signs))
			return KE_RANDOM;
	return 0;
}

int
random_throws_check(const unsigned char *text, size_t len)
{
	struct look look = {.is_dice = true};
	int error = 0;

	for (size_t i = 0; error == 0 && i < len; i++) {
		const char *at = memchr(hex, tolower(text[i]), SIGNS_MAX);

		if (at)
			look_at(&look, (unsigned char)(at - hex));
		else if (!isspace(text[i]))
			error = KE_BAD_CHARACTER;
	}
	if (error == 0)
		error = judge(&look);
	explicit_bzero(&look, sizeof look);
	return error;
}
