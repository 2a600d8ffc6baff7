/* SPDX-License-Identifier: MIT */
/*
 * Remembers heavy scrypts.  One vector needs the same one up to four times, and
 * many vectors share passphrase and salt.  A test that lists scrypt_memo.c and links with
 * -Wl,--wrap=scrypt_derive gets it; each is still computed once by the real one.
 * In a light run (harness.h) a cheap one stands in for it: vectors don't hold, round
 * trips do.
 */
#ifndef KEYLINE_TESTS_SCRYPT_MEMO_H
#define KEYLINE_TESTS_SCRYPT_MEMO_H

/* Forgets all. */
void scrypt_memo_done(void);

#endif
