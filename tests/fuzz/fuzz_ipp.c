/* SPDX-License-Identifier: MIT */
/*
 * A printer's answers, once libcups has read them.  Whatever a printer says, a fault is
 * one of our own words, and what will be asked of it is something that can be printed.
 */
#include "config.h"
#include "fuzz.h"
#include "drivers/ipp_job.h"
#include "drivers/ipp_reason.h"
#include "drivers/print_follow.h"
#include "proto/name.h"

struct source {
	const uint8_t *bytes;
	size_t left;
};

static ssize_t
take(void *context, ipp_uchar_t *out, size_t len)
{
	struct source *source = context;

	if (len > source->left)
		len = source->left;
	memcpy(out, source->bytes, len);
	source->bytes += len;
	source->left -= len;
	return (ssize_t)len;
}

static void
judge(ipp_t *answer)
{
	const struct ipp_media media = {4000, 4000, 0};
	struct ipp_job_memory memory = {0};
	struct ipp_printer printer;
	const char *word;

	ipp_printer_parse(&printer, answer, &media);
	HOLDS(!printer.fault || name_is_word(printer.fault, strlen(printer.fault)));
	HOLDS(printer.fault || printer.dpi > 0);
	word = ipp_reason_of_status(ippGetStatusCode(answer));
	HOLDS(word && name_is_word(word, strlen(word)));
	ipp_job_search(&memory, answer, "keyline-us-0011223344556677-7");
	/* A job that is to be cancelled has a number. */
	HOLDS(!print_follow_is_orphan(&memory.state) || memory.state.id > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct source source = {bytes, len};
	ipp_t *answer = ippNew();

	HOLDS(answer);
	if (ippReadIO(&source, take, 1, NULL, answer) == IPP_STATE_DATA)
		judge(answer);
	ippDelete(answer);
	return 0;
}

FUZZ_BEGIN
