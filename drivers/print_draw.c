/* SPDX-License-Identifier: MIT */
#include "drivers/print_draw.h"
#include "drivers/label_check.h"
#include "proto/secret_bytes.h"

#include <string.h>

static struct label_content
content_of(const struct driver_load *load)
{
	if (load->kind == DRIVER_LOAD_SETUP)
		return label_content_setup(load->test);
	return (struct label_content){
		.serial = load->serial,
		.epk = load->epk,
		.address = load->address,
		.test = load->test,
	};
}

/* The digest of what was read back, not of what was asked for. */
static int
digest_of(unsigned char digest[LINE_DIGEST_LEN], const struct label_reading *reading,
	const struct driver_load *load)
{
	struct line_digest_value values[LINE_DIGEST_KEYS] = {{NULL, 0}};
	const char *kind = load->kind == DRIVER_LOAD_SETUP ? "setup" : "sticker";
	const char *test = load->test ? "1" : "0";

	values[LINE_DIGEST_KIND] = (struct line_digest_value){kind, strlen(kind)};
	values[LINE_DIGEST_NONCE] =
		(struct line_digest_value){load->nonce, strlen(load->nonce)};
	values[LINE_DIGEST_TEST] = (struct line_digest_value){test, 1};
	if (load->kind == DRIVER_LOAD_STICKER) {
		values[LINE_DIGEST_SERIAL] = (struct line_digest_value){
			reading->serial, strlen(reading->serial)};
		values[LINE_DIGEST_EPK] = (struct line_digest_value){
			secret_view(reading->epk), secret_len(reading->epk)};
		values[LINE_DIGEST_ADDRESS] = (struct line_digest_value){
			secret_view(reading->address), secret_len(reading->address)};
	}
	return line_digest_values(digest, values);
}

int
print_draw(struct label **out, unsigned char digest[LINE_DIGEST_LEN],
	const struct ipp_media *media, unsigned dpi, const struct driver_load *load)
{
	const struct label_content content = content_of(load);
	struct label_reading reading;
	struct label_form form;
	int rc = label_form_of(&form, media->width, media->height, dpi);

	*out = NULL;
	if (rc == 0)
		rc = label_new(out, &form, &content);
	if (rc == 0)
		rc = label_check(&reading, *out, &content);
	if (rc == 0) {
		rc = digest_of(digest, &reading, load);
		label_reading_free(&reading);
	}
	if (rc != 0) {
		label_free(*out);
		*out = NULL;
	}
	return rc;
}
