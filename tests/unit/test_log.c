/* SPDX-License-Identifier: MIT */
/* What goes to stderr, and that the message catalog has each event. */
#include "config.h"
#include "harness.h"
#include "daemon/log.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char text[1 << 16];

static void
file_read(const char *path)
{
	FILE *in = fopen(path, "r");
	size_t len;

	ck_assert_ptr_nonnull(in);
	len = fread(text, 1, sizeof(text) - 1, in);
	text[len] = '\0';
	fclose(in);
}

static void
catalog_read(void)
{
	const char *srcdir = getenv("srcdir");
	char path[512];

	snprintf(
		path, sizeof(path), "%s/systemd/keyline.catalog", srcdir ? srcdir : "..");
	file_read(path);
}

START_TEST(the_catalog_has_each_event)
{
	char entry[256];
	int i;

	catalog_read();
	for (i = 0; i < LOG_EVENTS; i++) {
		snprintf(entry, sizeof(entry), "\n-- %s\nSubject: %s\n",
			log_message_id((enum log_event)i),
			log_message_text((enum log_event)i));
		ck_assert_msg(strstr(text, entry) != NULL, "the catalog lacks%s", entry);
	}
}
END_TEST

START_TEST(the_catalog_has_no_more)
{
	const char *at;
	int count = 0;

	catalog_read();
	for (at = text; (at = strstr(at, "\n-- ")) != NULL; at++)
		count++;
	ck_assert_int_eq(count, LOG_EVENTS);
}
END_TEST

START_TEST(ids_are_single)
{
	int i, k;

	for (i = 0; i < LOG_EVENTS; i++) {
		const char *id = log_message_id((enum log_event)i);

		ck_assert_uint_eq(strspn(id, "0123456789abcdef"), 32);
		ck_assert_uint_eq(strlen(id), 32);
		for (k = 0; k < i; k++)
			ck_assert_str_ne(id, log_message_id((enum log_event)k));
	}
}
END_TEST

/* What log_event() writes to stderr. */
static void
logged(enum log_event event, const struct log_fields *fields)
{
	char path[] = "/tmp/keyline-log.XXXXXX";
	int fd = mkstemp(path), keep = dup(STDERR_FILENO);

	ck_assert_int_ge(fd, 0);
	dup2(fd, STDERR_FILENO);
	log_event(event, fields);
	dup2(keep, STDERR_FILENO);
	close(keep);
	close(fd);
	file_read(path);
	unlink(path);
}

START_TEST(a_line_has_priority_text_and_fields)
{
	log_open();
	logged(LOG_STARTED, NULL);
	ck_assert_str_eq(text, "<6>the line is up\n");
	logged(LOG_JOB_IN_DOUBT, &(struct log_fields){.station = "laser1",
					 .serial = "AA000001K",
					 .batch = "B-1",
					 .job = 4294967295u,
					 .code = "offline",
					 .detail = "more"});
	ck_assert_str_eq(text,
		"<2>the outcome of a job is not known, station laser1, job 4294967295, "
		"batch B-1, serial AA000001K: offline (more)\n");
	logged(LOG_START_FAILED, &(struct log_fields){.code = "io",
					 .detail = "/there",
					 .action = "Look there."});
	ck_assert_str_eq(
		text, "<2>the line cannot start: io (/there). Next: Look there.\n");
}
END_TEST

START_TEST(a_long_detail_is_cut)
{
	char detail[5000];

	memset(detail, 'x', sizeof(detail) - 1);
	detail[sizeof(detail) - 1] = '\0';
	logged(LOG_FILE, &(struct log_fields){.detail = detail});
	ck_assert_uint_lt(strlen(text), 1300);
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
}
END_TEST

/* A stream that is not stderr's own is not the journal. */
START_TEST(the_journal_is_known_by_its_stream)
{
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_open();
	logged(LOG_STOPPED, NULL);
	ck_assert_str_eq(text, "<6>the line has stopped\n");
	unsetenv("JOURNAL_STREAM");
	log_open();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("log");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_catalog_has_each_event);
	tcase_add_test(all, the_catalog_has_no_more);
	tcase_add_test(all, ids_are_single);
	tcase_add_test(all, a_line_has_priority_text_and_fields);
	tcase_add_test(all, a_long_detail_is_cut);
	tcase_add_test(all, the_journal_is_known_by_its_stream);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
