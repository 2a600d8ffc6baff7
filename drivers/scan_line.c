/* SPDX-License-Identifier: MIT */
#include "drivers/scan_line.h"

#include <string.h>

void
scan_line_init(struct scan_line *line)
{
	memset(line, 0, sizeof *line);
}

bool
scan_line_open(const struct scan_line *line)
{
	return !line->ended && (line->len > 0 || line->too_long || line->not_text);
}

const char *
scan_line_code(const struct scan_line *line)
{
	return line->code;
}

/* The end of a line: what it was. */
static enum scan_event
end_line(struct scan_line *line)
{
	if (!scan_line_open(line))
		return SCAN_MORE;
	line->ended = true;
	if (line->not_text)
		return SCAN_NOT_TEXT;
	if (line->too_long)
		return SCAN_TOO_LONG;
	line->code[line->len] = '\0';
	return SCAN_CODE;
}

enum scan_event
scan_line_byte(struct scan_line *line, unsigned char byte)
{
	if (line->ended)
		scan_line_init(line);
	if (byte == '\r' || byte == '\n')
		return end_line(line);
	if (byte < 0x20 || byte > 0x7e)
		line->not_text = true;
	else if (line->len == SCAN_CODE_MAX)
		line->too_long = true;
	else
		line->code[line->len++] = (char)byte;
	return SCAN_MORE;
}

enum scan_event
scan_line_silence(struct scan_line *line)
{
	if (!scan_line_open(line))
		return SCAN_MORE;
	scan_line_init(line);
	return SCAN_INCOMPLETE;
}

const char *
scan_line_problem(enum scan_event event)
{
	switch (event) {
	case SCAN_TOO_LONG:
		return "scan-too-long";
	case SCAN_NOT_TEXT:
		return "scan-not-text";
	case SCAN_INCOMPLETE:
		return "scan-incomplete";
	case SCAN_MORE:
	case SCAN_CODE:
		break;
	}
	return "ok";
}
