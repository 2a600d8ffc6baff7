/* SPDX-License-Identifier: MIT */
/* key trust: nothing is trusted that was not read out. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/dual.h"
#include "ctl/handover.h"
#include "ctl/heard.h"
#include "ctl/prompt.h"
#include "ctl/show_parts.h"
#include "ctl/style.h"
#include "proto/approval.h"
#include "proto/certificate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* NULL, with the reason on stderr. */
static struct certificate *
read_certificate(int file, const char *path)
{
	char pem[CERTIFICATE_PEM_MAX + 1];
	struct certificate *certificate = NULL;
	ssize_t len = pread(file, pem, sizeof pem, 0);
	int error = len < 0 ? KE_IO : certificate_parse(&certificate, pem, (size_t)len);

	if (error)
		fprintf(stderr, "keylinectl: %s: %s\n", path,
			error == KE_IO ? strerror(errno) : error_text(error));
	if (error == KE_HIGH_S)
		fputs("It was altered on its way: have the file itself sent again, by another "
		      "way.\n",
			stderr);
	return certificate;
}

static bool
heard(const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);

	fprintf(stderr, "%s certificate of %s (%s)\n",
		certificate_kind_name(subject->kind), subject->host,
		use_name(subject->use));
	return heard_rest(certificate_fingerprint(certificate),
		"Have the other host's fingerprint read out to you (keylinectl key list "
		"there).");
}

/* Whether the person has the fingerprint from elsewhere; else how to end. */
static enum ctl_exit
check_fingerprint(const struct invocation *call, const struct certificate *certificate)
{
	if (certificate_kind_is_per_batch(certificate_subject(certificate)->kind)) {
		fputs("keylinectl: a batch's certificate is not trusted by people; it comes "
		      "in with batch import\n",
			stderr);
		return CTL_EXIT_FAILED;
	}
	if (call->arguments[1]) {
		if (heard_same(call->arguments[1], certificate_fingerprint(certificate)))
			return CTL_EXIT_OK;
	} else if (!prompt_possible()) {
		fputs("keylinectl: without a terminal it needs the FINGERPRINT\n",
			stderr);
		return CTL_EXIT_USAGE;
	} else if (heard(certificate)) {
		return CTL_EXIT_OK;
	}
	return ask_refuse(call, CTL_EXIT_FAILED, error_name(KE_MISMATCH_FINGERPRINT),
		&(struct ctl_telling){"REFUSED",
			"It is another fingerprint; the certificate is not trusted.",
			"Have the other host's fingerprint read out again (keylinectl "
			"key list there); while they differ the file is not that host's.",
			"keylinectl(1)"});
}

/* Whether the text is about this key, as the person has heard it. */
static bool
is_of(const char *text, const char *fingerprint)
{
	static const char before[] = "fingerprint=";
	size_t len;
	const char *with = approval_value(&len, text, "with");
	bool is_same =
		with && len > strlen(before) + strlen(fingerprint) &&
		strncmp(with, before, strlen(before)) == 0 &&
		strncmp(with + strlen(before), fingerprint, strlen(fingerprint)) == 0;

	if (!is_same)
		fputs("keylinectl: the text is about another key; it is not signed\n",
			stderr);
	return is_same;
}

static enum ctl_exit
ask_to_trust(
	const struct invocation *call, int file, const struct certificate *certificate)
{
	const char *fingerprint = certificate_fingerprint(certificate);
	struct style style = style_of(stdout);
	json_t *args = json_pack("{s:s, s:s}", "name", handover_name(call->arguments[0]),
		"fingerprint", fingerprint);
	struct answer answer;
	enum ctl_exit code = ask_with_file(&answer, call, "key trust", args, file);
	const char *text = json_string_value(
		json_object_get(show_first(answer.objects, "approval"), "text"));

	if (!invocation_has(call, OPTION_JSON))
		show_key_change(&answer, &style);
	ask_complain(&answer);
	if (code == CTL_EXIT_OK && text)
		code = is_of(text, fingerprint)
			       ? dual_sign(call, &answer, "key trust",
					 certificate_subject(certificate)->host, "")
			       : CTL_EXIT_FAILED;
	ask_clear(&answer);
	json_decref(args);
	return code;
}

/* The bytes that were looked at are those that are trusted, whatever becomes of the file. */
static enum ctl_exit
trust(const struct invocation *call, int file)
{
	struct certificate *certificate = read_certificate(file, call->arguments[0]);
	enum ctl_exit code;

	if (!certificate)
		return CTL_EXIT_FAILED;
	code = check_fingerprint(call, certificate);
	if (code == CTL_EXIT_OK)
		code = ask_to_trust(call, file, certificate);
	certificate_free(certificate);
	return code;
}

int
run_trust(const struct invocation *call)
{
	enum ctl_exit code;
	int file;

	if (!invocation_has(call, OPTION_DRY_RUN) && call->arguments[1] &&
		!dual_possible(call, "key trust"))
		return CTL_EXIT_USAGE;
	file = handover_file(call, call->arguments[0]);
	if (file < 0)
		return (int)ctl_exit_of(file);
	code = trust(call, file);
	close(file);
	return (int)code;
}
