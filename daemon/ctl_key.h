/* SPDX-License-Identifier: MIT */
/* What the files of the commands about keys share. */
#ifndef KEYLINE_DAEMON_CTL_KEY_H
#define KEYLINE_DAEMON_CTL_KEY_H

#include "daemon/ctl_common.h"
#include "proto/certificate.h"

struct host;

/* Answers a certificate; context is the call (keystore_cb). */
void ctl_key_answer(void *context, const struct certificate *certificate, bool is_own);

/* Answers a key that was made, or another host's site that is trusted now, with what a
 * person does next. */
void ctl_key_answer_done(struct ctl_call *call, const struct host *host,
	const struct certificate *certificate, bool is_made);

/* Handler: two persons trust another host's site. */
void ctl_key_trust(struct ctl_call *call, void *context);

#endif
