/* SPDX-License-Identifier: MIT */
/* The text of a page as a block of lines, for label_layout.c alone. */
#ifndef KEYLINE_DRIVERS_LABEL_BLOCK_H
#define KEYLINE_DRIVERS_LABEL_BLOCK_H

#include "drivers/label_layout.h"

/* How the block is set. */
struct label_setting {
	unsigned height; /* of the capitals of plain text, in dots */
	bool caption;    /* whether the caption is shown */
};

/*
 * Sets the words into the width of area, its lines left-aligned and the whole centred
 * between top and bottom, and appends them to the layout.  False, with the layout's
 * lines undefined, when they do not fit.
 */
bool label_block_set(struct label_layout *layout, const struct label_box *area,
	const struct label_words *words, const struct label_setting *setting);

#endif
