/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/doubt_reason.h"

#include <stdio.h>
#include <string.h>

enum { USA = 1 << MODE_USA, CHINA = 1 << MODE_CHINA, BOTH = USA | CHINA };

static const struct doubt_reason reasons[] = {
	{"marked-whole", "the whole mark is there, clean and readable", true, USA},
	{"marked-part", "a part of the mark is there, or it is not clean", false, USA},
	{"not-marked", "there is no mark", false, USA},
	{"printed-whole", "both layers are there, whole and readable", true, CHINA},
	{"printed-part", "one layer is there, or a part of one", false, CHINA},
	{"not-printed", "no layer came out", false, CHINA},
	{"damaged", "the part is damaged", false, BOTH},
	{"not-found", "the part is not there", false, BOTH},
	{"not-sure", "the two could not tell", false, BOTH},
};

size_t
doubt_reason_count(void)
{
	return sizeof reasons / sizeof reasons[0];
}

const struct doubt_reason *
doubt_reason_at(size_t index)
{
	return &reasons[index];
}

static bool
fits(const struct doubt_reason *reason, enum mode mode, bool is_good)
{
	return reason->is_good == is_good && (reason->modes & 1u << mode);
}

const struct doubt_reason *
doubt_reason_find(const char *code, enum mode mode, bool is_good)
{
	for (size_t i = 0; i < doubt_reason_count(); i++)
		if (strcmp(reasons[i].code, code) == 0)
			return fits(&reasons[i], mode, is_good) ? &reasons[i] : NULL;
	return NULL;
}

void
doubt_reason_list(char *out, size_t size, enum mode mode, bool is_good)
{
	size_t left = 0, len = 0;

	for (size_t i = 0; i < doubt_reason_count(); i++)
		left += fits(&reasons[i], mode, is_good);
	out[0] = '\0';
	for (size_t i = 0; i < doubt_reason_count() && len < size; i++) {
		if (!fits(&reasons[i], mode, is_good))
			continue;
		left--;
		len += (size_t)snprintf(out + len, size - len, "%s%s", reasons[i].code,
			left > 1    ? ", "
			: left == 1 ? " or "
				    : "");
	}
}
