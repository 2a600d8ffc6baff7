/* SPDX-License-Identifier: MIT */
/*
 * Makes one random wallet of each kind for other BIP38 programs to open, one a
 * line: passphrase, EPK, private key in wallet import format, address; tabs between.
 * A test's tool: it prints secrets.
 */
#include "proto/bip38.h"
#include "proto/bip38_key.h"
#include "proto/bip38_mint.h"
#include "proto/bip38_owner.h"
#include "proto/rng.h"
#include "proto/secret_bytes.h"
#include "proto/wif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int
fill(void *state, unsigned char *out, size_t len)
{
	(void)state;
	return getrandom(out, len, 0) == (ssize_t)len ? 0 : KE_RANDOM;
}

static struct rng rng = {.fill = fill};

static const struct {
	const char *passphrase;
	bool ec, with_lot;
	uint32_t lot, sequence;
	bool compressed;
} kinds[] = {
	{"7K2M-Q9XA-0ZT4-LB6C-W1EH", true, true, 0, 0, true},
	{"ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ", true, false, 0, 0, true},
	/* Decomposed: e and its acute apart. */
	{"Cafe\xcc\x81", true, true, 1048575, 4095, false},
	{"Cafe\xcc\x81", false, false, 0, 0, true},
};

static void
must(int rc)
{
	if (rc != 0) {
		fprintf(stderr, "bip38_wallets: %s\n", error_text(rc));
		exit(1);
	}
}

static void
print_secret(const struct secret *s, char after)
{
	printf("%.*s%c", (int)secret_len(s), (const char *)secret_view(s), after);
}

static struct secret *
make_epk(unsigned kind, const struct secret *passphrase)
{
	char text[BIP38_INTERMEDIATE_LEN + 1];
	struct bip38_intermediate code;
	struct bip38_minted minted;
	struct secret *epk, *key;

	if (kinds[kind].ec) {
		must(bip38_intermediate_new(text, &rng, passphrase, kinds[kind].with_lot,
			kinds[kind].lot, kinds[kind].sequence));
		must(bip38_intermediate_decode(&code, text, strlen(text)));
		must(bip38_mint(&minted, &code, &rng, kinds[kind].compressed));
		return minted.epk;
	}
	key = secret_new(BIP38_KEY_LEN);
	must(key ? fill(NULL, secret_bytes(key), BIP38_KEY_LEN) : KE_NO_MEMORY);
	must(secret_set_len(key, BIP38_KEY_LEN));
	must(bip38_encrypt(&epk, key, kinds[kind].compressed, passphrase));
	secret_free(key);
	return epk;
}

static void
make_wallet(unsigned kind)
{
	size_t len = strlen(kinds[kind].passphrase);
	struct secret *passphrase = secret_new(len), *text, *wif;
	struct bip38_opened opened;
	struct bip38_epk epk;

	must(passphrase ? secret_set(passphrase, kinds[kind].passphrase, len)
			: KE_NO_MEMORY);
	text = make_epk(kind, passphrase);
	must(bip38_epk_decode_secret(&epk, text));
	must(bip38_decrypt(&opened, &epk, passphrase));
	must(wif_encode(&wif, opened.key, opened.compressed, WIF_BITCOIN));
	print_secret(passphrase, '\t');
	print_secret(text, '\t');
	print_secret(wif, '\t');
	printf("%s\n", opened.address);
	bip38_opened_wipe(&opened);
	secret_free(passphrase);
	secret_free(text);
	secret_free(wif);
}

int
main(void)
{
	must(secret_heap_init(1 << 16));
	for (unsigned kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
		make_wallet(kind);
	return 0;
}
