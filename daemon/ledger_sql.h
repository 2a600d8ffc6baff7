/* SPDX-License-Identifier: MIT */
/* Every statement of the ledger, prepared once and kept.  Inside of the ledger. */
#ifndef KEYLINE_DAEMON_LEDGER_SQL_H
#define KEYLINE_DAEMON_LEDGER_SQL_H

#define LEDGER_WALLET_COLUMNS                                                            \
	"serial, batch, row, state, held, reason, drawn, part, destroyed, job, changed_ms"
#define LEDGER_BATCH_COLUMNS                                                             \
	"id, product, coins, use, first_serial, made, draws, spares, state, held,"       \
	" reason, created_ms, changed_ms"
/* With what stands of it in the table of frozen ones. */
#define LEDGER_BATCH_READ                                                                \
	LEDGER_BATCH_COLUMNS ", rowid, (SELECT state FROM frozen WHERE batch = id),"     \
	" (SELECT reason FROM frozen WHERE batch = id)"
#define LEDGER_FILE_COLUMNS                                                              \
	"sha256, direction, kind, sender, recipient, batch, part, parts, sequence,"      \
	" previous, gap, path, time_ms, receipt"
#define LEDGER_INTENT_COLUMNS                                                            \
	"job, kind, serial, station, counter, nonce, opened_ms, closed_ms, outcome,"      \
	" device, boot"
/* Of the device ?1; where that is not known, of the station ?2. */
#define LEDGER_USE_DEVICE "i.device = ?1 AND (?1 <> '' OR i.station = ?2)"
#define LEDGER_REQUEST_COLUMNS                                                           \
	"id, action, object, args, actor, nonce, created_ms, expires_ms, state, second," \
	" reason"
#define LEDGER_PERSON_COLUMNS "fingerprint, person, name, key, since_ms, removed_ms"
#define LEDGER_OPERATOR_COLUMNS "name, code, salt, hash, since_ms, removed_ms"
#define LEDGER_EVENT_COLUMNS                                                             \
	"seq, time_ms, actor, kind, object, event, from_state, to_state, detail,"        \
	" prev_hash, hash"

/* X(constant, text) */
#define LEDGER_SQL(X)                                                                    \
	X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                  \
	X(SQL_COMMIT, "COMMIT")                                                          \
	X(SQL_ROLLBACK, "ROLLBACK")                                                      \
	X(SQL_META_GET, "SELECT value FROM meta WHERE key = ?")                          \
	X(SQL_META_PUT, "INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)")         \
	X(SQL_EVENT_PUT,                                                                 \
		"INSERT INTO event(" LEDGER_EVENT_COLUMNS                                \
		") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                            \
	X(SQL_EVENT_LAST,                                                                \
		"SELECT " LEDGER_EVENT_COLUMNS " FROM event ORDER BY seq DESC LIMIT 1")  \
	X(SQL_EVENT_ALL, "SELECT " LEDGER_EVENT_COLUMNS " FROM event ORDER BY seq")      \
	X(SQL_EVENT_AT, "SELECT hash FROM event WHERE seq = ?")                          \
	X(SQL_EVENT_NEXT,                                                                \
		"SELECT " LEDGER_EVENT_COLUMNS                                           \
		" FROM event WHERE seq > ? ORDER BY seq LIMIT 1")                        \
	X(SQL_EVENT_NEXT_KIND,                                                           \
		"SELECT " LEDGER_EVENT_COLUMNS                                           \
		" FROM event WHERE seq > ? AND kind = ? ORDER BY seq LIMIT 1")           \
	X(SQL_EVENT_NEXT_OBJECT,                                                         \
		"SELECT " LEDGER_EVENT_COLUMNS                                           \
		" FROM event WHERE seq > ? AND kind = ? AND object = ?"                  \
		" ORDER BY seq LIMIT 1")                                                 \
	X(SQL_EVENT_LAST_OBJECT,                                                         \
		"SELECT " LEDGER_EVENT_COLUMNS                                           \
		" FROM event WHERE kind = ? AND object = ? ORDER BY seq DESC LIMIT 1")   \
	X(SQL_BATCH_PUT,                                                                 \
		"INSERT INTO batch(" LEDGER_BATCH_COLUMNS                                \
		") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', ?, ?)")                     \
	X(SQL_BATCH_GET, "SELECT " LEDGER_BATCH_READ " FROM batch WHERE id = ?")         \
	X(SQL_BATCH_NEXT,                                                                \
		"SELECT " LEDGER_BATCH_READ " FROM batch WHERE rowid > ?"                \
		" ORDER BY rowid LIMIT 1")                                               \
	X(SQL_BATCH_STATE, "UPDATE batch SET state = ?, changed_ms = ? WHERE id = ?")    \
	X(SQL_BATCH_HELD, "UPDATE batch SET held = ?, reason = ? WHERE id = ?")          \
	X(SQL_BATCH_ANNOUNCE,                                                            \
		"UPDATE batch SET made = ? WHERE id = ?")                                \
	X(SQL_WALLET_PUT,                                                                \
		"INSERT INTO wallet(" LEDGER_WALLET_COLUMNS                              \
		") VALUES (?, ?, ?, ?, 0, ?, 0, 0, 0, 0, ?)")                            \
	X(SQL_WALLET_GET,                                                                \
		"SELECT " LEDGER_WALLET_COLUMNS " FROM wallet WHERE serial = ?")         \
	X(SQL_WALLET_STEP,                                                               \
		"UPDATE wallet SET state = ?, reason = ?, part = ?, job = ?,"            \
		" changed_ms = ? WHERE serial = ?")                                      \
	X(SQL_WALLET_HELD, "UPDATE wallet SET held = ?, reason = ? WHERE serial = ?")    \
	X(SQL_WALLET_DRAW, "UPDATE wallet SET drawn = 1 WHERE serial = ?")               \
	X(SQL_WALLET_DESTROYED, "UPDATE wallet SET destroyed = 1 WHERE serial = ?")      \
	X(SQL_WALLET_NEXT,                                                               \
		"SELECT " LEDGER_WALLET_COLUMNS                                          \
		" FROM wallet WHERE (batch, row) > (?, ?) ORDER BY batch, row LIMIT 1")  \
	X(SQL_WALLET_NEXT_BATCH,                                                         \
		"SELECT " LEDGER_WALLET_COLUMNS                                          \
		" FROM wallet WHERE batch = ? AND row > ? ORDER BY row LIMIT 1")         \
	X(SQL_WALLET_NEXT_STATE,                                                         \
		"SELECT " LEDGER_WALLET_COLUMNS                                          \
		" FROM wallet WHERE state = ? AND (batch, row) > (?, ?)"                 \
		" ORDER BY batch, row LIMIT 1")                                          \
	X(SQL_WALLET_NEXT_BATCH_STATE,                                                   \
		"SELECT " LEDGER_WALLET_COLUMNS                                          \
		" FROM wallet WHERE state = ? AND batch = ? AND row > ?"                 \
		" ORDER BY row LIMIT 1")                                                 \
	X(SQL_COUNTS_ALL, "SELECT state, sum(wallets) FROM tally GROUP BY state")        \
	X(SQL_COUNTS_BATCH,                                                              \
		"SELECT state, sum(wallets) FROM tally WHERE batch = ? GROUP BY state")  \
	X(SQL_COUNTS_CHANGED, "SELECT max(changed_ms) FROM tally WHERE batch = ?")       \
	X(SQL_COUNTS_TALLY,                                                              \
		"SELECT state, drawn, part, destroyed, held, wallets FROM tally"         \
		" WHERE batch = ? AND wallets > 0")                                      \
	X(SQL_COUNTS_FLAGS,                                                              \
		"SELECT state, drawn, part, destroyed, held, count(*) FROM wallet"       \
		" WHERE batch = ? GROUP BY state, drawn, part, destroyed, held")         \
	X(SQL_FILE_PUT,                                                                  \
		"INSERT INTO file(" LEDGER_FILE_COLUMNS                                  \
		") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                   \
	X(SQL_FILE_GET, "SELECT " LEDGER_FILE_COLUMNS " FROM file WHERE sha256 = ?")     \
	X(SQL_FILE_LAST,                                                                 \
		"SELECT sequence, sha256 FROM file WHERE direction = ? AND sender = ?"   \
		" AND recipient = ? AND kind = ? AND sequence > 0"                       \
		" ORDER BY sequence DESC LIMIT 1")                                       \
	X(SQL_REFUSED_LAST,                                                              \
		"SELECT sequence, sha256 FROM refused WHERE sender = ?"                  \
		" AND recipient = ? AND kind = ? ORDER BY sequence DESC LIMIT 1")        \
	X(SQL_REFUSED_PUT,                                                               \
		"INSERT INTO refused(sha256, kind, sender, recipient, batch, part,"      \
		" parts, sequence, previous, time_ms)"                                   \
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")                                \
	X(SQL_REFUSED_GET,                                                               \
		"SELECT sequence, previous FROM refused WHERE sha256 = ?"                \
		" AND sender = ? AND recipient = ? AND kind = ?")                        \
	X(SQL_SKIPPED_LAST,                                                              \
		"SELECT sequence, NULL FROM skipped WHERE sender = ?"                    \
		" AND recipient = ? AND kind = ? ORDER BY sequence DESC LIMIT 1")        \
	/* How many parts of kind ?2 batch ?1 has, as those say that came, and how many  \
	 * of them came (one that a host makes for itself has come with the making) or   \
	 * are named by the last word on a number that was skipped, or without a number; \
	 * and how many came. */                                                         \
	X(SQL_PARTS,                                                                     \
		"WITH came AS (SELECT sender, part, parts FROM file WHERE batch = ?1"    \
		" AND kind = ?2 AND (direction = 'in' OR sender = recipient)),"          \
		" named AS (SELECT (SELECT detail FROM event WHERE kind = 'skip'"        \
		" AND object = s.sender || ' ' || s.kind || ' ' || s.sequence"           \
		" AND event = 'part' ORDER BY seq DESC LIMIT 1) AS detail FROM skipped s"  \
		" WHERE kind = ?2 AND sender IN (SELECT sender FROM came)"               \
		" UNION ALL SELECT detail FROM event WHERE kind = 'skip'"                \
		" AND event = 'part' AND object IN"                                      \
		" (SELECT sender || ' ' || ?2 || ' none' FROM came))"                    \
		" SELECT (SELECT coalesce(max(parts), 0) FROM came), (SELECT count(*) FROM"  \
		" (SELECT part FROM came UNION SELECT CAST(substr(detail,"               \
		" length('batch=' || ?1 || ' part=') + 1) AS INTEGER) FROM named"        \
		" WHERE instr(detail, 'batch=' || ?1 || ' part=') = 1)"                  \
		" WHERE part BETWEEN 1 AND (SELECT max(parts) FROM came)),"              \
		" (SELECT count(DISTINCT part) FROM came)")                              \
	X(SQL_SKIPPED_NAMED,                                                             \
		"SELECT 1 FROM (SELECT detail FROM event WHERE kind = 'skip'"            \
		" AND object = ?1 AND event = 'part' ORDER BY seq DESC LIMIT 1)"         \
		" WHERE instr(detail, ?2) = 1")                                          \
	X(SQL_PART_GIVEN_UP,                                                             \
		"SELECT 1 FROM event WHERE kind = 'skip' AND object = ?1"                \
		" AND event = 'part' AND instr(detail, ?2) = 1 LIMIT 1")                 \
	X(SQL_ROWS_PASSED,                                                               \
		"SELECT coalesce(sum(CAST(substr(detail, length('rows=') + 1)"           \
		" AS INTEGER)), 0) FROM event WHERE kind = 'batch' AND object = ?"       \
		" AND event = 'passed-over'")                                            \
	X(SQL_SKIPPED_PUT,                                                               \
		"INSERT INTO skipped(kind, sender, recipient, sequence, reason, time_ms)" \
		" VALUES (?, ?, ?, ?, ?, ?)")                                            \
	X(SQL_SKIPPED_GET,                                                               \
		"SELECT time_ms FROM skipped WHERE sender = ? AND recipient = ?"         \
		" AND kind = ? AND sequence = ?")                                        \
	X(SQL_FROZEN_GET, "SELECT state, reason, time_ms FROM frozen WHERE batch = ?")   \
	X(SQL_FROZEN_PUT,                                                                \
		"INSERT OR REPLACE INTO frozen(batch, state, reason, time_ms)"           \
		" VALUES (?, ?, ?, ?)")                                                  \
	X(SQL_FROZEN_DROP, "DELETE FROM frozen WHERE batch = ?")                         \
	X(SQL_FILE_PART,                                                                 \
		"SELECT sha256 FROM file WHERE direction = ? AND kind = ? AND batch = ?" \
		" AND sender = ? AND recipient = ? AND part = ? AND sequence > 0")       \
	X(SQL_FILE_PATH, "UPDATE file SET path = ? WHERE sha256 = ?")                    \
	X(SQL_FILE_RECEIPT, "UPDATE file SET receipt = ? WHERE sha256 = ?")              \
	X(SQL_FILE_NEXT,                                                                 \
		"SELECT " LEDGER_FILE_COLUMNS ", rowid FROM file WHERE rowid > ?"        \
		" ORDER BY rowid LIMIT 1")                                               \
	X(SQL_FILE_NEXT_BATCH,                                                           \
		"SELECT " LEDGER_FILE_COLUMNS ", rowid FROM file WHERE rowid > ?"        \
		" AND batch = ? ORDER BY rowid LIMIT 1")                                 \
	X(SQL_ROW_PUT,                                                                   \
		"INSERT INTO sealed(serial, kind, file, offset, length, sha256)"         \
		" VALUES (?, ?, ?, ?, ?, ?)")                                            \
	X(SQL_ROW_GET,                                                                   \
		"SELECT serial, kind, file, offset, length, sha256 FROM sealed"          \
		" WHERE serial = ? AND kind = ?")                                        \
	X(SQL_WITNESS_PUT,                                                               \
		"INSERT INTO witness(host, seq, hash, time_ms) VALUES (?, ?, ?, ?)")     \
	X(SQL_WITNESS_GET, "SELECT hash FROM witness WHERE host = ? AND seq = ?")        \
	X(SQL_WITNESS_LAST,                                                              \
		"SELECT seq, hash FROM witness WHERE host = ? ORDER BY seq DESC LIMIT 1") \
	X(SQL_WITNESS_NEXT_HOST,                                                         \
		"SELECT host, seq, hash, time_ms FROM witness WHERE host > ?"            \
		" ORDER BY host, seq DESC LIMIT 1")                                      \
	X(SQL_TAKEN_PUT, "INSERT INTO taken(kind, digest) VALUES (?, ?)")                \
	X(SQL_TAKEN_GET, "SELECT 1 FROM taken WHERE kind = ? AND digest = ?")            \
	X(SQL_RANGE_PUT,                                                                 \
		"INSERT INTO allocation(kind, name, first, last, batch)"                 \
		" VALUES (?, ?, ?, ?, ?)")                                               \
	X(SQL_RANGE_OF,                                                                  \
		"SELECT first, last FROM allocation WHERE kind = ? AND batch = ?"        \
		" ORDER BY first LIMIT 1")                                               \
	X(SQL_RANGE_TOP,                                                                 \
		"SELECT max(last) FROM allocation WHERE kind = ? AND name = ?")          \
	X(SQL_RANGE_OVERLAP,                                                             \
		"SELECT 1 FROM allocation WHERE kind = ? AND name = ? AND first <= ?"    \
		" AND last >= ? LIMIT 1")                                                \
	X(SQL_INTENT_PUT,                                                                \
		"INSERT INTO intent(" LEDGER_INTENT_COLUMNS                              \
		") VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)")                            \
	X(SQL_INTENT_GET, "SELECT " LEDGER_INTENT_COLUMNS " FROM intent WHERE job = ?")  \
	X(SQL_INTENT_TAKEN,                                                              \
		"SELECT 1 FROM intent WHERE job = ?1 OR (serial = ?2"                    \
		" AND outcome IN ('open', 'done', 'doubt')) LIMIT 1")                    \
	X(SQL_INTENT_CLOSE, "UPDATE intent SET closed_ms = ?, outcome = ? WHERE job = ?") \
	X(SQL_INTENT_NEXT_OPEN,                                                          \
		"SELECT " LEDGER_INTENT_COLUMNS                                          \
		" FROM intent WHERE outcome = 'open' AND job > ? ORDER BY job LIMIT 1")  \
	X(SQL_INTENT_LAST,                                                               \
		"SELECT " LEDGER_INTENT_COLUMNS                                          \
		" FROM intent WHERE device = ? ORDER BY job DESC LIMIT 1")               \
	X(SQL_INTENT_COUNTS,                                                             \
		"SELECT outcome, count(*) FROM intent WHERE kind = ?1"                   \
		" AND (?2 IS NULL OR station = ?2) GROUP BY outcome")                    \
	X(SQL_USE_DEVICES,                                                               \
		"SELECT i.device, i.station, i.kind, min(i.job), max(i.job)"             \
		" FROM wallet w CROSS JOIN intent i ON i.serial = w.serial"              \
		" AND i.outcome IN ('open', 'done', 'doubt') WHERE w.batch = ?"          \
		" GROUP BY i.device, CASE i.device WHEN '' THEN i.station END"           \
		" ORDER BY min(i.job)")                                                  \
	X(SQL_USE_BEFORE,                                                                \
		"SELECT i.job FROM intent i JOIN wallet w ON w.serial = i.serial"        \
		" WHERE i.job < ?3 AND " LEDGER_USE_DEVICE " AND w.batch <> ?4"          \
		" ORDER BY i.job DESC LIMIT 1")                                          \
	X(SQL_USE_COUNTS,                                                                \
		"SELECT i.kind, i.outcome, w.batch = ?5, count(*) FROM intent i"         \
		" LEFT JOIN wallet w ON w.serial = i.serial"                             \
		" WHERE i.job > ?3 AND i.job <= ?4 AND " LEDGER_USE_DEVICE               \
		" GROUP BY 1, 2, 3")                                                     \
	X(SQL_USE_FIRST,                                                                 \
		"SELECT i.job, i.counter FROM intent i"                                  \
		" WHERE i.job > ?3 AND " LEDGER_USE_DEVICE " ORDER BY i.job LIMIT 1")    \
	X(SQL_USE_STATION,                                                               \
		"SELECT outcome, count(*) FROM intent WHERE job > ? AND job <= ?"        \
		" AND station = ? GROUP BY outcome")                                     \
	X(SQL_REQUEST_PUT,                                                               \
		"INSERT INTO request(id, action, object, args, reason, actor, nonce,"    \
		" created_ms, expires_ms, state, second)"                                \
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', '')")                       \
	X(SQL_REQUEST_TOP, "SELECT coalesce(max(id), 0) FROM request")                   \
	X(SQL_REQUEST_GET, "SELECT " LEDGER_REQUEST_COLUMNS " FROM request WHERE id = ?") \
	X(SQL_REQUEST_FIND,                                                              \
		"SELECT " LEDGER_REQUEST_COLUMNS                                         \
		" FROM request WHERE state = 'open' AND expires_ms > ? AND action = ?"   \
		" AND object = ? AND args = ? ORDER BY id LIMIT 1")                      \
	X(SQL_REQUEST_OWN,                                                               \
		"SELECT id FROM request WHERE state = 'open' AND expires_ms > ?"         \
		" AND action = ? AND object = ? AND args = ? AND actor = ? LIMIT 1")     \
	X(SQL_REQUEST_SET,                                                               \
		"UPDATE request SET state = ?, second = ? WHERE id = ?")                 \
	X(SQL_REQUEST_NEXT,                                                              \
		"SELECT " LEDGER_REQUEST_COLUMNS                                         \
		" FROM request WHERE state = 'open' AND expires_ms > ? AND id > ?"       \
		" ORDER BY id LIMIT 1")                                                  \
	X(SQL_REQUEST_LIST_PUT,                                                          \
		"INSERT INTO request_list(request, serials) VALUES (?, ?)")              \
	X(SQL_REQUEST_LIST, "SELECT serials FROM request_list WHERE request = ?")        \
	X(SQL_APPROVAL_PUT,                                                              \
		"INSERT INTO approval(request, person, key, text, signature)"            \
		" VALUES (?, ?, ?, ?, ?)")                                               \
	X(SQL_APPROVAL_HAS, "SELECT 1 FROM approval WHERE request = ? AND person = ?")   \
	X(SQL_APPROVAL_NEXT,                                                             \
		"SELECT request, person, key, text, signature, rowid FROM approval"      \
		" WHERE (?2 = 0 OR request = ?2) AND rowid > ?1 ORDER BY rowid LIMIT 1") \
	X(SQL_APPROVAL_EVENT,                                                            \
		"SELECT seq, detail FROM event WHERE kind = 'approval' AND object = ?"   \
		" AND actor = ? LIMIT 1")                                                \
	X(SQL_PERSON_PUT,                                                                \
		"INSERT INTO person(" LEDGER_PERSON_COLUMNS                              \
		") VALUES (?, ?, ?, ?, ?, 0)")                                           \
	X(SQL_PERSON_GET,                                                                \
		"SELECT " LEDGER_PERSON_COLUMNS                                          \
		" FROM person WHERE person = ? AND removed_ms = 0")                      \
	X(SQL_PERSON_ANY,                                                                \
		"SELECT " LEDGER_PERSON_COLUMNS " FROM person WHERE person = ? LIMIT 1") \
	X(SQL_PERSON_BY_KEY,                                                             \
		"SELECT " LEDGER_PERSON_COLUMNS " FROM person WHERE fingerprint = ?")    \
	X(SQL_PERSON_REMOVE,                                                             \
		"UPDATE person SET removed_ms = ? WHERE person = ? AND removed_ms = 0")  \
	X(SQL_PERSON_COUNT,                                                              \
		"SELECT count(*) FILTER (WHERE removed_ms = 0), count(*) FROM person")   \
	X(SQL_PERSON_NEXT,                                                               \
		"SELECT " LEDGER_PERSON_COLUMNS                                          \
		", rowid FROM person WHERE rowid > ? ORDER BY rowid LIMIT 1")            \
	X(SQL_OPERATOR_PUT,                                                              \
		"INSERT INTO operator(" LEDGER_OPERATOR_COLUMNS                          \
		") VALUES (?, ?, ?, ?, ?, 0)")                                           \
	X(SQL_OPERATOR_GET,                                                              \
		"SELECT " LEDGER_OPERATOR_COLUMNS                                        \
		" FROM operator WHERE name = ? AND code = ? AND removed_ms = 0")         \
	X(SQL_OPERATOR_ANY,                                                              \
		"SELECT 1 FROM operator WHERE name = ? AND removed_ms = 0 LIMIT 1")      \
	X(SQL_OPERATOR_EVER, "SELECT 1 FROM operator WHERE name = ? LIMIT 1")            \
	X(SQL_OPERATOR_REMOVE,                                                           \
		"UPDATE operator SET removed_ms = ? WHERE name = ? AND removed_ms = 0")  \
	X(SQL_OPERATOR_NEXT,                                                             \
		"SELECT " LEDGER_OPERATOR_COLUMNS                                        \
		", rowid FROM operator WHERE rowid > ? ORDER BY rowid LIMIT 1")          \
	X(SQL_STAND_PUT, "INSERT OR REPLACE INTO stand(station, operator) VALUES (?, ?)") \
	X(SQL_STAND_GET, "SELECT operator FROM stand WHERE station = ?")                 \
	X(SQL_STAND_GONE, "DELETE FROM stand WHERE station = ?")                         \
	X(SQL_STAND_FIRST, "SELECT station FROM stand ORDER BY station LIMIT 1")

/* The last value of a column of the events of one thing. */
#define LEDGER_LAST(column, kind, object, where)                                         \
	"(SELECT " column " FROM event WHERE kind = '" kind "' AND object = " object     \
	" AND " where " ORDER BY seq DESC LIMIT 1)"
#define LEDGER_LAST_SEQ(kind, object)                                                    \
	"coalesce((SELECT max(seq) FROM event WHERE kind = '" kind                       \
	"' AND object = " object "), 0)"
#define LEDGER_HAS(kind, object, name)                                                   \
	"EXISTS(SELECT 1 FROM event WHERE kind = '" kind "' AND object = " object        \
	" AND event = '" name "')"
#define LEDGER_HELD(kind, object)                                                        \
	"coalesce(" LEDGER_LAST("event = 'hold'", kind, object,                          \
		"event IN ('hold', 'unhold')") ", 0)"

#define LEDGER_TALLY                                                                     \
	"SELECT batch, state, drawn, part, destroyed, held, wallets FROM tally"          \
	" WHERE wallets > 0"
#define LEDGER_COUNTED                                                                   \
	"SELECT batch, state, drawn, part, destroyed, held, count(*) FROM wallet"        \
	" GROUP BY batch, state, drawn, part, destroyed, held"

/*
 * The checks of ledger_verify(): no row = good, else the number of the event to
 * name and the object.
 */
#define LEDGER_SQL_CHECKS(X)                                                             \
	X(SQL_CHECK_STEP_GAP,                                                            \
		"SELECT seq, object FROM (SELECT seq, object, from_state,"               \
		" lag(to_state, 1, 'none') OVER (PARTITION BY kind, object ORDER BY seq)" \
		" AS was FROM event WHERE to_state <> '') WHERE from_state <> was"       \
		" ORDER BY seq LIMIT 1")                                                 \
	X(SQL_CHECK_WALLET_STATE,                                                        \
		"SELECT " LEDGER_LAST_SEQ("wallet", "w.serial") ", serial FROM wallet w" \
		" WHERE state IS NOT " LEDGER_LAST("to_state", "wallet", "w.serial",     \
			"to_state <> ''") " LIMIT 1")                                    \
	X(SQL_CHECK_WALLET_PLACE,                                                        \
		"SELECT " LEDGER_LAST_SEQ("wallet", "w.serial") ", serial FROM wallet w" \
		" WHERE NOT EXISTS(SELECT 1 FROM event WHERE kind = 'wallet'"            \
		" AND object = w.serial AND from_state = 'none' AND"                     \
		" instr(detail, 'batch=' || w.batch || ' row=' || w.row || ' ') = 1)"    \
		" LIMIT 1")                                                              \
	X(SQL_CHECK_WALLET_FLAGS,                                                        \
		"SELECT " LEDGER_LAST_SEQ("wallet", "w.serial") ", serial FROM wallet w" \
		" WHERE held <> " LEDGER_HELD("wallet", "w.serial")                      \
		" OR drawn <> " LEDGER_HAS("wallet", "w.serial", "draw")                 \
		" OR destroyed <> " LEDGER_HAS("wallet", "w.serial", "destroyed")        \
		" OR part <> coalesce(" LEDGER_LAST(                                     \
			"event IN ('arrive', 'found', 'print-intent')", "wallet",        \
			"w.serial",                                                      \
			"event IN ('arrive', 'found', 'print-intent', 'print-failed',"   \
			" 'missing', 'release', 'ship')") ", 0) LIMIT 1")                \
	X(SQL_CHECK_WALLET_GONE,                                                         \
		"SELECT seq, object FROM event e WHERE kind = 'wallet' AND NOT EXISTS"   \
		"(SELECT 1 FROM wallet WHERE serial = e.object) LIMIT 1")                \
	X(SQL_CHECK_BATCH,                                                               \
		"SELECT " LEDGER_LAST_SEQ("batch", "b.id") ", id FROM batch b"           \
		" WHERE state IS NOT " LEDGER_LAST("to_state", "batch", "b.id",          \
			"to_state <> ''")                                                \
		" OR held <> " LEDGER_HELD("batch", "b.id")                              \
		" OR 'made=' || made || ' draws=' || draws || ' spares=' || spares"      \
		" IS NOT " LEDGER_LAST("substr(detail, instr(detail, 'made='))",         \
			"batch", "b.id", "event IN ('insert', 'announce')")              \
		" LIMIT 1")                                                              \
	X(SQL_CHECK_BATCH_GONE,                                                          \
		"SELECT seq, object FROM event e WHERE kind = 'batch' AND NOT EXISTS"    \
		"(SELECT 1 FROM batch WHERE id = e.object) LIMIT 1")                     \
	X(SQL_CHECK_INTENT,                                                              \
		"SELECT " LEDGER_LAST_SEQ("job", "CAST(i.job AS TEXT)") ", i.job"        \
		" FROM intent i WHERE outcome IS NOT " LEDGER_LAST("to_state", "job",    \
			"CAST(i.job AS TEXT)", "to_state <> ''")                         \
		" OR 'kind=' || i.kind || ' serial=' || coalesce(serial, '') ||"         \
		" ' station=' || station || ' counter=' || counter ||"                   \
		" CASE boot WHEN 0 THEN '' ELSE ' boot=' || boot END ||"                 \
		" ' nonce=' || nonce ||"                                                 \
		" CASE device WHEN '' THEN '' ELSE ' device=' || device END"             \
		" IS NOT " LEDGER_LAST("detail", "job",                                  \
			"CAST(i.job AS TEXT)", "event = 'open'") " LIMIT 1")             \
	X(SQL_CHECK_INTENT_GONE,                                                         \
		"SELECT seq, object FROM event e WHERE kind = 'job' AND NOT EXISTS"      \
		"(SELECT 1 FROM intent WHERE job = CAST(e.object AS INTEGER)) LIMIT 1")  \
	X(SQL_CHECK_JOB_NUMBER,                                                          \
		"SELECT 0, value FROM meta WHERE key = 'job' AND"                        \
		" CAST(value AS INTEGER) < (SELECT coalesce(max(job), 0) FROM intent)")  \
	X(SQL_CHECK_FILE,                                                                \
		"SELECT " LEDGER_LAST_SEQ("file", "lower(hex(f.sha256))")                \
		", lower(hex(f.sha256)) FROM file f WHERE 'kind=' || f.kind ||"          \
		" ' sender=' || sender || ' recipient=' || recipient || ' batch=' ||"    \
		" batch || ' part=' || part || '/' || parts || ' sequence=' ||"          \
		" sequence || ' previous=' || lower(hex(previous)) ||"                   \
		" CASE gap WHEN 1 THEN ' gap' ELSE '' END IS NOT" LEDGER_LAST("detail",  \
			"file", "lower(hex(f.sha256))", "event = f.direction")           \
		" LIMIT 1")                                                              \
	X(SQL_CHECK_FILE_GONE,                                                           \
		"SELECT seq, object FROM event WHERE kind = 'file'"                      \
		" AND event <> 'refused' AND object IN"                                  \
		" (SELECT object FROM event WHERE kind = 'file' AND event <> 'refused'"  \
		" EXCEPT SELECT lower(hex(sha256)) FROM file) ORDER BY seq LIMIT 1")     \
	X(SQL_CHECK_REFUSED,                                                             \
		"SELECT " LEDGER_LAST_SEQ("file", "lower(hex(f.sha256))")                \
		", lower(hex(f.sha256)) FROM refused f WHERE 'kind=' || f.kind ||"       \
		" ' sender=' || sender || ' recipient=' || recipient || ' batch=' ||"    \
		" batch || ' part=' || part || '/' || parts || ' sequence=' ||"          \
		" sequence || ' previous=' || lower(hex(previous)) IS NOT"               \
		LEDGER_LAST("detail", "file", "lower(hex(f.sha256))",                    \
			"event = 'refused'") " LIMIT 1")                                 \
	X(SQL_CHECK_REFUSED_GONE,                                                        \
		"SELECT seq, object FROM event WHERE kind = 'file'"                      \
		" AND event = 'refused' AND object IN"                                   \
		" (SELECT object FROM event WHERE kind = 'file' AND event = 'refused'"   \
		" EXCEPT SELECT lower(hex(sha256)) FROM refused) ORDER BY seq LIMIT 1")  \
	X(SQL_CHECK_SKIPPED,                                                             \
		"SELECT " LEDGER_LAST_SEQ("skip",                                        \
			"s.sender || ' ' || s.kind || ' ' || s.sequence")                \
		", sender || ' ' || kind || ' ' || sequence FROM skipped s"              \
		" WHERE NOT EXISTS(SELECT 1 FROM event WHERE kind = 'skip'"              \
		" AND object = s.sender || ' ' || s.kind || ' ' || s.sequence"           \
		" AND detail = 'recipient=' || recipient || ' reason=' || reason)"       \
		" LIMIT 1")                                                              \
	X(SQL_CHECK_SKIPPED_GONE,                                                        \
		"SELECT seq, object FROM event WHERE kind = 'skip'"                      \
		" AND object NOT LIKE '% none'"                                          \
		" AND object NOT IN (SELECT sender || ' ' || kind || ' ' || sequence"    \
		" FROM skipped) ORDER BY seq LIMIT 1")                                   \
	X(SQL_CHECK_TALLY,                                                               \
		"SELECT " LEDGER_LAST_SEQ("batch", "d.batch") ", batch FROM"             \
		" (SELECT * FROM (" LEDGER_TALLY " EXCEPT " LEDGER_COUNTED ") UNION ALL"  \
		" SELECT * FROM (" LEDGER_COUNTED " EXCEPT " LEDGER_TALLY ")) d LIMIT 1") \
	X(SQL_CHECK_FROZEN,                                                              \
		"SELECT " LEDGER_LAST_SEQ("freeze", "f.batch") ", batch FROM frozen f"   \
		" WHERE CASE state WHEN 'void' THEN 'void' ELSE 'freeze' END || reason"  \
		" IS NOT " LEDGER_LAST("event || detail", "freeze", "f.batch", "1")      \
		" LIMIT 1")                                                              \
	X(SQL_CHECK_FROZEN_GONE,                                                         \
		"SELECT max(seq), object FROM event e WHERE kind = 'freeze'"             \
		" AND object NOT IN (SELECT batch FROM frozen) GROUP BY object HAVING "  \
		LEDGER_LAST("event", "freeze", "e.object", "1") " <> 'unfreeze' LIMIT 1") \
	X(SQL_CHECK_TAKEN_GONE,                                                          \
		"SELECT seq, object FROM event WHERE kind = 'taken'"                     \
		" AND event || object IN (SELECT event || object FROM event"             \
		" WHERE kind = 'taken' EXCEPT SELECT kind || lower(hex(digest))"         \
		" FROM taken) ORDER BY seq LIMIT 1")                                     \
	X(SQL_CHECK_WITNESS,                                                             \
		"SELECT " LEDGER_LAST_SEQ("witness", "w.host") ", host FROM witness w"   \
		" WHERE NOT EXISTS(SELECT 1 FROM event WHERE kind = 'witness'"           \
		" AND object = w.host AND detail = 'seq=' || w.seq || ' hash=' ||"       \
		" lower(hex(w.hash))) LIMIT 1")                                          \
	X(SQL_CHECK_WITNESS_GONE,                                                        \
		"SELECT seq, object FROM event WHERE kind = 'witness'"                   \
		" AND object || ' ' || detail NOT IN (SELECT host || ' seq=' || seq ||"  \
		" ' hash=' || lower(hex(hash)) FROM witness) ORDER BY seq LIMIT 1")      \
	X(SQL_CHECK_RANGE_GONE,                                                          \
		"SELECT seq, object FROM event WHERE kind = 'allocation'"                \
		" AND object || detail IN (SELECT object || detail FROM event"           \
		" WHERE kind = 'allocation' EXCEPT SELECT kind || ' ' || name ||"        \
		" 'first=' || first || ' last=' || last || ' batch=' || batch"           \
		" FROM allocation) ORDER BY seq LIMIT 1")                                \
	X(SQL_CHECK_REQUEST,                                                             \
		"SELECT " LEDGER_LAST_SEQ("request", "CAST(r.id AS TEXT)") ", r.id"      \
		" FROM request r WHERE state IS NOT " LEDGER_LAST("to_state", "request", \
			"CAST(r.id AS TEXT)", "to_state <> ''")                          \
		" OR (state = 'done' AND second IS NOT " LEDGER_LAST("actor",            \
			"request", "CAST(r.id AS TEXT)", "to_state = 'done'")            \
		") OR r.actor IS NOT " LEDGER_LAST("actor", "request",                   \
			"CAST(r.id AS TEXT)", "to_state = 'open'") " LIMIT 1")           \
	X(SQL_CHECK_REQUEST_GONE,                                                        \
		"SELECT seq, object FROM event e WHERE kind = 'request' AND NOT EXISTS"  \
		"(SELECT 1 FROM request WHERE id = CAST(e.object AS INTEGER)) LIMIT 1")  \
	/* Those of a time before signatures have no nonce. */                           \
	X(SQL_CHECK_REQUEST_SIGNED,                                                      \
		"SELECT " LEDGER_LAST_SEQ("request", "CAST(r.id AS TEXT)") ", r.id"      \
		" FROM request r WHERE nonce <> '' AND (SELECT count(*) FROM approval"   \
		" WHERE request = r.id AND person IN (r.actor, r.second))"               \
		" <> CASE state WHEN 'done' THEN 2 ELSE 1 END LIMIT 1")                  \
	X(SQL_CHECK_APPROVAL_GONE,                                                       \
		"SELECT seq, object FROM event e WHERE kind = 'approval' AND NOT EXISTS" \
		"(SELECT 1 FROM approval WHERE request = CAST(e.object AS INTEGER)"      \
		" AND person = e.actor) LIMIT 1")                                        \
	X(SQL_CHECK_PERSON,                                                              \
		"SELECT " LEDGER_LAST_SEQ("person", "p.person") ", person FROM person p" \
		" WHERE NOT EXISTS(SELECT 1 FROM event WHERE kind = 'person' AND object" \
		" = p.person AND event = 'enroll' AND detail = 'name=' || p.name ||"     \
		" ' fingerprint=' || p.fingerprint || ' key=' || p.key)"                 \
		" OR (removed_ms = 0) <> coalesce("                                      \
		LEDGER_LAST("event = 'enroll' AND instr(detail, p.fingerprint) > 0",     \
			"person", "p.person", "1") ", 0) LIMIT 1")                       \
	X(SQL_CHECK_PERSON_GONE,                                                         \
		"SELECT seq, object FROM event e WHERE kind = 'person' AND event ="      \
		" 'enroll' AND NOT EXISTS(SELECT 1 FROM person WHERE person = e.object"  \
		" AND instr(e.detail, fingerprint) > 0) LIMIT 1")                        \
	X(SQL_CHECK_OPERATOR,                                                            \
		"SELECT coalesce(e.seq, " LEDGER_LAST_SEQ("operator", "o.name") "),"     \
		" o.name FROM operator o LEFT JOIN event e ON e.kind = 'operator' AND"   \
		" e.object = o.name AND e.event = 'enroll' AND e.detail = 'code=' ||"    \
		" o.code || ' salt=' || lower(hex(o.salt)) || ' hash=' ||"               \
		" lower(hex(o.hash)) WHERE e.seq IS NULL OR (o.removed_ms = 0) = EXISTS" \
		"(SELECT 1 FROM event WHERE kind = 'operator' AND object = o.name"       \
		" AND event = 'remove' AND seq > e.seq) LIMIT 1")                        \
	X(SQL_CHECK_OPERATOR_GONE,                                                       \
		"SELECT seq, object FROM event e WHERE kind = 'operator' AND event ="    \
		" 'enroll' AND NOT EXISTS(SELECT 1 FROM operator WHERE name = e.object"  \
		" AND instr(e.detail, lower(hex(salt))) > 0) LIMIT 1")                   \
	X(SQL_CHECK_STAND,                                                               \
		"SELECT " LEDGER_LAST_SEQ("station", "s.station") ", station FROM stand s" \
		" WHERE operator IS NOT " LEDGER_LAST("to_state", "station",             \
			"s.station", "to_state <> ''") " LIMIT 1")                       \
	X(SQL_CHECK_STAND_GONE,                                                          \
		"SELECT seq, object FROM event e WHERE kind = 'station' AND to_state"    \
		" NOT IN ('', 'none') AND seq = " LEDGER_LAST_SEQ("station",             \
			"e.object AND to_state <> ''") " AND NOT EXISTS"                 \
		"(SELECT 1 FROM stand WHERE station = e.object) LIMIT 1")

enum ledger_sql {
#define X(constant, text) constant,
	LEDGER_SQL(X) LEDGER_SQL_CHECKS(X)
#undef X
	LEDGER_SQL_COUNT
};

#endif
