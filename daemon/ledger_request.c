/* SPDX-License-Identifier: MIT */
/* Two persons for one act. */
#include "daemon/ledger_request.h"
#include "daemon/ledger_rows.h"

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const state_names[LEDGER_REQUEST_STATES] = {
	[LEDGER_REQUEST_OPEN] = "open",
	[LEDGER_REQUEST_DONE] = "done",
	[LEDGER_REQUEST_WITHDRAWN] = "withdrawn",
};

static int
check_request(const struct ledger_request *r)
{
	const struct {
		const char *text;
		size_t size;
	} texts[] = {{r->action, sizeof r->action}, {r->object, sizeof r->object},
		{r->args, sizeof r->args}, {r->reason, sizeof r->reason},
		{r->nonce, sizeof r->nonce}};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = memchr(texts[i].text, '\0', texts[i].size)
			     ? ledger_check_text(texts[i].text, texts[i].size - 1)
			     : KE_TOO_LONG;
	return rc == 0 && (r->action[0] == '\0' || r->nonce[0] == '\0' || r->id == 0)
		       ? KE_BAD_ARGUMENT
		       : rc;
}

const char *
ledger_request_state_name(enum ledger_request_state state)
{
	return state_names[state];
}

int
ledger_request_next(uint64_t *id, struct ledger *l)
{
	sqlite3_stmt *s;
	int rc = ledger_first_values(&s, l, SQL_REQUEST_TOP, NULL, 0);

	if (rc < 0)
		return rc;
	*id = (uint64_t)sqlite3_column_int64(s, 0) + 1;
	ledger_reset(s);
	return 0;
}

static int
put_request_event(struct ledger *l, const struct ledger_by *by, uint64_t id,
	const char *from, enum ledger_request_state to, const char *detail)
{
	char object[LEDGER_NAME_SIZE];
	struct ledger_event e = {
		"request", object, state_names[to], from, state_names[to], detail};

	(void)snprintf(object, sizeof object, "%" PRIu64, id);
	return ledger_event_put(l, by, &e);
}

/* KE_DUPLICATE when this person's equal request is open. */
static int
check_own(struct ledger *l, const struct ledger_by *by, const struct ledger_request *r)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_REQUEST_OWN, V_INT(by->now_ms),
		V_TEXT(r->action), V_TEXT(r->object), V_TEXT(r->args), V_TEXT(by->actor));

	if (rc < 0)
		return rc;
	ledger_reset(s);
	return rc == 1 ? KE_DUPLICATE : 0;
}

static int
put_request(struct ledger *l, const struct ledger_by *by, const struct ledger_request *r)
{
	char detail[LEDGER_TEXT_MAX + 1];
	int n = snprintf(detail, sizeof detail, "action=%s object=%s nonce=%s args=%s",
		r->action, r->object, r->nonce, r->args);
	int rc = (size_t)n >= sizeof detail ? KE_TOO_LONG : 0;

	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_REQUEST_PUT, V_INT(r->id), V_TEXT(r->action),
			V_TEXT(r->object), V_TEXT(r->args), V_TEXT(r->reason),
			V_TEXT(by->actor), V_TEXT(r->nonce), V_INT(r->created_ms),
			V_INT(r->expires_ms));
	return rc == 0 ? put_request_event(
				 l, by, r->id, "none", LEDGER_REQUEST_OPEN, detail)
		       : rc;
}

/* What is signed is signed by whoever acts. */
static bool
is_signer(const struct ledger_by *by, const struct ledger_approval *a)
{
	return by->actor && by->actor[0] && strcmp(by->actor, a->person) == 0;
}

int
ledger_request_add(struct ledger *l, const struct ledger_by *by,
	const struct ledger_request *r, const struct ledger_approval *first)
{
	bool own;
	int rc = check_request(r);

	if (rc == 0 && (!is_signer(by, first) || first->request != r->id))
		rc = KE_BAD_ARGUMENT;
	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	if (rc != 0)
		return rc;
	rc = check_own(l, by, r);
	if (rc == 0)
		rc = put_request(l, by, r);
	if (rc == 0 && r->serials)
		rc = LEDGER_RUN(l, SQL_REQUEST_LIST_PUT, V_INT(r->id), V_TEXT(r->serials));
	if (rc == 0)
		rc = ledger_approval_put(l, by, first);
	return ledger_leave(l, own, rc);
}

static int
read_request(struct ledger_request *r, struct ledger *l, sqlite3_stmt *s)
{
	const struct {
		char *out;
		size_t size;
		int column;
	} texts[] = {{r->action, sizeof r->action, 1}, {r->object, sizeof r->object, 2},
		{r->args, sizeof r->args, 3}, {r->actor, sizeof r->actor, 4},
		{r->nonce, sizeof r->nonce, 5}, {r->second, sizeof r->second, 9},
		{r->reason, sizeof r->reason, 10}};
	int state = ledger_column_name(l, state_names, LEDGER_REQUEST_STATES, s, 8);
	int rc = state < 0 ? state : 0;

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof texts[0]; i++)
		rc = ledger_column_text(
			l, texts[i].out, texts[i].size, s, texts[i].column);
	if (rc != 0)
		return rc;
	r->id = (uint64_t)sqlite3_column_int64(s, 0);
	r->created_ms = sqlite3_column_int64(s, 6);
	r->expires_ms = sqlite3_column_int64(s, 7);
	r->state = (enum ledger_request_state)state;
	r->serials = NULL;
	return 0;
}

static int
fetch_request(struct ledger_request *out, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_step(l, s);

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_request(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_request_find(struct ledger_request *out, struct ledger *l, int64_t now_ms,
	const char *action, const char *object, const char *args)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_REQUEST_FIND, V_INT(now_ms), V_TEXT(action),
		V_TEXT(object), V_TEXT(args));

	return rc == 0 ? fetch_request(out, l, s) : rc;
}

int
ledger_request_get(struct ledger_request *out, struct ledger *l, uint64_t id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_REQUEST_GET, V_INT(id));

	return rc == 0 ? fetch_request(out, l, s) : rc;
}

int
ledger_request_serials(char **out, struct ledger *l, uint64_t id)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_REQUEST_LIST, V_INT(id));

	*out = NULL;
	if (rc < 0)
		return rc;
	if (rc == 1) {
		*out = strdup((const char *)sqlite3_column_text(s, 0));
		rc = *out ? 0 : KE_NO_MEMORY;
	}
	ledger_reset(s);
	return rc;
}

/* Ends an open request. */
static int
end_request(struct ledger *l, const struct ledger_by *by, uint64_t id,
	enum ledger_request_state state, const char *second, const char *detail)
{
	int rc = put_request_event(
		l, by, id, state_names[LEDGER_REQUEST_OPEN], state, detail);

	if (rc != 0)
		return rc;
	return LEDGER_RUN(l, SQL_REQUEST_SET, V_TEXT(state_names[state]), V_TEXT(second),
		V_INT(id));
}

/* What else was asked for about the same is settled with it, outcome for outcome. */
static int
withdraw_others(
	struct ledger *l, const struct ledger_by *by, const struct ledger_request *r)
{
	struct ledger_request other = {.id = 0};
	sqlite3_stmt *s;
	int rc = 0;

	while (rc == 0) {
		rc = LEDGER_PREPARE(
			&s, l, SQL_REQUEST_NEXT, V_INT(by->now_ms), V_INT(other.id));
		if (rc == 0)
			rc = fetch_request(&other, l, s);
		if (rc == 0 && strcmp(other.action, r->action) == 0 &&
			strcmp(other.object, r->object) == 0)
			rc = end_request(l, by, other.id, LEDGER_REQUEST_WITHDRAWN, "",
				"settled by another request");
	}
	return rc == KE_NOT_FOUND ? 0 : rc;
}

static int
may_consume(struct ledger *l, const struct ledger_by *by, const struct ledger_request *r)
{
	int rc;

	if (r->state != LEDGER_REQUEST_OPEN)
		return KE_BAD_STATE;
	if (strcmp(r->actor, by->actor) == 0)
		return KE_NEED_SECOND;
	if (r->expires_ms <= by->now_ms)
		return KE_EXPIRED;
	rc = ledger_approval_has(l, r->id, r->actor);
	return rc == KE_NOT_FOUND ? KE_BAD_STATE : rc;
}

int
ledger_request_consume(struct ledger *l, const struct ledger_by *by,
	const struct ledger_approval *second)
{
	struct ledger_request r;
	bool own;
	int rc = is_signer(by, second) ? ledger_enter(l, &own, by, NULL)
				       : KE_BAD_ARGUMENT;

	if (rc != 0)
		return rc;
	rc = ledger_request_get(&r, l, second->request);
	if (rc == 0)
		rc = may_consume(l, by, &r);
	if (rc == 0)
		rc = ledger_approval_put(l, by, second);
	if (rc == 0)
		rc = end_request(l, by, r.id, LEDGER_REQUEST_DONE, by->actor, NULL);
	if (rc == 0)
		rc = withdraw_others(l, by, &r);
	return ledger_leave(l, own, rc);
}

int
ledger_request_begin(struct ledger *l, const struct ledger_by *by,
	const struct ledger_approval *second)
{
	int rc = ledger_begin(l);

	if (rc == 0) {
		rc = ledger_request_consume(l, by, second);
		if (rc != 0)
			ledger_rollback(l);
	}
	return rc;
}

int
ledger_request_withdraw(
	struct ledger *l, const struct ledger_by *by, uint64_t id, const char *reason)
{
	struct ledger_request r;
	bool own;
	int rc = ledger_enter(l, &own, by, reason);

	if (rc != 0)
		return rc;
	rc = ledger_request_get(&r, l, id);
	if (rc == 0 && r.state != LEDGER_REQUEST_OPEN)
		rc = KE_BAD_STATE;
	if (rc == 0)
		rc = end_request(l, by, id, LEDGER_REQUEST_WITHDRAWN, "", reason);
	return ledger_leave(l, own, rc);
}

int
ledger_request_list(
	struct ledger *l, int64_t now_ms, ledger_request_cb *cb, void *context)
{
	struct ledger_request r = {.id = 0};
	sqlite3_stmt *s;
	int rc = 0;

	while (rc == 0) {
		rc = LEDGER_PREPARE(&s, l, SQL_REQUEST_NEXT, V_INT(now_ms), V_INT(r.id));
		if (rc == 0)
			rc = fetch_request(&r, l, s);
		if (rc == KE_NOT_FOUND)
			return 0;
		if (rc == 0)
			rc = cb(context, &r);
	}
	return rc;
}
