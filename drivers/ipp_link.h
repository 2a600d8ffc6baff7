/* SPDX-License-Identifier: MIT */
/*
 * A connection to one IPP printer over TLS whose certificate is pinned.  libcups
 * verifies no certificate here and reconnects without a word, so the pin is compared
 * after connecting, after every answer, and before the first byte of a document.
 * Nothing secret may stand in a request's attributes.
 */
#ifndef KEYLINE_DRIVERS_IPP_LINK_H
#define KEYLINE_DRIVERS_IPP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cups/cups.h>
#include "drivers/ipp_request.h"
#include "proto/error.h"

struct ipp_link;

enum { IPP_PIN_LEN = 32 };

/*
 * Prepares a link; nothing is sent.  uri: `ipps://HOST[:PORT]/PATH`, without user and
 * password; pin: SHA-256 of the certificate's DER, 64 hex digits.
 * Returns 0, KE_BAD_ARGUMENT or KE_NO_MEMORY; *out is NULL then.
 */
KEYLINE_WARN_UNUSED int ipp_link_new(
	struct ipp_link **out, const char *uri, const char *pin);
void ipp_link_free(struct ipp_link *link);

/* The TCP port that it connects to. */
uint16_t ipp_link_port(const struct ipp_link *link);

/* No wait is longer than until this instant (driver_process_now_ms()). */
void ipp_link_deadline(struct ipp_link *link, int64_t deadline_ms);

/*
 * Connects, unless connected, and compares the pin.  Returns 0; KE_LINK: nobody
 * answers; KE_NO_TLS: somebody does, but not in TLS; KE_WRONG_PIN; KE_TIMEOUT; and from
 * the functions below KE_NOT_PERMITTED: the printer wants a password.
 */
KEYLINE_WARN_UNUSED int ipp_link_open(struct ipp_link *link);
void ipp_link_close(struct ipp_link *link);

/* Begins a request of that operation, with the printer's uri and the user. */
void ipp_link_request(
	struct ipp_request *out, const struct ipp_link *link, ipp_op_t operation);

/*
 * Sends the request, which is consumed (NULL: there was no memory for it), and takes the
 * answer.  Returns 0 with *answer set, whatever its status is; else as ipp_link_open(),
 * or KE_NO_MEMORY, *answer NULL.
 */
KEYLINE_WARN_UNUSED int ipp_link_ask(
	ipp_t **answer, struct ipp_link *link, ipp_t *request);

/*
 * Sends a request that a document follows, consumed, up to the printer's
 * "100 Continue", and compares the pin: on success the caller may write the document
 * with ipp_link_write(), then end with ipp_link_finish(), which closes.  On failure, the
 * same codes, no byte of a document has left.
 */
KEYLINE_WARN_UNUSED int ipp_link_begin(struct ipp_link *link, ipp_t *request);
KEYLINE_WARN_UNUSED int ipp_link_write(
	struct ipp_link *link, const unsigned char *bytes, size_t len);
KEYLINE_WARN_UNUSED int ipp_link_finish(ipp_t **answer, struct ipp_link *link);

#endif
