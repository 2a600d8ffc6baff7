/* SPDX-License-Identifier: MIT */
/*
 * Completion: the shell hands over all words behind the program's name up to the
 * one under the cursor and gets the words that could stand there, a line each,
 * with a TAB and a description where there is one.  A line ":files" or
 * ":directories" asks the shell to complete names of files.
 */
#ifndef KEYLINE_CTL_COMPLETE_H
#define KEYLINE_CTL_COMPLETE_H

/* Answers for words[0..count-1], the last one perhaps empty.  Returns the exit code. */
int complete_run(int count, char *const *words);

#endif
