/* SPDX-License-Identifier: MIT */
/* A private key under a passphrase: PKCS#8 as OpenSSL's own tools write and open it. */
#include "config.h"
#include "proto/private_key_inner.h"

#include <string.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

/* 16 MiB and, on a plain machine, a quarter of a second for each guess. */
enum { SCRYPT_N = 16384, SCRYPT_R = 8, SCRYPT_P = 5 };

/* The plain form as OpenSSL's object; freeing that wipes the scalar. */
static int
info_of(PKCS8_PRIV_KEY_INFO **out, const struct private_key *key)
{
	struct secret *der = secret_new(PRIVATE_KEY_DER_LEN);
	int rc = der ? private_key_der(der, key) : KE_NO_MEMORY;

	if (rc == 0) {
		const unsigned char *at = secret_view(der);

		*out = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, PRIVATE_KEY_DER_LEN);
		rc = *out ? 0 : KE_CRYPTO;
	}
	secret_free(der);
	return rc;
}

static int
encrypt(X509_SIG **out, PKCS8_PRIV_KEY_INFO *info, const struct secret *passphrase)
{
	X509_ALGOR *scheme = PKCS5_pbe2_set_scrypt(
		EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);

	if (!scheme)
		return KE_CRYPTO;
	*out = PKCS8_set0_pbe((const char *)secret_view(passphrase),
		(int)secret_len(passphrase), info, scheme);
	if (*out)
		return 0;
	X509_ALGOR_free(scheme);
	return KE_CRYPTO;
}

static int
write_pem(char pem[PRIVATE_KEY_SEALED_MAX], const X509_SIG *sealed)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int len = -1;

	if (!bio)
		return KE_NO_MEMORY;
	if (PEM_write_bio_PKCS8(bio, sealed) == 1)
		len = BIO_read(bio, pem, PRIVATE_KEY_SEALED_MAX - 1);
	if (len > 0)
		pem[len] = '\0';
	len = len > 0 && BIO_ctrl_pending(bio) == 0 ? 0 : KE_CRYPTO;
	BIO_free(bio);
	return len;
}

int
private_key_seal(char pem[PRIVATE_KEY_SEALED_MAX], const struct private_key *key,
	const struct secret *passphrase)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	X509_SIG *sealed = NULL;
	int rc = info_of(&info, key);

	if (rc == 0)
		rc = encrypt(&sealed, info, passphrase);
	if (rc == 0)
		rc = write_pem(pem, sealed);
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(info);
	scrub_stack();
	ERR_clear_error();
	return rc;
}

static int
read_info(struct private_key **out, const PKCS8_PRIV_KEY_INFO *info)
{
	struct secret *der = secret_new(PRIVATE_KEY_DER_LEN);
	unsigned char *end;
	int rc = der ? KE_BAD_KEY : KE_NO_MEMORY;

	if (rc == KE_BAD_KEY &&
		i2d_PKCS8_PRIV_KEY_INFO(info, NULL) == PRIVATE_KEY_DER_LEN) {
		end = secret_bytes(der);
		if (i2d_PKCS8_PRIV_KEY_INFO(info, &end) == PRIVATE_KEY_DER_LEN)
			rc = secret_set_len(der, PRIVATE_KEY_DER_LEN);
		if (rc == 0)
			rc = private_key_from_der(out, der);
	}
	secret_free(der);
	return rc;
}

/* OpenSSL would ask at the terminal for the password of a block of another kind. */
static int
no_password(char *out, int size, int is_writing, void *state)
{
	(void)out, (void)size, (void)is_writing, (void)state;
	return -1;
}

int
private_key_unseal(struct private_key **out, const char *pem, size_t len,
	const struct secret *passphrase)
{
	BIO *bio = len < PRIVATE_KEY_SEALED_MAX ? BIO_new_mem_buf(pem, (int)len) : NULL;
	X509_SIG *sealed = bio ? PEM_read_bio_PKCS8(bio, NULL, no_password, NULL) : NULL;
	PKCS8_PRIV_KEY_INFO *info = NULL;
	int rc = sealed ? 0 : KE_BAD_KEY;

	*out = NULL;
	if (rc == 0) {
		info = PKCS8_decrypt(sealed, (const char *)secret_view(passphrase),
			(int)secret_len(passphrase));
		rc = info ? read_info(out, info) : KE_WRONG_PASSPHRASE;
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	X509_SIG_free(sealed);
	BIO_free(bio);
	scrub_stack();
	ERR_clear_error();
	return rc;
}
