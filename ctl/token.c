/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/token.h"
#include "ctl/passphrase.h"
#include "proto/secret_bytes.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/ecdsa.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include "ctl/say.h"
#include "proto/hash.h"

enum {
	SLOTS_MAX = 64,
	ID_MAX = 256,
	NUMBER_LEN = 32,
	POINT_LEN = 65,
	/* A point as DER OCTET STRING, as the standard wants it. */
	WRAPPED_LEN = POINT_LEN + 2
};

struct token {
	P11KitUri *uri;
	/* Ended by NULL; of p11-kit, or one that the URI names by its path. */
	CK_FUNCTION_LIST **modules;
	CK_FUNCTION_LIST *named[2];
	CK_FUNCTION_LIST *module;
	CK_SESSION_HANDLE session;
	CK_FLAGS flags;
	bool is_logged_in;
	CK_BYTE id[ID_MAX];
	CK_ULONG id_len;
	struct public_key public;
};

/* What goes before the point of a P-256 key in a SubjectPublicKeyInfo. */
static const unsigned char before_point[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
	0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
_Static_assert(sizeof before_point + POINT_LEN == PUBLIC_KEY_DER_LEN, "a P-256 key");

bool
token_is_named(const char *key)
{
	return strncmp(key, "pkcs11:", strlen("pkcs11:")) == 0;
}

static int
wrong(int error, const char *text)
{
	say_problem("token", text);
	return error;
}

static int
read_uri(P11KitUri **out, const char *text)
{
	P11KitUri *uri = p11_kit_uri_new();

	*out = uri;
	if (!uri)
		return wrong(KE_NO_MEMORY, error_text(KE_NO_MEMORY));
	if (p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) != P11_KIT_URI_OK ||
		p11_kit_uri_any_unrecognized(uri))
		return wrong(KE_BAD_ARGUMENT, "not a PKCS#11 URI (RFC 7512)");
	if (p11_kit_uri_get_pin_value(uri) || p11_kit_uri_get_pin_source(uri))
		return wrong(KE_BAD_ARGUMENT,
			"a PIN is asked at the terminal; leave it out of the URI, and "
			"change it: others on this machine may have seen it");
	/* Which half is meant is told by what is done with it. */
	(void)p11_kit_uri_clear_attribute(uri, CKA_CLASS);
	return 0;
}

static int
load_modules(struct token *token)
{
	const char *path = p11_kit_uri_get_module_path(token->uri);

	if (!path) {
		token->modules = p11_kit_modules_load_and_initialize(0);
		return token->modules && token->modules[0]
			       ? 0
			       : wrong(KE_NOT_FOUND,
					 "no library for tokens is installed (p11-kit)");
	}
	token->named[0] = p11_kit_module_load(path, 0);
	if (!token->named[0])
		return wrong(KE_NOT_FOUND, "the module of the URI cannot be loaded");
	if (p11_kit_module_initialize(token->named[0]) != CKR_OK) {
		p11_kit_module_release(token->named[0]);
		token->named[0] = NULL;
		return wrong(KE_IO, "the module of the URI does not begin");
	}
	token->modules = token->named;
	return 0;
}

/* Whether the slot holds the URI's token. */
static bool
is_ours(CK_FLAGS *flags, CK_FUNCTION_LIST *module, CK_SLOT_ID slot, P11KitUri *uri)
{
	CK_TOKEN_INFO info;

	if (module->C_GetTokenInfo(slot, &info) != CKR_OK)
		return false;
	*flags = info.flags;
	return (info.flags & CKF_TOKEN_INITIALIZED) != 0 &&
	       p11_kit_uri_match_token_info(uri, &info) == 1;
}

/* The objects of a class that the URI names (id NULL), or that have this id; at most two.
 */
static CK_ULONG
find(CK_OBJECT_HANDLE found[2], struct token *token, CK_OBJECT_CLASS class,
	const CK_ATTRIBUTE *id)
{
	CK_ATTRIBUTE want[4] = {{CKA_CLASS, &class, sizeof class}};
	CK_ATTRIBUTE_PTR by_id = p11_kit_uri_get_attribute(token->uri, CKA_ID);
	CK_ATTRIBUTE_PTR label = p11_kit_uri_get_attribute(token->uri, CKA_LABEL);
	CK_FUNCTION_LIST *module = token->module;
	CK_ULONG count = 0, wanted = 1;

	if (id)
		want[wanted++] = *id;
	else if (by_id)
		want[wanted++] = *by_id;
	if (!id && label)
		want[wanted++] = *label;
	if (module->C_FindObjectsInit(token->session, want, wanted) != CKR_OK)
		return 0;
	if (module->C_FindObjects(token->session, found, 2, &count) != CKR_OK)
		count = 0;
	(void)module->C_FindObjectsFinal(token->session);
	return count;
}

static int
read_public(struct token *token, CK_OBJECT_HANDLE object)
{
	unsigned char point[WRAPPED_LEN + 1], der[PUBLIC_KEY_DER_LEN];
	CK_ATTRIBUTE get[] = {
		{CKA_EC_POINT, point, sizeof point}, {CKA_ID, token->id, ID_MAX}};
	CK_ULONG len;

	if (token->module->C_GetAttributeValue(token->session, object, get, 2) != CKR_OK)
		return KE_BAD_KEY;
	token->id_len = get[1].ulValueLen;
	len = get[0].ulValueLen;
	/* Some tokens give the point alone. */
	if (len != POINT_LEN &&
		(len != WRAPPED_LEN || point[0] != 0x04 || point[1] != POINT_LEN))
		return KE_BAD_KEY;
	memcpy(der, before_point, sizeof before_point);
	memcpy(der + sizeof before_point, point + len - POINT_LEN, POINT_LEN);
	return public_key_read(&token->public, der, sizeof der);
}

/* Opens the slots' tokens one by one; counts those with a key that the URI names. */
static int
look_into(struct token *token, CK_FUNCTION_LIST *module, CK_ULONG *keys)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG count = SLOTS_MAX;
	CK_OBJECT_HANDLE found[2];
	CK_FLAGS flags;
	int error = 0;

	if (module->C_GetSlotList(CK_TRUE, slots, &count) != CKR_OK)
		return 0;
	for (CK_ULONG i = 0; i < count; i++) {
		struct token here = {
			.uri = token->uri, .modules = token->modules, .module = module};
		CK_ULONG more;

		if (!is_ours(&flags, module, slots[i], token->uri) ||
			module->C_OpenSession(slots[i], CKF_SERIAL_SESSION, NULL, NULL,
				&here.session) != CKR_OK)
			continue;
		more = find(found, &here, CKO_PUBLIC_KEY, NULL);
		if (more == 1 && *keys == 0) {
			token->module = module;
			token->session = here.session;
			token->flags = flags;
			error = read_public(token, found[0]);
		} else {
			(void)module->C_CloseSession(here.session);
		}
		*keys += more;
	}
	return error;
}

static int
find_key(struct token *token)
{
	CK_ULONG keys = 0;
	int error = 0;

	for (size_t i = 0; error == 0 && token->modules[i]; i++)
		error = look_into(token, token->modules[i], &keys);
	if (error)
		return wrong(
			error, "the key is not P-256, or its public half is not there");
	if (keys == 0)
		return wrong(KE_NOT_FOUND,
			"there is none with such a public key; p11tool "
			"--list-tokens shows what is there");
	return keys == 1
		       ? 0
		       : wrong(KE_BAD_ARGUMENT,
				 "the URI fits several keys; name one by token= and id=");
}

int
token_open(struct token **out, const char *uri)
{
	struct token *token = calloc(1, sizeof *token);
	int error;

	*out = NULL;
	if (!token)
		return wrong(KE_NO_MEMORY, error_text(KE_NO_MEMORY));
	error = read_uri(&token->uri, uri);
	if (error == 0)
		error = load_modules(token);
	if (error == 0)
		error = find_key(token);
	if (error) {
		token_free(token);
		return error;
	}
	*out = token;
	return 0;
}

void
token_free(struct token *token)
{
	if (!token)
		return;
	if (token->is_logged_in)
		(void)token->module->C_Logout(token->session);
	if (token->module)
		(void)token->module->C_CloseSession(token->session);
	if (token->named[0]) {
		(void)p11_kit_module_finalize(token->named[0]);
		p11_kit_module_release(token->named[0]);
	} else if (token->modules) {
		p11_kit_modules_finalize_and_release(token->modules);
	}
	p11_kit_uri_free(token->uri);
	free(token);
}

const struct public_key *
token_public(const struct token *token)
{
	return &token->public;
}

/* A wrong PIN brings the token nearer to its lock, so it is asked for once. */
static int
log_in(struct token *token)
{
	struct secret *pin = NULL;
	CK_RV said;

	if (token->flags & CKF_PROTECTED_AUTHENTICATION_PATH) {
		say_problem("token", "give the PIN at the token");
		said = token->module->C_Login(token->session, CKU_USER, NULL, 0);
	} else {
		if (passphrase_ask(&pin, "PIN of your token: ") != 0)
			return wrong(KE_IO,
				"its PIN is asked at a terminal, and there is none");
		said = token->module->C_Login(
			token->session, CKU_USER, secret_bytes(pin), secret_len(pin));
		secret_free(pin);
	}
	token->is_logged_in = said == CKR_OK;
	if (said == CKR_OK)
		return 0;
	if (said == CKR_PIN_LOCKED)
		return wrong(KE_WRONG_PASSPHRASE, "its PIN is locked");
	if (said == CKR_PIN_INCORRECT || said == CKR_PIN_LEN_RANGE ||
		said == CKR_PIN_INVALID)
		return wrong(KE_WRONG_PASSPHRASE,
			"that is not its PIN; it is not tried again by itself, for a "
			"token locks after a few");
	return wrong(KE_IO, p11_kit_strerror(said));
}

/* Two numbers, as tokens give them, into their DER form. */
static int
as_der(unsigned char out[SIGNATURE_MAX], size_t *out_len,
	const unsigned char raw[2 * NUMBER_LEN])
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw, NUMBER_LEN, NULL);
	BIGNUM *s = BN_bin2bn(raw + NUMBER_LEN, NUMBER_LEN, NULL);
	unsigned char *end = out;
	int len = -1;

	if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL;
		if (i2d_ECDSA_SIG(sig, NULL) <= SIGNATURE_MAX)
			len = i2d_ECDSA_SIG(sig, &end);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	if (len < 0)
		return KE_CRYPTO;
	*out_len = (size_t)len;
	return 0;
}

static int
sign_digest(unsigned char raw[2 * NUMBER_LEN], struct token *token,
	unsigned char digest[HASH_SHA256_LEN])
{
	CK_ATTRIBUTE id = {CKA_ID, token->id, token->id_len};
	CK_MECHANISM how = {CKM_ECDSA, NULL, 0};
	CK_FUNCTION_LIST *module = token->module;
	CK_ULONG len = 2 * NUMBER_LEN;
	CK_OBJECT_HANDLE found[2];
	CK_RV said;

	if (find(found, token, CKO_PRIVATE_KEY, &id) != 1)
		return wrong(KE_NOT_FOUND,
			"it has no private key (or more than one) with the id of this "
			"public one");
	said = module->C_SignInit(token->session, &how, found[0]);
	if (said == CKR_OK)
		said = module->C_Sign(token->session, digest, HASH_SHA256_LEN, raw, &len);
	if (said != CKR_OK)
		return wrong(KE_CRYPTO, p11_kit_strerror(said));
	return len == 2 * NUMBER_LEN ? 0 : wrong(KE_CRYPTO, error_text(KE_CRYPTO));
}

int
token_sign(unsigned char signature[SIGNATURE_MAX], size_t *signature_len,
	struct token *token, const void *text, size_t len)
{
	unsigned char digest[HASH_SHA256_LEN], raw[2 * NUMBER_LEN];
	int error = hash_sha256(digest, text, len);

	if (error)
		return wrong(error, error_text(error));
	error = (token->flags & CKF_LOGIN_REQUIRED) ? log_in(token) : 0;
	if (error == 0)
		error = sign_digest(raw, token, digest);
	if (error)
		return error;
	error = as_der(signature, signature_len, raw);
	if (error == 0)
		error = public_key_verify(
			&token->public, signature, *signature_len, text, len);
	return error ? wrong(error, error_text(error)) : 0;
}
