/* SPDX-License-Identifier: MIT */
/* The machine with its folder: what it keeps, its fixture, its control words. */
#include "config.h"
#include "harness.h"
#include "etch_fixture.h"
#include "sim/control.h"
#include "sim/keeper.h"
#include "sim/keeper_state.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/keyline-machine-XXXXXX";
static char out[64];
static struct etch_profile profile;
static struct machine *machine;
static int64_t now;

static int
fill(void *state, unsigned char *bytes, size_t len)
{
	static unsigned char next;

	(void)state;
	while (len--)
		*bytes++ = ++next;
	return 0;
}

static int
power_on(bool auto_part)
{
	struct machine_settings settings = {.profile = &profile,
		.serial = "M-1",
		.out = out,
		.mark_ms = 100,
		.auto_part = auto_part,
		.rng = {fill, NULL}};

	machine_free(machine);
	machine = NULL;
	return machine_new(&machine, &settings, now);
}

static void
set_up(void)
{
	struct etch_profile_error error;
	char *text = fixture_profile_text();

	ck_assert_int_eq(etch_profile_parse(&profile, &error, text, strlen(text)), 0);
	free(text);
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(out, sizeof out, "%s/out", folder);
	now = 1000;
	ck_assert_int_eq(power_on(false), 0);
}

static void
tear_down(void)
{
	struct dirent *entry;
	DIR *dir;

	machine_free(machine);
	machine = NULL;
	dir = opendir(out);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(out);
	rmdir(folder);
}

static void
pass(int ms)
{
	for (int i = 0; i < ms; i += 10) {
		now += 10;
		machine_tick(machine, now);
	}
}

/* Says a line and looks for words in the answer. */
static void
say(const char *line, const char *want)
{
	char copy[CONTROL_LINE_MAX], answer[CONTROL_ANSWER_MAX];

	snprintf(copy, sizeof copy, "%s", line);
	control_do(answer, copy, machine, now);
	ck_assert_msg(strstr(answer, want) != NULL, "%s: %s", line, answer);
}

static int
access_one(
	struct machine_effects *effects, enum etch_item item, bool write, uint16_t value)
{
	struct modbus_access access = {
		.table = (enum modbus_table)profile.places[item].table,
		.address = profile.places[item].address,
		.count = 1,
		.write = write,
		.values = {value}};

	return machine_access(effects, machine, &access, now);
}

START_TEST(words_move_the_fixture)
{
	say("status", "state=boot fault=none boot=");
	say("status", " counter=0 ");
	say("status", "part=off parts=0 used=0");
	say("part on", "ok");
	say("status", "part=on parts=1");
	say("part on", "ok");
	say("status", "part=on parts=1");
	say("part next", "ok");
	say("status", "part=off");
	pass(400);
	say("status", "part=on parts=2");
	say("part off", "ok");
	say("status", "part=off");
	say("door open", "ok");
	say("estop", "ok");
	say("status", "door=open estop=pressed");
	say("fault door closed", "ok");
	say("estop released", "ok");
	say("status", "door=closed estop=released");
}
END_TEST

START_TEST(words_are_checked)
{
	say("", "error bad line");
	say("   \t", "error bad line");
	say("fire", "error no such fault");
	say("fault fire", "error no such fault");
	say("fault", "error no such fault");
	say("door", "ok");
	say("door ajar", "error bad argument");
	say("late x", "error bad argument");
	say("status now", "error bad line");
	say("clear everything", "error no such fault");
	say("a b c d e f g h i j", "error bad line");
	say("list", " mute deaf pretend late ");
}
END_TEST

START_TEST(faults_wait_and_are_cleared)
{
	struct machine_effects effects;

	for (int i = 0; i < FAULT_MAX; i++)
		say("mute after=1000", "ok");
	say("mute", "error not possible now");
	say("status", "faults=32");
	say("clear mute", "ok");
	say("status", "faults=0");
	say("late 20", "ok");
	say("wrong-value on=heartbeat", "ok");
	ck_assert_int_eq(access_one(&effects, ETCH_MAGIC, false, 0), 0);
	ck_assert_uint_eq(effects.late_ms, 20);
	ck_assert_int_eq(effects.wrong_value, -1);
	ck_assert_int_eq(access_one(&effects, ETCH_HEARTBEAT, false, 0), 0);
	ck_assert_uint_eq(effects.late_ms, 0);
	ck_assert_int_eq(effects.wrong_value, profile.places[ETCH_HEARTBEAT].address);
	say("refuse 6", "ok");
	ck_assert_int_eq(access_one(&effects, ETCH_HEARTBEAT, false, 0), 6);
}
END_TEST

START_TEST(what_is_not_heard_is_not_done)
{
	struct machine_effects effects;
	const char *const words[] = {"deaf", "disconnect", "refuse"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct modbus_access access = {.table = MODBUS_HOLDING, .count = 1};

		say(words[i], "ok");
		(void)access_one(&effects, ETCH_HOST_HEARTBEAT, true, 77);
		ck_assert_int_eq(machine_access(&effects, machine, &access, now), 0);
		ck_assert_uint_eq(access.values[0], 0);
	}
	say("mute", "ok");
	ck_assert_int_eq(access_one(&effects, ETCH_HOST_HEARTBEAT, true, 77), 0);
	ck_assert(effects.mute);
	say("hang-up", "ok");
	ck_assert_int_eq(access_one(&effects, ETCH_HOST_HEARTBEAT, true, 78), 0);
	ck_assert(effects.hang_up);
	{
		struct modbus_access access = {.table = MODBUS_HOLDING, .count = 1};

		ck_assert_int_eq(machine_access(&effects, machine, &access, now), 0);
		ck_assert_uint_eq(access.values[0], 78);
	}
}
END_TEST

START_TEST(actions_come_with_an_access)
{
	struct machine_effects effects;

	say("counter-jump 7 on=host-heartbeat", "ok");
	pass(100);
	say("status", "counter=0");
	ck_assert_int_eq(access_one(&effects, ETCH_HEARTBEAT, false, 0), 0);
	say("status", "counter=0");
	ck_assert_int_eq(access_one(&effects, ETCH_HOST_HEARTBEAT, true, 1), 0);
	say("status", "counter=7");
	say("counter-back", "ok");
	say("status", "counter=6");
	say("counter-back 100", "ok");
	say("status", "counter=0");
}
END_TEST

START_TEST(power_off_is_deaf_for_a_while)
{
	struct machine_effects effects;

	say("power-off 500", "ok");
	say("status", "state=off");
	ck_assert(machine_is_off(machine));
	(void)access_one(&effects, ETCH_HEARTBEAT, false, 0);
	ck_assert(effects.deaf);
	pass(500);
	say("status", "state=boot");
	(void)access_one(&effects, ETCH_HEARTBEAT, false, 0);
	ck_assert(!effects.deaf);
}
END_TEST

START_TEST(another_device_tells_another_name)
{
	struct modbus_access access = {.table = MODBUS_INPUT,
		.address = profile.places[ETCH_DEVICE_SERIAL].address,
		.count = 2};
	struct machine_effects effects;

	ck_assert_int_eq(machine_access(&effects, machine, &access, now), 0);
	ck_assert_uint_eq(access.values[1] >> 8, '1');
	say("other-device", "ok");
	ck_assert_int_eq(machine_access(&effects, machine, &access, now), 0);
	ck_assert_uint_eq(access.values[1] >> 8, 'X');
}
END_TEST

START_TEST(the_state_is_kept)
{
	struct stat st;
	char path[96];

	say("counter-jump 41", "ok");
	say("part on", "ok");
	ck_assert_int_eq(power_on(false), 0);
	say("status", "counter=41");
	say("status", "part=on parts=1");
	snprintf(path, sizeof path, "%s/state", out);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	/* a folder has one simulator */
	{
		struct etcher_retained retained;
		struct keeper *second;

		ck_assert_int_eq(keeper_open(&second, &retained, out, NULL, KEEPER_SVG),
			KE_LOCKED);
	}
}
END_TEST

/* States that are not ours. */
#define STATE(counter, flag, nonce, tail)                                             \
	"keyline-sim 1\ncounter " counter "\nlast-marked-job 0\nlast-started-job 0\n" \
	"marking " flag "\npart 0\npresent 0\nused 0\nlast-started-nonce " nonce      \
	"\n" tail

static const char *const bad_states[] = {
	"",
	"keyline-sim 2\n",
	"keyline-sim 1\ncounter 1\n",
	STATE("01", "0", "0000000000000000", ""),
	STATE("4294967296", "0", "0000000000000000", ""),
	STATE("-1", "0", "0000000000000000", ""),
	STATE("", "0", "0000000000000000", ""),
	STATE("1", "2", "0000000000000000", ""),
	STATE("1", "0", "000000000000000", ""),
	STATE("1", "0", "000000000000000G", ""),
	STATE("1", "0", "00000000000000AA", ""),
	STATE("1", "0", "0000000000000000", "x"),
};

/* It is the text that is bad, not the frame around it. */
START_TEST(a_good_state_is_taken)
{
	struct keeper_state state;

	ck_assert_int_eq(keeper_state_parse(&state,
				 STATE("4294967295", "1", "00000000000000ff", "")),
		0);
	ck_assert_uint_eq(state.retained.counter, 4294967295u);
	ck_assert(state.retained.marking);
	ck_assert_uint_eq(state.retained.last_started_nonce[7], 0xff);
}
END_TEST

START_TEST(a_bad_state_is_refused)
{
	char path[96];
	int fd;

	machine_free(machine);
	machine = NULL;
	snprintf(path, sizeof path, "%s/state", out);
	fd = open(path, O_WRONLY | O_TRUNC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bad_states[_i], strlen(bad_states[_i])),
		(ssize_t)strlen(bad_states[_i]));
	close(fd);
	ck_assert_int_eq(power_on(false), KE_BAD_STATE);
}
END_TEST

START_TEST(a_state_file_of_its_own)
{
	struct etcher_retained retained;
	struct keeper *keeper;
	char elsewhere[96], path[96];

	machine_free(machine);
	machine = NULL;
	snprintf(path, sizeof path, "%s/retained", folder);
	ck_assert_int_eq(keeper_open(&keeper, &retained, out, path, KEEPER_SVG), 0);
	retained.counter = 5;
	ck_assert_int_eq(keeper_retain(keeper, &retained), 0);
	keeper_free(keeper);
	ck_assert_int_eq(keeper_open(&keeper, &retained, out, path, KEEPER_SVG), 0);
	ck_assert_uint_eq(retained.counter, 5);
	keeper_free(keeper);
	snprintf(elsewhere, sizeof elsewhere, "%s/none/state", folder);
	ck_assert_int_eq(
		keeper_open(&keeper, &retained, out, elsewhere, KEEPER_SVG), KE_IO);
	ck_assert_int_eq(keeper_open(&keeper, &retained, out, "/tmp/", KEEPER_SVG),
		KE_BAD_ARGUMENT);
	unlink(path);
}
END_TEST

START_TEST(a_machine_that_feeds_itself_has_a_part)
{
	ck_assert_int_eq(power_on(true), 0);
	say("status", "part=on parts=1 used=0");
	pass(2000);
	/* it waits for the part to be marked */
	say("status", "part=on parts=1 used=0");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("machine");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_add_test(all, words_move_the_fixture);
	tcase_add_test(all, words_are_checked);
	tcase_add_test(all, faults_wait_and_are_cleared);
	tcase_add_test(all, what_is_not_heard_is_not_done);
	tcase_add_test(all, actions_come_with_an_access);
	tcase_add_test(all, power_off_is_deaf_for_a_while);
	tcase_add_test(all, another_device_tells_another_name);
	tcase_add_test(all, the_state_is_kept);
	tcase_add_test(all, a_good_state_is_taken);
	tcase_add_loop_test(
		all, a_bad_state_is_refused, 0, sizeof bad_states / sizeof bad_states[0]);
	tcase_add_test(all, a_state_file_of_its_own);
	tcase_add_test(all, a_machine_that_feeds_itself_has_a_part);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
