/* SPDX-License-Identifier: MIT */
/* What a judged file's report says to people.  Inside of intake. */
#ifndef KEYLINE_DAEMON_INTAKE_REPORT_H
#define KEYLINE_DAEMON_INTAKE_REPORT_H

#include "proto/report.h"

struct intake_file;

/* The next step for what may have been cut short on its way. */
#define INTAKE_COPY_AGAIN                                                                \
	"It may be half of a file: copy it again from the medium, or have it sent again."

/* The next step for the person who dropped a file that was refused for error; may stand in
 * file->action. */
const char *intake_report_action(struct intake_file *file, int error);

/* The report of a file that ends with outcome; error 0: nothing is wrong with it.  time is
 * a buffer of UTC_SIZE.  The report borrows from file and time. */
struct report intake_report_of(
	struct intake_file *file, const char *outcome, int error, char *time);

#endif
