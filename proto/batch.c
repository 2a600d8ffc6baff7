/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch.h"

#include <stdio.h>
#include <string.h>
#include "proto/batch_inner.h"

static const char *const kind_names[BATCH_KINDS] = {"codes", "passphrases",
	"confirmations", "stickers", "shipment", "receipt", "results", "notice"};

static const struct {
	enum batch_word word;
	enum batch_kind kind;
	const char *name;
} words[] = {
	{BATCH_WORD_SHIPPED, BATCH_SHIPMENT, "shipped"},
	{BATCH_WORD_SPOILED, BATCH_SHIPMENT, "spoiled"},
	{BATCH_WORD_MISSING, BATCH_SHIPMENT, "missing"},
	{BATCH_WORD_REJECTED, BATCH_SHIPMENT, "rejected"},
	{BATCH_WORD_VOID, BATCH_SHIPMENT, "void"},
	{BATCH_WORD_OPENED_GOOD, BATCH_RESULTS, "opened-good"},
	{BATCH_WORD_OPENED_BAD, BATCH_RESULTS, "opened-bad"},
	{BATCH_WORD_FROZEN, BATCH_NOTICE, "frozen"},
	{BATCH_WORD_WITHDRAWN, BATCH_NOTICE, "void"},
};

enum { WORDS = sizeof words / sizeof words[0] };

bool
batch_text_is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(text, word, len) == 0;
}

const char *
batch_kind_name(enum batch_kind kind)
{
	return kind_names[kind];
}

bool
batch_kind_parse(enum batch_kind *out, const char *text, size_t len)
{
	for (int kind = 0; kind < BATCH_KINDS; kind++) {
		if (batch_text_is(text, len, kind_names[kind])) {
			*out = (enum batch_kind)kind;
			return true;
		}
	}
	return false;
}

bool
batch_kind_is_sealed(enum batch_kind kind)
{
	return kind <= BATCH_STICKERS;
}

enum certificate_kind
batch_kind_certificate(enum batch_kind kind)
{
	switch (kind) {
	case BATCH_CODES:
		return CERTIFICATE_CODES;
	case BATCH_PASSPHRASES:
		return CERTIFICATE_PASSPHRASES;
	case BATCH_CONFIRMATIONS:
		return CERTIFICATE_CONFIRMATIONS;
	case BATCH_STICKERS:
		return CERTIFICATE_STICKERS;
	case BATCH_SHIPMENT:
	case BATCH_RECEIPT:
	case BATCH_RESULTS:
	case BATCH_NOTICE:
	case BATCH_KINDS:
		break;
	}
	return CERTIFICATE_SITE;
}

const char *
batch_word_name(enum batch_word word)
{
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].word == word)
			return words[i].name;
	return "";
}

bool
batch_word_parse(enum batch_word *out, enum batch_kind kind, const char *text, size_t len)
{
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i].kind == kind && batch_text_is(text, len, words[i].name)) {
			*out = words[i].word;
			return true;
		}
	}
	return false;
}

bool
batch_number_parse(uint64_t *out, const char *text, size_t len, uint64_t max)
{
	uint64_t value = 0;

	if (len == 0 || len > 19 || (text[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(text[i] - '0');
	}
	*out = value;
	return value <= max;
}

static int
coins_parse(struct batch_coins *out, const char *text, size_t len)
{
	struct batch_coins coins = {.count = 0};

	for (const char *at = text, *end = text + len; at <= end;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t ticker = (size_t)((comma ? comma : end) - at);

		if (coins.count == BATCH_COINS_MAX || !name_is_coin(at, ticker))
			return KE_BAD_FIELD;
		memcpy(coins.tickers[coins.count], at, ticker);
		for (size_t i = 0; i < coins.count; i++)
			if (strcmp(coins.tickers[i], coins.tickers[coins.count]) == 0)
				return KE_BAD_FIELD;
		coins.count++;
		at += ticker + 1;
	}
	*out = coins;
	return 0;
}

int
batch_coins_parse(struct batch_coins *out, const char *text)
{
	return coins_parse(out, text, strlen(text));
}

int
batch_coins_read(struct batch_coins *out, const char *text, size_t len)
{
	return coins_parse(out, text, len);
}

static bool
goes_to_several(enum batch_kind kind)
{
	return kind == BATCH_RESULTS || kind == BATCH_NOTICE;
}

void
batch_name(char out[BATCH_NAME_SIZE], const struct batch_header *header,
	enum batch_kind answered)
{
	bool is_receipt = header->kind == BATCH_RECEIPT;
	enum batch_kind kind = is_receipt ? answered : header->kind;
	bool has_host = goes_to_several(kind);
	bool has_both = is_receipt && kind == BATCH_NOTICE;
	const char *host = is_receipt ? header->sender : header->recipient;

	(void)snprintf(out, BATCH_NAME_SIZE, "%s.%u.%s%s%s%s%s%s.cms", header->batch,
		(unsigned)header->part, kind_names[kind], has_host ? "." : "",
		has_host ? host : "", has_both ? "." : "",
		has_both ? header->recipient : "", is_receipt ? ".receipt" : "");
}
