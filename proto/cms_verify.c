/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/cms_sign.h"

#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include "proto/certificate_inner.h"
#include "proto/der.h"
#include "proto/low_s.h"

/* 1.2.840.113549.1.7.2 and .1, as whole elements. */
static const unsigned char oid_signed_data[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
static const unsigned char oid_data[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};

/* Version 1, and the one digest: SHA-256 without parameters. */
static const unsigned char version_1[] = {0x02, 0x01, 0x01};
static const unsigned char digest_sha256[] = {0x31, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x60,
	0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};

/*
 * Finds the content in the file.  The shape is pinned element by element as far as
 * there is only one; what is inside certificates and signer is compared after
 * OpenSSL has parsed it.
 */
static int
find_content(
	struct der *content, struct der *signer_id, const unsigned char *der, size_t len)
{
	struct der file = {der, len}, info, outer, data, encapsulated, explicit_content;
	struct der certificates, signers, signer;

	if (!der_take(&file, DER_SEQUENCE, &info) || file.left ||
		!der_take_bytes(&info, oid_signed_data, sizeof oid_signed_data) ||
		!der_take(&info, DER_CONTEXT_0, &outer) || info.left ||
		!der_take(&outer, DER_SEQUENCE, &data) || outer.left)
		return KE_BAD_CMS;
	if (!der_take_bytes(&data, version_1, sizeof version_1) ||
		!der_take_bytes(&data, digest_sha256, sizeof digest_sha256) ||
		!der_take(&data, DER_SEQUENCE, &encapsulated) ||
		!der_take_bytes(&encapsulated, oid_data, sizeof oid_data) ||
		!der_take(&encapsulated, DER_CONTEXT_0, &explicit_content) ||
		encapsulated.left || !der_take(&explicit_content, DER_OCTETS, content) ||
		explicit_content.left)
		return KE_BAD_CMS;
	if (!der_take(&data, DER_CONTEXT_0, &certificates) ||
		!der_take(&data, DER_SET, &signers) || data.left ||
		!der_take(&signers, DER_SEQUENCE, &signer) || signers.left ||
		!der_take_bytes(&signer, version_1, sizeof version_1) ||
		!der_take(&signer, DER_SEQUENCE, signer_id))
		return KE_BAD_CMS;
	return content->left > CMS_CONTENT_MAX ? KE_TOO_LONG : 0;
}

/* Parses, and refuses whatever DER would write in another way. */
static int
parse(CMS_ContentInfo **out, const unsigned char *der, size_t len)
{
	const unsigned char *end = der;
	unsigned char *again = NULL;
	int again_len;

	*out = d2i_CMS_ContentInfo(NULL, &end, (long)len);
	if (!*out || end != der + len)
		return KE_BAD_CMS;
	again_len = i2d_CMS_ContentInfo(*out, &again);
	if (again_len < 0)
		return KE_NO_MEMORY;
	if ((size_t)again_len != len || memcmp(again, der, len) != 0) {
		OPENSSL_free(again);
		return KE_BAD_CMS;
	}
	OPENSSL_free(again);
	return 0;
}

/* The one certificate enclosed, of our form. */
static int
enclosed(struct certificate **out, CMS_ContentInfo *cms)
{
	STACK_OF(X509) *list = CMS_get1_certs(cms);
	int rc = KE_BAD_CMS;

	*out = NULL;
	if (list && sk_X509_num(list) == 1) {
		X509 *x509 = sk_X509_value(list, 0);

		X509_up_ref(x509);
		rc = certificate_wrap(out, x509);
		rc = rc == KE_BAD_KEY ? KE_BAD_CMS : rc;
	}
	sk_X509_pop_free(list, X509_free);
	return rc;
}

static bool
algorithm_is(const X509_ALGOR *algorithm, int nid)
{
	const ASN1_OBJECT *object;
	int type;

	X509_ALGOR_get0(&object, &type, NULL, algorithm);
	return OBJ_obj2nid(object) == nid && type == V_ASN1_UNDEF;
}

/*
 * Whether the signer is named by the certificate's issuer and serial number, byte by
 * byte: OpenSSL compares names without regard to case.
 */
static bool
id_is(struct der id, const struct certificate *certificate)
{
	X509 *x509 = certificate_handle(certificate);
	unsigned char *number = NULL;
	const unsigned char *name;
	size_t name_len;
	int len = i2d_ASN1_INTEGER(X509_get0_serialNumber(x509), &number);
	bool same =
		len > 0 &&
		X509_NAME_get0_der(X509_get_issuer_name(x509), &name, &name_len) == 1 &&
		der_take_bytes(&id, name, name_len) &&
		der_take_bytes(&id, number, (size_t)len) && id.left == 0;

	OPENSSL_free(number);
	return same;
}

/* One signer, with our algorithms and attributes. */
static int
check_signer(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *list = CMS_get0_SignerInfos(cms);
	X509_ALGOR *digest, *signature;
	CMS_SignerInfo *signer;

	if (!list || sk_CMS_SignerInfo_num(list) != 1)
		return KE_BAD_CMS;
	signer = sk_CMS_SignerInfo_value(list, 0);
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
	if (!algorithm_is(digest, NID_sha256) ||
		!algorithm_is(signature, NID_ecdsa_with_SHA256))
		return KE_BAD_CMS;
	/* contentType, signingTime, messageDigest; nothing outside the signature. */
	if (CMS_signed_get_attr_count(signer) != 3 ||
		CMS_signed_get_attr_by_NID(signer, NID_pkcs9_contentType, -1) < 0 ||
		CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1) < 0 ||
		CMS_signed_get_attr_by_NID(signer, NID_pkcs9_messageDigest, -1) < 0 ||
		CMS_unsigned_get_attr_count(signer) > 0)
		return KE_BAD_CMS;
	return 0;
}

static int
check_low_s(CMS_ContentInfo *cms)
{
	CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	const ASN1_OCTET_STRING *signature = CMS_SignerInfo_get0_signature(signer);

	return low_s_check(
		ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature));
}

static int
check_signature(CMS_ContentInfo *cms, const struct certificate *certificate)
{
	STACK_OF(X509) * one;
	int rc = check_low_s(cms);

	if (rc != 0)
		return rc;
	one = sk_X509_new_null();
	rc = KE_NO_MEMORY;
	/* Chains and purposes are not asked for: the key itself is pinned. */
	if (one && sk_X509_push(one, certificate_handle(certificate)) > 0)
		rc = CMS_verify(cms, one, NULL, NULL, NULL,
			     CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY) == 1
			     ? 0
			     : KE_BAD_SIGNATURE;
	sk_X509_free(one);
	return rc;
}

static const struct certificate *
find_trusted(const struct certificate *claimed, const struct certificate *const *trusted,
	size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (certificate_subject(trusted[i])->kind == CERTIFICATE_SITE &&
			certificate_equal(trusted[i], claimed))
			return trusted[i];
	return NULL;
}

/* All that can be said without trusting anybody. */
static int
read_form(CMS_ContentInfo **cms, struct certificate **claimed, struct der *content,
	const unsigned char *der, size_t len)
{
	struct der signer_id;
	int rc;

	*cms = NULL;
	*claimed = NULL;
	if (len > CMS_FILE_MAX)
		return KE_TOO_LONG;
	rc = find_content(content, &signer_id, der, len);
	if (rc == 0)
		rc = parse(cms, der, len);
	if (rc == 0)
		rc = enclosed(claimed, *cms);
	if (rc == 0 && !id_is(signer_id, *claimed))
		rc = KE_BAD_CMS;
	return rc == 0 ? check_signer(*cms) : rc;
}

int
cms_verify(struct cms_signed *out, const unsigned char *der, size_t der_len,
	const struct certificate *const *trusted, size_t count)
{
	struct certificate *claimed;
	const struct certificate *signer = NULL;
	CMS_ContentInfo *cms;
	struct der content;
	int rc = read_form(&cms, &claimed, &content, der, der_len);

	memset(out, 0, sizeof *out);
	if (rc == 0) {
		signer = find_trusted(claimed, trusted, count);
		rc = signer ? check_signature(cms, signer) : KE_UNTRUSTED_SIGNER;
	}
	if (rc == 0) {
		out->content = (const char *)content.at;
		out->len = content.left;
		out->signer = signer;
	}
	certificate_free(claimed);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return rc;
}

int
cms_claimed_signer(struct certificate **out, const unsigned char *der, size_t der_len)
{
	CMS_ContentInfo *cms;
	struct der content;
	int rc = read_form(&cms, out, &content, der, der_len);

	if (rc != 0) {
		certificate_free(*out);
		*out = NULL;
	}
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return rc;
}
