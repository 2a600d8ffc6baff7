/* SPDX-License-Identifier: MIT */
#include "drivers/ipp_reason.h"
#include "proto/error.h"

#include <stdbool.h>
#include <string.h>

struct keyword_row {
	const char *keyword;
	const char *code;
};

/* What stops a printer, the most important first (RFC 8011 5.4.12, PWG 5100.9). */
static const struct keyword_row keywords[] = {
	{"cover-open", "cover-open"},
	{"door-open", "cover-open"},
	{"interlock-open", "cover-open"},
	{"media-jam", "media-jam"},
	{"media-empty", "media-empty"},
	{"media-needed", "media-empty"},
	{"input-tray-missing", "media-empty"},
	{"marker-supply-empty", "ribbon-empty"},
	{"marker-supply-missing", "ribbon-empty"},
	{"marker-ribbon-empty", "ribbon-empty"},
	{"marker-ribbon-missing", "ribbon-empty"},
	{"toner-empty", "ribbon-empty"},
	{"output-area-full", "output-full"},
	{"output-tray-missing", "output-full"},
	{"paused", "paused"},
	{"moving-to-paused", "paused"},
	{"shutdown", "offline"},
	{"timed-out", "offline"},
	{"connecting-to-device", "offline"},
	{"offline", "offline"},
	{"hold-new-jobs", "not-accepting"},
	{"stopped-partly", "device-error"},
	{"fuser-over-temp", "device-error"},
};

enum { KEYWORDS = sizeof keywords / sizeof keywords[0] };

static const char *const severities[] = {"-report", "-warning", "-error"};

static bool
ends_with(const char *text, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len > end_len && memcmp(text + len - end_len, end, end_len) == 0;
}

/* The length of a keyword without its severity. */
static size_t
bare_length(const char *keyword)
{
	size_t len = strlen(keyword);

	for (unsigned i = 0; i < sizeof severities / sizeof severities[0]; i++)
		if (ends_with(keyword, len, severities[i]))
			return len - strlen(severities[i]);
	return len;
}

static size_t
row_of(const char *keyword)
{
	size_t len = bare_length(keyword), i = 0;

	while (i < KEYWORDS && (strlen(keywords[i].keyword) != len ||
				       memcmp(keywords[i].keyword, keyword, len) != 0))
		i++;
	return i;
}

const char *
ipp_reason_of_keyword(const char *keyword)
{
	size_t row = row_of(keyword);

	if (row < KEYWORDS)
		return keywords[row].code;
	/* Warnings and reports that are not known stop nobody; errors do. */
	return ends_with(keyword, strlen(keyword), "-error") ? "device-error" : NULL;
}

const char *
ipp_reason_of(ipp_attribute_t *reasons)
{
	const char *code = NULL;
	size_t best = KEYWORDS + 1;

	for (int i = 0; i < ippGetCount(reasons); i++) {
		const char *keyword = ippGetString(reasons, i, NULL);
		size_t row = keyword ? row_of(keyword) : KEYWORDS;
		const char *found = keyword ? ipp_reason_of_keyword(keyword) : NULL;

		if (found && row < best) {
			best = row;
			code = found;
		}
	}
	return code;
}

struct code_row {
	int value;
	const char *code;
};

static const struct code_row statuses[] = {
	{IPP_STATUS_ERROR_BUSY, "busy"},
	{IPP_STATUS_ERROR_TOO_MANY_JOBS, "busy"},
	{IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS, "not-accepting"},
	{IPP_STATUS_ERROR_PRINTER_IS_DEACTIVATED, "not-accepting"},
	{IPP_STATUS_ERROR_SERVICE_UNAVAILABLE, "offline"},
	{IPP_STATUS_ERROR_TEMPORARY, "busy"},
	{IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES, "not-supported"},
	{IPP_STATUS_ERROR_CONFLICTING, "not-supported"},
	{IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, "not-supported"},
	{IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED, "not-supported"},
	{IPP_STATUS_ERROR_NOT_AUTHENTICATED, "not-permitted"},
	{IPP_STATUS_ERROR_NOT_AUTHORIZED, "not-permitted"},
	{IPP_STATUS_ERROR_FORBIDDEN, "not-permitted"},
};

static const struct code_row errors[] = {
	{KE_LINK, "printer-missing"},
	{KE_NO_TLS, "no-tls"},
	{KE_WRONG_PIN, "wrong-pin"},
	{KE_TIMEOUT, "timeout"},
	{KE_DEVICE, "device-error"},
	{KE_READBACK, "label-unreadable"},
	{KE_DOES_NOT_FIT, "does-not-fit"},
	{KE_BAD_FIELD, "bad-content"},
	{KE_NOT_PERMITTED, "not-permitted"},
};

static const char *
look_up(const struct code_row *rows, size_t count, int value, const char *otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].value == value)
			return rows[i].code;
	return otherwise;
}

const char *
ipp_reason_of_status(ipp_status_t status)
{
	return look_up(
		statuses, sizeof statuses / sizeof statuses[0], status, "device-error");
}

const char *
ipp_reason_of_error(int error)
{
	return look_up(errors, sizeof errors / sizeof errors[0], error, "internal");
}
