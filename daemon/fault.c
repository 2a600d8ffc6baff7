/* SPDX-License-Identifier: MIT */
#include "daemon/fault.h"
#include <stdio.h>
#include <string.h>
#include "daemon/fault_table.h"

size_t
fault_count(void)
{
	return fault_table_count;
}

const struct fault *
fault_at(size_t index)
{
	return &fault_table[index];
}

const struct fault *
fault_of(const char *code)
{
	size_t i;

	for (i = 0; code && i < fault_count(); i++)
		if (strcmp(fault_table[i].code, code) == 0)
			return &fault_table[i];
	return &fault_table[0];
}

void
fault_say_action(char *out, size_t size, const struct fault *fault, const char *then)
{
	const char *action = fault->action, *after = strstr(action, "Afterwards ");
	int len = (int)(after ? (size_t)(after - action) : strlen(action));

	if (!then || !then[0])
		(void)snprintf(out, size, "%s", action);
	else
		(void)snprintf(out, size, "%.*s%s%s%s%s", len, action, after ? "" : " ",
			then, after ? "  " : "", after ? after : "");
}
