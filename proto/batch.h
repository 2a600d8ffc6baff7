/* SPDX-License-Identifier: MIT */
/*
 * The content of signed files (DESIGN 4.2): header lines in one fixed order, a
 * column line, rows; LF line ends, no quoting.  Sealed rows are told by their place
 * in the content, so that they can be opened one wallet at a time.
 */
#ifndef KEYLINE_PROTO_BATCH_H
#define KEYLINE_PROTO_BATCH_H

#include "proto/buffer.h"
#include "proto/certificate.h"
#include "proto/cms_seal.h"
#include "proto/hash.h"
#include "proto/issue.h"
#include "proto/ledger_hash.h"
#include "proto/name.h"
#include "proto/serial.h"
#include "proto/utc.h"

enum {
	BATCH_ROWS_MAX = 10000,
	BATCH_PARTS_MAX = 9999,
	BATCH_COINS_MAX = 16,
	BATCH_CONTENT_MAX = 32 << 20,
	BATCH_DRAWS_MAX = 1000000
};

enum batch_kind {
	BATCH_CODES,
	BATCH_PASSPHRASES,
	BATCH_CONFIRMATIONS,
	BATCH_STICKERS,
	BATCH_SHIPMENT,
	BATCH_RECEIPT,
	BATCH_RESULTS,
	BATCH_NOTICE,
	BATCH_KINDS
};

/* "codes", "receipt", ... */
const char *batch_kind_name(enum batch_kind kind);
bool batch_kind_parse(enum batch_kind *out, const char *text, size_t len);

/* Whether a kind's rows are sealed, and then to which kind of certificate. */
bool batch_kind_is_sealed(enum batch_kind kind);
enum certificate_kind batch_kind_certificate(enum batch_kind kind);

/* Tickers, at least one; the first is the one whose address is on the sticker. */
struct batch_coins {
	char tickers[BATCH_COINS_MAX][NAME_COIN_MAX + 1];
	size_t count;
};

/* Reads "BTC,ETH": the form alone, each once.  Returns 0 or KE_BAD_FIELD. */
KEYLINE_WARN_UNUSED int batch_coins_parse(struct batch_coins *out, const char *text);

struct batch_header {
	enum batch_kind kind;
	enum keyline_use use;
	char sender[NAME_HOST_MAX + 1];
	char recipient[NAME_HOST_MAX + 1];
	char batch[NAME_BATCH_MAX + 1];
	uint32_t part;
	uint32_t parts;
	/* From 1; the file before it in the sequence, zeros for the first. */
	uint64_t sequence;
	unsigned char previous[HASH_SHA256_LEN];
	char created[UTC_SIZE];
	/* The sender's last event when the file was made; the recipient's newest event
	 * that the sender has seen in a file of his, or none. */
	struct ledger_head ledger;
	struct ledger_head witness;
	/* The sealed kinds only. */
	char product[NAME_PRODUCT_MAX + 1];
	struct batch_coins coins;
	/* Passphrases only: how many wallets QA draws. */
	uint32_t draws;
	/* Rows; batch_build sets it itself. */
	uint32_t count;
};

/* What the rows of shipment, results and notice say of a wallet. */
enum batch_word {
	BATCH_WORD_NONE,
	BATCH_WORD_SHIPPED,
	BATCH_WORD_SPOILED,
	BATCH_WORD_MISSING,
	BATCH_WORD_REJECTED,
	BATCH_WORD_VOID,
	BATCH_WORD_OPENED_GOOD,
	BATCH_WORD_OPENED_BAD,
	BATCH_WORD_FROZEN,
	BATCH_WORD_WITHDRAWN
};

/* "shipped", "opened-good", ...; "" for BATCH_WORD_NONE. */
const char *batch_word_name(enum batch_word word);

struct batch_row {
	char serial[SERIAL_SIZE];
	/* Where the second field, base64 or a word, stands in the content. */
	uint32_t offset;
	uint32_t length;
	enum batch_word word;
};

/* A file that was accepted. */
struct batch_receipt {
	unsigned char sha256[HASH_SHA256_LEN];
	enum batch_kind kind;
	uint64_t sequence;
};

struct batch_file {
	struct batch_header header;
	/* header.count of them; the other array is NULL. */
	struct batch_row *rows;
	struct batch_receipt *receipts;
	/* The one key that all rows are sealed to; see certificate_fingerprint: these
	 * are its first 20 bytes. */
	unsigned char key_id[CMS_KEY_ID_LEN];
};

/*
 * Parses a content that cms_verify gave out.  Returns 0 with *out (batch_file_free
 * it), or the first issue's code with all of them in issues: KE_NEWER_FORMAT,
 * KE_BAD_HEADER (a line missing, out of order or unknown), KE_BAD_FIELD, KE_BAD_COUNT,
 * KE_BAD_CSV (characters, line ends), KE_BAD_CMS (a sealed row of another form),
 * KE_WRONG_RECIPIENT (rows sealed to several keys), KE_TWICE (a serial, or the digest of
 * a receipt), KE_TOO_LONG; or KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int batch_parse(struct batch_file **out, struct issue_list *issues,
	const char *content, size_t len);

/* The header alone, of a file of which no row is of interest.  Returns 0 or the first
 * issue's code. */
KEYLINE_WARN_UNUSED int batch_header_parse(struct batch_header *out,
	struct issue_list *issues, const char *content, size_t len);

void batch_file_free(struct batch_file *file);

/* Rows on their way into a file. */
struct batch_rows {
	struct buffer text;
	size_t count;
};

void batch_rows_init(struct batch_rows *rows);
void batch_rows_free(struct batch_rows *rows);

/* Adds a row: a sealed one as DER, one with a word, a receipt's.  Each returns 0,
 * KE_TOO_LONG (more than BATCH_ROWS_MAX, too many bytes) or KE_NO_MEMORY. */
KEYLINE_WARN_UNUSED int batch_rows_add(struct batch_rows *rows, const char *serial,
	const unsigned char *der, size_t der_len);
KEYLINE_WARN_UNUSED int batch_rows_add_plain(
	struct batch_rows *rows, const char *serial, const char *word);
KEYLINE_WARN_UNUSED int batch_rows_add_receipt(
	struct batch_rows *rows, const struct batch_receipt *receipt);

/*
 * Builds a content (free() it) and parses it again, so that nothing is sent that a
 * receiver would refuse.  Returns 0 with *file (batch_file_free it) telling the place
 * of each row, or what batch_parse would return.
 */
KEYLINE_WARN_UNUSED int batch_build(char **content, size_t *len, struct batch_file **file,
	const struct batch_header *header, const struct batch_rows *rows);

enum { BATCH_NAME_SIZE = NAME_BATCH_MAX + 2 * NAME_HOST_MAX + 42 };

/*
 * The name of a signed file, "US-2026-118.1.codes.cms"; of a kind that goes to several
 * hosts with its recipient, "US-2026-118.1.results.cn-print.cms".  A receipt is named
 * after the file that it answers, "US-2026-118.1.codes.receipt.cms": answered is that
 * file's kind.  Of a notice, which several hosts may send to one, it has that one's name
 * and then the notice's sender: "US-2026-118.1.notice.cn-mint.us-gen.receipt.cms".
 * header: of the file itself; its kind and the kind answered are kinds (not checked).
 */
void batch_name(char out[BATCH_NAME_SIZE], const struct batch_header *header,
	enum batch_kind answered);

#endif
