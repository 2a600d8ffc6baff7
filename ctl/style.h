/* SPDX-License-Identifier: MIT */
/*
 * Where text for people goes and how it may look.  Colour only on a terminal that
 * is not dumb and while NO_COLOR is unset or empty; it never says anything that the
 * words beside it don't.
 */
#ifndef KEYLINE_CTL_STYLE_H
#define KEYLINE_CTL_STYLE_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct style {
	FILE *out;
	bool terminal;
	bool colour;
	size_t width; /* of the terminal; 0: no limit */
	time_t now;   /* the daemon's clock where it told it, else ours */
};

/* What a state means, as the stack light shows it. */
enum tone { TONE_PLAIN, TONE_GOOD, TONE_CARE, TONE_BAD, TONE_DECIDE };

/* The style of a stream, and the rule that decides on colour. */
struct style style_of(FILE *out);
bool style_wants_colour(bool terminal, const char *term, const char *no_colour);

/* The tone of a line's, station's, batch's or wallet's state. */
enum tone style_tone(const char *state);

/* The terminal's sequence for a tone, "" for plain; and the one that ends it. */
const char *style_colour(enum tone tone);
#define STYLE_COLOUR_END "\033[0m"

/* Prints text with every control character as '?', coloured by tone where allowed. */
void style_print(const struct style *style, enum tone tone, const char *text);

/* Puts a question mark in place of each character that is not seen as what it is. */
void style_mask(char *text);

#endif
