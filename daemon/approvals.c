/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/approvals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "daemon/host.h"
#include "daemon/random.h"

enum {
	LIFE_MS = APPROVAL_LIFE * 1000,
	/* A clock that is put right by so much ends no request. */
	SLACK_MS = 5 * 60 * 1000,
	DRAFTS_OF_ONE = 4
};

/* When a request is over by the clock that nobody sets. */
struct deadline {
	uint64_t id;
	int64_t boot_ms;
};

struct draft {
	struct draft *next;
	struct ledger_request request;
	char *serials;
	int64_t boot_ms;
};

struct approvals {
	struct ledger *ledger;
	const char *host;
	enum keyline_use use;
	/* Youngest first. */
	struct draft *drafts;
	struct deadline *deadlines;
	size_t deadline_count;
};

struct approvals_now
approvals_clock(void)
{
	struct timespec boot;

	(void)clock_gettime(CLOCK_BOOTTIME, &boot);
	return (struct approvals_now){
		host_now_ms(), (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000};
}

struct approvals *
approvals_new(struct ledger *ledger, const char *host, enum keyline_use use)
{
	struct approvals *a = calloc(1, sizeof *a);

	if (a)
		*a = (struct approvals){.ledger = ledger, .host = host, .use = use};
	return a;
}

static void
drop(struct draft **at)
{
	struct draft *gone = *at;

	*at = gone->next;
	free(gone->serials);
	free(gone);
}

void
approvals_free(struct approvals *a)
{
	if (!a)
		return;
	while (a->drafts)
		drop(&a->drafts);
	free(a->deadlines);
	free(a);
}

/* Of actor's drafts all but the youngest few go. */
static void
drop_oldest(struct approvals *a, const char *actor)
{
	struct draft **at = &a->drafts;
	int kept = 0;

	while (*at)
		if (strcmp((*at)->request.actor, actor) == 0 && ++kept > DRAFTS_OF_ONE)
			drop(at);
		else
			at = &(*at)->next;
}

static int
make_nonce(char out[APPROVAL_NONCE_SIZE])
{
	unsigned char bytes[APPROVAL_NONCE_LEN];
	struct rng *rng = random_source();
	int error = rng->fill(rng->state, bytes, sizeof bytes);

	for (size_t i = 0; error == 0 && i < sizeof bytes; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return error;
}

/* A number that neither a request has nor another draft. */
static int
next_number(uint64_t *id, const struct approvals *a)
{
	int error = ledger_request_next(id, a->ledger);

	for (const struct draft *d = a->drafts; error == 0 && d; d = d->next)
		if (d->request.id >= *id)
			*id = d->request.id + 1;
	return error;
}

int
approvals_draft(struct approvals *a, struct ledger_request *request, const char *actor,
	struct approvals_now now)
{
	struct draft *draft = calloc(1, sizeof *draft);
	int error = draft ? next_number(&request->id, a) : KE_NO_MEMORY;

	if (error == 0)
		error = make_nonce(request->nonce);
	if (error == 0 && request->serials) {
		draft->serials = strdup(request->serials);
		error = draft->serials ? 0 : KE_NO_MEMORY;
	}
	if (error) {
		free(draft);
		return error;
	}
	(void)snprintf(request->actor, sizeof request->actor, "%s", actor);
	/* The texts have seconds. */
	request->created_ms = now.wall_ms - now.wall_ms % 1000;
	request->expires_ms = request->created_ms + LIFE_MS;
	draft->next = a->drafts;
	draft->request = *request;
	draft->request.serials = draft->serials;
	draft->boot_ms = now.boot_ms + LIFE_MS;
	a->drafts = draft;
	drop_oldest(a, actor);
	return 0;
}

static struct draft **
find_draft(struct approvals *a, uint64_t id)
{
	struct draft **at = &a->drafts;

	while (*at && (*at)->request.id != id)
		at = &(*at)->next;
	return at;
}

int
approvals_draft_get(struct ledger_request *out, struct approvals *a, uint64_t id,
	const char *actor, struct approvals_now now)
{
	struct draft **at = find_draft(a, id);

	if (!*at || strcmp((*at)->request.actor, actor) != 0)
		return KE_NOT_FOUND;
	if ((*at)->boot_ms <= now.boot_ms || (*at)->request.expires_ms <= now.wall_ms) {
		drop(at);
		return KE_EXPIRED;
	}
	*out = (*at)->request;
	return 0;
}

static int
set_deadline(struct approvals *a, uint64_t id, int64_t boot_ms)
{
	struct deadline *grown =
		realloc(a->deadlines, (a->deadline_count + 1) * sizeof *grown);

	if (!grown)
		return KE_NO_MEMORY;
	a->deadlines = grown;
	grown[a->deadline_count++] = (struct deadline){id, boot_ms};
	return 0;
}

int
approvals_record(struct approvals *a, const struct ledger_by *by,
	const struct ledger_request *request, const struct ledger_approval *first,
	struct approvals_now now)
{
	struct draft **at = find_draft(a, request->id);
	int64_t boot_ms = *at ? (*at)->boot_ms : now.boot_ms;
	int error = set_deadline(a, request->id, boot_ms);

	if (error == 0)
		error = ledger_request_add(a->ledger, by, request, first);
	if (error == 0 && *at)
		drop(at);
	return error;
}

/*
 * When the request is over by the machine's own clock.  A request of an earlier run of
 * the daemon gets what is left of it by the wall's clock, and none when that was put back
 * behind the request's making.
 */
static int
deadline_of(int64_t *boot_ms, struct approvals *a, const struct ledger_request *request,
	struct approvals_now now)
{
	int64_t left = request->expires_ms - now.wall_ms;

	for (size_t i = 0; i < a->deadline_count; i++)
		if (a->deadlines[i].id == request->id) {
			*boot_ms = a->deadlines[i].boot_ms;
			return 0;
		}
	if (left > LIFE_MS + SLACK_MS)
		left = 0;
	if (left > LIFE_MS)
		left = LIFE_MS;
	*boot_ms = now.boot_ms + left;
	return set_deadline(a, request->id, *boot_ms);
}

static void
forget_deadline(struct approvals *a, uint64_t id)
{
	for (size_t i = 0; i < a->deadline_count; i++)
		if (a->deadlines[i].id == id)
			a->deadlines[i] = a->deadlines[--a->deadline_count];
}

int
approvals_in_time(struct approvals *a, const struct ledger_request *request,
	struct approvals_now now)
{
	struct ledger_by by = {now.wall_ms, "daemon"};
	int64_t boot_ms;
	int error = deadline_of(&boot_ms, a, request, now);

	if (error || (now.boot_ms < boot_ms && now.wall_ms < request->expires_ms))
		return error;
	error = ledger_request_withdraw(a->ledger, &by, request->id, "expired");
	if (error)
		return error;
	forget_deadline(a, request->id);
	return KE_EXPIRED;
}

struct sweep {
	struct approvals *approvals;
	struct approvals_now now;
};

static int
expire_one(void *context, const struct ledger_request *request)
{
	const struct sweep *sweep = context;
	int error = approvals_in_time(sweep->approvals, request, sweep->now);

	return error == KE_EXPIRED ? 0 : error;
}

int
approvals_expire(struct approvals *a, struct approvals_now now)
{
	struct sweep sweep = {a, now};

	/* From the beginning of time: also those that the wall's clock has ended. */
	return ledger_request_list(a->ledger, 0, expire_one, &sweep);
}

int
approvals_text(char out[APPROVAL_TEXT_MAX + 1], const struct approvals *a,
	const struct ledger_request *request, const struct ledger_person *person)
{
	const struct approval says = {.host = a->host,
		.use = a->use,
		.request = request->id,
		.action = request->action,
		.object = request->object,
		.args = request->args,
		.reason = request->reason,
		.nonce = request->nonce,
		.created = request->created_ms / 1000,
		.expires = request->expires_ms / 1000,
		.person = person->person,
		.name = person->name,
		.key = person->fingerprint};

	return approval_text(out, &says);
}

/* A signature that is not the person's: whose is it? */
struct search {
	const struct ledger_approval *approval;
	char *other;
};

static int
is_of(void *context, const struct ledger_person *person)
{
	const struct search *search = context;
	const char *text = search->approval->text;
	struct public_key key;
	int error = public_key_parse(&key, person->key);

	if (error == 0)
		error = public_key_verify_text(
			&key, search->approval->signature, text, strlen(text));
	if (error)
		return error == KE_BAD_SIGNATURE ? 0 : error;
	(void)snprintf(search->other, LEDGER_ACTOR_SIZE, "%s", person->person);
	return KE_UNTRUSTED_SIGNER;
}

int
approvals_verify(struct ledger_approval *out, const struct approvals *a,
	const struct ledger_request *request, const struct ledger_person *person,
	const char *signature, char other[LEDGER_ACTOR_SIZE])
{
	struct search search = {out, other};
	struct public_key key;
	int error;

	other[0] = '\0';
	*out = (struct ledger_approval){.request = request->id};
	if (strlen(signature) >= sizeof out->signature)
		return KE_BAD_SIGNATURE;
	(void)snprintf(out->signature, sizeof out->signature, "%s", signature);
	(void)snprintf(out->person, sizeof out->person, "%s", person->person);
	(void)snprintf(out->key, sizeof out->key, "%s", person->fingerprint);
	error = approvals_text(out->text, a, request, person);
	if (error == 0)
		error = public_key_parse(&key, person->key);
	if (error == 0)
		error = public_key_verify_text(
			&key, signature, out->text, strlen(out->text));
	if (error != KE_BAD_SIGNATURE)
		return error;
	error = ledger_person_list(a->ledger, is_of, &search);
	return error ? error : KE_BAD_SIGNATURE;
}
