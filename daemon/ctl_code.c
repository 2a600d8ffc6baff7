/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/ctl_code.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include "daemon/ctl_file.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/pool.h"
#include "proto/secret.h"

enum { CODE_MAX = 64 };

void
ctl_code_free(struct ctl_code *work)
{
	secret_free(work->code);
	OPENSSL_cleanse(work->hash, sizeof work->hash);
	free(work);
}

static int
hash_one(void *context, size_t index)
{
	struct ctl_code *work = context;

	(void)index;
	return operator_code_hash(work->hash, work->who.kind, work->code, work->who.salt);
}

bool
ctl_code_came(struct secret **code, struct ctl_call *call)
{
	int error = ctl_file_read_secret(code, ctl_call_file(call), CODE_MAX);

	if (error == KE_TOO_LONG)
		ctl_refuse(call, error, "USAGE", "Give the command again.",
			"What was typed is longer than any badge or PIN.");
	else if (error)
		ctl_refuse(call, error, "USAGE",
			"Use keylinectl at a terminal, which asks for it.",
			"No badge or PIN came with the command, as a sealed memory file.");
	return error == 0;
}

void
ctl_code_hash(struct ctl_code **work, void (*done)(void *context, int error))
{
	struct pool_run run = {
		.work = hash_one, .all_done = done, .context = *work, .count = 1};

	if (pool_start((*work)->host->loop, &run) != 0)
		done(*work, KE_NO_MEMORY);
	*work = NULL;
}
