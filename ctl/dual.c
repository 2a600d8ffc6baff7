/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/dual.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ctl/heard.h"
#include "ctl/prompt.h"
#include "ctl/show_parts.h"
#include "ctl/signer.h"
#include "ctl/style.h"
#include "proto/approval.h"
#include "proto/certificate.h"
#include "proto/hash.h"

bool
dual_possible(const struct invocation *call, const char *command)
{
	if (prompt_possible() || invocation_has(call, OPTION_YES))
		return true;
	fprintf(stderr,
		"keylinectl: %s is read before it is signed; without a terminal it needs "
		"--yes\n",
		command);
	return false;
}

/* The text as it is, one line a line: nothing in it can look like another one. */
static void
show_text(const char *text)
{
	struct style style = style_of(stderr);

	fflush(stdout);
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[APPROVAL_TEXT_MAX + 1];

		snprintf(line, sizeof line, "%.*s", (int)len, text);
		fputs("  ", stderr);
		style_print(&style, TONE_PLAIN, line);
		putc('\n', stderr);
		text += len;
		text += *text == '\n';
	}
}

/* What is read out between persons, as it is read out. */
static void
show_fingerprint(const char *text)
{
	static const char before[] = "fingerprint=";
	const size_t before_len = sizeof before - 1;
	char fingerprint[FINGERPRINT_SIZE];
	size_t len;
	const char *with = approval_value(&len, text, "with");

	if (!with || len < before_len + FINGERPRINT_SIZE - 1 ||
		strncmp(with, before, before_len) != 0)
		return;
	snprintf(fingerprint, sizeof fingerprint, "%s", with + before_len);
	heard_tell(fingerprint);
}

/* The wallets of an act on many, joined again; NULL: it is an act on one. */
static char *
serials_of(const struct answer *answer)
{
	const json_t *object;
	char *all = NULL, *grown;
	size_t index, len = 0;

	json_array_foreach(answer->objects, index, object)
	{
		const char *type = json_string_value(json_object_get(object, "type"));
		const char *part = json_string_value(json_object_get(object, "serials"));

		if (!type || strcmp(type, "list") != 0 || !part)
			continue;
		grown = realloc(all, len + strlen(part) + 2);
		if (!grown)
			break;
		all = grown;
		len += (size_t)sprintf(all + len, "%s%s", len ? " " : "", part);
	}
	return all;
}

/* Whether the list is the one whose hash stands in the text. */
static bool
list_is_signed(const char *serials, const char *text)
{
	unsigned char hash[HASH_SHA256_LEN];
	char hex[2 * HASH_SHA256_LEN + 1];
	size_t len;
	const char *with = approval_value(&len, text, "with");
	const char *list = with ? strstr(with, "list=") : NULL;

	if (!list || (size_t)(list - with) > len ||
		hash_sha256(hash, serials, strlen(serials)) != 0)
		return false;
	for (size_t i = 0; i < sizeof hash; i++)
		snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	return strncmp(list + 5, hex, sizeof hex - 1) == 0;
}

static void
show_serials(const char *serials)
{
	struct style style = style_of(stderr);
	size_t column = 0;

	while (*serials) {
		size_t len = strcspn(serials, " ");
		char word[32];

		snprintf(word, sizeof word, "%.*s", (int)len, serials);
		if (column + len + 1 > 78) {
			putc('\n', stderr);
			column = 0;
		}
		fputs(column ? " " : "  ", stderr);
		style_print(&style, TONE_PLAIN, word);
		column += len + (column ? 1 : 2);
		serials += len;
		serials += *serials == ' ';
	}
	putc('\n', stderr);
}

/* Another request that says something else of the same. */
static void
show_other(const struct answer *answer)
{
	struct style style = style_of(stderr);
	const char *other = json_string_value(
		json_object_get(show_first(answer->objects, "approval"), "other"));

	if (!other)
		return;
	style_print(&style, TONE_PLAIN, other);
	putc('\n', stderr);
}

/* The wallets first, then the text that stands for them. */
static bool
show_all(const struct answer *answer, const char *text)
{
	char *serials = serials_of(answer);
	bool is_good = !serials || list_is_signed(serials, text);

	if (serials)
		show_serials(serials);
	free(serials);
	show_text(text);
	show_fingerprint(text);
	show_other(answer);
	if (!is_good)
		fputs("keylinectl: the list of wallets is not the one in this text; it "
		      "is "
		      "not signed\n",
			stderr);
	return is_good;
}

/* Its object, typed: so a person has read what he signs. */
static bool
confirmed(const struct invocation *call, const char *text)
{
	char question[APPROVAL_TEXT_MAX], wanted[APPROVAL_TEXT_MAX];
	size_t len;
	const char *object = approval_value(&len, text, "object");

	if (invocation_has(call, OPTION_YES))
		return true;
	snprintf(wanted, sizeof wanted, "%.*s", (int)(object ? len : 0),
		object ? object : "");
	snprintf(question, sizeof question,
		"Your signature under this text counts.  To sign it, type %.200s: ",
		wanted);
	if (object && prompt_typed(question, wanted))
		return true;
	fputs("keylinectl: not signed; nothing was changed\n", stderr);
	return false;
}

static enum ctl_exit
send(const struct invocation *call, json_int_t request, const char *signature)
{
	struct style style = style_of(stdout);
	char number[32];
	struct answer answer;
	enum ctl_exit code;
	json_t *args;

	snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, request);
	args = json_pack("{s:s, s:s}", "request", number, "signature", signature);
	code = ask(&answer, call, "approve", args, false, true);
	json_decref(args);
	if (!invocation_has(call, OPTION_JSON) && json_array_size(answer.objects))
		call->command->show(&answer, &style);
	ask_complain(&answer);
	ask_clear(&answer);
	return code;
}

enum ctl_exit
dual_sign(const struct invocation *call, const struct answer *answer, const char *action,
	const char *object, const char *reason)
{
	const json_t *approval = show_first(answer->objects, "approval");
	const char *text = json_string_value(json_object_get(approval, "text"));
	json_int_t request = json_integer_value(json_object_get(approval, "request"));
	char signature[SIGNER_TEXT_SIZE];
	const struct signer_wish wish = {action, object, reason};

	if (!text || !show_all(answer, text) || !confirmed(call, text))
		return CTL_EXIT_FAILED;
	if (signer_sign(signature, call, text, &wish) != 0)
		return CTL_EXIT_FAILED;
	return send(call, request, signature);
}
