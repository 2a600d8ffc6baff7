/* SPDX-License-Identifier: MIT */
/*
 * libcups runs out of memory once, at each of its allocations while a request is put
 * together or an answer is read: it is whole then, or it is refused.
 */
#include "config.h"
#include "harness.h"
#include "drivers/ipp_request.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 4096 };

struct message {
	unsigned char bytes[BYTES_MAX];
	size_t len, at;
};

static ssize_t
put(void *to, ipp_uchar_t *bytes, size_t len)
{
	struct message *message = to;

	ck_assert_uint_le(len, sizeof message->bytes - message->len);
	memcpy(message->bytes + message->len, bytes, len);
	message->len += len;
	return (ssize_t)len;
}

static ssize_t
get(void *from, ipp_uchar_t *bytes, size_t len)
{
	struct message *message = from;

	if (len > message->len - message->at)
		len = message->len - message->at;
	memcpy(bytes, message->bytes + message->at, len);
	message->at += len;
	return (ssize_t)len;
}

/* The bytes of a message, which is deleted. */
static void
pack(struct message *out, ipp_t *ipp)
{
	out->len = out->at = 0;
	ck_assert_ptr_nonnull(ipp);
	ippSetRequestId(ipp, 1);
	ippSetState(ipp, IPP_STATE_IDLE);
	ck_assert_int_eq(ippWriteIO(out, put, 1, NULL, ipp), IPP_STATE_DATA);
	ippDelete(ipp);
}

static ipp_t *
create_job(void)
{
	static const char *const wanted[] = {"job-id", "job-name"};
	struct ipp_request request, media_col, size;

	ipp_request_begin(&request, IPP_OP_CREATE_JOB);
	ipp_request_string(&request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri",
		"ipps://localhost/ipp/print");
	ipp_request_string(&request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name",
		"keyline-cn-0123456789abcdef-7");
	ipp_request_boolean(&request, IPP_TAG_OPERATION, "ipp-attribute-fidelity", true);
	ipp_request_keywords(
		&request, IPP_TAG_OPERATION, "requested-attributes", wanted, 2);
	ipp_request_begin_collection(&size);
	ipp_request_integer(&size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", 4000);
	ipp_request_begin_collection(&media_col);
	ipp_request_collection(&media_col, IPP_TAG_ZERO, "media-size", &size);
	ipp_request_string(
		&media_col, IPP_TAG_ZERO, IPP_TAG_KEYWORD, "media-source", "roll");
	ipp_request_collection(&request, IPP_TAG_JOB, "media-col", &media_col);
	ipp_request_dpi(&request, IPP_TAG_JOB, "printer-resolution", 300);
	return ipp_request_end(&request);
}

START_TEST(it_says_what_it_was_given)
{
	struct message message;
	ipp_t *read = ippNew();
	ipp_attribute_t *name;

	pack(&message, create_job());
	ck_assert_int_eq(ippReadIO(&message, get, 1, NULL, read), IPP_STATE_DATA);
	ck_assert(ipp_is_whole(read));
	ck_assert_int_eq(ippGetOperation(read), IPP_OP_CREATE_JOB);
	name = ippFindAttribute(read, "job-name", IPP_TAG_NAME);
	ck_assert_ptr_nonnull(name);
	ck_assert_str_eq(ippGetString(name, 0, NULL), "keyline-cn-0123456789abcdef-7");
	ck_assert_ptr_nonnull(ippFindAttribute(
		read, "media-col/media-size/x-dimension", IPP_TAG_INTEGER));
	ippDelete(read);
}
END_TEST

#ifndef KEYLINE_SECRET_MALLOC
/* Of the allocations from now on the one that fails; 0: none. */
static int failing, seen;

static bool
fails(void)
{
	return failing > 0 && ++seen == failing;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

static void
fail_at(int allocation)
{
	seen = 0;
	failing = allocation;
}

/* No more; how many have been asked for. */
static int
fail_none(void)
{
	failing = 0;
	return seen;
}

START_TEST(a_request_is_whole_or_none)
{
	struct message whole, other;
	int allocation = 0, asked, refused = 0;

	/* Valgrind has an allocator of its own. */
	if (harness_valgrind())
		return;
	pack(&whole, create_job());
	do {
		ipp_t *request;

		fail_at(++allocation);
		request = create_job();
		asked = fail_none();
		refused += !request;
		if (!request)
			continue;
		pack(&other, request);
		ck_assert_uint_eq(other.len, whole.len);
		ck_assert_mem_eq(other.bytes, whole.bytes, whole.len);
	} while (asked >= allocation);
	/* Each attribute, its name and what it holds. */
	ck_assert_int_gt(refused, 20);
}
END_TEST

START_TEST(an_answer_is_whole_or_refused)
{
	struct message whole, other;
	int allocation = 0, asked, lost = 0;

	if (harness_valgrind())
		return;
	pack(&whole, create_job());
	do {
		ipp_t *read = ippNew();
		ipp_state_t state;

		whole.at = 0;
		fail_at(++allocation);
		state = ippReadIO(&whole, get, 1, NULL, read);
		asked = fail_none();
		if (state == IPP_STATE_DATA && ipp_is_whole(read)) {
			pack(&other, read);
			ck_assert_uint_eq(other.len, whole.len);
			ck_assert_mem_eq(other.bytes, whole.bytes, whole.len);
			continue;
		}
		/* What libcups says nothing of. */
		lost += state == IPP_STATE_DATA;
		ippDelete(read);
	} while (asked >= allocation);
	ck_assert_int_gt(lost, 10);
}
END_TEST
#endif

/* So many collections, one within the other, around an attribute. */
static ipp_t *
nested(unsigned depth)
{
	ipp_t *inner = ippNew();

	ippAddInteger(inner, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", 4000);
	for (unsigned i = 0; i < depth; i++) {
		ipp_t *outer = ippNew();

		ippAddCollection(outer, i + 1 == depth ? IPP_TAG_PRINTER : IPP_TAG_ZERO,
			"media-size", inner);
		ippDelete(inner);
		inner = outer;
	}
	return inner;
}

/* No printer brings the driver's stack to its end. */
START_TEST(collections_lie_so_deep_and_no_deeper)
{
	static const struct {
		unsigned depth;
		bool is_whole;
	} rows[] = {{0, true}, {2, true}, {8, true}, {9, false}, {1000, false}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ipp_t *message = nested(rows[i].depth);

		ck_assert_int_eq(ipp_is_whole(message), rows[i].is_whole);
		ippDelete(message);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ipp_request");
	TCase *all = tcase_create("all");

	tcase_add_test(all, it_says_what_it_was_given);
#ifndef KEYLINE_SECRET_MALLOC
	tcase_add_test(all, a_request_is_whole_or_none);
	tcase_add_test(all, an_answer_is_whole_or_refused);
#endif
	tcase_add_test(all, collections_lie_so_deep_and_no_deeper);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
