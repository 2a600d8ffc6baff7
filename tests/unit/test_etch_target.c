/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "drivers/etch_target.h"

static const struct {
	const char *text, *host, *port;
} tcp[] = {
	{"tcp:10.0.0.7:502", "10.0.0.7", "502"},
	{"tcp:laser1.example:1502", "laser1.example", "1502"},
	{"tcp:[fe80::1]:65535", "fe80::1", "65535"},
};

START_TEST(tcp_targets)
{
	struct etch_target t;

	ck_assert_int_eq(etch_target_parse(&t, tcp[_i].text), 0);
	ck_assert(t.is_tcp);
	ck_assert_str_eq(t.host, tcp[_i].host);
	ck_assert_str_eq(t.port, tcp[_i].port);
}
END_TEST

START_TEST(serial_targets)
{
	struct etch_target t;

	ck_assert_int_eq(etch_target_parse(&t, "rtu:/dev/ttyUSB0:115200:8E1"), 0);
	ck_assert(!t.is_tcp);
	ck_assert_str_eq(t.serial.path, "/dev/ttyUSB0");
	ck_assert_uint_eq(t.serial.baud, 115200);
	ck_assert_int_eq(t.serial.parity, 'E');
	ck_assert_int_eq(
		etch_target_parse(&t, "rtu:/dev/serial/by-path/pci-0:1:2:9600:8N2"), 0);
	ck_assert_str_eq(t.serial.path, "/dev/serial/by-path/pci-0:1:2");
	ck_assert_uint_eq(t.serial.stop_bits, 2);
}
END_TEST

static const char *const refused[] = {"", "tcp", "tcp:", "tcp:host", "tcp::502",
	"tcp:h:", "tcp:h:0", "tcp:h:65536", "tcp:h:502x", "tcp:h:0502", "tcp:fe80::1:502",
	"tcp:[]:502", "tcp:laser.local:502", "tcp:laser.LOCAL.:502", "udp:h:502", "rtu:", "rtu:/dev/ttyS0", "rtu:/dev/ttyS0:9600",
	"rtu:/dev/ttyS0::8N1", "rtu:/dev/ttyS0:9601:8N1", "rtu:/dev/ttyS0:9600:9N1",
	"rtu:/dev/ttyS0:9600:8X1", "rtu:/dev/ttyS0:9600:8N3", "rtu:/dev/ttyS0:9600:8N1 ",
	"rtu:ttyS0:9600:8N1", "rtu:/dev/ttyS0:x:8N1", "rtu:8N1", "rtu::9600:8N1"};

START_TEST(others_are_refused)
{
	struct etch_target t;

	ck_assert_msg(
		etch_target_parse(&t, refused[_i]) == KE_BAD_CONFIG, "%s", refused[_i]);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_target");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, tcp_targets, 0, sizeof tcp / sizeof tcp[0]);
	tcase_add_test(all, serial_targets);
	tcase_add_loop_test(
		all, others_are_refused, 0, sizeof refused / sizeof refused[0]);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
