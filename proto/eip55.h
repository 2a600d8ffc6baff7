/* SPDX-License-Identifier: MIT */
/* EIP-55: the hex of an Ethereum account with a checksum in its capitals. */
#ifndef KEYLINE_PROTO_EIP55_H
#define KEYLINE_PROTO_EIP55_H

enum { EIP55_BYTES = 20, EIP55_LEN = 2 * EIP55_BYTES };

/* The 40 hex digits of an account, without 0x, with a NUL. */
void eip55_encode(char out[EIP55_LEN + 1], const unsigned char account[EIP55_BYTES]);

#endif
