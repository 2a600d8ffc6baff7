/* SPDX-License-Identifier: MIT */
/* What a printer says about itself in answer to Get-Printer-Attributes. */
#ifndef KEYLINE_DRIVERS_IPP_PRINTER_H
#define KEYLINE_DRIVERS_IPP_PRINTER_H

#include <stdbool.h>
#include <stdint.h>
#include "drivers/ipp_link.h"
#include "drivers/ipp_raster.h"

/* What the station was configured for. */
struct ipp_media {
	unsigned width; /* hundredths of a millimetre */
	unsigned height;
	unsigned dpi; /* 0: the printer's own */
};

struct ipp_printer {
	const char
		*fault; /* why it cannot print now: a code of the manual; NULL: it can */
	bool busy;      /* it is at work, or has work waiting */
	enum ipp_format format;
	unsigned dpi;
	bool counts; /* it has an impressions counter */
	uint64_t impressions;
	/* When it was started, by its printer-up-time and our clock, in UTC seconds; 0:
	 * it does not tell, or was slow to answer. */
	uint32_t boot;
	bool takes_validate;
	bool takes_scaling; /* print-scaling=none may be asked for */
	bool takes_resolution;
	bool takes_media_col;
};

/* Judges an answer.  Everything is in *out; it has no failure. */
void ipp_printer_parse(
	struct ipp_printer *out, ipp_t *answer, const struct ipp_media *media);

/*
 * Whether two such times, 0 or not, are of one start of a printer: within five seconds,
 * for both clocks have whole seconds and drift.  One that counts its up-time from 1970,
 * as cupsd does, tells no starts apart.
 */
bool ipp_printer_is_same_start(uint64_t a, uint64_t b);

/*
 * Asks and judges.  Returns 0, the codes of ipp_link_ask(), or KE_DEVICE when the
 * printer refuses to tell.
 */
KEYLINE_WARN_UNUSED int ipp_printer_ask(
	struct ipp_printer *out, struct ipp_link *link, const struct ipp_media *media);

#endif
