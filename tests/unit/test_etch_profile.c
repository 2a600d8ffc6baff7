/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "etch_fixture.h"
#include <string.h>

/* The text with the line that begins with key replaced; counts lines into *line. */
static char *
with_line(const char *text, const char *key, const char *replacement, unsigned *line)
{
	char *out = calloc(1, FIXTURE_TEXT_MAX + 256);
	char wanted[64];
	const char *at, *end;

	snprintf(wanted, sizeof wanted, "\n%s", key);
	at = strstr(text, wanted);

	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(at);
	at++;
	end = strchr(at, '\n');
	*line = 1;
	for (const char *c = text; c < at; c++)
		*line += *c == '\n';
	sprintf(out, "%.*s%s%s", (int)(at - text), text, replacement, end);
	return out;
}

START_TEST(the_shipped_profile_is_valid)
{
	char *text = fixture_profile_text();
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)), 0);
	ck_assert_int_eq(p.places[ETCH_START].table, ETCH_HOLDING);
	ck_assert_uint_eq(p.places[ETCH_START].bit, 3);
	ck_assert_uint_eq(p.places[ETCH_CHUNK_DATA].count, 112);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_HOLDING), 148);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_INPUT), 244);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_COIL), 0);
	ck_assert_int_eq(etch_profile_reason(&p, 27), ETCH_REASON_ARM_EXPIRED);
	ck_assert_int_eq(etch_profile_reason(&p, 999), -1);
	free(text);
}
END_TEST

/* Every line of the shipped profile is needed, and none may come twice. */
START_TEST(each_key_once)
{
	char *text = fixture_profile_text();
	struct etch_profile p;
	struct etch_profile_error error;
	unsigned keys = 0;

	for (char *line = text; *line; line = strchr(line, '\n') + 1) {
		size_t len = strcspn(line, "\n"), before = (size_t)(line - text);
		char copy[FIXTURE_TEXT_MAX + 256];
		char save = *line;

		if (line[0] == '#' || line[0] == '[' || line[0] == '\n' ||
			strncmp(line, "map-version = 1", 15) == 0)
			continue;
		if (strstr(text, "[reasons]") < line)
			break;
		*line = '#';
		ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)),
			KE_BAD_PROFILE);
		ck_assert_uint_eq(error.line, 0);
		*line = save;
		sprintf(copy, "%.*s%.*s\n%s", (int)before, text, (int)len, line, line);
		ck_assert_int_eq(etch_profile_parse(&p, &error, copy, strlen(copy)),
			KE_BAD_PROFILE);
		ck_assert_uint_gt(error.line, 1);
		keys++;
	}
	ck_assert_uint_eq(keys, ETCH_ITEMS + 1 + 19);
	free(text);
}
END_TEST

static const struct {
	const char *key, *replacement, *says;
} refused[] = {
	{"ready = ", "redy = input 34 bit 1", "redy: unknown key"},
	{"ready = ", "ready = input 34", "needs a bit"},
	{"ready = ", "ready = input 34 bit 16", "not of the form"},
	{"ready = ", "ready = input 34 bit", "not of the form"},
	{"ready = ", "ready = output 34 bit 1", "not of the form"},
	{"ready = ", "ready = input 34 bit 1 2", "not of the form"},
	{"ready = ", "ready = discrete 1 bit 1", "takes no bit"},
	{"ready = ", "ready = input 34 bit 0", "overlaps waiting"},
	{"ready = ", "ready = input 33 bit 1", "overlaps heartbeat-echo"},
	{"magic = ", "magic = coil 0", "needs a register"},
	{"magic = ", "magic = input 1", "overlaps"},
	{"magic = ", "magic = input 65536", "not of the form"},
	{"magic = ", "magic = holding 200", "not in the table"},
	{"boot-id = ", "boot-id = input 300", "more than 125"},
	{"boot-id = ", "boot-id = input 65535", "beyond address 65535"},
	{"start = ", "start = input 300 bit 3", "host cannot write"},
	{"start = ", "start = discrete 3", "host cannot write"},
	{"host-heartbeat = ", "host-heartbeat = holding 7", "overlaps"},
	{"readback-job = ", "readback-job = input 127", "side by side"},
	{"readback-data = ", "readback-data = input 16", "overlaps"},
	{"chunk-job = ", "chunk-job = holding 150", "side by side"},
	{"job-length = ", "job-length = holding 24", "side by side"},
	{"ready = ", "ready = holding 7 bit 9", "shares a register with commands"},
	{"chunk-registers = ", "chunk-registers = 120", "from 1 to 119"},
	{"readback-registers = ", "readback-registers = 122", "from 1 to 121"},
	{"heartbeat-ms = ", "heartbeat-ms = x", "not a number"},
	{"host-timeout-ms = ", "host-timeout-ms = 2000", "host-timeout-ms"},
	{"late-window-ms = ", "late-window-ms = 300", "late-window-ms"},
	{"scale-um = ", "scale-um = 1", "too fine"},
	{"text-height-um = ", "text-height-um = 17000", "higher than"},
	{"word-order = ", "word-order = middle", "unknown key or value"},
	{"word-order = ", "byte-order = high-first", "unknown key or value"},
	{"word-order = ", "byte-order = low-first", "unknown key or value"},
	{"map-version = ", "map-version = 2", "unknown key or value"},
	{"door-open = ", "door-open = 2", "one number"},
	{"door-open = ", "door-opened = 1", "unknown reason"},
	{"none = ", "none = 1", "not a code number"},
	{"door-open = ", "door-open = 0", "not a code number"},
	{"[mark]", "[marks]", "unknown key in section [marks]"},
	{"[mark]", "[mark", "neither"},
};

START_TEST(a_wrong_line_is_named)
{
	char *text = fixture_profile_text();
	unsigned line;
	char *wrong = with_line(text, refused[_i].key, refused[_i].replacement, &line);
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(
		etch_profile_parse(&p, &error, wrong, strlen(wrong)), KE_BAD_PROFILE);
	ck_assert_msg(strstr(error.text, refused[_i].says), "%s: %s", refused[_i].says,
		error.text);
	free(wrong);
	free(text);
}
END_TEST

START_TEST(the_line_number_is_the_line)
{
	char *text = fixture_profile_text();
	unsigned line;
	char *wrong = with_line(text, "start = ", "sturt = 1", &line);
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(
		etch_profile_parse(&p, &error, wrong, strlen(wrong)), KE_BAD_PROFILE);
	ck_assert_uint_eq(error.line, line);
	free(wrong);
	free(text);
}
END_TEST

/* The shipped profile with other lines; the caller frees it. */
static char *
with_lines(const char *const (*moves)[2], size_t count)
{
	char *text = fixture_profile_text();
	unsigned line;

	for (size_t i = 0; i < count; i++) {
		char *next = with_line(text, moves[i][0], moves[i][1], &line);

		free(text);
		text = next;
	}
	return text;
}

/* Of a length that the limits tell, so nothing can lie behind it. */
START_TEST(data_lies_last)
{
	static const char *const moves[][2] = {
		{"readback-data = ", "readback-data = input 128"},
		{"readback-job = ", "readback-job = input 240"},
		{"readback-at = ", "readback-at = input 242"},
		{"readback-count = ", "readback-count = input 243"},
	};
	char *text = with_lines(moves, sizeof moves / sizeof moves[0]);
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(
		etch_profile_parse(&p, &error, text, strlen(text)), KE_BAD_PROFILE);
	ck_assert_str_eq(error.text, "readback-data: must lie last");
	free(text);
}
END_TEST

START_TEST(items_can_be_moved)
{
	static const char *const moves[][2] = {
		{"ready = ", "ready = discrete 9"},
		{"start = ", "start = coil 4"},
		{"mirror-start = ", "mirror-start = holding 400 bit 15"},
		{"code = ", "code = input 140"},
		{"readback-job = ", "readback-job = input 1028"},
		{"readback-at = ", "readback-at = input 1030"},
		{"readback-count = ", "readback-count = input 1031"},
		{"readback-data = ", "readback-data = input 1032"},
		{"word-order = ", "word-order = low-first"},
	};
	char *text = with_lines(moves, sizeof moves / sizeof moves[0]);
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)), 0);
	ck_assert(p.low_word_first);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_DISCRETE), 10);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_COIL), 5);
	ck_assert_uint_eq(etch_profile_extent(&p, ETCH_HOLDING), 401);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_profile");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_shipped_profile_is_valid);
	tcase_add_test(all, each_key_once);
	tcase_add_loop_test(
		all, a_wrong_line_is_named, 0, sizeof refused / sizeof refused[0]);
	tcase_add_test(all, the_line_number_is_the_line);
	tcase_add_test(all, data_lies_last);
	tcase_add_test(all, items_can_be_moved);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
