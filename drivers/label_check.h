/* SPDX-License-Identifier: MIT */
/*
 * Reads a rendered label back before it is sent.  Each layer must hold exactly its two
 * symbols, which zbar decodes to exactly the expected content, the layer's own mark;
 * every module must be as libqrencode has it for what was decoded, quiet zones white;
 * every other dot must be white or of the words that belong to what was decoded.
 */
#ifndef KEYLINE_DRIVERS_LABEL_CHECK_H
#define KEYLINE_DRIVERS_LABEL_CHECK_H

#include "drivers/label.h"
#include "proto/error.h"

struct secret;

/* What the label says, as it was read. */
struct label_reading {
	struct secret *epk;
	struct secret *address;
	char serial[SERIAL_SIZE];
};

/*
 * Checks the label against the content.  Returns 0 with the reading filled;
 * KE_READBACK; or KE_NO_MEMORY, KE_NO_LOCKED_MEMORY, KE_BAD_FIELD, KE_DOES_NOT_FIT as
 * label_new().
 */
KEYLINE_WARN_UNUSED int label_check(struct label_reading *out, const struct label *label,
	const struct label_content *content);

/* Wipes and frees what is in it. */
void label_reading_free(struct label_reading *reading);

#endif
