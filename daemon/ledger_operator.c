/* SPDX-License-Identifier: MIT */
#include "daemon/ledger_operator.h"
#include "daemon/ledger_rows.h"

#include <stdio.h>
#include <string.h>

#define EVENT_KIND "operator"
#define NOBODY "none"

static const char *const kinds[OPERATOR_KINDS] = {"badge", "pin"};

static int
read_operator(struct ledger_operator *o, struct ledger *l, sqlite3_stmt *s)
{
	int rc = ledger_column_text(l, o->name, sizeof o->name, s, 0);
	int kind = rc == 0 ? ledger_column_name(l, kinds, OPERATOR_KINDS, s, 1) : rc;

	if (kind < 0)
		return kind;
	if (sqlite3_column_bytes(s, 2) != OPERATOR_SALT_LEN ||
		sqlite3_column_bytes(s, 3) != OPERATOR_HASH_LEN)
		return ledger_fail(l, KE_LEDGER, "an operator's code of another length");
	o->kind = (enum operator_kind)kind;
	memcpy(o->salt, sqlite3_column_blob(s, 2), OPERATOR_SALT_LEN);
	memcpy(o->hash, sqlite3_column_blob(s, 3), OPERATOR_HASH_LEN);
	o->since_ms = sqlite3_column_int64(s, 4);
	o->removed_ms = sqlite3_column_int64(s, 5);
	return 0;
}

static void
hex(char *out, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* Whether the operator has a code that counts: 1, 0, or a failure. */
static int
has_any(struct ledger *l, const char *name)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_OPERATOR_ANY, V_TEXT(name));

	if (rc == 1)
		ledger_reset(s);
	return rc;
}

/* Whether the name was an operator's before: the state that the chain has of it. */
static const char *
state_before(struct ledger *l, const char *name, int *rc)
{
	sqlite3_stmt *s;
	bool was;

	*rc = has_any(l, name);
	if (*rc != 0)
		return "enrolled";
	*rc = LEDGER_FIRST(&s, l, SQL_OPERATOR_EVER, V_TEXT(name));
	was = *rc == 1;
	if (was)
		ledger_reset(s);
	return was ? "removed" : NOBODY;
}

static int
enroll(struct ledger *l, const struct ledger_by *by, const struct ledger_operator *o)
{
	char salt[2 * OPERATOR_SALT_LEN + 1], hash[2 * OPERATOR_HASH_LEN + 1];
	char detail[sizeof salt + sizeof hash + 32];
	struct ledger_event e = {EVENT_KIND, o->name, "enroll", NULL, "enrolled", detail};
	struct ledger_operator known;
	int rc = ledger_operator_get(&known, l, o->name, o->kind);

	if (rc != KE_NOT_FOUND)
		return rc == 0 ? KE_DUPLICATE : rc;
	e.from_state = state_before(l, o->name, &rc);
	if (rc < 0)
		return rc;
	hex(salt, o->salt, sizeof o->salt);
	hex(hash, o->hash, sizeof o->hash);
	(void)snprintf(detail, sizeof detail, "code=%s salt=%s hash=%s", kinds[o->kind],
		salt, hash);
	rc = ledger_event_put(l, by, &e);
	return rc == 0 ? LEDGER_RUN(l, SQL_OPERATOR_PUT, V_TEXT(o->name),
				 V_TEXT(kinds[o->kind]),
				 ((struct ledger_value){
					 VALUE_BLOB, o->salt, 0, OPERATOR_SALT_LEN}),
				 V_HASH(o->hash), V_INT(by->now_ms))
		       : rc;
}

int
ledger_operator_enroll(
	struct ledger *l, const struct ledger_by *by, const struct ledger_operator *o)
{
	bool own;
	int rc = operator_name_is_good(o->name) ? ledger_enter(l, &own, by, NULL)
						: KE_BAD_NAME;

	return rc == 0 ? ledger_leave(l, own, enroll(l, by, o)) : rc;
}

int
ledger_operator_remove(struct ledger *l, const struct ledger_by *by, const char *name,
	const char *reason)
{
	struct ledger_event e = {
		EVENT_KIND, name, "remove", "enrolled", "removed", reason};
	bool own;
	int rc = ledger_enter(l, &own, by, reason);

	if (rc != 0)
		return rc;
	rc = has_any(l, name);
	if (rc >= 0)
		rc = rc == 1 ? ledger_event_put(l, by, &e) : KE_NOT_FOUND;
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_OPERATOR_REMOVE, V_INT(by->now_ms), V_TEXT(name));
	return ledger_leave(l, own, rc);
}

int
ledger_operator_get(struct ledger_operator *out, struct ledger *l, const char *name,
	enum operator_kind kind)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_OPERATOR_GET, V_TEXT(name), V_TEXT(kinds[kind]));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_operator(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_operator_list(struct ledger *l, ledger_operator_cb *cb, void *context)
{
	struct ledger_operator o;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	while ((rc = LEDGER_FIRST(&s, l, SQL_OPERATOR_NEXT, V_INT(rowid))) == 1) {
		rowid = sqlite3_column_int64(s, 6);
		rc = read_operator(&o, l, s);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &o);
		if (rc != 0)
			break;
	}
	return rc;
}

/* Who stands there by the table; NOBODY. */
static int
stands(char out[OPERATOR_NAME_SIZE], struct ledger *l, const char *station)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_STAND_GET, V_TEXT(station));

	(void)snprintf(out, OPERATOR_NAME_SIZE, "%s", NOBODY);
	if (rc < 0)
		return rc;
	rc = rc == 1 ? ledger_column_text(l, out, OPERATOR_NAME_SIZE, s, 0) : 0;
	ledger_reset(s);
	return rc;
}

static int
stand(struct ledger *l, const struct ledger_by *by, const char *station, const char *who,
	const char *detail)
{
	char before[OPERATOR_NAME_SIZE];
	struct ledger_event e = {"station", station, "handover", before, who, detail};
	int rc = stands(before, l, station);

	if (rc == 0 && strcmp(before, who) == 0)
		rc = KE_BAD_STATE;
	/* He may have been removed since his code was looked at. */
	if (rc == 0 && strcmp(who, NOBODY) != 0) {
		rc = has_any(l, who);
		if (rc >= 0)
			rc = rc == 1 ? 0 : KE_NOT_FOUND;
	}
	if (strcmp(before, NOBODY) == 0)
		e.event = "sign-on";
	else if (strcmp(who, NOBODY) == 0)
		e.event = "sign-off";
	if (rc == 0)
		rc = ledger_event_put(l, by, &e);
	if (rc != 0)
		return rc;
	return strcmp(who, NOBODY) == 0
		       ? LEDGER_RUN(l, SQL_STAND_GONE, V_TEXT(station))
		       : LEDGER_RUN(l, SQL_STAND_PUT, V_TEXT(station), V_TEXT(who));
}

int
ledger_operator_stand(struct ledger *l, const struct ledger_by *by, const char *station,
	const char *who, const char *detail)
{
	bool own;
	int rc = !who || operator_name_is_good(who) ? ledger_enter(l, &own, by, detail)
						    : KE_BAD_NAME;

	return rc == 0 ? ledger_leave(l, own,
				 stand(l, by, station, who ? who : NOBODY, detail))
		       : rc;
}

int
ledger_operator_leave_all(
	struct ledger *l, const struct ledger_by *by, const char *detail)
{
	char station[LEDGER_STATION_SIZE];
	sqlite3_stmt *s;
	bool own;
	int rc = ledger_enter(l, &own, by, detail);

	if (rc != 0)
		return rc;
	while ((rc = ledger_first_values(&s, l, SQL_STAND_FIRST, NULL, 0)) == 1) {
		rc = ledger_column_text(l, station, sizeof station, s, 0);
		ledger_reset(s);
		if (rc == 0)
			rc = stand(l, by, station, NOBODY, detail);
		if (rc != 0)
			break;
	}
	return ledger_leave(l, own, rc);
}
