/* SPDX-License-Identifier: MIT */
#include "daemon/ledger_person.h"
#include "daemon/ledger_rows.h"

#include <stdio.h>
#include <string.h>

#define EVENT_KIND "person"

static int
read_person(struct ledger_person *p, struct ledger *l, sqlite3_stmt *s)
{
	const struct {
		char *out;
		size_t size;
	} texts[] = {{p->fingerprint, sizeof p->fingerprint},
		{p->person, sizeof p->person}, {p->name, sizeof p->name},
		{p->key, sizeof p->key}};
	int rc = 0;

	for (int i = 0; rc == 0 && i < (int)(sizeof texts / sizeof texts[0]); i++)
		rc = ledger_column_text(l, texts[i].out, texts[i].size, s, i);
	p->since_ms = sqlite3_column_int64(s, 4);
	p->removed_ms = sqlite3_column_int64(s, 5);
	return rc;
}

static int
fetch_person(struct ledger_person *out, struct ledger *l, enum ledger_sql sql,
	const char *value)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, sql, V_TEXT(value));

	if (rc < 0)
		return rc;
	rc = rc == 1 ? read_person(out, l, s) : KE_NOT_FOUND;
	ledger_reset(s);
	return rc;
}

int
ledger_person_get(struct ledger_person *out, struct ledger *l, const char *person)
{
	return fetch_person(out, l, SQL_PERSON_GET, person);
}

int
ledger_person_by_key(struct ledger_person *out, struct ledger *l, const char *fingerprint)
{
	return fetch_person(out, l, SQL_PERSON_BY_KEY, fingerprint);
}

/* An event of a person's; he has a key then, or none. */
static int
put_event(struct ledger *l, const struct ledger_by *by, const char *person, bool had,
	bool has, const char *detail)
{
	struct ledger_person any;
	struct ledger_event e = {EVENT_KIND, person, has ? "enroll" : "remove", "none",
		has ? "enrolled" : "removed", detail};
	sqlite3_stmt *s;
	int rc;

	if (had) {
		e.from_state = "enrolled";
		return ledger_event_put(l, by, &e);
	}
	/* One who was removed once comes back from there. */
	rc = LEDGER_FIRST(&s, l, SQL_PERSON_ANY, V_TEXT(person));
	if (rc < 0)
		return rc;
	if (rc == 1) {
		rc = read_person(&any, l, s);
		e.from_state = "removed";
	}
	ledger_reset(s);
	return rc == 0 ? ledger_event_put(l, by, &e) : rc;
}

static int
check_person(const struct ledger_person *p)
{
	int rc = ledger_check_text(p->person, sizeof p->person - 1);

	if (rc == 0)
		rc = ledger_check_text(p->name, sizeof p->name - 1);
	if (rc == 0 && (!p->person[0] || !p->name[0] || !p->key[0] || !p->fingerprint[0]))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

static int
enroll(struct ledger *l, const struct ledger_by *by, const struct ledger_person *p)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_person known;
	int rc = ledger_person_by_key(&known, l, p->fingerprint);
	bool had;

	if (rc != KE_NOT_FOUND)
		return rc == 0 ? KE_DUPLICATE : rc;
	rc = ledger_person_get(&known, l, p->person);
	had = rc == 0;
	if (had)
		rc = LEDGER_RUN(
			l, SQL_PERSON_REMOVE, V_INT(by->now_ms), V_TEXT(p->person));
	if (rc == 0 || rc == KE_NOT_FOUND) {
		(void)snprintf(detail, sizeof detail, "name=%s fingerprint=%s key=%s",
			p->name, p->fingerprint, p->key);
		rc = put_event(l, by, p->person, had, true, detail);
	}
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_PERSON_PUT, V_TEXT(p->fingerprint),
			V_TEXT(p->person), V_TEXT(p->name), V_TEXT(p->key),
			V_INT(by->now_ms));
	return rc;
}

int
ledger_person_enroll(
	struct ledger *l, const struct ledger_by *by, const struct ledger_person *p)
{
	bool own;
	int rc = check_person(p);

	if (rc == 0)
		rc = ledger_enter(l, &own, by, NULL);
	return rc == 0 ? ledger_leave(l, own, enroll(l, by, p)) : rc;
}

int
ledger_person_remove(struct ledger *l, const struct ledger_by *by, const char *person,
	const char *reason)
{
	struct ledger_person known;
	bool own;
	int rc = ledger_enter(l, &own, by, reason);

	if (rc != 0)
		return rc;
	rc = ledger_person_get(&known, l, person);
	if (rc == 0)
		rc = put_event(l, by, person, true, false, reason);
	if (rc == 0)
		rc = LEDGER_RUN(l, SQL_PERSON_REMOVE, V_INT(by->now_ms), V_TEXT(person));
	return ledger_leave(l, own, rc);
}

int
ledger_person_count(struct ledger_persons *out, struct ledger *l)
{
	sqlite3_stmt *s;
	int rc = ledger_first_values(&s, l, SQL_PERSON_COUNT, NULL, 0);

	if (rc < 0)
		return rc;
	out->enrolled = (uint64_t)sqlite3_column_int64(s, 0);
	out->ever = (uint64_t)sqlite3_column_int64(s, 1);
	ledger_reset(s);
	return 0;
}

int
ledger_person_list(struct ledger *l, ledger_person_cb *cb, void *context)
{
	struct ledger_person p;
	sqlite3_stmt *s;
	int64_t rowid = 0;
	int rc;

	while ((rc = LEDGER_FIRST(&s, l, SQL_PERSON_NEXT, V_INT(rowid))) == 1) {
		rowid = sqlite3_column_int64(s, 6);
		rc = read_person(&p, l, s);
		ledger_reset(s);
		if (rc == 0)
			rc = cb(context, &p);
		if (rc != 0)
			break;
	}
	return rc;
}
