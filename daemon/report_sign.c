/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/report_sign.h"

#include "daemon/host.h"
#include "daemon/keystore.h"
#include "proto/cms_sign.h"

int
report_sign(unsigned char **der, size_t *der_len, struct host *host, const char *text,
	size_t len)
{
	const struct certificate *site;
	const struct private_key *key;
	int error = keystore_own(&site, &key, host->keys, CERTIFICATE_SITE, "");

	*der = NULL;
	*der_len = 0;
	return error ? error
		     : cms_sign(der, der_len, text, len, site, key, host_now_ms() / 1000);
}
