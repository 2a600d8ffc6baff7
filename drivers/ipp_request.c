/* SPDX-License-Identifier: MIT */
#include "drivers/ipp_request.h"

static bool
lacks(ipp_t *message, const char *name, ipp_tag_t tag)
{
	return !ippFindAttribute(message, name, tag);
}

void
ipp_request_begin(struct ipp_request *out, ipp_op_t operation)
{
	out->ipp = ippNewRequest(operation);
	out->lacks = lacks(out->ipp, "attributes-charset", IPP_TAG_CHARSET) ||
		     lacks(out->ipp, "attributes-natural-language", IPP_TAG_LANGUAGE);
}

void
ipp_request_begin_collection(struct ipp_request *out)
{
	out->ipp = ippNew();
	out->lacks = !out->ipp;
}

static void
took(struct ipp_request *request, const ipp_attribute_t *added)
{
	request->lacks = request->lacks || !added;
}

void
ipp_request_string(struct ipp_request *request, ipp_tag_t group, ipp_tag_t tag,
	const char *name, const char *value)
{
	took(request, ippAddString(request->ipp, group, tag, name, NULL, value));
}

void
ipp_request_keywords(struct ipp_request *request, ipp_tag_t group, const char *name,
	const char *const *values, size_t count)
{
	took(request, ippAddStrings(request->ipp, group, IPP_CONST_TAG(IPP_TAG_KEYWORD),
			      name, (int)count, NULL, values));
}

void
ipp_request_integer(struct ipp_request *request, ipp_tag_t group, ipp_tag_t tag,
	const char *name, int value)
{
	took(request, ippAddInteger(request->ipp, group, tag, name, value));
}

void
ipp_request_boolean(
	struct ipp_request *request, ipp_tag_t group, const char *name, bool value)
{
	took(request, ippAddBoolean(request->ipp, group, name, value));
}

void
ipp_request_dpi(
	struct ipp_request *request, ipp_tag_t group, const char *name, unsigned dpi)
{
	took(request, ippAddResolution(request->ipp, group, name, IPP_RES_PER_INCH,
			      (int)dpi, (int)dpi));
}

void
ipp_request_collection(struct ipp_request *request, ipp_tag_t group, const char *name,
	struct ipp_request *collection)
{
	ipp_t *ended = ipp_request_end(collection);

	took(request, ended ? ippAddCollection(request->ipp, group, name, ended) : NULL);
	/* The attribute holds it, too. */
	ippDelete(ended);
}

ipp_t *
ipp_request_end(struct ipp_request *request)
{
	ipp_t *ended = request->ipp;

	request->ipp = NULL;
	if (request->lacks || !ipp_is_whole(ended)) {
		ippDelete(ended);
		return NULL;
	}
	return ended;
}

static bool
is_text(ipp_tag_t tag)
{
	switch ((int)tag & ~(int)IPP_TAG_CUPS_CONST) {
	case IPP_TAG_TEXT:
	case IPP_TAG_NAME:
	case IPP_TAG_TEXTLANG:
	case IPP_TAG_NAMELANG:
	case IPP_TAG_KEYWORD:
	case IPP_TAG_URI:
	case IPP_TAG_URISCHEME:
	case IPP_TAG_CHARSET:
	case IPP_TAG_LANGUAGE:
	case IPP_TAG_MIMETYPE:
		return true;
	}
	return false;
}

/* What stands between groups, and between jobs, has no name. */
static bool
is_separator(ipp_attribute_t *attribute)
{
	return ippGetGroupTag(attribute) == IPP_TAG_ZERO &&
	       ippGetValueTag(attribute) == IPP_TAG_ZERO;
}

/* Whether the values of an attribute are there, but for those of its collections. */
static bool
has_texts(ipp_attribute_t *attribute)
{
	if (!is_text(ippGetValueTag(attribute)))
		return true;
	for (int i = 0; i < ippGetCount(attribute); i++)
		if (!ippGetString(attribute, i, NULL))
			return false;
	return true;
}

/* Collections within collections: media-col-database has two, and none needs more. */
enum { DEPTH_MAX = 8 };

static bool is_whole(ipp_t *message, unsigned depth);

/* NOLINTBEGIN(misc-no-recursion): no deeper than DEPTH_MAX */
static bool
has_collections(ipp_attribute_t *attribute, unsigned depth)
{
	if (ippGetValueTag(attribute) != IPP_TAG_BEGIN_COLLECTION)
		return true;
	for (int i = 0; i < ippGetCount(attribute); i++) {
		ipp_t *collection = ippGetCollection(attribute, i);

		if (!collection || depth == DEPTH_MAX || !is_whole(collection, depth + 1))
			return false;
	}
	return true;
}

static bool
is_whole(ipp_t *message, unsigned depth)
{
	for (ipp_attribute_t *a = ippFirstAttribute(message); a;
		a = ippNextAttribute(message))
		if (!is_separator(a) &&
			(!ippGetName(a) || !has_texts(a) || !has_collections(a, depth)))
			return false;
	return true;
}
/* NOLINTEND(misc-no-recursion) */

bool
ipp_is_whole(ipp_t *message)
{
	return is_whole(message, 0);
}
