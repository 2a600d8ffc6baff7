/* SPDX-License-Identifier: MIT */
/*
 * The arrangements of a page, for label_layout.c alone:
 *
 *	head                foot                column              side
 *	+------------+      +------------+      +-----------+       +---------------+
 *	| [main][mk] |      |  [main  ]  |      | [main] tx |       | [main ]  text |
 *	| [    ]     |      |  [      ]  |      | [    ] tx |       | [     ]  text |
 *	| text text  |      |  text [mk] |      | [mk]   tx |       | [     ]  [mk] |
 *	+------------+      +------------+      +-----------+       +---------------+
 */
#ifndef KEYLINE_DRIVERS_LABEL_ARRANGE_H
#define KEYLINE_DRIVERS_LABEL_ARRANGE_H

#include "drivers/label_layout.h"

enum { LABEL_ARRANGEMENTS = 4 };

/* What an arrangement works with, in dots. */
struct label_sizes {
	int width;
	int height;
	int edge;       /* white at the edge of the label */
	int main;       /* side of the main symbol */
	int main_quiet; /* its quiet zone */
	int mark;
	int mark_quiet;
	int between; /* white between the two symbols */
};

struct label_arrangement {
	/* Places both symbols of the layout and names the room for text; whether they
	 * fit is not its business. */
	void (*place)(struct label_layout *layout, struct label_box *text,
		const struct label_sizes *sizes);
	/* How welcome it is, in percent: both layers shall look alike where they can. */
	unsigned weight;
};

extern const struct label_arrangement label_arrangements[LABEL_ARRANGEMENTS];

#endif
