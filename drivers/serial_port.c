/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/serial_port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const struct baud_row {
	unsigned baud;
	speed_t speed;
} baud_rows[] = {
	{1200, B1200},
	{2400, B2400},
	{4800, B4800},
	{9600, B9600},
	{19200, B19200},
	{38400, B38400},
	{57600, B57600},
	{115200, B115200},
	{230400, B230400},
	{460800, B460800},
	{921600, B921600},
};

/* The speed of a rate; B0 for one that is not standard. */
static speed_t
speed_of(unsigned baud)
{
	for (size_t i = 0; i < sizeof baud_rows / sizeof baud_rows[0]; i++)
		if (baud_rows[i].baud == baud)
			return baud_rows[i].speed;
	return B0;
}

static int
is_framing(const char *text)
{
	return strlen(text) == 3 && strchr("78", text[0]) && strchr("NEO", text[1]) &&
	       strchr("12", text[2]);
}

static int
is_digits(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* Cuts the part after the last colon off and returns it; NULL when there is none. */
static char *
cut_tail(char *text)
{
	char *colon = strrchr(text, ':');

	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

int
serial_port_parse(struct serial_port *port, const char *text)
{
	char *tail;

	memset(port, 0, sizeof *port);
	port->baud = 9600;
	port->data_bits = 8;
	port->parity = 'N';
	port->stop_bits = 1;
	if (text[0] != '/' || strlen(text) >= sizeof port->path)
		return KE_BAD_CONFIG;
	memcpy(port->path, text, strlen(text) + 1);
	tail = strrchr(port->path, ':');
	if (tail && is_framing(tail + 1)) {
		tail = cut_tail(port->path);
		port->data_bits = (unsigned)(tail[0] - '0');
		port->parity = tail[1];
		port->stop_bits = (unsigned)(tail[2] - '0');
		/* a framing stands behind a rate only */
		tail = strrchr(port->path, ':');
		if (!tail || !is_digits(tail + 1))
			return KE_BAD_CONFIG;
	}
	if (tail && is_digits(tail + 1)) {
		tail = cut_tail(port->path);
		if (strlen(tail) > 7)
			return KE_BAD_CONFIG;
		port->baud = (unsigned)strtoul(tail, NULL, 10);
	}
	return speed_of(port->baud) != B0 && port->path[1] ? 0 : KE_BAD_CONFIG;
}

/* The settings of port: no translation, echo, signal or flow control of any kind. */
static void
raw_settings(struct termios *t, const struct serial_port *port)
{
	memset(t, 0, sizeof *t);
	t->c_cflag = CREAD | CLOCAL | HUPCL;
	t->c_cflag |= port->data_bits == 7 ? CS7 : CS8;
	if (port->parity != 'N') {
		t->c_cflag |= PARENB;
		/* a byte that came in wrong is read as NUL, which no code holds */
		t->c_iflag |= INPCK;
	}
	if (port->parity == 'O')
		t->c_cflag |= PARODD;
	if (port->stop_bits == 2)
		t->c_cflag |= CSTOPB;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
	cfsetispeed(t, speed_of(port->baud));
	cfsetospeed(t, speed_of(port->baud));
}

int
serial_port_open(const struct serial_port *port)
{
	int fd = open(port->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct termios t;

	if (fd < 0)
		return errno == EBUSY ? KE_LOCKED : KE_LINK;
	/* TIOCEXCL does not keep root out; the lock at least keeps our like out. */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return KE_LOCKED;
	}
	raw_settings(&t, port);
	if (ioctl(fd, TIOCEXCL) != 0 || tcsetattr(fd, TCSANOW, &t) != 0 ||
		tcflush(fd, TCIOFLUSH) != 0) {
		close(fd);
		return KE_LINK;
	}
	return fd;
}
