/* SPDX-License-Identifier: MIT */
/*
 * The tables from IPP keywords and status codes to the driver's own codes: no text of a
 * device goes any further.
 */
#ifndef KEYLINE_DRIVERS_IPP_REASON_H
#define KEYLINE_DRIVERS_IPP_REASON_H

#include <cups/cups.h>

/*
 * The most important code that an attribute of printer-state-reasons stands for;
 * NULL when nothing in it keeps the printer from printing.
 */
const char *ipp_reason_of(ipp_attribute_t *reasons);

/* The code for one keyword, with or without -report, -warning, -error; NULL: none. */
const char *ipp_reason_of_keyword(const char *keyword);

/* The code for an unsuccessful status of an answer. */
const char *ipp_reason_of_status(ipp_status_t status);

/* The code for an error of proto/error.h. */
const char *ipp_reason_of_error(int error);

#endif
