/* SPDX-License-Identifier: MIT */
/* What persons signed: recorded, told, and verified once more. */
#include "daemon/ledger_person.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_rows.h"
#include "proto/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_COLUMNS = 4, NUMBER_SIZE = 24 };

/* The event's detail: it puts the text into the chain by its hash. */
static int
detail_of(char out[LEDGER_TEXT_MAX + 1], const struct ledger_approval *a)
{
	unsigned char hash[HASH_SHA256_LEN];
	char hex[2 * LEDGER_HASH_LEN + 1];
	int rc = hash_sha256(hash, a->text, strlen(a->text));

	if (rc != 0)
		return rc;
	ledger_hex(hex, hash);
	(void)snprintf(out, LEDGER_TEXT_MAX + 1, "text=%s key=%s signature=%s", hex,
		a->key, a->signature);
	return 0;
}

int
ledger_approval_put(
	struct ledger *l, const struct ledger_by *by, const struct ledger_approval *a)
{
	char object[NUMBER_SIZE], detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event e = {"approval", object, "signed", NULL, NULL, detail};
	int rc = detail_of(detail, a);

	(void)snprintf(object, sizeof object, "%" PRIu64, a->request);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_APPROVAL_PUT, V_INT(a->request), V_TEXT(a->person),
			V_TEXT(a->key), V_TEXT(a->text), V_TEXT(a->signature));
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

int
ledger_approval_has(struct ledger *l, uint64_t request, const char *person)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_APPROVAL_HAS, V_INT(request), V_TEXT(person));

	if (rc < 0)
		return rc;
	ledger_reset(s);
	return rc == 1 ? 0 : KE_NOT_FOUND;
}

static int
read_approval(struct ledger_approval *a, struct ledger *l, sqlite3_stmt *s)
{
	const struct {
		char *out;
		size_t size;
	} texts[TEXT_COLUMNS] = {{a->person, sizeof a->person}, {a->key, sizeof a->key},
		{a->text, sizeof a->text}, {a->signature, sizeof a->signature}};
	int rc = 0;

	a->request = (uint64_t)sqlite3_column_int64(s, 0);
	for (int i = 0; rc == 0 && i < TEXT_COLUMNS; i++)
		rc = ledger_column_text(l, texts[i].out, texts[i].size, s, 1 + i);
	return rc;
}

int
ledger_approval_list(
	struct ledger *l, uint64_t request, ledger_approval_cb *cb, void *context)
{
	struct ledger_approval a;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	while ((rc = LEDGER_FIRST(
			&s, l, SQL_APPROVAL_NEXT, V_INT(rowid), V_INT(request))) == 1) {
		rowid = sqlite3_column_int64(s, 5);
		rc = read_approval(&a, l, s);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &a);
		if (rc != 0)
			break;
	}
	return rc;
}

struct verifying {
	struct ledger_verdict *verdict;
	struct ledger *ledger;
	char host[LEDGER_HOST_SIZE];
	char use[LEDGER_NAME_SIZE];
};

/* Number and detail of its event; 0 and "" when there is none. */
static int
event_of(uint64_t *seq, char detail[LEDGER_TEXT_MAX + 1], struct ledger *l,
	const struct ledger_approval *a)
{
	char object[NUMBER_SIZE];
	sqlite3_stmt *s;
	int rc;

	(void)snprintf(object, sizeof object, "%" PRIu64, a->request);
	*seq = 0;
	detail[0] = '\0';
	rc = LEDGER_FIRST(&s, l, SQL_APPROVAL_EVENT, V_TEXT(object), V_TEXT(a->person));
	if (rc < 0)
		return rc;
	if (rc == 1) {
		*seq = (uint64_t)sqlite3_column_int64(s, 0);
		rc = ledger_column_text(l, detail, LEDGER_TEXT_MAX + 1, s, 1);
	}
	ledger_reset(s);
	return rc;
}

/* The text that its request and its person's key make. */
static int
text_again(char out[APPROVAL_TEXT_MAX + 1], const struct verifying *v,
	const struct ledger_approval *a, const struct ledger_person *p)
{
	struct ledger_request r;
	struct approval says = {.host = v->host, .person = p->person, .name = p->name};
	int rc = ledger_request_get(&r, v->ledger, a->request);

	if (rc == 0 && !use_parse(&says.use, v->use, strlen(v->use)))
		rc = KE_LEDGER;
	if (rc != 0)
		return rc;
	says.request = r.id;
	says.action = r.action;
	says.object = r.object;
	says.args = r.args;
	says.reason = r.reason;
	says.nonce = r.nonce;
	says.created = r.created_ms / 1000;
	says.expires = r.expires_ms / 1000;
	says.key = p->fingerprint;
	return approval_text(out, &says);
}

static int
verify_one(void *context, const struct ledger_approval *a)
{
	const struct verifying *v = context;
	char object[NUMBER_SIZE], detail[LEDGER_TEXT_MAX + 1];
	char told[LEDGER_TEXT_MAX + 1], text[APPROVAL_TEXT_MAX + 1];
	struct ledger_person person;
	struct public_key key;
	uint64_t seq;
	int rc = event_of(&seq, told, v->ledger, a);

	(void)snprintf(object, sizeof object, "%" PRIu64, a->request);
	if (rc == 0)
		rc = detail_of(detail, a);
	if (rc == 0 && strcmp(told, detail) != 0)
		return ledger_broken(
			v->verdict, seq, object, "an approval is not that of its event");
	if (rc == 0)
		rc = ledger_person_by_key(&person, v->ledger, a->key);
	if (rc == 0 && strcmp(person.person, a->person) != 0)
		return ledger_broken(
			v->verdict, seq, object, "an approval with another person's key");
	if (rc == 0) {
		text[0] = '\0';
		rc = text_again(text, v, a, &person);
	}
	/* A request that makes no text is none that anybody signed. */
	if (rc == KE_BAD_ARGUMENT || rc == KE_BAD_CHARACTER || rc == KE_TOO_LONG)
		rc = 0;
	if (rc == 0 && strcmp(text, a->text) != 0)
		return ledger_broken(v->verdict, seq, object,
			"what was signed is not what the request says");
	if (rc == 0)
		rc = public_key_parse(&key, person.key);
	if (rc == 0)
		rc = public_key_verify_text(&key, a->signature, text, strlen(text));
	return rc == KE_BAD_SIGNATURE || rc == KE_NOT_FOUND || rc == KE_BAD_KEY
		       ? ledger_broken(v->verdict, seq, object,
				 "the signature of an approval does not verify")
		       : rc;
}

static int
meta(char *out, size_t size, struct ledger *l, const char *key)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_META_GET, V_TEXT(key));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? ledger_column_text(l, out, size, s, 0) : KE_LEDGER;
	ledger_reset(s);
	return rc;
}

int
ledger_approval_verify(struct ledger_verdict *verdict, struct ledger *l)
{
	struct verifying v = {.verdict = verdict, .ledger = l};
	int rc = meta(v.host, sizeof v.host, l, "host");

	if (rc == 0)
		rc = meta(v.use, sizeof v.use, l, "use");
	return rc == 0 ? ledger_approval_list(l, 0, verify_one, &v) : rc;
}
