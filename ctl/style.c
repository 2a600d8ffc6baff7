/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/style.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "proto/utf8.h"

struct tone_row {
	const char *state;
	enum tone tone;
};

static const struct tone_row tones[] = {
	/* the line */
	{"OK", TONE_GOOD},
	{"DEGRADED", TONE_CARE},
	{"STOPPED", TONE_BAD},
	/* stations */
	{"Execute", TONE_GOOD},
	{"Held", TONE_CARE},
	{"Holding", TONE_CARE},
	{"Suspended", TONE_CARE},
	{"Suspending", TONE_CARE},
	{"Aborted", TONE_BAD},
	{"Aborting", TONE_BAD},
	/* wallets and batches */
	{"held", TONE_CARE},
	{"in-doubt", TONE_DECIDE},
	{"in doubt", TONE_DECIDE},
	{"rejected", TONE_BAD},
	{"spoiled", TONE_BAD},
	{"missing", TONE_BAD},
	{"void", TONE_BAD},
	{"opened-bad", TONE_BAD},
	{"opened-good", TONE_GOOD},
	{"released", TONE_GOOD},
	{"shipped", TONE_GOOD},
};

static const char *const colours[] = {
	[TONE_PLAIN] = "",
	[TONE_GOOD] = "\033[32m",
	[TONE_CARE] = "\033[33m",
	[TONE_BAD] = "\033[31m",
	[TONE_DECIDE] = "\033[34m",
};

bool
style_wants_colour(bool terminal, const char *term, const char *no_colour)
{
	return terminal && term && strcmp(term, "dumb") != 0 &&
	       !(no_colour && no_colour[0] != '\0');
}

struct style
style_of(FILE *out)
{
	struct style style = {.out = out, .now = time(NULL)};
	struct winsize size;

	style.terminal = isatty(fileno(out));
	style.colour =
		style_wants_colour(style.terminal, getenv("TERM"), getenv("NO_COLOR"));
	if (style.terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		style.width = size.ws_col;
	return style;
}

enum tone
style_tone(const char *state)
{
	for (size_t i = 0; i < sizeof tones / sizeof tones[0]; i++)
		if (strcmp(tones[i].state, state) == 0)
			return tones[i].tone;
	return TONE_PLAIN;
}

const char *
style_colour(enum tone tone)
{
	return colours[tone];
}

void
style_mask(char *text)
{
	utf8_mask(text);
}

void
style_print(const struct style *style, enum tone tone, const char *text)
{
	bool coloured = style->colour && tone != TONE_PLAIN;

	if (coloured)
		fputs(colours[tone], style->out);
	while (*text) {
		size_t unseen = utf8_unseen_length(text);

		putc(unseen ? '?' : *text, style->out);
		text += unseen ? unseen : 1;
		/* The rest of a character that is seen. */
		while (!unseen && ((unsigned char)*text & 0xc0) == 0x80)
			putc(*text++, style->out);
	}
	if (coloured)
		fputs(STYLE_COLOUR_END, style->out);
}
