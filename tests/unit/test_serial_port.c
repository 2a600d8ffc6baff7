/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "drivers/serial_port.h"
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const struct port_case {
	const char *text;
	int error;
	const char *path;
	unsigned baud, data_bits;
	char parity;
	unsigned stop_bits;
} cases[] = {
	{"/dev/ttyUSB0", 0, "/dev/ttyUSB0", 9600, 8, 'N', 1},
	{"/dev/ttyACM0:115200", 0, "/dev/ttyACM0", 115200, 8, 'N', 1},
	{"/dev/ttyS1:19200:7E1", 0, "/dev/ttyS1", 19200, 7, 'E', 1},
	{"/dev/ttyS1:1200:8O2", 0, "/dev/ttyS1", 1200, 8, 'O', 2},
	{"/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0", 0,
		"/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0", 9600, 8, 'N', 1},
	{"/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0:4800:8N1", 0,
		"/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0", 4800, 8, 'N', 1},
	{"/dev/a:8N1x", 0, "/dev/a:8N1x", 9600, 8, 'N', 1},
	{"/dev/ttyS1:9601", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/dev/ttyS1:0", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/dev/ttyS1:00000000009600", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/dev/ttyS1:4294976896", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/dev/ttyS1:8N1", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/dev/ttyS1:x:8N1", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"ttyS1", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"/:9600", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
	{"", KE_BAD_CONFIG, NULL, 0, 0, 0, 0},
};

START_TEST(texts_name_ports)
{
	const struct port_case *c = &cases[_i];
	struct serial_port port;

	ck_assert_msg(serial_port_parse(&port, c->text) == c->error, "%s", c->text);
	if (c->error)
		return;
	ck_assert_str_eq(port.path, c->path);
	ck_assert_uint_eq(port.baud, c->baud);
	ck_assert_uint_eq(port.data_bits, c->data_bits);
	ck_assert_int_eq(port.parity, c->parity);
	ck_assert_uint_eq(port.stop_bits, c->stop_bits);
}
END_TEST

START_TEST(a_path_has_its_limit)
{
	char text[SERIAL_PORT_PATH_MAX + 2];
	struct serial_port port;

	memset(text, '/', sizeof text);
	text[SERIAL_PORT_PATH_MAX + 1] = '\0';
	ck_assert_int_eq(serial_port_parse(&port, text), KE_BAD_CONFIG);
	text[SERIAL_PORT_PATH_MAX] = '\0';
	ck_assert_int_eq(serial_port_parse(&port, text), 0);
}
END_TEST

START_TEST(opens_raw_and_for_itself)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), fd;
	struct serial_port port;
	struct termios t;
	char byte;

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	ck_assert_int_eq(serial_port_parse(&port, ptsname(master)), 0);
	fd = serial_port_open(&port);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(serial_port_open(&port), KE_LOCKED);
	ck_assert_int_eq(tcgetattr(fd, &t), 0);
	ck_assert_uint_eq(t.c_lflag & (ICANON | ECHO | ISIG), 0);
	ck_assert_uint_eq(t.c_iflag & (ICRNL | IXON), 0);
	ck_assert_int_eq(write(master, "\r", 1), 1);
	ck_assert_int_eq(read(fd, &byte, 1), 1);
	ck_assert_int_eq(byte, '\r');
	close(fd);
	fd = serial_port_open(&port);
	ck_assert_int_ge(fd, 0);
	close(fd);
	close(master);
}
END_TEST

START_TEST(what_was_read_before_is_thrown_away)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), fd;
	struct serial_port port;
	char byte;

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	ck_assert_int_eq(serial_port_parse(&port, ptsname(master)), 0);
	ck_assert_int_eq(write(master, "AA000001K\r", 10), 10);
	fd = serial_port_open(&port);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, &byte, 1), -1);
	close(fd);
	close(master);
}
END_TEST

START_TEST(no_device_is_a_link_error)
{
	struct serial_port port;

	ck_assert_int_eq(serial_port_parse(&port, "/dev/null"), 0);
	ck_assert_int_eq(serial_port_open(&port), KE_LINK);
	ck_assert_int_eq(serial_port_parse(&port, "/nonexistent/tty"), 0);
	ck_assert_int_eq(serial_port_open(&port), KE_LINK);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("serial_port");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, texts_name_ports, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(all, a_path_has_its_limit);
	tcase_add_test(all, opens_raw_and_for_itself);
	tcase_add_test(all, what_was_read_before_is_thrown_away);
	tcase_add_test(all, no_device_is_a_link_error);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}
