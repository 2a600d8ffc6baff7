/* SPDX-License-Identifier: MIT */
#include "drivers/ipp_printer.h"
#include "drivers/ipp_reason.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cups/pwg.h>

/* Two sizes are the same within this many hundredths of a millimetre; two starts,
 * seconds. An answer that took longer says nothing of when its printer read its clock. */
enum { SAME_SIZE = 20, SAME_START = 5, SLOW_ANSWER = 3 };

static const char *const wanted[] = {
	"document-format-supported",
	"job-creation-attributes-supported",
	"media-col-ready",
	"media-col-supported",
	"media-ready",
	"media-size-supported",
	"operations-supported",
	"print-scaling-supported",
	"printer-impressions-completed",
	"printer-is-accepting-jobs",
	"printer-resolution-default",
	"printer-state",
	"printer-state-reasons",
	"printer-up-time",
	"pwg-raster-document-resolution-supported",
	"pwg-raster-document-type-supported",
	"queued-job-count",
	"urf-supported",
};

static ipp_attribute_t *
find(ipp_t *answer, const char *name)
{
	return ippFindAttribute(answer, name, IPP_TAG_ZERO);
}

static bool
has(ipp_t *answer, const char *name, const char *value)
{
	ipp_attribute_t *attribute = find(answer, name);

	return attribute && ippContainsString(attribute, value);
}

/* Whether a printer that names what it takes in a job takes this. */
static bool
takes(ipp_t *answer, const char *name)
{
	ipp_attribute_t *all = find(answer, "job-creation-attributes-supported");

	return !all || ippContainsString(all, name);
}

static bool
near_size(int a, unsigned b)
{
	return abs(a - (int)b) <= SAME_SIZE;
}

/* A dimension is a number, or for rolls a range. */
static bool
dimension_fits(ipp_t *size, const char *name, unsigned wish)
{
	ipp_attribute_t *attribute = find(size, name);
	int upper, lower;

	if (!attribute)
		return false;
	if (ippGetValueTag(attribute) == IPP_TAG_INTEGER)
		return near_size(ippGetInteger(attribute, 0), wish);
	if (ippGetValueTag(attribute) != IPP_TAG_RANGE)
		return false;
	lower = ippGetRange(attribute, 0, &upper);
	return (int)wish >= lower - SAME_SIZE && (int)wish <= upper + SAME_SIZE;
}

static bool
size_fits(ipp_t *size, const struct ipp_media *media)
{
	return size && dimension_fits(size, "x-dimension", media->width) &&
	       dimension_fits(size, "y-dimension", media->height);
}

/* Any of the collections, or of their media-size members, has the configured size. */
static bool
collections_fit(ipp_attribute_t *all, const struct ipp_media *media)
{
	for (int i = 0; i < ippGetCount(all); i++) {
		ipp_t *media_col = ippGetCollection(all, i);
		ipp_attribute_t *size = media_col ? find(media_col, "media-size") : NULL;

		if (size_fits(size ? ippGetCollection(size, 0) : media_col, media))
			return true;
	}
	return false;
}

static bool
keywords_fit(ipp_attribute_t *all, const struct ipp_media *media)
{
	for (int i = 0; i < ippGetCount(all); i++) {
		const char *keyword = ippGetString(all, i, NULL);
		pwg_media_t *found = keyword ? pwgMediaForPWG(keyword) : NULL;

		if (found && near_size(found->width, media->width) &&
			near_size(found->length, media->height))
			return true;
	}
	return false;
}

/* Loaded, where the printer knows what is loaded, else possible. */
static bool
media_fits(ipp_t *answer, const struct ipp_media *media)
{
	ipp_attribute_t *attribute;

	if ((attribute = find(answer, "media-col-ready")) != NULL)
		return collections_fit(attribute, media);
	if ((attribute = find(answer, "media-ready")) != NULL)
		return keywords_fit(attribute, media);
	if ((attribute = find(answer, "media-size-supported")) != NULL)
		return collections_fit(attribute, media);
	return true;
}

/* Whether an attribute of resolutions has dpi in both directions. */
static bool
resolution_in(ipp_attribute_t *all, unsigned dpi)
{
	for (int i = 0; i < ippGetCount(all); i++) {
		ipp_res_t unit;
		int y, x = ippGetResolution(all, i, &y, &unit);

		if (unit == IPP_RES_PER_INCH && x == (int)dpi && y == (int)dpi)
			return true;
	}
	return false;
}

/* Whether urf-supported has dpi in its RS keyword, as in RS203-300. */
static bool
urf_resolution_in(ipp_attribute_t *all, unsigned dpi)
{
	for (int i = 0; i < ippGetCount(all); i++) {
		const char *text = ippGetString(all, i, NULL);

		if (!text || strncmp(text, "RS", 2) != 0)
			continue;
		for (char *end = NULL; *text; text = end) {
			unsigned long value =
				strtoul(text + (*text == 'R' ? 2 : 1), &end, 10);

			if (value == dpi)
				return true;
			if (*end != '-')
				break;
		}
	}
	return false;
}

static bool
format_fits(ipp_t *answer, enum ipp_format format, unsigned dpi)
{
	static const char *const types[] = {
		[IPP_PWG_BLACK_1] = "black_1", [IPP_PWG_SGRAY_8] = "sgray_8"};

	if (!has(answer, "document-format-supported", ipp_format_mime(format)))
		return false;
	if (format == IPP_URF_GRAY_8)
		return has(answer, "urf-supported", "W8") &&
		       urf_resolution_in(find(answer, "urf-supported"), dpi);
	return has(answer, "pwg-raster-document-type-supported", types[format]) &&
	       resolution_in(
		       find(answer, "pwg-raster-document-resolution-supported"), dpi);
}

static unsigned
default_dpi(ipp_t *answer)
{
	ipp_attribute_t *attribute = find(answer, "printer-resolution-default");
	ipp_res_t unit = IPP_RES_PER_INCH;
	int x = 0, y = 0;

	if (attribute && ippGetValueTag(attribute) == IPP_TAG_RESOLUTION)
		x = ippGetResolution(attribute, 0, &y, &unit);
	return unit == IPP_RES_PER_INCH && x > 0 && x == y ? (unsigned)x : 0;
}

static bool
choose_format(struct ipp_printer *out, ipp_t *answer, unsigned dpi)
{
	static const enum ipp_format order[] = {
		IPP_PWG_BLACK_1, IPP_PWG_SGRAY_8, IPP_URF_GRAY_8};

	out->dpi = dpi ? dpi : default_dpi(answer);
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		out->format = order[i];
		if (out->dpi && format_fits(answer, order[i], out->dpi))
			return true;
	}
	return false;
}

static bool
operates(ipp_t *answer, ipp_op_t operation)
{
	ipp_attribute_t *all = find(answer, "operations-supported");

	return all && ippContainsInteger(all, operation);
}

static bool
speaks_enough(ipp_t *answer)
{
	static const ipp_op_t needed[] = {IPP_OP_CREATE_JOB, IPP_OP_SEND_DOCUMENT,
		IPP_OP_GET_JOB_ATTRIBUTES, IPP_OP_GET_JOBS};

	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!operates(answer, needed[i]))
			return false;
	return true;
}

static int
number(ipp_t *answer, const char *name, int otherwise)
{
	ipp_attribute_t *attribute = find(answer, name);
	ipp_tag_t tag = attribute ? ippGetValueTag(attribute) : IPP_TAG_ZERO;

	if (tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM)
		return ippGetInteger(attribute, 0);
	return tag == IPP_TAG_BOOLEAN ? ippGetBoolean(attribute, 0) : otherwise;
}

static const char *
fault_of(struct ipp_printer *out, ipp_t *answer, const struct ipp_media *media)
{
	ipp_attribute_t *reasons = find(answer, "printer-state-reasons");
	const char *code = reasons ? ipp_reason_of(reasons) : NULL;

	if (!speaks_enough(answer) || !choose_format(out, answer, media->dpi))
		return "not-supported";
	if (code)
		return code;
	if (!number(answer, "printer-is-accepting-jobs", 1))
		return "not-accepting";
	if (number(answer, "printer-state", IPP_PSTATE_IDLE) == IPP_PSTATE_STOPPED)
		return "paused";
	return media_fits(answer, media) ? NULL : "media-wrong";
}

void
ipp_printer_parse(struct ipp_printer *out, ipp_t *answer, const struct ipp_media *media)
{
	int impressions = number(answer, "printer-impressions-completed", -1);

	memset(out, 0, sizeof *out);
	out->fault = fault_of(out, answer, media);
	out->busy = number(answer, "printer-state", IPP_PSTATE_IDLE) ==
			    IPP_PSTATE_PROCESSING ||
		    number(answer, "queued-job-count", 0) > 0;
	out->counts = impressions >= 0;
	out->impressions = impressions >= 0 ? (uint64_t)impressions : 0;
	out->takes_validate = operates(answer, IPP_OP_VALIDATE_JOB);
	out->takes_scaling = takes(answer, "print-scaling") &&
			     has(answer, "print-scaling-supported", "none");
	out->takes_resolution = takes(answer, "printer-resolution");
	out->takes_media_col = takes(answer, "media-col") &&
			       has(answer, "media-col-supported", "media-size");
}

bool
ipp_printer_is_same_start(uint64_t a, uint64_t b)
{
	return a != 0 && b != 0 && (a > b ? a - b : b - a) <= SAME_START;
}

static uint32_t
start_of(ipp_t *answer, time_t asked, time_t answered)
{
	int up = number(answer, "printer-up-time", -1);

	if (up < 0 || answered < asked || answered - asked > SLOW_ANSWER)
		return 0;
	return asked > up ? (uint32_t)(asked - up) : 1;
}

int
ipp_printer_ask(
	struct ipp_printer *out, struct ipp_link *link, const struct ipp_media *media)
{
	struct ipp_request request;
	time_t asked = time(NULL);
	ipp_t *answer;
	int rc;

	memset(out, 0, sizeof *out);
	ipp_link_request(&request, link, IPP_OP_GET_PRINTER_ATTRIBUTES);
	ipp_request_keywords(&request, IPP_TAG_OPERATION, "requested-attributes", wanted,
		sizeof wanted / sizeof wanted[0]);
	rc = ipp_link_ask(&answer, link, ipp_request_end(&request));
	if (rc != 0)
		return rc;
	if (ippGetStatusCode(answer) > IPP_STATUS_OK_EVENTS_COMPLETE)
		rc = KE_DEVICE;
	else
		ipp_printer_parse(out, answer, media);
	if (rc == 0)
		out->boot = start_of(answer, asked, time(NULL));
	ippDelete(answer);
	return rc;
}
