/* SPDX-License-Identifier: MIT */
#include "proto/cms_sealed_form.h"

#include "proto/cms_seal.h"
#include "proto/der.h"

enum { WRAPPED_KEY_LEN = 40, POINT_LEN = 65, NONCE_LEN = 12, TAG_LEN = 16 };

/* Whole elements, in the order in which they come (RFC 5083, 5084, 5652, 5753). */
static const unsigned char oid_auth_enveloped[] = {
	0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17};
static const unsigned char version_0[] = {0x02, 0x01, 0x00};
static const unsigned char version_3[] = {0x02, 0x01, 0x03};
static const unsigned char originator_algorithm[] = {
	0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
/* dhSinglePass-stdDH-sha256kdf-scheme with AES-256 key wrap. */
static const unsigned char key_algorithm[] = {0x30, 0x15, 0x06, 0x06, 0x2b, 0x81, 0x04,
	0x01, 0x0b, 0x01, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
	0x04, 0x01, 0x2d};
static const unsigned char oid_data[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01};
static const unsigned char oid_aes_256_gcm[] = {
	0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2e};
static const unsigned char tag_length[] = {0x02, 0x01, 0x10};
/* No unused bits, an uncompressed point. */
static const unsigned char point_start[] = {0x00, 0x04};

static bool
take_string(struct der *in, unsigned tag, size_t len, struct der *string)
{
	return der_take(in, tag, string) && string->left == len;
}

/* The sender's key for this row alone. */
static bool
take_originator(struct der *agreement)
{
	struct der originator, key, point;

	return der_take(agreement, DER_CONTEXT_0, &originator) &&
	       der_take(&originator, DER_CONTEXT_1, &key) && !originator.left &&
	       der_take_bytes(&key, originator_algorithm, sizeof originator_algorithm) &&
	       take_string(&key, DER_BIT_STRING, POINT_LEN + 1, &point) && !key.left &&
	       der_take_bytes(&point, point_start, sizeof point_start);
}

/* The one recipient, by key id. */
static bool
take_recipient(struct der *agreement, const unsigned char **key_id)
{
	struct der list, recipient, by_key, id, wrapped;

	if (!der_take(agreement, DER_SEQUENCE, &list) ||
		!der_take(&list, DER_SEQUENCE, &recipient) || list.left ||
		!der_take(&recipient, DER_CONTEXT_0, &by_key) ||
		!take_string(&by_key, DER_OCTETS, CMS_KEY_ID_LEN, &id) || by_key.left ||
		!take_string(&recipient, DER_OCTETS, WRAPPED_KEY_LEN, &wrapped) ||
		recipient.left)
		return false;
	*key_id = id.at;
	return true;
}

static bool
take_recipients(struct der *data, const unsigned char **key_id)
{
	struct der recipients, agreement;

	return der_take(data, DER_SET, &recipients) &&
	       der_take(&recipients, DER_CONTEXT_1, &agreement) && !recipients.left &&
	       der_take_bytes(&agreement, version_3, sizeof version_3) &&
	       take_originator(&agreement) &&
	       der_take_bytes(&agreement, key_algorithm, sizeof key_algorithm) &&
	       take_recipient(&agreement, key_id) && !agreement.left;
}

static bool
take_content(struct der *data)
{
	struct der content, algorithm, parameters, nonce, sealed;

	return der_take(data, DER_SEQUENCE, &content) &&
	       der_take_bytes(&content, oid_data, sizeof oid_data) &&
	       der_take(&content, DER_SEQUENCE, &algorithm) &&
	       der_take_bytes(&algorithm, oid_aes_256_gcm, sizeof oid_aes_256_gcm) &&
	       der_take(&algorithm, DER_SEQUENCE, &parameters) && !algorithm.left &&
	       take_string(&parameters, DER_OCTETS, NONCE_LEN, &nonce) &&
	       der_take_bytes(&parameters, tag_length, sizeof tag_length) &&
	       !parameters.left && der_take(&content, DER_CONTEXT_0_PLAIN, &sealed) &&
	       sealed.left && !content.left;
}

int
cms_sealed_form(const unsigned char **key_id, const unsigned char *der, size_t der_len)
{
	struct der file = {der, der_len}, info, outer, data, tag;

	if (!der_take(&file, DER_SEQUENCE, &info) || file.left ||
		!der_take_bytes(&info, oid_auth_enveloped, sizeof oid_auth_enveloped) ||
		!der_take(&info, DER_CONTEXT_0, &outer) || info.left ||
		!der_take(&outer, DER_SEQUENCE, &data) || outer.left)
		return KE_BAD_CMS;
	if (!der_take_bytes(&data, version_0, sizeof version_0) ||
		!take_recipients(&data, key_id) || !take_content(&data) ||
		!take_string(&data, DER_OCTETS, TAG_LEN, &tag) || data.left)
		return KE_BAD_CMS;
	return 0;
}
