/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/control.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 8 };

struct request {
	char *words[WORDS_MAX];
	size_t count;
	struct machine *machine;
	int64_t now_ms;
	char *answer;
};

static void
answer(struct request *r, const char *text)
{
	snprintf(r->answer, CONTROL_ANSWER_MAX, "%s", text);
}

static void
do_status(struct request *r)
{
	char text[CONTROL_ANSWER_MAX - 4];

	machine_status(text, sizeof text, r->machine);
	snprintf(r->answer, CONTROL_ANSWER_MAX, "ok %s", text);
}

/* The names of all faults. */
static void
do_list(struct request *r)
{
	size_t len = (size_t)snprintf(r->answer, CONTROL_ANSWER_MAX, "ok");

	for (int i = 0; i < FAULT_NAMES; i++)
		len += (size_t)snprintf(r->answer + len, CONTROL_ANSWER_MAX - len, " %s",
			fault_text((enum fault_name)i));
}

static void
do_clear(struct request *r)
{
	int name = FAULT_NAMES;

	if (r->count > 1) {
		for (name = 0; name < FAULT_NAMES; name++)
			if (strcmp(fault_text((enum fault_name)name), r->words[1]) == 0)
				break;
		if (name == FAULT_NAMES) {
			answer(r, "error no such fault");
			return;
		}
	}
	fault_clear(machine_faults(r->machine), (enum fault_name)name);
	answer(r, "ok");
}

static void
do_fault(struct request *r, size_t first)
{
	struct fault fault;
	int error = fault_parse(&fault, r->words + first, r->count - first);

	if (error == KE_NOT_FOUND)
		answer(r, "error no such fault");
	else if (error)
		answer(r, "error bad argument");
	else if (machine_fault(r->machine, &fault, r->now_ms) != 0)
		answer(r, "error not possible now");
	else
		answer(r, "ok");
}

static void
do_named_fault(struct request *r)
{
	do_fault(r, 1);
}

static const struct verb {
	const char *name;
	size_t words_max;
	void (*run)(struct request *r);
} verbs[] = {
	{"status", 1, do_status},
	{"list", 1, do_list},
	{"clear", 2, do_clear},
	{"fault", WORDS_MAX, do_named_fault},
};

static int
split(struct request *r, char *line)
{
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t\r\n", &rest); word;
		word = strtok_r(NULL, " \t\r\n", &rest)) {
		if (r->count == WORDS_MAX)
			return KE_TOO_LONG;
		r->words[r->count++] = word;
	}
	return r->count ? 0 : KE_BAD_LINE;
}

void
control_do(
	char out[CONTROL_ANSWER_MAX], char *line, struct machine *machine, int64_t now_ms)
{
	struct request r = {.machine = machine, .now_ms = now_ms, .answer = out};

	if (split(&r, line) != 0) {
		answer(&r, "error bad line");
		return;
	}
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(verbs[i].name, r.words[0]) != 0)
			continue;
		if (r.count > verbs[i].words_max)
			answer(&r, "error bad line");
		else
			verbs[i].run(&r);
		return;
	}
	/* a fault's name does for itself */
	do_fault(&r, 0);
}
