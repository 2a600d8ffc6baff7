/* SPDX-License-Identifier: MIT */
/*
 * What our own code says of a ledger, in the words of tests/ledger_verify.py:
 *
 *	ledger_check STATE MARK HOST usa|china [SEQ:HASH ...]
 *
 * `good SEQ HASH', `bad SEQ REASON', or `refused NAME' when it is not even opened.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ledger.h"

/* "SEQ:HASH" of a caller that knows how it is written. */
static void
read_head(struct ledger_head *out, const char *text)
{
	const char *hex = strchr(text, ':');

	out->seq = strtoull(text, NULL, 10);
	if (!hex || strlen(hex + 1) != 2 * LEDGER_HASH_LEN) {
		fputs("a head is SEQ:HASH\n", stderr);
		exit(2);
	}
	for (size_t i = 0; i < LEDGER_HASH_LEN; i++) {
		char pair[3] = {hex[1 + 2 * i], hex[2 + 2 * i], '\0'};

		out->hash[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
}

static int
check(struct ledger *ledger, char **heads, int count)
{
	char hash[2 * LEDGER_HASH_LEN + 1];
	struct ledger_verdict verdict;
	struct ledger_head head;
	int rc = ledger_verify(&verdict, ledger);

	for (int i = 0; i < count && (rc == 0 || rc == KE_CHAIN_BROKEN); i++) {
		int differs;

		read_head(&head, heads[i]);
		differs = ledger_verify_head(&verdict, ledger, &head, "other");
		rc = differs ? differs : rc;
	}
	ledger_head(ledger, &head.seq, head.hash);
	ledger_hex(hash, head.hash);
	if (rc == 0)
		printf("good %" PRIu64 " %s\n", head.seq, hash);
	else if (rc == KE_CHAIN_BROKEN)
		printf("bad %" PRIu64 " %s\n", verdict.bad_seq, verdict.reason);
	else
		printf("refused %s\n", error_name(rc));
	return rc != 0;
}

int
main(int argc, char **argv)
{
	struct ledger_by by = {0, "test"};
	struct ledger_place place;
	struct ledger *ledger;
	int rc;

	if (argc < 5)
		return 2;
	place = (struct ledger_place){argv[1], argv[2], argv[3],
		strcmp(argv[4], "usa") == 0 ? MODE_USA : MODE_CHINA, "test", NULL};
	rc = ledger_open(&ledger, &place, &by);
	if (rc != 0) {
		printf("refused %s\n", error_name(rc));
		return 1;
	}
	rc = check(ledger, argv + 5, argc - 5);
	ledger_close(ledger);
	return rc;
}
