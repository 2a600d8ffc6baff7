/* SPDX-License-Identifier: MIT */
/*
 * Reports and certificates, signed by the host's site key in the form of the files
 * between hosts (proto/cms_sign.h), so that anybody verifies one by the site's
 * certificate: openssl cms -verify -inform DER -in FILE -CAfile SITE.crt -purpose any
 */
#ifndef KEYLINE_DAEMON_REPORT_SIGN_H
#define KEYLINE_DAEMON_REPORT_SIGN_H

#include <stddef.h>
#include "proto/error.h"

struct host;

/* *der: free() it.  KE_NO_KEY: this host has no site key yet; and those of cms_sign(). */
KEYLINE_WARN_UNUSED int report_sign(unsigned char **der, size_t *der_len,
	struct host *host, const char *text, size_t len);

#endif
