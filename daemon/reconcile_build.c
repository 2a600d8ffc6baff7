/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/reconcile_build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/ctl_common.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/reconcile_inner.h"

/* The right side of the equation, in the order of DESIGN section 8. */
static const struct {
	enum wallet_state state;
	const char *name;
	/* Bits 1u << enum mode. */
	unsigned modes;
} terms[] = {
	{WALLET_RELEASED, "released", 1u << MODE_USA},
	{WALLET_OPENED_GOOD, "opened, good", 1u << MODE_USA},
	{WALLET_OPENED_BAD, "opened, bad", 1u << MODE_USA},
	{WALLET_SHIPPED, "shipped", 1u << MODE_CHINA},
	{WALLET_OPENED_GOOD, "shipped, then opened, good", 1u << MODE_CHINA},
	{WALLET_OPENED_BAD, "shipped, then opened, bad", 1u << MODE_CHINA},
	{WALLET_REJECTED, "rejected", 1u << MODE_USA | 1u << MODE_CHINA},
	{WALLET_SPOILED, "spoiled", 1u << MODE_USA | 1u << MODE_CHINA},
	{WALLET_MISSING, "missing", 1u << MODE_USA | 1u << MODE_CHINA},
	{WALLET_VOID, "void", 1u << MODE_USA | 1u << MODE_CHINA},
};

static void
add_equation(struct reconciling *r)
{
	enum mode mode = r->host->settings->mode;
	char section[RECONCILE_SECTION_SIZE];

	(void)snprintf(section, sizeof section, "Equation: %s",
		mode == MODE_USA ? "expected = released + opened + rejected + spoiled + "
				   "missing + void"
				 : "received = shipped + rejected + spoiled + missing + "
				   "void");
	reconcile_count(r->report, section, mode == MODE_USA ? "expected" : "received",
		r->balance.announced);
	for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
		if (terms[i].modes & 1u << mode)
			reconcile_count(r->report, section, terms[i].name,
				r->counts[terms[i].state]);
	reconcile_count(r->report, section, "sum of the right side", r->balance.closed);
}

static void
add_open(struct reconciling *r)
{
	static const char section[] = "Still open: must all be none";

	reconcile_count(r->report, section, "in doubt", r->balance.in_doubt);
	for (int s = WALLET_NONE + 1; s < WALLET_STATE_COUNT; s++)
		if (r->counts[s] && s != WALLET_IN_DOUBT &&
			!wallet_state_is_closed(
				r->host->settings->mode, (enum wallet_state)s))
			reconcile_count(r->report, section,
				wallet_state_name((enum wallet_state)s), r->counts[s]);
	reconcile_count(r->report, section, "all that are open", r->balance.open);
}

static void
add_parts(struct reconciling *r)
{
	static const char section[] = "Bad parts";

	reconcile_count(r->report, section, "that exist, or existed", r->parts.bad);
	reconcile_count(r->report, section, "destroyed by two", r->parts.destroyed);
	reconcile_count(r->report, section, "still to be destroyed",
		r->parts.bad - r->parts.destroyed);
}

/* Files of one kind and direction, of so many parts. */
struct file_count {
	char kind[LEDGER_NAME_SIZE];
	enum ledger_direction direction;
	uint32_t parts;
	uint64_t count;
};

struct file_counts {
	struct file_count rows[16];
	size_t count;
};

static int
count_file(void *context, const struct ledger_file *file)
{
	struct file_counts *all = context;
	struct file_count *row = all->rows;

	/* A receipt, or an order, has no part. */
	if (file->parts == 0)
		return 0;
	while (row < all->rows + all->count &&
		(row->direction != file->direction || strcmp(row->kind, file->kind) != 0))
		row++;
	if (row == all->rows + sizeof all->rows / sizeof all->rows[0])
		return KE_EXHAUSTED;
	if (row == all->rows + all->count) {
		all->count++;
		*row = (struct file_count){
			.direction = file->direction, .parts = file->parts};
		(void)snprintf(row->kind, sizeof row->kind, "%s", file->kind);
	}
	row->count++;
	return 0;
}

static int
add_files(struct reconciling *r)
{
	struct file_counts all = {.count = 0};
	char name[RECONCILE_NAME_SIZE];
	uint64_t passed = 0;
	int error = ledger_file_list(r->host->ledger, r->batch->id, count_file, &all);

	for (size_t i = 0; i < all.count; i++) {
		(void)snprintf(name, sizeof name, "%s, %s", all.rows[i].kind,
			all.rows[i].direction == LEDGER_IN ? "taken in" : "made");
		reconcile_note(
			reconcile_count(r->report, "Files", name, all.rows[i].count),
			"Of %" PRIu32 " part%s.", all.rows[i].parts,
			all.rows[i].parts == 1 ? "" : "s, to each recipient");
	}
	if (error == 0)
		error = ledger_batch_passed_over(&passed, r->host->ledger, r->batch->id);
	if (passed)
		reconcile_note(
			reconcile_count(r->report, "Files", "rows passed over", passed),
			"Others' files tell of wallets whose part was given up here.");
	return error;
}

static void
add_refusal(struct reconciling *r, const struct closing *act)
{
	reconcile_obstacle(r->report, act->refusal->status, act->refusal->action);
	memset(act->refusal, 0, sizeof *act->refusal);
}

/* Each reason for which the equation does not close, in the words of a refused release.
 */
static void
add_imbalances(struct reconciling *r, const struct closing *act)
{
	const struct wallet_balance *b = &r->balance;
	uint64_t known = b->closed + b->open;
	uint64_t work = b->open - b->in_doubt - r->counts[WALLET_SEALED];
	const bool applies[WALLET_CLOSING_COUNT] = {
		[WALLET_LEFT_OVER] =
			known<b->announced, [WALLET_TOO_MANY] = known> b->announced,
		[WALLET_DOUBT_LEFT] = b->in_doubt > 0,
		[WALLET_WORK_LEFT] = work > 0,
		[WALLET_PARTS_LEFT] = b->parts_left > 0,
	};

	for (int i = 0; i < WALLET_CLOSING_COUNT; i++) {
		struct wallet_balance one = *b;

		if (!applies[i])
			continue;
		one.closing = (enum wallet_closing)i;
		if (i == WALLET_WORK_LEFT)
			one.open = work;
		(void)closing_refuse_balance(act, &one);
		add_refusal(r, act);
	}
}

static void
add_holds(struct reconciling *r, const struct closing *act)
{
	if (r->batch->held) {
		(void)closing_refuse_held(act, r->batch);
		add_refusal(r, act);
	}
	if (r->parts.held > 0) {
		(void)closing_refuse(act, KE_HELD,
			"See which, and unhold them when the cause is past:  keylinectl "
			"wallet list BATCH",
			"%" PRIu64 " wallets of %s are held.", r->parts.held,
			r->batch->id);
		add_refusal(r, act);
	}
}

/* usa: what stands before the release beside the equation. */
static int
add_release(struct reconciling *r, const struct closing *act)
{
	struct ledger_drawn drawn;
	int error = ledger_wallet_drawn(&drawn, r->host->ledger, r->batch->id);

	/* That wallets are not finished is told already. */
	if (error || r->batch->state >= LEDGER_BATCH_RELEASED ||
		(drawn.drawn >= r->batch->draws && !reconcile_may_tell_drawn(r)))
		return error;
	error = closing_check_draws(act, r->batch, &r->balance);
	if (error == 0 && r->counts[WALLET_SEALED] > 0)
		error = closing_refuse(act, KE_BAD_STATE,
			"When nothing else is listed here, two persons release them:  "
			"keylinectl batch release BATCH",
			"%" PRIu64 " wallets of %s are sealed and not released.",
			r->counts[WALLET_SEALED], r->batch->id);
	if (error != KE_BAD_STATE)
		return error;
	add_refusal(r, act);
	return 0;
}

/* china: the list of the shipment. */
static void
add_shipment(struct reconciling *r, const struct closing *act)
{
	if (r->batch->state >= LEDGER_BATCH_SHIPPED || r->balance.open > 0 ||
		r->balance.closed != r->balance.announced)
		return;
	(void)closing_refuse(act, KE_BAD_STATE, "Close it:  keylinectl batch ship BATCH",
		"The shipment list of %s is not made.", r->batch->id);
	add_refusal(r, act);
}

static int
add_obstacles(struct reconciling *r)
{
	const struct settings *settings = r->host->settings;
	struct closing_refusal refusal = {.status = ""};
	struct closing act = {.host = r->host,
		.batch = r->batch->id,
		.refusal = &refusal,
		.dry_run = true};
	int error;

	if (!(settings->stages & (SETTINGS_ETCH | SETTINGS_PRINT))) {
		r->report->closes = false;
		reconcile_obstacle(r->report,
			"No part is made on this host, and its wallets stay as they were "
			"published.",
			settings->mode == MODE_USA
				? "Reconcile the batch on the host that etches."
				: "Reconcile the batch on the host that prints.");
		return 0;
	}
	add_imbalances(r, &act);
	add_holds(r, &act);
	error = closing_check_parts(&act);
	if (error == KE_BAD_STATE)
		add_refusal(r, &act);
	else if (error)
		return error;
	if (settings->stages & SETTINGS_ETCH)
		return add_release(r, &act);
	if (error == 0)
		add_shipment(r, &act);
	return 0;
}

static int
add_all(struct reconciling *r)
{
	unsigned stages = r->host->settings->stages;
	int error;

	add_equation(r);
	add_open(r);
	add_parts(r);
	error = add_files(r);
	if (error == 0 && stages & (SETTINGS_ETCH | SETTINGS_PRINT))
		error = reconcile_devices(r);
	if (error == 0)
		error = reconcile_supplies(r);
	if (error == 0 && stages & SETTINGS_ETCH)
		error = reconcile_draw(r);
	if (error == 0)
		error = add_obstacles(r);
	return error ? error : r->report->error;
}

/* Whose it is, and the event up to which all is counted. */
static void
begin(struct reconcile *report, struct reconcile_batch *kept, const struct host *host)
{
	const struct settings *settings = host->settings;
	unsigned char hash[LEDGER_HASH_LEN];

	ctl_time(kept->time, host_now_ms());
	report->host = settings->host;
	report->mode = mode_name(settings->mode);
	report->use = settings->production ? "production" : "test";
	report->batch = kept->batch.id;
	report->product = kept->batch.product;
	report->coins = kept->batch.coins;
	report->state = ledger_batch_state_name(kept->batch.state);
	report->time = kept->time;
	report->tool = "keylined " PACKAGE_VERSION;
	ledger_head(host->ledger, &report->seq, hash);
	ledger_hex(report->hash, hash);
}

int
reconcile_build(struct reconcile *out, struct reconcile_batch *kept, struct host *host,
	const char *batch)
{
	struct reconciling r = {.report = out, .host = host, .batch = &kept->batch};
	int error;

	memset(out, 0, sizeof *out);
	error = ledger_batch_get(&kept->batch, host->ledger, batch);
	if (error == 0)
		error = ledger_batch_counts(r.counts, host->ledger, batch);
	if (error == 0)
		error = ledger_batch_balance(&r.balance, host->ledger, batch);
	if (error == 0)
		error = ledger_batch_parts(&r.parts, host->ledger, batch);
	if (error)
		return error;
	begin(out, kept, host);
	out->closes = r.balance.closing == WALLET_CLOSES;
	return add_all(&r);
}
