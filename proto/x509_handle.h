/* SPDX-License-Identifier: MIT */
/* OpenSSL's objects behind keys and certificates, for the CMS files of proto/ alone. */
#ifndef KEYLINE_PROTO_X509_HANDLE_H
#define KEYLINE_PROTO_X509_HANDLE_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include "proto/certificate.h"
#include "proto/cms_seal.h"
#include "proto/private_key.h"

/* Borrowed: they live as long as what they belong to.  OpenSSL counts references on
 * them and caches in them, with its own locks, so neither can be const. */
EVP_PKEY *private_key_handle(const struct private_key *key);
X509 *certificate_handle(const struct certificate *certificate);

enum { CERTIFICATE_KEY_ID_LEN = CMS_KEY_ID_LEN };

#endif
