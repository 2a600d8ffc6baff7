/* SPDX-License-Identifier: MIT */
#include "ctl/prompt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
prompt_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
prompt_typed(const char *question, const char *expected)
{
	static const char blank[] = " \t\r\n";
	char line[256], *text;
	size_t len;

	fputs(question, stderr);
	fflush(stderr);
	if (!fgets(line, sizeof line, stdin))
		return false;
	text = line + strspn(line, blank);
	len = strlen(text);
	while (len && strchr(blank, text[len - 1]))
		text[--len] = '\0';
	return strcmp(text, expected) == 0;
}
