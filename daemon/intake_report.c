/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/intake_report.h"

#include <stdio.h>
#include <string.h>
#include "daemon/intake_file.h"
#include "daemon/settings.h"
#include "proto/utc.h"

static const char *
name_products(struct intake_file *file)
{
	const struct settings *settings = file->host->settings;
	size_t len, size = sizeof file->action;

	len = (size_t)snprintf(file->action, size, "Name a product of this host:");
	for (size_t i = 0; i < settings->product_count && len < size; i++)
		len += (size_t)snprintf(file->action + len, size - len, "%s %s",
			i ? "," : "", settings->products[i].name);
	return file->action;
}

const char *
intake_report_action(struct intake_file *file, int error)
{
	static const struct {
		int error;
		const char *action;
	} actions[] = {
		{ KE_NO_KEY, "Make or bring the key (keylinectl key new, key list), then drop "
			     "the file again." },
		{ KE_UNTRUSTED_SIGNER, "Ask its sender for the fingerprint, trust the site's "
				       "certificate (keylinectl key trust), then drop this "
				       "file again: nothing is known to be wrong with it." },
		{ KE_OWN_CERTIFICATE, "Nothing is to be done here: take it to the hosts that "
				      "send to this one." },
		{ KE_UNKNOWN_COLUMN, "The columns are batch, product, count, first_serial, lot, "
				     "sequence, draws, spares: see keyline-batch(5)." },
		{ KE_MISSING_COLUMN, "The first row names the columns, product and count among "
				     "them: see keyline-batch(5)." },
		{ KE_NO_ROWS, "Below the column names write one row for each batch, then drop "
			      "the file again: see keyline-batch(5)." },
		{ KE_CONTROL_CHARACTER, "Take the characters that the list names out (a field "
					"has none, and a line one row), then drop the file "
					"again." },
		{ KE_WRONG_RECIPIENT, "Bring the file to the host that it is for." },
		{ KE_WRONG_KIND, "Bring the file to a host whose stages take it. What ends "
				 "neither in .csv, .cms nor .crt is no file of this line." },
		{ KE_WRONG_USE, "Test and production do not mix: find out where it came "
				"from." },
		{ KE_BAD_SIGNATURE, "The file was altered: have it sent again, and find out "
				    "where." },
		{ KE_HIGH_S, "On its way somebody made another file of the same content, or its "
			     "author does not follow keyline-batch(5): have the file itself "
			     "sent again, by another way, and find out where." },
		{ KE_OUT_OF_SEQUENCE, "Bring the file before it first; its sender can give it "
				      "out again, byte by byte. Only when it is lost for good "
				      "two persons skip its number:  keylinectl batch skip" },
		{ KE_BAD_CMS, INTAKE_COPY_AGAIN },
		{ KE_SECURE_DISK, "Stickers are taken from the secure disk alone: remove "
				  "this copy and mount the disk." },
		{ KE_NOT_FOUND, "It tells of what this host does not have: bring it to the host "
				"whose it is; when this is the one, a file was altered on its "
				"way: find out where." },
		{ KE_DUPLICATE, "It names something that was taken before: ask its sender "
				"which file is right." },
	};

	if (error == KE_UNKNOWN_PRODUCT)
		return name_products(file);
	if (file->action[0])
		return file->action;
	if (error == KE_DUPLICATE && strcmp(file->kind, "order") == 0)
		return "An order before it has this batch, or these serials or lots: give it "
		       "others, then drop it again.";
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (actions[i].error == error)
			return actions[i].action;
	return "Mend what the list names, then drop the file again.";
}

struct report
intake_report_of(struct intake_file *file, const char *outcome, int error, char *time)
{
	if (utc_format(time, host_now_ms() / 1000) != 0)
		time[0] = '\0';
	return (struct report){ .file = file->name,
		.outcome = outcome,
		.kind = file->kind[0] ? file->kind : NULL,
		.batch = file->batch[0] ? file->batch : NULL,
		.time = time,
		.code = error,
		.action = error ? intake_report_action(file, error) : NULL,
		.issues = &file->issues };
}
