/* SPDX-License-Identifier: MIT */
#include "ctl/import_next.h"
#include "ctl/style.h"

#include <stdio.h>
#include <string.h>

/* The first that the name has counts: what a receipt is for stands before it. */
static const struct {
	const char *part;
	const char *text;
} kinds[] = {
	{".receipt.cms",
		"A receipt: then  keylinectl batch show BATCH  has `done' for its file."},
	{".codes.cms",
		"Codes: on the host that mints, the stage mint then makes the wallets; "
		"the confirmations go to outgoing, the stickers to the secure disk."},
	{".passphrases.cms",
		"Passphrases: on the host that etches the wallets are then expected, and "
		"wait for their confirmations."},
	{".confirmations.cms",
		"Confirmations: on the host that etches every wallet is then checked; "
		"those that are right are confirmed."},
	{".stickers.cms",
		"Stickers: they are taken from the secure disk alone, and refused here."},
	{".shipment.cms",
		"A shipment: on the host that etches its wallets may then be scanned as "
		"they arrive; what was lost is out of play."},
	{".results.",
		"Results: on the host that prints the drawn wallets are then told as opened."},
	{".notice.", "A notice: then the batch is frozen here, or as it says."},
	{".site.crt", "A site certificate is not imported, but trusted:  "
		      "keylinectl key trust FILE"},
	{".crt", "A certificate: then  keylinectl key list  has it, and what waited for "
		 "it goes on."},
	{".csv", "An order: on the host that generates its codes and passphrases are then "
		 "made, and go to outgoing:  keylinectl batch list"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

void
import_next_add(struct import_next *next, const char *name)
{
	next->any = true;
	for (unsigned i = 0; i < KINDS; i++) {
		if (strstr(name, kinds[i].part)) {
			next->kinds |= 1u << i;
			return;
		}
	}
}

void
import_next_tell(const struct import_next *next, const char *incoming)
{
	struct style style = style_of(stderr);
	const char *slash = strrchr(incoming, '/');
	char spool[4096];

	if (!next->any)
		return;
	fflush(stdout);
	(void)snprintf(spool, sizeof spool, "%.*s", slash ? (int)(slash - incoming) : 0,
		incoming);
	for (unsigned i = 0; i < KINDS; i++)
		if (next->kinds & 1u << i)
			fprintf(stderr, "%s\n", kinds[i].text);
	fputs("What became of it is told in a moment, in NAME.result.txt in done, failed "
	      "or duplicate of ",
		stderr);
	style_print(&style, TONE_PLAIN, spool);
	fputs(".\n", stderr);
}
