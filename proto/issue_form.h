/* SPDX-License-Identifier: MIT */
/* What may stand in a field that was refused: keyline-batch(5) in short. */
#ifndef KEYLINE_PROTO_ISSUE_FORM_H
#define KEYLINE_PROTO_ISSUE_FORM_H

#include "proto/issue.h"

/*
 * The form that is allowed where the issue is, as the end of "allowed: ..."; NULL when
 * the issue is not one of form (a file taken before, for another host, ...), or of the
 * line or file as a whole.  kind is that of the file, "order" or another; may be NULL.
 */
const char *issue_form(const struct issue *issue, const char *kind);

#endif
