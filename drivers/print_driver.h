/* SPDX-License-Identifier: MIT */
/* One sticker on one IPP printer, as struct driver_ops wants it: print-ipp(8). */
#ifndef KEYLINE_DRIVERS_PRINT_DRIVER_H
#define KEYLINE_DRIVERS_PRINT_DRIVER_H

#include "drivers/driver_loop.h"
#include "drivers/ipp_printer.h"

struct print_driver;

/* Texts are borrowed. */
struct print_options {
	const char *uri;
	const char *pin;
	const char *host;
	struct ipp_media media;
	unsigned deadline_s; /* from start to the last word about the job */
};

extern const struct driver_ops print_driver_ops;

/* Returns 0, KE_BAD_ARGUMENT or KE_NO_MEMORY; io stays the caller's. */
KEYLINE_WARN_UNUSED int print_driver_new(struct print_driver **out,
	const struct print_options *options, struct driver_io *io);
void print_driver_free(struct print_driver *driver);

/* The TCP port of its printer. */
uint16_t print_driver_port(const struct print_driver *driver);

/* The loop that serves it; to be set before the loop runs. */
void print_driver_set_loop(struct print_driver *driver, struct driver_loop *loop);

/* Asks the printer how it is and writes a status line when that is news. */
void print_driver_probe(struct print_driver *driver);

#endif
