/* SPDX-License-Identifier: MIT */
/* key trust: nothing is trusted that was not read out. */
#include "config.h"
#include "ctl/run.h"
#include "ctl/ask.h"
#include "ctl/prompt.h"
#include "ctl/style.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { FINGERPRINT_DIGITS = 64, ASKED_DIGITS = 16, NAME_SIZE = 256 };

/* SHA-256 of the certificate's DER SubjectPublicKeyInfo, and its subject. */
static int
read_certificate(
	char digits[FINGERPRINT_DIGITS + 1], char subject[NAME_SIZE], const char *path)
{
	unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE];
	FILE *file = fopen(path, "r");
	X509 *certificate;
	unsigned n = 0;
	int len;

	if (!file)
		return -1;
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	fclose(file);
	errno = 0;
	if (!certificate)
		return -1;
	X509_NAME_oneline(X509_get_subject_name(certificate), subject, NAME_SIZE);
	len = i2d_PUBKEY(X509_get0_pubkey(certificate), &der);
	if (len <= 0 || EVP_Digest(der, (size_t)len, digest, &n, EVP_sha256(), NULL) != 1)
		n = 0;
	for (unsigned i = 0; i < n; i++)
		snprintf(digits + 2 * (size_t)i, 3, "%02x", digest[i]);
	OPENSSL_free(der);
	X509_free(certificate);
	return n == FINGERPRINT_DIGITS / 2 ? 0 : -1;
}

/* The hex digits of what a person wrote, small, without spaces, colons, hyphens. */
static void
squeeze(char out[FINGERPRINT_DIGITS + 2], const char *text)
{
	size_t n = 0;

	for (; *text && n < FINGERPRINT_DIGITS + 1; text++)
		if (!strchr(" :-", *text))
			out[n++] = (char)tolower((unsigned char)*text);
	out[n] = '\0';
}

/* Shows all of the fingerprint but its end, which must come from the other side. */
static bool
heard(const char *digits, const char *subject)
{
	struct style style = style_of(stderr);
	char typed[128], squeezed[FINGERPRINT_DIGITS + 2];

	fputs("certificate ", stderr);
	style_print(&style, TONE_PLAIN, subject);
	fputs("\nfingerprint", stderr);
	for (size_t i = 0; i < FINGERPRINT_DIGITS; i += 4)
		fprintf(stderr, "%s%.4s", i % 16 ? " " : "\n  ",
			i < FINGERPRINT_DIGITS - ASKED_DIGITS ? digits + i : "????");
	fputs("\nHave the other host's fingerprint read out to you (keylinectl key list "
	      "there).\nCompare the lines above and type the last four groups: ",
		stderr);
	fflush(stderr);
	if (!fgets(typed, sizeof typed, stdin))
		return false;
	typed[strcspn(typed, "\r\n")] = '\0';
	squeeze(squeezed, typed);
	return strcmp(squeezed, digits + FINGERPRINT_DIGITS - ASKED_DIGITS) == 0;
}

/* Whether the person has the fingerprint from elsewhere; else how to end. */
static enum ctl_exit
check_fingerprint(const struct invocation *call, const char *digits, const char *subject)
{
	char given[FINGERPRINT_DIGITS + 2];

	if (call->arguments[1]) {
		squeeze(given, call->arguments[1]);
		if (strcmp(given, digits) == 0)
			return CTL_EXIT_OK;
	} else if (!prompt_possible()) {
		fputs("keylinectl: without a terminal it needs the FINGERPRINT\n",
			stderr);
		return CTL_EXIT_USAGE;
	} else if (heard(digits, subject)) {
		return CTL_EXIT_OK;
	}
	fputs("keylinectl: another fingerprint; the certificate is not trusted\n",
		stderr);
	return CTL_EXIT_FAILED;
}

int
run_trust(const struct invocation *call)
{
	char digits[FINGERPRINT_DIGITS + 1], subject[NAME_SIZE];
	struct style style = style_of(stdout);
	struct answer answer;
	enum ctl_exit code;
	json_t *args;

	if (read_certificate(digits, subject, call->arguments[0]) != 0) {
		fprintf(stderr, "keylinectl: %s: %s\n", call->arguments[0],
			errno ? strerror(errno) : "not a certificate in PEM");
		return CTL_EXIT_FAILED;
	}
	code = check_fingerprint(call, digits, subject);
	if (code != CTL_EXIT_OK)
		return (int)code;
	args = ask_args(call);
	json_object_set_new(args, "fingerprint", json_string(digits));
	code = ask(&answer, call, "key trust", args, invocation_has(call, OPTION_DRY_RUN),
		true);
	if (!invocation_has(call, OPTION_JSON))
		show_change(&answer, &style);
	ask_complain(&answer);
	ask_clear(&answer);
	json_decref(args);
	return (int)code;
}
