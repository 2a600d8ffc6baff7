/* SPDX-License-Identifier: MIT */
/* Whether signing, verifying, sealing and opening work in this process. */
#ifndef KEYLINE_PROTO_CMS_CHECK_H
#define KEYLINE_PROTO_CMS_CHECK_H

#include "proto/error.h"

/*
 * Makes keys of its own, signs and verifies a file, seals and opens a row.  With that
 * OpenSSL has done what it does once in a process: an allocation that fails in there leaves
 * the process unable to open any row for good, and here it shows at the start.  secret_heap_init()
 * comes before.  Returns 0, KE_CRYPTO (something else came back), KE_NO_MEMORY, or what the
 * failing call returned.
 */
KEYLINE_WARN_UNUSED int cms_self_check(void);

#endif
