/* SPDX-License-Identifier: MIT */
#include "ctl/command.h"
#include "ctl/run.h"
#include "ctl/show.h"

#include <string.h>

#define BIT(option) (1u << (option))
#define BATCH_ARGUMENT                                            \
	{                                                         \
		"BATCH", "batch", VALUE_BATCH, NULL, false, false \
	}
#define SERIAL_ARGUMENT                                              \
	{                                                            \
		"SERIAL", "serial", VALUE_SERIAL, NULL, false, false \
	}
#define STATION_ARGUMENT                                                \
	{                                                               \
		"STATION", "station", VALUE_STATION, NULL, false, false \
	}
#define OPERATOR_ARGUMENT                                              \
	{                                                              \
		"NAME", "name", VALUE_OPERATOR, NULL, false, false \
	}
#define FILE_ARGUMENT                                          \
	{                                                      \
		"FILE", NULL, VALUE_FILE, NULL, false, false \
	}

const struct option_row option_table[OPTIONS_] = {
	[OPTION_SOCKET] = {"--socket", {"PATH", NULL, VALUE_FILE, NULL, false, false},
		"the daemon's socket (default /run/keyline/keylined.sock)"},
	[OPTION_TIMEOUT] = {"--timeout",
		{"SECONDS", NULL, VALUE_TEXT, NULL, false, false},
		"give up after so long a silence (default 30)"},
	[OPTION_JSON] = {"--json", {.name = NULL},
		"print the answer as JSON, one object a line, times in UTC"},
	[OPTION_HELP] = {"--help", {.name = NULL}, "tell how to use a command"},
	[OPTION_VERSION] = {"--version", {.name = NULL}, "print the version"},
	[OPTION_DRY_RUN] = {"--dry-run", {.name = NULL},
		"change nothing; tell what would happen"},
	[OPTION_YES] = {"--yes", {.name = NULL}, "don't ask; the answer is yes"},
	[OPTION_REASON] = {"--reason", {"TEXT", "reason", VALUE_TEXT, NULL, false, false},
		"why; it goes into the ledger"},
	[OPTION_STATE] = {"--state",
		{"STATE", "state", VALUE_CHOICE,
			"expected confirmed arrived claimed etching etched sealed "
			"released "
			"received minted printing printed paired shipped rejected "
			"spoiled "
			"in-doubt missing void opened-good opened-bad",
			false, false},
		"only wallets in this state"},
	[OPTION_CHECK] = {"--check", {.name = NULL},
		"end with exit code 6 when something needs attention"},
	[OPTION_INTERVAL] = {"--interval",
		{"SECONDS", NULL, VALUE_TEXT, NULL, false, false},
		"time between two looks (default 2)"},
	[OPTION_COUNT_OF] = {"--count", {"N", NULL, VALUE_TEXT, NULL, false, false},
		"end after N looks"},
	[OPTION_TO] = {"--to", {"DIR", NULL, VALUE_DIRECTORY, NULL, false, false},
		"where the copies go"},
	[OPTION_KIND] = {"--kind",
		{"KIND", NULL, VALUE_CHOICE,
			"codes passphrases confirmations stickers shipment receipt "
			"results notice",
			false, false},
		"only files of this kind"},
	[OPTION_FOLLOW] = {"--follow", {.name = NULL}, "go on as new lines come"},
	[OPTION_SINCE] = {"--since", {"TIME", NULL, VALUE_TEXT, NULL, false, false},
		"from this time on, as journalctl(1) takes it"},
	[OPTION_BATCH] = {"--batch", {"BATCH", NULL, VALUE_BATCH, NULL, false, false},
		"only lines about this batch"},
	[OPTION_SERIAL] = {"--serial", {"SERIAL", NULL, VALUE_SERIAL, NULL, false, false},
		"only lines about this wallet"},
	[OPTION_STATION] = {"--station",
		{"STATION", NULL, VALUE_STATION, NULL, false, false},
		"only lines about this station"},
	[OPTION_GOOD] = {"--good",
		{NULL, "outcome", VALUE_NONE, "good", false, false}, "the part is good"},
	[OPTION_SPOILED] = {"--spoiled",
		{NULL, "outcome", VALUE_NONE, "spoiled", false, false},
		"the part is not good: its serial is void"},
	[OPTION_NOTE] = {"--note", {"TEXT", "note", VALUE_TEXT, NULL, false, false},
		"what else was seen; it goes into the ledger, too"},
	[OPTION_KEY] = {"--key", {"KEY", NULL, VALUE_FILE, NULL, false, false},
		"your key (default $KEYLINE_KEY, ~/.config/keyline/person.key)"},
	[OPTION_PIN] = {"--pin", {NULL, "code", VALUE_NONE, "pin", false, false},
		"a PIN in place of a badge"},
	[OPTION_FROM] = {"--from", {"LIST", NULL, VALUE_FILE, NULL, false, false},
		"the wallets of a list: serials, one a line; - is standard input"},
	[OPTION_PAGE] = {"--page", {.name = NULL},
		"as pages for a printer: keylinectl ... --page | lp"},
	[OPTION_SIGNED] = {"--signed", {"FILE", NULL, VALUE_FILE, NULL, false, false},
		"write what this host signed (CMS) into a new file"},
	[OPTION_CSV] = {"--csv", {.name = NULL},
		"print the counts as CSV (RFC 4180), one row a count"},
	[OPTION_AS] = {"--as",
		{"WHAT", "act", VALUE_CHOICE, "loaded counted removed", false, false},
		"what was done (default loaded)"},
};

/* What nearly all rows of one kind share. */
#define READING .group = GROUP_VIEWERS, .run = run_request
#define ORDER(who) .group = who, .changing = true, .run = run_request
#define CHANGING(who) ORDER(who), .show = show_change
#define DANGEROUS(who) CHANGING(who), .dangerous = true
/* One wallet, a list, or what is possible of a batch. */
#define BULK(who, more)                                                                   \
	.arguments = {{"SERIAL", "serial", VALUE_SERIAL, NULL, true, true}},          \
	.group = who, .changing = true, .dangerous = true, .run = run_wallets,        \
	.show = show_bulk, .one_of = BIT(OPTION_FROM) | BIT(OPTION_BATCH),            \
	.one_argument = true,                                                         \
	.own = {{"--batch", {"BATCH", "batch", VALUE_BATCH, NULL, false, false},      \
		"all wallets of the batch for which it is possible"}},                \
	.detail = "Several are of one batch: all of them, or none.  With --batch those " \
		  "that cannot be are passed over." more
#define BULK_OPTIONS \
	(BIT(OPTION_FROM) | BIT(OPTION_BATCH) | BIT(OPTION_STATE) | BIT(OPTION_REASON))
#define STATION_COMMAND(word, text)                                          \
	{                                                                    \
		.words = {"station", word}, .arguments = {STATION_ARGUMENT}, \
		CHANGING(GROUP_SUPERVISORS), .help = text                    \
	}

const struct command command_table[] = {
	{.words = {"status", NULL},
		.options = BIT(OPTION_CHECK),
		.group = GROUP_VIEWERS,
		.run = run_status,
		.show = show_status,
		.help = "the line, its faults, stations and open batches",
		.detail = "Each fault is told with its state, what is wrong, what to do "
			  "about it and where to read more."},
	{.words = {"watch", NULL},
		.options = BIT(OPTION_INTERVAL) | BIT(OPTION_COUNT_OF),
		.group = GROUP_VIEWERS,
		.run = run_watch,
		.show = show_status,
		.help = "the status, again and again, until interrupted"},
	{.words = {"batch", "list"},
		READING,
		.show = show_batches,
		.help = "all batches"},
	{.words = {"batch", "show"},
		.arguments = {BATCH_ARGUMENT},
		READING,
		.show = show_batch,
		.help = "one batch with its counts and files"},
	{.words = {"batch", "check"},
		.arguments = {FILE_ARGUMENT},
		.group = GROUP_VIEWERS,
		.run = run_check,
		.show = show_check,
		.help = "check a batch file without taking it in",
		.detail =
			"Every error is told by line, column and code.  The file is read "
			"with your rights; the daemon gets its bytes."},
	{.words = {"batch", "import"},
		.arguments = {{"FILE", NULL, VALUE_FILE, NULL, false, true}},
		.group = GROUP_SUPERVISORS,
		.changing = true,
		.run = run_import,
		.help = "copy files into the daemon's incoming folder",
		.detail =
			"Each file is written under a name that the daemon ignores, "
			"brought "
			"to the disk and then renamed.  A name that is there already is "
			"refused."},
	{.words = {"batch", "export"},
		.arguments = {BATCH_ARGUMENT},
		.options = BIT(OPTION_TO) | BIT(OPTION_KIND),
		.required = BIT(OPTION_TO),
		.group = GROUP_VIEWERS,
		.changing = true,
		.run = run_export,
		.help = "copy a batch's outgoing files to a removable medium",
		.detail = "The files stay in the outgoing folder and can be sent again."},
	{.words = {"batch", "draw"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.help = "draw by lot the wallets that quality assurance opens"},
	{.words = {"batch", "ship"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.help = "close the shipment and write its file"},
	{.words = {"batch", "release"},
		.arguments = {BATCH_ARGUMENT},
		ORDER(GROUP_TWO_SUPERVISORS),
		.dangerous = true,
		.show = show_release,
		.options = BIT(OPTION_REASON),
		.help = "release the sealed wallets once the counts close"},
	{.words = {"batch", "destroy"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.help = "destroy the batch's key, then its secret files"},
	{.words = {"batch", "destroyed"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.help = "record that the secure disk was destroyed physically"},
	{.words = {"batch", "hold"},
		.arguments = {BATCH_ARGUMENT},
		CHANGING(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "stop work on a batch"},
	{.words = {"batch", "unhold"},
		.arguments = {BATCH_ARGUMENT},
		CHANGING(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "let work on a batch go on"},
	{.words = {"batch", "freeze"},
		.arguments = {BATCH_ARGUMENT},
		CHANGING(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "stop a batch as a whole, here and at the hosts that are told",
		.detail = "For a batch that may be compromised.  Notices to the other hosts lie "
			  "in outgoing."},
	{.words = {"batch", "unfreeze"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "let a frozen batch go on",
		.detail = "On this host; at each other one two persons do the same."},
	{.words = {"batch", "void"},
		.arguments = {BATCH_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "end a frozen batch: every wallet that is open becomes void",
		.detail = "Parts that exist are then destroyed by two:  keylinectl wallet "
			  "destroyed --batch BATCH"},
	{.words = {"batch", "skip"},
		.arguments = {{"SENDER", "sender", VALUE_HOST, NULL, false, false},
			{"KIND", "kind", VALUE_CHOICE,
				"codes passphrases confirmations stickers shipment "
				"receipt results notice",
				false, false},
			{"SEQUENCE", "sequence", VALUE_TEXT, NULL, false, false},
			{"BATCH", "batch", VALUE_BATCH, NULL, true, false},
			{"PART", "part", VALUE_TEXT, NULL, true, false}},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "give up a file that does not come; take the one after it",
		.detail = "Only the next number that is awaited can be skipped; none: the part "
			  "never gets one,\nfor its sender gave it up, too.  BATCH and PART "
			  "say what the file was, of codes,\npassphrases, confirmations and "
			  "stickers: that batch waits for it no longer.\nThe file is not "
			  "taken any more when it turns up: its wallets are ordered as\n"
			  "another batch."},
	{.words = {"wallet", "list"},
		.arguments = {{"BATCH", "batch", VALUE_BATCH, NULL, true, false}},
		.options = BIT(OPTION_STATE),
		READING,
		.show = show_wallets,
		.help = "wallets of one batch or of all"},
	{.words = {"wallet", "show"},
		.arguments = {SERIAL_ARGUMENT},
		READING,
		.show = show_wallet,
		.help = "one wallet and what happened to it"},
	{.words = {"wallet", "spoil"},
		BULK(GROUP_SUPERVISORS, ""),
		.options = BULK_OPTIONS,
		.required = BIT(OPTION_REASON),
		.help = "record that a part is spoiled; its serial is void for ever"},
	{.words = {"wallet", "missing"},
		BULK(GROUP_SUPERVISORS,
			"\nWhen it turns up after all (keylinectl wallet found SERIAL --reason "
			"TEXT) it is\nspoiled, to be destroyed: nobody knows who had it."),
		.options = BULK_OPTIONS,
		.required = BIT(OPTION_REASON),
		.help = "record that a part cannot be found; it is never sold"},
	{.words = {"wallet", "found"},
		.arguments = {SERIAL_ARGUMENT},
		DANGEROUS(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "record that a missing part was found: it is spoiled",
		.detail = "The part is in the house again, to be destroyed (keylinectl wallet "
			  "destroyed SERIAL); it does not come back into play."},
	{.words = {"wallet", "void"},
		.arguments = {SERIAL_ARGUMENT},
		DANGEROUS(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "take a wallet out of its batch before a part of it exists"},
	{.words = {"wallet", "resolve"},
		.arguments = {SERIAL_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_GOOD) | BIT(OPTION_SPOILED) | BIT(OPTION_REASON) |
			   BIT(OPTION_NOTE),
		.required = BIT(OPTION_REASON),
		.one_of = BIT(OPTION_GOOD) | BIT(OPTION_SPOILED),
		/* As in proto/doubt_reason.c. */
		.own = {{"--reason",
			{"CODE", "reason", VALUE_CHOICE,
				"marked-whole marked-part not-marked "
				"printed-whole printed-part not-printed "
				"damaged not-found not-sure",
				false, false},
			"what both saw; it goes into the ledger"}},
		.help = "settle a wallet in doubt as good or spoiled",
		.detail = "CODE is what both saw: marked-whole or printed-whole is good, "
			  "all others are spoiled."},
	{.words = {"wallet", "opened"},
		.arguments = {SERIAL_ARGUMENT,
			{"RESULT", "result", VALUE_CHOICE, "good bad", false, false}},
		DANGEROUS(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.help = "record what opening a drawn wallet showed"},
	{.words = {"wallet", "destroyed"},
		BULK(GROUP_TWO_SUPERVISORS, ""),
		.options = BULK_OPTIONS,
		.help = "record that a bad or opened part was destroyed"},
	{.words = {"station", "list"},
		READING,
		.show = show_stations,
		.help = "all stations"},
	STATION_COMMAND("start", "Stopped or Idle: begin to work"),
	STATION_COMMAND("stop", "end work in good order"),
	STATION_COMMAND("hold", "pause for a cause at the station"),
	STATION_COMMAND("unhold", "go on after a hold"),
	STATION_COMMAND("suspend", "pause for a cause elsewhere"),
	STATION_COMMAND("unsuspend", "go on after a suspension"),
	STATION_COMMAND("abort", "stop at once"),
	STATION_COMMAND("clear", "Aborted: clear the fault"),
	STATION_COMMAND("reset", "Stopped or Complete: make ready"),
	STATION_COMMAND("setup", "print or mark the fixed setup text on a waste part"),
	{.words = {"station", "rearm"},
		.arguments = {STATION_ARGUMENT},
		DANGEROUS(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "take the machine's own count of marks, unknown to the ledger",
		.detail = "The station stays held; who stands at it lets it go on:  keylinectl "
			  "station\nunhold STATION"},
	{.words = {"station", "scan"},
		.arguments = {STATION_ARGUMENT, SERIAL_ARGUMENT,
			{"ADDRESS-END", "address_end", VALUE_TEXT, NULL, true, false}},
		CHANGING(GROUP_SUPERVISORS),
		.help = "type what a scanner would read",
		.detail = "ADDRESS-END is the last six characters of the address that is "
			  "printed on the part; an etcher wants it. At a pairing station type "
			  "SERIAL/L for the lower layer and SERIAL for the upper one."},
	{.words = {"station", "supply"},
		.arguments = {STATION_ARGUMENT,
			{"SUPPLY", "what", VALUE_CHOICE, "labels ribbon", false, false},
			{"N", "count", VALUE_TEXT, NULL, false, false}},
		ORDER(GROUP_SUPERVISORS),
		.show = show_supply,
		.options = BIT(OPTION_AS) | BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "record labels or ribbons that came to a printer",
		.detail = "N more were loaded there; with --as counted N are there now, with "
			  "--as removed\nN were taken out.  See keylinectl report reconcile."},
	{.words = {"station", "signon"},
		.arguments = {STATION_ARGUMENT, OPERATOR_ARGUMENT},
		.group = GROUP_VIEWERS,
		.changing = true,
		.run = run_sign_on,
		.show = show_change,
		.help = "let an operator stand at a station by PIN or badge",
		.detail = "It is asked at the terminal.  Where there is a scanner the badge is "
			  "scanned at the\nstation instead.  Who stood there before hands over."},
	STATION_COMMAND("signoff", "let nobody stand at a station"),
	{.words = {"operator", "list"},
		READING,
		.show = show_operators,
		.help = "operators, and by what they are known"},
	{.words = {"operator", "badge"},
		.group = GROUP_ANYBODY,
		.run = run_operator_badge,
		.help = "make a code for a badge: print it as a QR code or Code 128",
		.detail = "It goes to standard output and nowhere else.  Whoever has it is taken "
			  "for the\noperator that it is enrolled for."},
	{.words = {"operator", "enroll"},
		.arguments = {OPERATOR_ARGUMENT},
		.options = BIT(OPTION_PIN),
		.group = GROUP_SUPERVISORS,
		.changing = true,
		.run = run_operator_enroll,
		.show = show_change,
		.help = "let an operator be known by a badge or a PIN",
		.detail = "The badge is scanned, or the PIN typed, twice at the terminal.  One "
			  "operator can have\nboth, each by a command of its own."},
	{.words = {"operator", "remove"},
		.arguments = {OPERATOR_ARGUMENT},
		CHANGING(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "let an operator's badge and PIN count no more"},
	{.words = {"key", "list"},
		READING,
		.show = show_keys,
		.help = "own, trusted and other hosts' keys with their fingerprints"},
	{.words = {"key", "new"},
		.arguments = {{"NAME", "name", VALUE_BATCH, NULL, false, false}},
		ORDER(GROUP_SUPERVISORS),
		.show = show_key_change,
		.help = "make a key: of a batch, or of a kind",
		.detail =
			"NAME is a batch, for its passphrases or stickers key, or one of "
			"site, codes, confirmations, as this host's stages need them."},
	{.words = {"key", "trust"},
		.arguments = {FILE_ARGUMENT,
			{"FINGERPRINT", "fingerprint", VALUE_GROUPS, NULL, true, true}},
		.group = GROUP_TWO_SUPERVISORS,
		.changing = true,
		.dangerous = true,
		.run = run_trust,
		.show = show_change,
		.help = "trust another host's site certificate",
		.detail = "Have the fingerprint read out by a person at the other host "
			  "(keylinectl key list) over a line that you trust.  Without "
			  "FINGERPRINT its last four groups are asked for."},
	{.words = {"ledger", "verify"},
		.arguments = {{"SEQ", "seq", VALUE_TEXT, NULL, true, false},
			{"HASH", "hash", VALUE_GROUPS, NULL, true, true}},
		READING,
		.show = show_ledger,
		.help = "recompute the hash chain; compare it with what others saw",
		.detail = "SEQ and HASH are a head of this ledger as the book or another host "
			  "has it."},
	{.words = {"ledger", "head"},
		READING,
		.show = show_ledger,
		.help = "the ledger's newest event and its hash"},
	{.words = {"ledger", "witness"},
		READING,
		.show = show_witnesses,
		.help = "the newest events of other hosts' ledgers that this host saw",
		.detail = "There they are compared:  keylinectl ledger verify SEQ HASH"},
	{.words = {"report", "certificate"},
		.arguments = {BATCH_ARGUMENT},
		.options = BIT(OPTION_PAGE) | BIT(OPTION_SIGNED),
		.group = GROUP_VIEWERS,
		.run = run_certificate,
		.help = "the certificate that a batch's secrets were destroyed",
		.detail = "Signed, it is verified with the host's site certificate:\n"
			  "openssl cms -verify -inform DER -in FILE -CAfile HOST.site.crt "
			  "-purpose any"},
	{.words = {"report", "reconcile"},
		.arguments = {BATCH_ARGUMENT},
		.options = BIT(OPTION_CSV) | BIT(OPTION_SIGNED),
		.group = GROUP_VIEWERS,
		.run = run_report,
		.show = show_report,
		.help = "a batch's counts, whether they close, and what it takes",
		.detail = "A page to be printed and signed, with the head of the ledger.  Whoever "
			  "has the\nhost's site certificate verifies the file of --signed:\n"
			  "openssl cms -verify -inform DER -in FILE -CAfile SITE.crt -purpose any"},
	{.words = {"person", "list"},
		READING,
		.show = show_persons,
		.help = "persons, and the fingerprints of their keys"},
	{.words = {"person", "new"},
		.options = BIT(OPTION_KEY),
		.group = GROUP_ANYBODY,
		.changing = true,
		.run = run_person_new,
		.show = show_change,
		.help = "make a key for yourself, to approve with",
		.detail = "The private key lies in your own folder, under a passphrase that is "
			  "asked for;\nits public half, beside it, is to be enrolled."},
	{.words = {"person", "enroll"},
		.arguments = {{"USER", "user", VALUE_TEXT, NULL, false, false},
			{"FILE", NULL, VALUE_FILE, NULL, false, false}},
		.group = GROUP_TWO_SUPERVISORS,
		.changing = true,
		.run = run_person_enroll,
		.show = show_change,
		.help = "let a user's key count; the first two: by root",
		.detail = "FILE is the public half of keylinectl person new.  A key that the "
			  "user had counts\nno more then."},
	{.words = {"person", "remove"},
		.arguments = {{"USER", "user", VALUE_TEXT, NULL, false, false}},
		CHANGING(GROUP_TWO_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "let a user's key count no more",
		.detail = "Root may do it alone, for a key that is lost; that is told as an "
			  "alarm."},
	{.words = {"approve", NULL},
		.arguments = {{"REQUEST", "request", VALUE_REQUEST, NULL, false, false}},
		.options = BIT(OPTION_KEY),
		.group = GROUP_SUPERVISORS,
		.changing = true,
		.run = run_approve,
		.show = show_approved,
		.help = "read what another person asked for, sign it, and so do it"},
	{.words = {"request", "list"},
		READING,
		.show = show_requests,
		.help = "what waits for a second person"},
	{.words = {"request", "show"},
		.arguments = {{"REQUEST", "request", VALUE_REQUEST, NULL, false, false}},
		READING,
		.show = show_request,
		.help = "one request, and what was signed for it"},
	{.words = {"request", "export"},
		.arguments = {{"REQUEST", "request", VALUE_REQUEST, NULL, false, false}},
		.options = BIT(OPTION_TO),
		.required = BIT(OPTION_TO),
		.group = GROUP_VIEWERS,
		.run = run_request_export,
		.show = show_request,
		.help = "write its texts, signatures and keys, as openssl verifies them"},
	{.words = {"request", "withdraw"},
		.arguments = {{"REQUEST", "request", VALUE_REQUEST, NULL, false, false}},
		CHANGING(GROUP_SUPERVISORS),
		.options = BIT(OPTION_REASON),
		.required = BIT(OPTION_REASON),
		.help = "take a request back: nobody can approve it then"},
	{.words = {"alarm", "ack"},
		.arguments = {{"OBJECT", "object", VALUE_ALARM, NULL, false, false}},
		CHANGING(GROUP_SUPERVISORS),
		.help = "acknowledge a fault whose cause is past",
		.detail = "OBJECT is what the fault is about, as its status begins."},
	{.words = {"log", NULL},
		.options = BIT(OPTION_FOLLOW) | BIT(OPTION_SINCE) | BIT(OPTION_BATCH) |
			   BIT(OPTION_SERIAL) | BIT(OPTION_STATION),
		.group = GROUP_ANYBODY,
		.run = run_log,
		.help = "the daemon's log, by journalctl(1)",
		.detail = "All daemons of this machine; with --socket the one that answers "
			  "there."},
};

const size_t command_count = sizeof command_table / sizeof command_table[0];

unsigned
command_options(const struct command *command)
{
	unsigned bits = command->options | BIT(OPTION_HELP) | BIT(OPTION_VERSION) |
			BIT(OPTION_SOCKET) | BIT(OPTION_TIMEOUT) | BIT(OPTION_JSON);

	if (command->changing)
		bits |= BIT(OPTION_DRY_RUN) | BIT(OPTION_YES);
	if (command->group == GROUP_TWO_SUPERVISORS)
		bits |= BIT(OPTION_KEY);
	return bits;
}

const struct option_row *
command_option(const struct command *command, enum option option)
{
	const struct option_row *row = &option_table[option];

	for (const struct option_row *own = command ? command->own : NULL;
		own && own->name; own++)
		if (strcmp(own->name, row->name) == 0)
			return own;
	return row;
}

static size_t
words_in_common(const struct command *command, const char *const *words, size_t count)
{
	size_t n = 0;

	while (n < COMMAND_WORDS_MAX && n < count && command->words[n] &&
		strcmp(command->words[n], words[n]) == 0)
		n++;
	return n;
}

const struct command *
command_find(size_t *used, const char *const *words, size_t count)
{
	*used = 0;
	for (size_t i = 0; i < command_count; i++) {
		const struct command *command = &command_table[i];
		size_t n = words_in_common(command, words, count);

		if (n > *used)
			*used = n;
		if (n == COMMAND_WORDS_MAX || (n && !command->words[n]))
			return command;
	}
	return NULL;
}
