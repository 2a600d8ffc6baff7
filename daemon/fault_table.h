/* SPDX-License-Identifier: MIT */
/* The rows that fault_of() looks through.  For fault.c alone. */
#ifndef KEYLINE_DAEMON_FAULT_TABLE_H
#define KEYLINE_DAEMON_FAULT_TABLE_H

#include "daemon/fault.h"

/* The first row is that of "unknown"; codes are not repeated. */
extern const struct fault fault_table[];
extern const size_t fault_table_count;

#endif
