/* SPDX-License-Identifier: MIT */
/* The ways a command runs.  Each returns the exit code of keylinectl. */
#ifndef KEYLINE_CTL_RUN_H
#define KEYLINE_CTL_RUN_H

#include <jansson.h>

struct invocation;

/* One request to the daemon, its answer shown. */
int run_request(const struct invocation *call);

/* The same with args (borrowed) in place of those that the call stands for. */
int run_args(const struct invocation *call, const json_t *args);

/* The same for one wallet, for those of a list, or for a batch's. */
int run_wallets(const struct invocation *call);

/* The same, with exit code 6 when --check is given and the line is not OK. */
int run_status(const struct invocation *call);

/* Status again and again. */
int run_watch(const struct invocation *call);

/* Has a file checked, whose bytes go along. */
int run_check(const struct invocation *call);

/* Copies files into the spool's incoming folder. */
int run_import(const struct invocation *call);

/* Copies a batch's files out of the spool's outgoing folder. */
int run_export(const struct invocation *call);

/* Trusts a site certificate once its fingerprint was read out. */
int run_trust(const struct invocation *call);

/* Makes a key for the person who calls. */
int run_person_new(const struct invocation *call);

/* Enrols a person with the public key of a file. */
int run_person_enroll(const struct invocation *call);

/* Makes a code for a badge and writes it to stdout. */
int run_operator_badge(const struct invocation *call);

/* Enrols an operator's badge or PIN, which is asked for twice. */
int run_operator_enroll(const struct invocation *call);

/* Signs an operator on at a station by what he types. */
int run_sign_on(const struct invocation *call);

/* Shows the text of a request, signs it and so approves it. */
int run_approve(const struct invocation *call);

/* Writes what was signed for a request into files. */
int run_request_export(const struct invocation *call);

/* Shows a certificate of destruction, prints it as pages, or writes what was signed. */
int run_certificate(const struct invocation *call);
/* Prints a report as a page, CSV or JSON, and writes it signed. */
int run_report(const struct invocation *call);

/* Becomes journalctl, or reads it and prints its lines as JSON. */
int run_log(const struct invocation *call);

#endif
