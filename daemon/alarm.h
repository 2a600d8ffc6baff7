/* SPDX-License-Identifier: MIT */
/*
 * What is wrong on the line beyond one station: refused files, rejected wallets,
 * missing keys, a secure disk that isn't there.  An alarm has a code of
 * daemon/fault.h and the object that it is about; it stands until its cause is gone
 * or a person has acknowledged it.
 */
#ifndef KEYLINE_DAEMON_ALARM_H
#define KEYLINE_DAEMON_ALARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ALARM_MAX: how many of one code stand at a time. */
enum { ALARM_OBJECT_SIZE = 256, ALARM_TOLD_SIZE = 240, ALARM_MAX = 200 };

struct alarm {
	/* A name of daemon/fault.h, with program lifetime. */
	const char *code;
	char object[ALARM_OBJECT_SIZE];
	int64_t since_ms;
	/* What is so of this one, in place of the table's status; "": that. */
	char told[ALARM_TOLD_SIZE];
};

struct alarm_list;

/* NULL when out of memory. */
struct alarm_list *alarm_list_new(void);
void alarm_list_free(struct alarm_list *list);

/* Raises it once: a code and object that stand already keep their time.  Of ALARM_MAX of
 * one code the oldest goes: what comes in floods (files, rejected wallets) hides nothing of
 * another kind.  Without memory for one more the oldest about a dropped file goes, else the
 * oldest; a final one stays. */
void alarm_raise(
	struct alarm_list *list, const char *code, const char *object, int64_t now_ms);

/* The same, with a status of its own, which is told from now on where it stands already.
 */
void alarm_raise_told(struct alarm_list *list, const char *code, const char *object,
	const char *told, int64_t now_ms);

/* Takes back the alarm of that code and object; object NULL: all of that code. */
void alarm_clear(struct alarm_list *list, const char *code, const char *object);

/* Whether the alarm of that code and object stands. */
bool alarm_stands_as(
	const struct alarm_list *list, const char *code, const char *object);

/* Whether it stands until the service is started again: nobody takes it back. */
bool alarm_is_final(const char *code);

/* Whether an alarm about an object stands; takes back all of them that are not final. */
bool alarm_stands(const struct alarm_list *list, const char *object);
void alarm_acknowledge(struct alarm_list *list, const char *object);

size_t alarm_count(const struct alarm_list *list);
const struct alarm *alarm_at(const struct alarm_list *list, size_t index);

#endif
