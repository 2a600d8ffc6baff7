/* SPDX-License-Identifier: MIT */
/*
 * Every command of keylinectl is one row of a table: its words, arguments and
 * options, who may run it, how it runs and how its answer is shown.  Parsing,
 * help, completion and requests all walk that table.
 */
#ifndef KEYLINE_CTL_COMMAND_H
#define KEYLINE_CTL_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct invocation;
struct answer;
struct style;

enum { COMMAND_WORDS_MAX = 2, COMMAND_ARGUMENTS_MAX = 5, COMMAND_OWN_MAX = 1 };

/* What stands in an argument's place; completion asks the daemon by it. */
enum value_kind {
	VALUE_NONE,
	VALUE_BATCH,
	VALUE_SERIAL,
	VALUE_STATION,
	VALUE_ALARM,
	VALUE_REQUEST,
	VALUE_OPERATOR,
	/* a host that sends here; what is signed names it with all that follows */
	VALUE_HOST,
	VALUE_CHOICE,
	VALUE_FILE,
	VALUE_DIRECTORY,
	VALUE_TEXT,
	/* hex digits, in one word or in groups of several, as they are printed */
	VALUE_GROUPS
};

struct argument {
	const char *name; /* as help shows it, e.g. "BATCH"; NULL ends the list */
	const char *key;  /* its name in the request's args; NULL: not sent */
	enum value_kind kind;
	const char *choices; /* VALUE_CHOICE: the words, a space between two */
	bool optional;
	bool repeated; /* takes all words that are left; last one only */
};

enum option {
	OPTION_SOCKET,
	OPTION_TIMEOUT,
	OPTION_JSON,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_DRY_RUN,
	OPTION_YES,
	OPTION_REASON,
	OPTION_STATE,
	OPTION_CHECK,
	OPTION_INTERVAL,
	OPTION_COUNT_OF,
	OPTION_TO,
	OPTION_KIND,
	OPTION_FOLLOW,
	OPTION_SINCE,
	OPTION_BATCH,
	OPTION_SERIAL,
	OPTION_STATION,
	OPTION_GOOD,
	OPTION_SPOILED,
	OPTION_NOTE,
	OPTION_FROM,
	OPTION_KEY,
	OPTION_PAGE,
	OPTION_SIGNED,
	OPTION_CSV,
	OPTION_AS,
	OPTION_PIN,
	OPTIONS_
};

struct option_row {
	const char *name; /* "--json" */
	/* Its value; name NULL: a flag.  A flag with a key sends its only choice. */
	struct argument argument;
	const char *help;
};

/* Who the daemon lets run a command; it decides, help only tells. */
enum group { GROUP_ANYBODY, GROUP_VIEWERS, GROUP_SUPERVISORS, GROUP_TWO_SUPERVISORS };

struct command {
	const char *words[COMMAND_WORDS_MAX]; /* the second may be NULL */
	struct argument arguments[COMMAND_ARGUMENTS_MAX + 1];
	unsigned options;  /* bits 1u << enum option, beside the common ones */
	unsigned required; /* those of them that must be given */
	unsigned one_of;   /* those of which one must be given, and no more */
	bool one_argument; /* the first argument is one of them, too */
	/* Options that mean another thing here than in option_table; ends in a NULL name.
	 */
	struct option_row own[COMMAND_OWN_MAX + 1];
	enum group group;
	bool changing;  /* has --dry-run */
	bool dangerous; /* asks to type the first argument, has --yes */
	int (*run)(const struct invocation *call);
	void (*show)(const struct answer *answer, const struct style *style);
	const char *help;   /* one line, no full stop */
	const char *detail; /* more, for --help; may be NULL */
};

extern const struct command command_table[];
extern const size_t command_count;
extern const struct option_row option_table[OPTIONS_];

/* The bits of all options that a command takes, the common ones included. */
unsigned command_options(const struct command *command);

/* The row of an option as it is meant in a command (NULL: in any). */
const struct option_row *command_option(
	const struct command *command, enum option option);

/*
 * The command that the words begin with; *used is how many of them name it.
 * NULL when there is none; *used then counts the words that began well.
 */
const struct command *command_find(size_t *used, const char *const *words, size_t count);

#endif
