/* SPDX-License-Identifier: MIT */
#include "drivers/ipp_job.h"
#include "drivers/driver_load.h"
#include "drivers/ipp_reason.h"

#include <stdio.h>
#include <string.h>
#include <cups/pwg.h>

static const char small_set[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static bool
is_nonce(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") >= DRIVER_NONCE_HEX;
}

int
ipp_job_set_name(
	struct ipp_job *job, const char *host, const char *nonce, const char *number)
{
	int len;

	if (strlen(nonce) != DRIVER_NONCE_HEX || !is_nonce(nonce))
		return KE_BAD_ARGUMENT;
	if (!*host || !strchr(small_set, *host) || strspn(host, "-") > 0)
		return KE_BAD_ARGUMENT;
	for (const char *c = host; *c; c++)
		if (*c != '-' && !strchr(small_set, *c))
			return KE_BAD_ARGUMENT;
	len = snprintf(job->name, sizeof job->name, "keyline-%s-%s-%s", host, nonce,
		number);
	return len > 0 && (size_t)len < sizeof job->name ? 0 : KE_BAD_ARGUMENT;
}

static bool
good(ipp_t *answer)
{
	return ippGetStatusCode(answer) <= IPP_STATUS_OK_EVENTS_COMPLETE;
}

static void
add_media(struct ipp_request *request, const struct ipp_job *job)
{
	struct ipp_request size, media_col;
	char name[128];

	if (!job->printer->takes_media_col) {
		pwgFormatSizeName(name, sizeof name, NULL, NULL, (int)job->media->width,
			(int)job->media->height, "mm");
		ipp_request_string(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", name);
		return;
	}
	ipp_request_begin_collection(&size);
	ipp_request_integer(&size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
		(int)job->media->width);
	ipp_request_integer(&size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
		(int)job->media->height);
	ipp_request_begin_collection(&media_col);
	ipp_request_collection(&media_col, IPP_TAG_ZERO, "media-size", &size);
	ipp_request_collection(request, IPP_TAG_JOB, "media-col", &media_col);
}

/* Nothing may be scaled, turned or left out: fidelity, and what the printer names. */
static ipp_t *
request_of(const struct ipp_link *link, ipp_op_t operation, const struct ipp_job *job)
{
	struct ipp_request request;

	ipp_link_request(&request, link, operation);
	ipp_request_string(
		&request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", job->name);
	ipp_request_boolean(&request, IPP_TAG_OPERATION, "ipp-attribute-fidelity", true);
	if (operation == IPP_OP_VALIDATE_JOB)
		ipp_request_string(&request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
			"document-format", ipp_format_mime(job->printer->format));
	add_media(&request, job);
	if (job->printer->takes_scaling)
		ipp_request_string(&request, IPP_TAG_JOB, IPP_CONST_TAG(IPP_TAG_KEYWORD),
			"print-scaling", "none");
	if (job->printer->takes_resolution)
		ipp_request_dpi(
			&request, IPP_TAG_JOB, "printer-resolution", job->printer->dpi);
	return ipp_request_end(&request);
}

const char *
ipp_job_validate(struct ipp_link *link, const struct ipp_job *job)
{
	ipp_t *answer;
	const char *code = NULL;
	int rc;

	if (!job->printer->takes_validate)
		return NULL;
	rc = ipp_link_ask(&answer, link, request_of(link, IPP_OP_VALIDATE_JOB, job));
	if (rc != 0)
		return ipp_reason_of_error(rc);
	/* Whatever would be ignored or put in the place of another is refused here. */
	if (ippGetStatusCode(answer) == IPP_STATUS_OK_IGNORED_OR_SUBSTITUTED)
		code = "not-supported";
	else if (!good(answer))
		code = ipp_reason_of_status(ippGetStatusCode(answer));
	ippDelete(answer);
	return code;
}

const char *
ipp_job_create(int *id, struct ipp_link *link, const struct ipp_job *job)
{
	ipp_attribute_t *attribute;
	const char *code = NULL;
	ipp_t *answer;
	int rc;

	*id = 0;
	rc = ipp_link_ask(&answer, link, request_of(link, IPP_OP_CREATE_JOB, job));
	if (rc != 0)
		return ipp_reason_of_error(rc);
	attribute = ippFindAttribute(answer, "job-id", IPP_TAG_INTEGER);
	if (!good(answer))
		code = ipp_reason_of_status(ippGetStatusCode(answer));
	else if (!attribute || ippGetInteger(attribute, 0) <= 0)
		code = "device-error";
	else
		*id = ippGetInteger(attribute, 0);
	ippDelete(answer);
	return code;
}

/* What the sink of a document needs to know, and tells. */
struct sending {
	struct ipp_link *link;
	int error;
};

static int
send_bytes(void *context, const unsigned char *bytes, size_t len)
{
	struct sending *sending = context;

	sending->error = ipp_link_write(sending->link, bytes, len);
	return sending->error;
}

static void
add_id(struct ipp_request *request, int id)
{
	ipp_request_integer(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", id);
}

static ipp_t *
send_request(const struct ipp_link *link, int id, const struct ipp_document *document)
{
	struct ipp_request request;

	ipp_link_request(&request, link, IPP_OP_SEND_DOCUMENT);
	add_id(&request, id);
	ipp_request_string(&request, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
		"document-format", ipp_format_mime(document->format));
	ipp_request_boolean(&request, IPP_TAG_OPERATION, "last-document", true);
	return ipp_request_end(&request);
}

enum ipp_sent
ipp_job_send(const char **code, struct ipp_link *link, int id,
	const struct ipp_document *document)
{
	struct sending sending = {link, 0};
	ipp_t *answer = NULL;
	int rc = ipp_link_begin(link, send_request(link, id, document));

	*code = ipp_reason_of_error(rc);
	if (rc != 0)
		return IPP_SENT_NOTHING;
	rc = ipp_raster_write(document, send_bytes, &sending);
	/* Whatever libcups makes of it: what was not written makes no whole document. */
	if (rc == 0)
		rc = sending.error;
	if (rc == 0)
		rc = ipp_link_finish(&answer, link);
	*code = ipp_reason_of_error(sending.error ? sending.error : rc);
	if (rc != 0)
		return IPP_SENT_SOME;
	*code = ipp_reason_of_status(ippGetStatusCode(answer));
	rc = good(answer) ? 0 : KE_DEVICE;
	ippDelete(answer);
	return rc == 0 ? IPP_SENT_ALL : IPP_SENT_SOME;
}

void
ipp_job_cancel(struct ipp_link *link, int id)
{
	struct ipp_request request;
	ipp_t *answer;

	ipp_link_request(&request, link, IPP_OP_CANCEL_JOB);
	add_id(&request, id);
	if (ipp_link_ask(&answer, link, ipp_request_end(&request)) == 0)
		ippDelete(answer);
}

static const char *const job_wanted[] = {"job-id", "job-impressions-completed",
	"job-name", "job-state", "job-state-reasons", "number-of-documents",
	"time-at-processing"};

static void
add_wanted(struct ipp_request *request)
{
	ipp_request_keywords(request, IPP_TAG_OPERATION, "requested-attributes",
		job_wanted, sizeof job_wanted / sizeof job_wanted[0]);
}

/* One attribute of a job into what is known of it. */
static void
take_attribute(struct ipp_job_state *state, ipp_attribute_t *attribute)
{
	const char *name = ippGetName(attribute);
	ipp_tag_t tag = ippGetValueTag(attribute);
	int value;

	if (!name)
		return;
	if (strcmp(name, "time-at-processing") == 0)
		state->unbegun = tag == IPP_TAG_NOVALUE;
	else if (strcmp(name, "job-state-reasons") == 0)
		state->starved = ippContainsString(attribute, "job-incoming") ||
				 ippContainsString(attribute, "job-data-insufficient");
	if (tag != IPP_TAG_INTEGER && tag != IPP_TAG_ENUM)
		return;
	value = ippGetInteger(attribute, 0);
	if (strcmp(name, "job-id") == 0)
		state->id = value;
	else if (strcmp(name, "job-state") == 0)
		state->state = (ipp_jstate_t)value;
	else if (strcmp(name, "number-of-documents") == 0)
		state->empty = value == 0;
	else if (strcmp(name, "job-impressions-completed") == 0 && value >= 0) {
		state->counts = true;
		state->impressions = (unsigned)value;
	}
}

static bool
has_job_name(ipp_attribute_t *attribute, const char *name)
{
	const char *key = ippGetName(attribute), *found;

	if (!key || strcmp(key, "job-name") != 0)
		return false;
	found = ippGetString(attribute, 0, NULL);
	return found && strcmp(found, name) == 0;
}

int
ipp_job_ask(
	struct ipp_job_state *out, struct ipp_link *link, int id, const char *name)
{
	struct ipp_request request;
	bool is_named = false;
	ipp_t *answer;
	int rc;

	memset(out, 0, sizeof *out);
	ipp_link_request(&request, link, IPP_OP_GET_JOB_ATTRIBUTES);
	add_id(&request, id);
	add_wanted(&request);
	rc = ipp_link_ask(&answer, link, ipp_request_end(&request));
	if (rc != 0)
		return rc;
	if (ippGetStatusCode(answer) == IPP_STATUS_ERROR_NOT_FOUND)
		rc = KE_NOT_FOUND;
	else if (!good(answer))
		rc = KE_DEVICE;
	for (ipp_attribute_t *a = ippFirstAttribute(answer); a && rc == 0;
		a = ippNextAttribute(answer)) {
		take_attribute(out, a);
		is_named = is_named || has_job_name(a, name);
	}
	ippDelete(answer);
	if (rc == 0 && out->state == 0)
		return KE_DEVICE;
	return rc == 0 && (out->id != id || !is_named) ? KE_NOT_FOUND : rc;
}

/* Where the number stands in the name of a job of the host that `ours' names; 0: in no such
 * name. */
static size_t
number_of(const char *name, const char *ours)
{
	const char *dash = strrchr(ours, '-');
	size_t number = dash ? (size_t)(dash - ours) + 1 : 0, nonce;

	if (number < DRIVER_NONCE_HEX + 2)
		return 0;
	/* The host's part is the same; the nonce is another in each. */
	nonce = number - 1 - DRIVER_NONCE_HEX;
	if (strlen(name) <= number || strncmp(name, ours, nonce) != 0 ||
		!is_nonce(name + nonce) || name[number - 1] != '-' ||
		strspn(name + number, "0123456789") != strlen(name + number) ||
		name[number] == '0')
		return 0;
	return number;
}

/* Whether a is the name of an older job of the host that b names. */
static bool
is_older(const char *a, const char *b)
{
	size_t number = number_of(a, b), a_len = strlen(a), b_len = strlen(b);

	if (number == 0)
		return false;
	/* Decimal numbers without leading zeros: shorter is less. */
	return a_len != b_len ? a_len < b_len : strcmp(a + number, b + number) < 0;
}

static void
note_job(struct ipp_job_memory *out, const struct ipp_job_state *state, const char *found,
	const char *name)
{
	if (!found)
		return;
	if (strcmp(found, name) == 0) {
		/* A job that ends between the two questions is seen in both answers. */
		out->found_two =
			out->found_two || (out->found && out->state.id != state->id);
		out->found = true;
		out->state = *state;
	} else if (is_older(found, name)) {
		out->found_older = true;
	}
}

void
ipp_job_search(struct ipp_job_memory *out, ipp_t *answer, const char *name)
{
	struct ipp_job_state state = {0};
	const char *found = NULL;

	/* Jobs are groups of attributes with a separator, which has no name, between. */
	for (ipp_attribute_t *a = ippFirstAttribute(answer); a;
		a = ippNextAttribute(answer)) {
		if (ippGetGroupTag(a) != IPP_TAG_JOB) {
			note_job(out, &state, found, name);
			memset(&state, 0, sizeof state);
			found = NULL;
		} else if (ippGetName(a) && strcmp(ippGetName(a), "job-name") == 0) {
			found = ippGetString(a, 0, NULL);
		} else {
			take_attribute(&state, a);
		}
	}
	note_job(out, &state, found, name);
}

static int
find_in(struct ipp_job_memory *out, struct ipp_link *link, const char *name,
	const char *which)
{
	struct ipp_request request;
	ipp_t *answer;
	int rc;

	ipp_link_request(&request, link, IPP_OP_GET_JOBS);
	ipp_request_string(
		&request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", which);
	ipp_request_boolean(&request, IPP_TAG_OPERATION, "my-jobs", false);
	add_wanted(&request);
	rc = ipp_link_ask(&answer, link, ipp_request_end(&request));
	if (rc != 0)
		return rc;
	/* A printer may say that there are none by "not found". */
	if (good(answer))
		ipp_job_search(out, answer, name);
	else if (ippGetStatusCode(answer) != IPP_STATUS_ERROR_NOT_FOUND)
		rc = KE_DEVICE;
	ippDelete(answer);
	return rc;
}

int
ipp_job_find(struct ipp_job_memory *out, struct ipp_link *link, const char *name)
{
	int rc;

	memset(out, 0, sizeof *out);
	/* In this order: a job that ends between the questions is then seen twice. */
	rc = find_in(out, link, name, "not-completed");
	/* Only what has ended shows how far back the printer remembers. */
	out->found_older = false;
	if (rc == 0)
		rc = find_in(out, link, name, "completed");
	return rc;
}
