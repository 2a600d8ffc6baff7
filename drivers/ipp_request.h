/* SPDX-License-Identifier: MIT */
/*
 * Requests that go out whole or not at all, and answers of which nothing was lost.  Where
 * libcups finds no memory it leaves an attribute out, or its name, or its value, and says
 * so only in part: a job without its name would be printed and never found again.
 */
#ifndef KEYLINE_DRIVERS_IPP_REQUEST_H
#define KEYLINE_DRIVERS_IPP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <cups/cups.h>

/* A message, or a collection for one, that is being put together. */
struct ipp_request {
	ipp_t *ipp;
	bool lacks; /* something found no memory */
};

/* Begins a request with its charset and language (RFC 8011, 4.1.4), or a collection. */
void ipp_request_begin(struct ipp_request *out, ipp_op_t operation);
void ipp_request_begin_collection(struct ipp_request *out);

/* Adds an attribute.  With a tag of IPP_CONST_TAG() the text is not copied. */
void ipp_request_string(struct ipp_request *request, ipp_tag_t group, ipp_tag_t tag,
	const char *name, const char *value);
void ipp_request_keywords(struct ipp_request *request, ipp_tag_t group, const char *name,
	const char *const *values, size_t count);
void ipp_request_integer(struct ipp_request *request, ipp_tag_t group, ipp_tag_t tag,
	const char *name, int value);
void ipp_request_boolean(
	struct ipp_request *request, ipp_tag_t group, const char *name, bool value);
void ipp_request_dpi(
	struct ipp_request *request, ipp_tag_t group, const char *name, unsigned dpi);
/* Ends the collection, too. */
void ipp_request_collection(struct ipp_request *request, ipp_tag_t group,
	const char *name, struct ipp_request *collection);

/* The request, which the caller owns; NULL: no memory for all of it, nothing is left. */
ipp_t *ipp_request_end(struct ipp_request *request);

/* Whether each attribute has its name, and each text in it, collections included, which
 * lie eight deep at most. */
bool ipp_is_whole(ipp_t *message);

#endif
