/* SPDX-License-Identifier: MIT */
/*
 * The one list of errors.  A function that can fail returns 0 or one of these
 * negative codes; the layer that decides what to do about it logs once.
 */
#ifndef KEYLINE_PROTO_ERROR_H
#define KEYLINE_PROTO_ERROR_H

#define KEYLINE_WARN_UNUSED __attribute__((warn_unused_result))

/* X(constant, name for machines, sentence for people) */
#define KEYLINE_ERRORS(X)                                                                \
	/* general */                                                                    \
	X(KE_NO_MEMORY, "no-memory", "out of memory")                                    \
	X(KE_NO_LOCKED_MEMORY, "no-locked-memory", "memory for secrets cannot be locked") \
	X(KE_RANDOM, "random", "the random generator failed")                            \
	X(KE_CRYPTO, "crypto", "the cryptographic library failed")                       \
	X(KE_TOO_LONG, "too-long", "longer than its limit")                              \
	X(KE_BAD_ARGUMENT, "bad-argument", "argument out of range")                      \
	X(KE_IO, "io", "input or output failed")                                         \
	/* codes: base58, BIP38, addresses */                                            \
	X(KE_BAD_CHARACTER, "bad-character", "a character that the encoding lacks")      \
	X(KE_BAD_CHECKSUM, "bad-checksum", "the checksum does not match")                \
	X(KE_BAD_LENGTH, "bad-length", "wrong length")                                   \
	X(KE_BAD_MAGIC, "bad-magic", "not a code of this kind")                          \
	X(KE_RESERVED_FLAG, "reserved-flag", "a reserved flag is set")                   \
	X(KE_BAD_SCALAR, "bad-scalar", "a scalar is zero or not below the group order")  \
	X(KE_BAD_POINT, "bad-point", "a point is not on the curve")                      \
	X(KE_BAD_UTF8, "bad-utf8", "not valid UTF-8")                                    \
	X(KE_WRONG_PASSPHRASE, "wrong-passphrase", "the passphrase does not open this code") \
	X(KE_NOT_COMPRESSED, "not-compressed", "the line takes compressed codes only")   \
	X(KE_UNKNOWN_COIN, "unknown-coin", "a coin that the table lacks")                \
	X(KE_MISMATCH_PUBKEY, "mismatch-public-key", "the public key is not the confirmed one") \
	X(KE_MISMATCH_ADDRESS, "mismatch-address", "an address is not the recomputed one") \
	X(KE_MISMATCH_OWNER, "mismatch-owner-entropy", "the code was not made from this intermediate code") \
	/* serials, passphrases, orders, batch files */                                  \
	X(KE_BAD_PATTERN, "bad-pattern", "not a valid pattern")                          \
	X(KE_BAD_SERIAL, "bad-serial", "not a serial of this line")                      \
	X(KE_WEAK_PASSPHRASE, "weak-passphrase", "under 100 bits")                       \
	X(KE_TOO_FEW_BITS, "too-few-bits", "fewer random bits than are needed")          \
	X(KE_EXHAUSTED, "exhausted", "no more numbers in this range")                    \
	X(KE_BAD_CSV, "bad-csv", "not valid CSV")                                        \
	X(KE_BAD_HEADER, "bad-header", "a header line is missing, doubled or wrong")     \
	X(KE_BAD_FIELD, "bad-field", "a field is not valid")                             \
	X(KE_CONTROL_CHARACTER, "control-character",                                     \
		"a control character, which no field has")                               \
	X(KE_NO_ROWS, "no-rows", "nothing is ordered: no row follows the column names")  \
	X(KE_UNKNOWN_COLUMN, "unknown-column", "not a column of an order")               \
	X(KE_MISSING_COLUMN, "missing-column", "a column that every order has is missing") \
	X(KE_UNKNOWN_PRODUCT, "unknown-product", "not a product of this host's configuration") \
	X(KE_BAD_COUNT, "bad-count", "the number of rows is not the number announced")   \
	X(KE_DUPLICATE, "duplicate", "taken before")                                     \
	X(KE_TWICE, "twice", "stands twice in this file")                                \
	X(KE_NEWER_FORMAT, "newer-format", "made by a newer program")                    \
	X(KE_MISMATCH_ROW, "mismatch-row", "a sealed row of another batch or serial")    \
	X(KE_MISMATCH_PART, "mismatch-part", "not as the parts of its batch that were taken before") \
	/* CMS, keys */                                                                  \
	X(KE_BAD_CMS, "bad-cms", "not a CMS file of the kind expected")                  \
	X(KE_BAD_SIGNATURE, "bad-signature", "the signature does not verify")            \
	X(KE_HIGH_S, "high-s",                                                           \
		"its signature is not in the one form that is accepted")                 \
	X(KE_UNTRUSTED_SIGNER, "untrusted-signer", "signed by a key that is not trusted for this") \
	X(KE_WRONG_KIND, "wrong-kind", "a file or key of another kind")                  \
	X(KE_WRONG_USE, "wrong-use", "test and production do not mix")                   \
	X(KE_WRONG_RECIPIENT, "wrong-recipient", "for another host")                     \
	X(KE_WRONG_SENDER, "wrong-sender", "not from a host that may send it")            \
	X(KE_CANNOT_OPEN, "cannot-open", "sealed to another key, or altered")            \
	X(KE_NO_KEY, "no-key", "there is no such key")                                   \
	X(KE_BAD_KEY, "bad-key", "not a key or certificate of the form expected")        \
	X(KE_OWN_CERTIFICATE, "own-certificate", "this host's own certificate")          \
	X(KE_MISMATCH_FINGERPRINT, "mismatch-fingerprint", "another fingerprint than the one given") \
	X(KE_NOT_YET, "not-yet", "made at a time that is still to come")                 \
	X(KE_OUT_OF_SEQUENCE, "out-of-sequence", "a file before this one is missing")    \
	/* persons */                                                                    \
	X(KE_NOT_ENROLLED, "not-enrolled", "this person has no key that is enrolled here") \
	X(KE_WEAK_PIN, "weak-pin", "a PIN that is guessed first")                        \
	X(KE_EXPIRED, "expired", "its time is over")                                     \
	X(KE_MISMATCH_APPROVAL, "mismatch-approval",                                     \
		"the text to be signed is not what was asked for")                       \
	/* lines, messages, configuration, profile */                                    \
	X(KE_BAD_LINE, "bad-line", "not a valid protocol line")                          \
	X(KE_BAD_MESSAGE, "bad-message", "not a valid message")                          \
	X(KE_INCOMPLETE, "incomplete-line", "the line ended before its newline")         \
	X(KE_BAD_CONFIG, "bad-config", "not a valid configuration")                      \
	X(KE_BAD_PROFILE, "bad-profile", "not a valid Modbus profile")                   \
	X(KE_BAD_RECORD, "bad-record", "not a valid vector record")                      \
	/* state */                                                                      \
	X(KE_BAD_STATE, "bad-state", "not possible in this state")                       \
	X(KE_BUSY, "busy", "at work on something else")                                  \
	X(KE_NOT_FOUND, "not-found", "there is no such object")                          \
	X(KE_LEDGER, "ledger", "the ledger failed")                                      \
	X(KE_CHAIN_BROKEN, "chain-broken", "the ledger's hash chain is broken")          \
	X(KE_ROLLED_BACK, "rolled-back", "an older state was put back")                  \
	X(KE_MISMATCH_HEAD, "mismatch-head", "the head that was given is not this ledger's") \
	X(KE_FORKED, "ledger-forked",                                                    \
		"a ledger's events are not those that another host has seen")           \
	X(KE_NEWER_LEDGER, "newer-ledger", "the ledger was written by a newer program")  \
	X(KE_HELD, "held", "held until a person lets it go")                             \
	X(KE_NO_MARK, "no-mark", "the ledger's high-water mark is missing")              \
	X(KE_OTHER_MARK, "other-mark",                                                   \
		"the ledger's high-water mark is not the one that was written last")     \
	X(KE_OPEN_INTENT, "open-intent",                                                 \
		"a job of another version is open: start that one and settle it")        \
	X(KE_NO_SPACE, "no-space", "the disk is full")                                   \
	X(KE_READ_ONLY, "read-only", "the file system is read-only")                     \
	X(KE_SYNC, "sync-failed", "the disk did not confirm what was written")           \
	X(KE_OTHER_FILE_SYSTEM, "other-file-system", "a folder lies in another file system") \
	X(KE_BAD_NAME, "bad-name", "not a file name that is taken here")                 \
	X(KE_LOCKED, "locked", "another process holds the lock")                         \
	X(KE_SECURE_DISK, "secure-disk", "the secure disk is not the configured one")    \
	X(KE_NOT_PERMITTED, "not-permitted", "not permitted for this user")              \
	X(KE_NEED_SECOND, "need-second-person", "a second person must confirm")          \
	/* devices */                                                                    \
	X(KE_DEVICE, "device", "the device reports a fault")                             \
	X(KE_LINK, "link", "the link to the device failed")                              \
	X(KE_WRONG_DEVICE, "wrong-device", "another device than the configured one")     \
	X(KE_DEVICE_RESET, "device-reset", "the device was switched off or reset meanwhile") \
	X(KE_STALLED, "stalled", "the device's program stands still")                    \
	X(KE_READBACK, "readback", "what was read back differs from what was written")   \
	X(KE_TIMEOUT, "timeout", "no answer in time")                                    \
	X(KE_DOES_NOT_FIT, "does-not-fit", "the content does not fit the label")         \
	X(KE_WRONG_PIN, "wrong-pin", "the printer's certificate is not the pinned one")  \
	X(KE_NO_TLS, "no-tls", "the printer answers, but not in TLS")

enum keyline_error {
	KE_OK = 0,
	KE_FIRST_ = -1000,
#define X(constant, name, text) constant,
	KEYLINE_ERRORS(X)
#undef X
	KE_LAST_
};

/* The short name ("bad-checksum") of a code; "ok" for 0, "unknown" otherwise. */
const char *error_name(int code);

/* One plain sentence about a code, without a full stop. */
const char *error_text(int code);

#endif
