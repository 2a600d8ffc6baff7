/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ledger_verbs.h"
#include "daemon/ledger_operator.h"
#include "daemon/ledger_use.h"
#include "daemon/ledger_witness.h"

static struct {
	uint64_t told; /* FNV-1a */
	unsigned changes;
} seen;

uint64_t
scene_told(void)
{
	return seen.told;
}

void
scene_tell_anew(void)
{
	seen.told = UINT64_C(14695981039346656037);
}

unsigned
scene_changes(void)
{
	return seen.changes;
}

static int
tell(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < len; i++)
		seen.told = (seen.told ^ at[i]) * UINT64_C(1099511628211);
	return 0;
}

static int
tell_text(const char *text)
{
	return tell(text, strlen(text) + 1);
}

static int
tell_number(uint64_t number)
{
	return tell(&number, sizeof number);
}

#define L scene->f.ledger
/* One verb: what it calls is its result. */
#define VERB(name, call)                     \
	static int name(struct scene *scene) \
	{                                    \
		return call;                 \
	}
/* One that reads into x of a type, and what is told of it then. */
#define READ(name, type, call, telling)        \
	static int name(struct scene *scene)   \
	{                                      \
		type x;                        \
		int rc;                        \
		memset(&x, 0, sizeof x);       \
		rc = call;                     \
		return rc == 0 ? telling : rc; \
	}
/* How one row of a list is told. */
#define ROW(name, type, telling)                      \
	static int name(void *context, const type *x) \
	{                                             \
		(void)context;                        \
		return telling;                       \
	}

/* clang-format off */
ROW(event_row, struct ledger_event_row,
	tell_text(x->actor) + tell_text(x->event.kind) + tell_text(x->event.object)
	+ tell_text(x->event.event) + tell_text(x->event.to_state)
	+ tell_text(x->event.detail) + tell_number(x->seq) + tell(x->hash, sizeof x->hash))
ROW(batch_row, struct ledger_batch,
	tell_text(x->id) + tell_text(x->product) + tell_text(x->coins)
	+ tell_text(x->use) + tell_text(x->reason) + tell_number(x->made)
	+ tell_number(x->state) + tell_number(x->held) + tell_number(x->frozen))
ROW(wallet_row, struct ledger_wallet,
	tell_text(x->serial) + tell_text(x->batch) + tell_text(x->reason)
	+ tell_number(x->row) + tell_number(x->state) + tell_number(x->held)
	+ tell_number(x->drawn) + tell_number(x->part) + tell_number(x->destroyed))
ROW(file_row, struct ledger_file,
	tell_text(x->kind) + tell_text(x->sender) + tell_text(x->recipient)
	+ tell_text(x->batch) + tell_text(x->path) + tell_number(x->sequence)
	+ tell(x->sha256, sizeof x->sha256) + tell(x->previous, sizeof x->previous))
ROW(intent_row, struct ledger_intent,
	tell_text(x->serial) + tell_text(x->station) + tell_text(x->nonce)
	+ tell_text(x->device) + tell_number(x->job) + tell_number(x->outcome)
	+ tell_number(x->boot))
ROW(request_row, struct ledger_request,
	tell_text(x->action) + tell_text(x->object) + tell_text(x->args)
	+ tell_text(x->actor) + tell_text(x->nonce) + tell_text(x->second)
	+ tell_text(x->reason) + tell_number(x->id) + tell_number(x->state))
ROW(approval_row, struct ledger_approval,
	tell_text(x->person) + tell_text(x->key) + tell_text(x->text)
	+ tell_text(x->signature) + tell_number(x->request))
ROW(person_row, struct ledger_person,
	tell_text(x->person) + tell_text(x->name) + tell_text(x->fingerprint)
	+ tell_text(x->key) + tell_number((uint64_t)x->removed_ms))
ROW(operator_row, struct ledger_operator,
	tell_text(x->name) + tell_number(x->kind) + tell(x->salt, sizeof x->salt)
	+ tell(x->hash, sizeof x->hash) + tell_number((uint64_t)x->removed_ms))
ROW(witness_row, struct ledger_witness,
	tell_text(x->host) + tell_number(x->head.seq)
	+ tell(x->head.hash, sizeof x->head.hash))
ROW(use_row, struct ledger_use_device,
	tell_text(x->device) + tell_text(x->station) + tell_number(x->first)
	+ tell_number(x->last) + tell_number(x->before) + tell_number(x->kind))
ROW(turn_row, struct ledger_turn,
	tell_number(x->sequence) + tell_number(x->follows_skipped)
	+ tell(x->previous, sizeof x->previous))
ROW(freeze_row, struct ledger_freeze,
	tell_text(x->reason) + tell_number(x->is_void))
ROW(sealed_row, struct ledger_row,
	tell_text(x->serial) + tell_text(x->kind) + tell_number(x->offset)
	+ tell_number(x->length) + tell(x->sha256, sizeof x->sha256))
/* clang-format on */

struct counts {
	uint64_t of[WALLET_STATE_COUNT];
};

static unsigned char digests[256][LEDGER_DIGEST_LEN];

static struct ledger_file
file_of(enum ledger_direction direction, unsigned char byte, unsigned char previous)
{
	struct ledger_file f = {.direction = direction,
		.kind = "codes",
		.sender = "us-gen",
		.recipient = "cn-mint",
		.batch = "B1",
		.part = byte,
		.parts = 200,
		.sequence = byte % 100,
		.path = "done/B1.codes.cms",
		.receipt = LEDGER_RECEIPT_DUE};

	memcpy(f.sha256, digests[byte], sizeof f.sha256);
	memcpy(f.previous, digests[previous], sizeof f.previous);
	return f;
}

static struct ledger_operator
operator_of(const char *name, enum operator_kind kind, unsigned char byte)
{
	struct ledger_operator o = {.kind = kind};

	(void)snprintf(o.name, sizeof o.name, "%s", name);
	memset(o.salt, byte, sizeof o.salt);
	memset(o.hash, byte, sizeof o.hash);
	return o;
}

/* A person with one of the keys that nobody has yet. */
static struct ledger_person
person_of(const struct scene *scene, int key, const char *person)
{
	struct ledger_person p = persons_row(&scene->others, key);

	(void)snprintf(p.person, sizeof p.person, "%s", person);
	return p;
}

static struct ledger_request
request_of(const struct ledger_by *by, uint64_t id, const char *args)
{
	struct ledger_request r = {.id = id,
		.action = "wallet resolve",
		.object = "BS7",
		.reason = "seen",
		.created_ms = by->now_ms,
		.expires_ms = by->now_ms + 3600000};

	(void)snprintf(r.args, sizeof r.args, "%s", args);
	(void)snprintf(r.nonce, sizeof r.nonce, "%032d", (int)id);
	return r;
}

/* clang-format off */
VERB(event_add, ledger_event_add(L, &by_alice,
	&(struct ledger_event){"key", "x", "trust", NULL, NULL, "why"}))
VERB(event_list, ledger_event_list(L, &(struct ledger_event_filter){.limit = 3},
	event_row, NULL))
VERB(event_list_kind, ledger_event_list(L,
	&(struct ledger_event_filter){.kind = "file"}, event_row, NULL))
VERB(event_list_object, ledger_event_list(L,
	&(struct ledger_event_filter){.kind = "wallet", .object = "BS5"}, event_row, NULL))
VERB(event_last, ledger_event_last(L, "wallet", "BS5", event_row, NULL))
READ(event_hash, struct ledger_head, ledger_event_hash(x.hash, L, 2),
	tell(x.hash, sizeof x.hash))

VERB(batch_insert, ledger_batch_insert(L, &by_alice,
	&(struct ledger_batch){.id = "N1", .use = "test", .made = 5, .draws = 1}))
VERB(batch_announce, ledger_batch_announce(L, &by_alice, "O1", 7))
READ(batch_get, struct ledger_batch, ledger_batch_get(&x, L, "F1"), batch_row(NULL, &x))
VERB(batch_list, ledger_batch_list(L, batch_row, NULL))
VERB(batch_set_state, ledger_batch_set_state(L, &by_alice, "O1", LEDGER_BATCH_MADE, "x"))
VERB(batch_close, ledger_batch_set_state(L, &by_alice, "O1", LEDGER_BATCH_CLOSED, NULL))
VERB(batch_make_void, ledger_batch_set_state(L, &by_alice, "O1", LEDGER_BATCH_VOID, NULL))
VERB(batch_hold, ledger_batch_hold(L, &by_alice, "B1", "look"))
VERB(batch_unhold, ledger_batch_unhold(L, &by_alice, "H1", "looked"))
READ(freeze_get, struct ledger_freeze, ledger_freeze_get(&x, L, "F1"),
	freeze_row(NULL, &x))
VERB(batch_freeze, ledger_batch_freeze(L, &by_alice, "B1", "stop"))
VERB(batch_unfreeze, ledger_batch_unfreeze(L, &by_alice, "F1", "go"))
VERB(batch_void, ledger_batch_void(L, &by_alice, "F1", "lost"))
READ(batch_counts, struct counts, ledger_batch_counts(x.of, L, "B1"), tell(&x, sizeof x))
READ(batch_parts_to_come, uint64_t, ledger_batch_parts_to_come(&x, L, "B1"), tell_number(x))
READ(batch_lost_parts, bool, ledger_batch_lost_parts(&x, L, "B1"), tell_number(x))
VERB(batch_run_when_complete, ledger_batch_run_when_complete(L, &by_alice, "P1"))
VERB(batch_make_when_minted, ledger_batch_make_when_minted(L, &by_alice, "P1"))
VERB(batch_pass_over, ledger_batch_pass_over(L, &by_alice, "B1",
	&(struct ledger_passed){2, "shipment", "cn-print", 3, "BS1", "BS2"}))
READ(batch_passed_over, uint64_t, ledger_batch_passed_over(&x, L, "B1"), tell_number(x))
READ(batch_counts_all, struct counts, ledger_batch_counts(x.of, L, NULL),
	tell(&x, sizeof x))
READ(batch_balance, struct wallet_balance, ledger_batch_balance(&x, L, "B1"),
	tell_number(x.closed) + tell_number(x.open) + tell_number(x.parts_left))
READ(batch_parts, struct ledger_parts, ledger_batch_parts(&x, L, "B1"),
	tell_number(x.bad) + tell_number(x.destroyed) + tell_number(x.held))
READ(batch_release, struct wallet_balance,
	ledger_batch_release(&x, L, &by_alice, "R1", "sold"), tell_number(x.closed))

VERB(wallet_insert, ledger_wallet_insert(L, &by_alice, "BS77", "B1", 77, "new"))
VERB(wallet_confirm, ledger_wallet_step(L, &by_alice, "BS1", WALLET_CONFIRM, NULL))
VERB(wallet_claim, ledger_wallet_step(L, &by_alice, "BS2", WALLET_CLAIM, "read"))
VERB(wallet_reject, ledger_wallet_step(L, &by_alice, "BS1", WALLET_REJECT, "wrong"))
READ(wallet_get, struct ledger_wallet, ledger_wallet_get(&x, L, "BS9"),
	wallet_row(NULL, &x))
VERB(wallet_list, ledger_wallet_list(L, NULL, WALLET_NONE, wallet_row, NULL))
VERB(wallet_list_batch, ledger_wallet_list(L, "R1", WALLET_NONE, wallet_row, NULL))
VERB(wallet_list_state, ledger_wallet_list(L, NULL, WALLET_SEALED, wallet_row, NULL))
VERB(wallet_list_both, ledger_wallet_list(L, "B1", WALLET_SEALED, wallet_row, NULL))
VERB(wallet_hold, ledger_wallet_hold(L, &by_alice, "BS1", "look"))
VERB(wallet_unhold, ledger_wallet_unhold(L, &by_alice, "BS8", "looked"))
VERB(wallet_draw, ledger_wallet_draw(L, &by_alice, "BS5", "salt"))
VERB(wallet_destroyed, ledger_wallet_destroyed(L, &by_alice, "BS9", "both"))
READ(wallet_drawn, struct ledger_drawn, ledger_wallet_drawn(&x, L, "R1"),
	tell_number(x.drawn) + tell_number(x.good) + tell_number(x.bad))

READ(file_get, struct ledger_file, ledger_file_get(&x, L, digests[1]), file_row(NULL, &x))
READ(file_next, struct ledger_turn,
	ledger_file_next(&x, L, LEDGER_IN, "us-gen", "cn-mint", "codes"), turn_row(NULL, &x))
READ(file_insert, struct ledger_file, (x = file_of(LEDGER_IN, 4, 9),
	ledger_file_insert(L, &by_alice, &x)), 0)
READ(file_insert_refused, struct ledger_file, (x = file_of(LEDGER_IN, 2, 1),
	ledger_file_insert(L, &by_alice, &x)), 0)
READ(file_insert_out, struct ledger_file, (x = file_of(LEDGER_OUT, 102, 101),
	ledger_file_insert(L, &by_alice, &x)), 0)
READ(file_refuse, struct ledger_file, (x = file_of(LEDGER_IN, 4, 9),
	ledger_file_refuse(L, &by_alice, &x)), 0)
READ(file_was_refused, struct ledger_turn, ledger_file_was_refused(&x, L, digests[2],
	"us-gen", "cn-mint", "codes"), turn_row(NULL, &x))
VERB(file_skip, ledger_file_skip(L, &by_alice,
	&(struct ledger_skip){"us-gen", "cn-mint", "codes", 4, "lost", "B1", 2}))
VERB(file_skip_unnumbered, ledger_file_skip(L, &by_alice,
	&(struct ledger_skip){"us-gen", "cn-mint", "codes", 0, "lost", "B1", 2}))
READ(file_was_skipped, int64_t,
	ledger_file_was_skipped(&x, L, "us-gen", "cn-mint", "codes", 3),
	tell_number((uint64_t)x))
VERB(file_set_path, ledger_file_set_path(L, &by_alice, digests[1], "gone/x"))
VERB(file_set_receipt, ledger_file_set_receipt(L, &by_alice, digests[1],
	LEDGER_RECEIPT_DONE))
VERB(file_list, ledger_file_list(L, NULL, file_row, NULL))
VERB(file_list_batch, ledger_file_list(L, "B1", file_row, NULL))
READ(row_insert, struct ledger_row, (strcpy(x.serial, "BS1"), strcpy(x.kind, "codes"),
	memcpy(x.file, digests[1], sizeof x.file), ledger_row_insert(L, &x)), 0)
READ(row_get, struct ledger_row, ledger_row_get(&x, L, "BS2", "codes"),
	sealed_row(NULL, &x))
VERB(take, ledger_take(L, &by_alice, "code", digests[8]))
VERB(taken, ledger_taken(L, "code", digests[8]))
READ(allocate, uint64_t, ledger_allocate(&x, L, &by_alice, &(struct ledger_range){
	"serial", "BS#", LEDGER_NEXT, 5, 100, "B1"}), tell_number(x))
READ(allocate_next, uint64_t, ledger_allocate_next(&x, L, "serial", "BS#"),
	tell_number(x))
READ(range_of, struct ledger_head, ledger_range_of(&x.seq, &(uint64_t){0}, L, "serial",
	"B1"), tell_number(x.seq))

READ(job_new, uint32_t, ledger_job_new(&x, L), tell_number(x))
VERB(intent_open, ledger_intent_open(L, &by_alice, &(struct ledger_intent){.job = 90,
	.kind = LEDGER_PLATE, .serial = "BS3", .station = "st1", .device = "LASER-1"}))
VERB(intent_open_setup, ledger_intent_open(L, &by_alice, &(struct ledger_intent){
	.job = 90, .kind = LEDGER_SETUP, .station = "st1"}))
VERB(intent_close, ledger_intent_close(L, &by_alice, scene->job, LEDGER_OUTCOME_DOUBT, 8,
	"silent"))
READ(intent_get, struct ledger_intent, ledger_intent_get(&x, L, 1), intent_row(NULL, &x))
READ(intent_last, struct ledger_intent, ledger_intent_last(&x, L, "LASER-1"),
	intent_row(NULL, &x))
VERB(intent_list_open, ledger_intent_list_open(L, intent_row, NULL))
READ(intent_counts, struct ledger_use,
	ledger_intent_counts(x.wallets, L, LEDGER_PLATE, "st1"),
	tell(x.wallets, sizeof x.wallets))

READ(request_next, uint64_t, ledger_request_next(&x, L), tell_number(x))
VERB(request_add, ledger_request_add(L, &by_bob, &scene->fresh, &scene->fresh_signed))
READ(request_find, struct ledger_request, ledger_request_find(&x, L, by_bob.now_ms,
	"wallet resolve", "BS7", "good"), request_row(NULL, &x))
READ(request_get, struct ledger_request, ledger_request_get(&x, L, 2),
	request_row(NULL, &x))
READ(request_serials, char *, ledger_request_serials(&x, L, 2),
	(tell_text(x), free(x), 0))
VERB(request_consume, ledger_request_consume(L, &by_bob, &scene->second))
VERB(request_withdraw, ledger_request_withdraw(L, &by_alice, 1, "no"))
VERB(request_list, ledger_request_list(L, by_bob.now_ms, request_row, NULL))
VERB(approval_list, ledger_approval_list(L, 0, approval_row, NULL))

VERB(person_enroll, ledger_person_enroll(L, &by_alice, &scene->newcomers[0]))
VERB(person_another_key, ledger_person_enroll(L, &by_alice, &scene->newcomers[1]))
VERB(person_again, ledger_person_enroll(L, &by_alice, &scene->newcomers[2]))
VERB(person_remove, ledger_person_remove(L, &by_alice, "uid1001", "left"))
READ(person_get, struct ledger_person, ledger_person_get(&x, L, "uid1000"),
	person_row(NULL, &x))
READ(person_count, struct ledger_persons, ledger_person_count(&x, L),
	tell_number(x.enrolled) + tell_number(x.ever))
VERB(person_list, ledger_person_list(L, person_row, NULL))

READ(operator_enroll, struct ledger_operator, (x = operator_of("erin", OPERATOR_BADGE, 7),
	ledger_operator_enroll(L, &by_alice, &x)), 0)
READ(operator_enroll_pin, struct ledger_operator, (x = operator_of("carol", OPERATOR_PIN, 7),
	ledger_operator_enroll(L, &by_alice, &x)), 0)
READ(operator_again, struct ledger_operator, (x = operator_of("dave", OPERATOR_BADGE, 7),
	ledger_operator_enroll(L, &by_alice, &x)), 0)
VERB(operator_remove, ledger_operator_remove(L, &by_alice, "carol", "left"))
READ(operator_get, struct ledger_operator,
	ledger_operator_get(&x, L, "carol", OPERATOR_BADGE), operator_row(NULL, &x))
VERB(operator_list, ledger_operator_list(L, operator_row, NULL))
VERB(operator_sign_on, ledger_operator_stand(L, &by_alice, "st2", "carol", "badge"))
VERB(operator_handover, ledger_operator_stand(L, &by_alice, "st1", "frank", "badge"))
VERB(operator_sign_off, ledger_operator_stand(L, &by_alice, "st1", NULL, "end"))
VERB(operator_leave_all, ledger_operator_leave_all(L, &by_alice, "stop"))

VERB(use_devices, ledger_use_devices(L, "B1", use_row, NULL))
READ(use_count, struct ledger_use, ledger_use_count(&x, L, "B1",
	&(struct ledger_use_device){.device = "LASER-1", .station = "st1", .last = 99}),
	tell(&x.wallets, sizeof x.wallets) + tell_number(x.first) + tell_number(x.counter))
READ(use_station, struct ledger_use, ledger_use_station(x.wallets, L, "st1", 0, 99),
	tell(&x.wallets, sizeof x.wallets))
READ(use_last_job, uint32_t, ledger_use_last_job(&x, L), tell_number(x))

VERB(witness_add, ledger_witness_add(L, &by_alice, "cn-1", &(struct ledger_head){.seq = 9}))
VERB(witness_check, ledger_witness_check(L, "cn-1", &(struct ledger_head){.seq = 5}))
READ(witness_last, struct ledger_head, ledger_witness_last(&x, L, "cn-1"),
	tell_number(x.seq) + tell(x.hash, sizeof x.hash))
VERB(witness_list, ledger_witness_list(L, witness_row, NULL))
READ(head_compare, enum ledger_head_match, ledger_head_compare(&x, L,
	&(struct ledger_head){.seq = 5}), tell_number(x))
READ(verify, struct ledger_verdict, ledger_verify(&x, L), tell_number(x.events))

static int
verify_head(struct scene *scene)
{
	struct ledger_verdict v = {.events = 0};
	struct ledger_head head = {.seq = 2};
	int rc = ledger_event_hash(head.hash, L, head.seq);

	return rc == 0 ? ledger_verify_head(&v, L, &head, "cn-1") : rc;
}

#define V(name) {#name, name}
const struct scene_verb scene_verbs[] = {
	V(event_add), V(event_list), V(event_list_kind), V(event_list_object), V(event_last),
	V(event_hash), V(batch_insert), V(batch_announce), V(batch_get), V(batch_list),
	V(batch_set_state), V(batch_close), V(batch_make_void), V(batch_hold),
	V(batch_unhold), V(freeze_get), V(batch_freeze), V(batch_unfreeze), V(batch_void),
	V(batch_counts), V(batch_parts_to_come), V(batch_lost_parts),
	V(batch_run_when_complete), V(batch_make_when_minted), V(batch_pass_over), V(batch_passed_over), V(batch_counts_all), V(batch_balance),
	V(batch_parts), V(batch_release),
	V(wallet_insert), V(wallet_confirm), V(wallet_claim), V(wallet_reject),
	V(wallet_get), V(wallet_list), V(wallet_list_batch), V(wallet_list_state),
	V(wallet_list_both), V(wallet_hold), V(wallet_unhold), V(wallet_draw),
	V(wallet_destroyed), V(wallet_drawn), V(file_get), V(file_next), V(file_insert),
	V(file_insert_refused), V(file_insert_out), V(file_refuse), V(file_was_refused),
	V(file_skip), V(file_skip_unnumbered), V(file_was_skipped), V(file_set_path), V(file_set_receipt),
	V(file_list), V(file_list_batch), V(row_insert), V(row_get), V(take), V(taken),
	V(allocate), V(allocate_next), V(range_of), V(job_new), V(intent_open),
	V(intent_open_setup), V(intent_close), V(intent_get), V(intent_last),
	V(intent_list_open), V(intent_counts), V(request_next), V(request_add),
	V(request_find), V(request_get), V(request_serials), V(request_consume),
	V(request_withdraw), V(request_list), V(approval_list), V(person_enroll),
	V(person_another_key), V(person_again), V(person_remove), V(person_get),
	V(person_count), V(person_list), V(operator_enroll), V(operator_enroll_pin),
	V(operator_again), V(operator_remove), V(operator_get), V(operator_list),
	V(operator_sign_on), V(operator_handover), V(operator_sign_off),
	V(operator_leave_all), V(use_devices), V(use_count), V(use_station),
	V(use_last_job), V(witness_add), V(witness_check), V(witness_last),
	V(witness_list), V(head_compare), V(verify_head),
	V(verify),
};
/* clang-format on */

const size_t scene_verb_count = sizeof scene_verbs / sizeof scene_verbs[0];

static void
changed(void *context, bool is_batch, const char *object, const char *state)
{
	(void)context;
	(void)is_batch;
	(void)object;
	(void)state;
	seen.changes++;
}

static int
step(struct scene *scene, const char *serial, enum wallet_event event)
{
	return ledger_wallet_step(L, &by_alice, serial, event, NULL);
}

static void
arrive(struct scene *scene, const char *serial)
{
	OK(step(scene, serial, WALLET_CONFIRM));
	OK(step(scene, serial, WALLET_ARRIVE));
}

/* BS1 expected, BS2 arrived, BS3 claimed, BS4 at the etcher, BS5 and BS6 sealed,
 * BS7 in doubt, BS8 held, BS9 spoiled. */
static void
fill_b1(struct scene *scene)
{
	struct ledger_intent open;

	fixture_batch(&scene->f, "B1", 9, 0);
	OK(ledger_batch_set_state(L, &by_alice, "B1", LEDGER_BATCH_RUNNING, NULL));
	for (int i = 2; i <= 9; i++) {
		char serial[LEDGER_SERIAL_SIZE];

		(void)snprintf(serial, sizeof serial, "BS%d", i);
		if (i == 5 || i == 6)
			fixture_seal(&scene->f, serial);
		else if (i != 8)
			arrive(scene, serial);
		if (i == 3 || i == 4 || i == 7)
			OK(step(scene, serial, WALLET_CLAIM));
	}
	OK(fixture_job(&scene->f, LEDGER_SETUP, "", LEDGER_OUTCOME_DONE));
	OK(fixture_job(&scene->f, LEDGER_PLATE, "BS7", LEDGER_OUTCOME_DOUBT));
	OK(fixture_job(&scene->f, LEDGER_PLATE, "BS4", LEDGER_OUTCOME_OPEN));
	OK(ledger_intent_last(&open, L, "LASER-1"));
	scene->job = open.job;
	OK(ledger_wallet_hold(L, &by_alice, "BS8", "look"));
	OK(step(scene, "BS9", WALLET_SPOIL));
}

/* R1 may be released, O1 is just taken in, H1 held and F1 frozen. */
static void
fill_batches(struct scene *scene)
{
	fixture_batch(&scene->f, "R1", 3, 1);
	OK(ledger_batch_set_state(L, &by_alice, "R1", LEDGER_BATCH_RUNNING, NULL));
	fixture_seal(&scene->f, "RS1");
	fixture_seal(&scene->f, "RS2");
	OK(ledger_wallet_draw(L, &by_alice, "RS2", "salt"));
	OK(step(scene, "RS2", WALLET_OPEN_GOOD));
	OK(ledger_wallet_destroyed(L, &by_alice, "RS2", "both"));
	OK(step(scene, "RS3", WALLET_LOSE));
	fixture_batch(&scene->f, "O1", 2, 0);
	fixture_batch(&scene->f, "H1", 1, 0);
	OK(ledger_batch_hold(L, &by_alice, "H1", "look"));
	fixture_batch(&scene->f, "F1", 2, 0);
	OK(step(scene, "FS1", WALLET_WITHDRAW));
	OK(ledger_batch_freeze(L, &by_alice, "F1", "stop"));
}

/* P1 has come as a whole, and nothing of it is waited for. */
static void
fill_p1(struct scene *scene)
{
	static const char *const kinds[] = {"codes", "passphrases"};

	fixture_batch(&scene->f, "P1", 1, 0);
	OK(step(scene, "PS1", WALLET_LOSE));
	for (unsigned char i = 0; i < 2; i++) {
		struct ledger_file f = file_of(LEDGER_IN, 201 + i, 0);

		(void)snprintf(f.sender, sizeof f.sender, "us-%d", 8 + i);
		(void)strcpy(f.batch, "P1");
		(void)snprintf(f.kind, sizeof f.kind, "%s", kinds[i]);
		f.part = f.parts = 1;
		f.sequence = 1;
		OK(ledger_file_insert(L, &by_alice, &f));
	}
}

/* One came, one was refused, one does not come; one went; a row of the first. */
static void
fill_files(struct scene *scene)
{
	struct ledger_file f = file_of(LEDGER_IN, 1, 0);
	struct ledger_row row = {.serial = "BS2", .kind = "codes", .length = 3};

	OK(ledger_file_insert(L, &by_alice, &f));
	memcpy(row.file, f.sha256, sizeof row.file);
	OK(ledger_row_insert(L, &row));
	f = file_of(LEDGER_IN, 2, 1);
	OK(ledger_file_refuse(L, &by_alice, &f));
	OK(ledger_file_skip(L, &by_alice,
		&(struct ledger_skip){"us-gen", "cn-mint", "codes", 3, "lost", NULL, 0}));
	f = file_of(LEDGER_OUT, 101, 0);
	OK(ledger_file_insert(L, &by_alice, &f));
	OK(ledger_take(L, &by_alice, "code", digests[7]));
	OK(ledger_allocate(&(uint64_t){0}, L, &by_alice,
		&(struct ledger_range){"serial", "BS#", 10, 5, 100, "B1"}));
	OK(ledger_witness_add(L, &by_alice, "cn-1", &(struct ledger_head){.seq = 5}));
}

static void
ask(struct scene *scene, uint64_t id, const char *args, const char *serials)
{
	struct ledger_request r = request_of(&by_alice, id, args);
	struct ledger_approval a = persons_sign(&scene->persons, 0, &r);

	r.serials = serials;
	OK(ledger_request_add(L, &by_alice, &r, &a));
	if (id == 1)
		scene->second = persons_sign(&scene->persons, 1, &r);
}

/* Alice asked for two things; carol stands at st1; uid1003 and dave have left. */
static void
fill_people(struct scene *scene)
{
	static const char *const names[] = {"uid7", "uid1001", "uid1003"};
	struct ledger_person gone = person_of(scene, 1, "uid1003");
	struct ledger_operator carol = operator_of("carol", OPERATOR_BADGE, 1);
	struct ledger_operator dave = operator_of("dave", OPERATOR_BADGE, 2);
	struct ledger_operator frank = operator_of("frank", OPERATOR_BADGE, 9);

	persons_enroll(&scene->persons, L);
	OK(ledger_person_enroll(L, &by_alice, &gone));
	OK(ledger_person_remove(L, &by_alice, "uid1003", "left"));
	ask(scene, 1, "good", NULL);
	ask(scene, 2, "spoiled", "BS7 BS8");
	scene->fresh = request_of(&by_bob, 3, "good");
	scene->fresh_signed = persons_sign(&scene->persons, 1, &scene->fresh);
	scene->fresh.serials = "BS7 BS8";
	for (int i = 0; i < 3; i++)
		scene->newcomers[i] = person_of(scene, 0, names[i]);
	OK(ledger_operator_enroll(L, &by_alice, &carol));
	OK(ledger_operator_enroll(L, &by_alice, &dave));
	OK(ledger_operator_enroll(L, &by_alice, &frank));
	OK(ledger_operator_remove(L, &by_alice, "dave", "left"));
	OK(ledger_operator_stand(L, &by_alice, "st1", "carol", "badge"));
}

void
scene_open(struct scene *scene)
{
	for (int i = 1; i < 256; i++)
		memset(digests[i], i, sizeof digests[i]);
	memset(scene, 0, sizeof *scene);
	persons_make(&scene->persons);
	persons_make(&scene->others);
	fixture_open(&scene->f, MODE_USA);
	OK(ledger_begin(L));
	fill_b1(scene);
	fill_batches(scene);
	fill_files(scene);
	fill_p1(scene);
	fill_people(scene);
	OK(ledger_commit(L));
	fixture_verify(&scene->f);
	ledger_on_change(L, changed, NULL);
	seen.changes = 0;
}

void
scene_close(struct scene *scene)
{
	fixture_verify(&scene->f);
	fixture_close(&scene->f);
	persons_free(&scene->persons);
	persons_free(&scene->others);
}
