/* SPDX-License-Identifier: MIT */
/* Must compile: all that the other files of this folder get wrong, done right. */
#include "proto/secret_bytes.h"
#include "proto/verified.h"
#include <stdio.h>

int control(const struct secret *passphrase);

int
control(const struct secret *passphrase)
{
	static const unsigned char pubkey[VERIFIED_PUBKEY_LEN];
	const struct verified_address address = { "BTC", "1" };
	const struct verified_claim claim = {
		.serial = "A",
		.passphrase = passphrase,
		.confirmation = "",
		.pubkey = pubkey,
		.addresses = &address,
		.address_count = 1,
	};
	struct secret *line = NULL;
	struct verified *token;
	int rc = verified_new(&token, &claim);

	if (rc != 0)
		return rc;
	printf("%s\n", verified_serial(token));
	rc = verified_spend(&line, &token, "1", "0123456789abcdef", true);
	verified_free(&token);
	if (line && secret_view(line)[0] != 'l')
		rc = KE_BAD_LINE;
	secret_free(line);
	return rc;
}
