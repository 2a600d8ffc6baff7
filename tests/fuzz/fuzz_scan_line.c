/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a scanner.  Beside the reader goes a plain model: lines parted by CR and LF,
 * of which those of 1 to 256 printable characters are codes and all others are dropped.
 */
#include "config.h"
#include "fuzz.h"
#include "drivers/scan_line.h"

/* What a line stands for when it has ended. */
static enum scan_event
expected(const uint8_t *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			return len > SCAN_CODE_MAX ? SCAN_MORE : SCAN_NOT_TEXT;
	return len == 0 ? SCAN_MORE : len > SCAN_CODE_MAX ? SCAN_TOO_LONG : SCAN_CODE;
}

static void
check(const struct scan_line *line, enum scan_event event, const uint8_t *bytes,
	size_t len)
{
	enum scan_event model = expected(bytes, len);

	/* Both too long and no text: either may be told. */
	if (model == SCAN_MORE && len > 0)
		HOLDS(event == SCAN_TOO_LONG || event == SCAN_NOT_TEXT);
	else
		HOLDS(event == model);
	if (event == SCAN_CODE)
		HOLDS(fuzz_is(scan_line_code(line), bytes, len));
	HOLDS((strcmp(scan_line_problem(event), "ok") == 0) ==
		(event == SCAN_CODE || event == SCAN_MORE));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct scan_line line;
	size_t began = 0;

	scan_line_init(&line);
	for (size_t i = 0; i < len; i++) {
		enum scan_event event = scan_line_byte(&line, bytes[i]);

		if (bytes[i] == '\r' || bytes[i] == '\n') {
			check(&line, event, bytes + began, i - began);
			began = i + 1;
		} else {
			HOLDS(event == SCAN_MORE && scan_line_open(&line));
		}
	}
	HOLDS(scan_line_silence(&line) == (began < len ? SCAN_INCOMPLETE : SCAN_MORE));
	HOLDS(!scan_line_open(&line));
	return 0;
}

FUZZ_BEGIN
