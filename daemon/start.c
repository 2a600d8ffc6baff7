/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/start.h"

#include <stdio.h>
#include "daemon/log.h"

enum { PLACE_BYTES = 700 };

/* The first row that fits counts; what is of any step comes last. */
static const struct start_row rows[] = {
	{START_PROCESS, KE_NO_LOCKED_MEMORY,
		"Raise LimitMEMLOCK= of the unit (or ulimit -l) to 16M, and start "
		"again."},
	{START_PROCESS, KE_RANDOM,
		"Restart the host. When it happens again, take the host out of use."},
	{START_PROCESS, KE_CRYPTO,
		"This processor, or the cryptographic library, computes wrongly: take the "
		"host out of use, and find out which of them it is on another one."},

	{START_RANDOM, KE_NOT_FOUND,
		"Attach the device, or take `extra' out of [random] of the configuration."},
	{START_RANDOM, KE_NOT_PERMITTED,
		"Let the daemon's user own the file and nobody else read it (chmod 600); a "
		"device needs DeviceAllow= in the unit, too."},
	{START_RANDOM, KE_BAD_NAME,
		"Name a device or a plain file: no folder, link or pipe is read."},
	{START_RANDOM, KE_DUPLICATE,
		"These throws were used up before, here, or an earlier start was cut off while "
		"it used them up. Remove the file (shred -u) and start without, or throw the "
		"dice anew."},
	{START_RANDOM, KE_TOO_FEW_BITS,
		"Throw more: 100 throws of a die at least, or 64 hex digits of a "
		"generator."},
	{START_RANDOM, KE_BAD_CHARACTER,
		"Write nothing but throws (1 to 6), or nothing but hex digits, with blanks "
		"and new lines as you like."},
	{START_RANDOM, KE_RANDOM,
		"It is not random: the die or the generator is bad, or they were typed "
		"and not thrown. Take another one, and throw anew."},
	{START_RANDOM, KE_TOO_LONG, "Write at most 16,000 signs."},
	{START_RANDOM, KE_TIMEOUT,
		"The device gives nothing: check it, or take `extra' out of [random] of "
		"the configuration."},
	{START_RANDOM, KE_IO, "Check the device or file that `extra' in [random] names."},

	{START_STATE, KE_LOCKED,
		"Another keylined works on this state directory: see  systemctl list-units "
		"keylined@*  and  fuser -v  on the lock file in it. Stop that one, or give "
		"this host a `state' of its own."},
	{START_STATE, KE_NOT_PERMITTED,
		"Let the daemon's user own it, and nobody else write in it: chown, then  "
		"chmod 700."},
	{START_STATE, KE_NOT_FOUND,
		"Make the folder above it, and let the daemon's user write there."},

	{START_FOLDER, KE_NOT_FOUND,
		"Mount it, or make this folder for the daemon's user:  install -d -o keyline "
		"-g keyline -m 700 FOLDER  (a spool: -g keyline-supervisors -m 2755)."},
	{START_FOLDER, KE_BAD_NAME,
		"It must be a folder: correct the configuration, or take away what lies "
		"there."},

	{START_LEDGER, KE_LOCKED,
		"Another process has the ledger open, or works as this host with a copy of it: "
		"end it; see  fuser -v  on ledger.lock and ledger.sqlite, and on HOST.lock in "
		"the `highwater' folder. Two of one host would make wallets twice."},
	{START_LEDGER, KE_ROLLED_BACK,
		"Start nothing. Find out who put back an old copy of the state "
		"directory; "
		"put the newest one in its place. An older one would make wallets "
		"twice."},
	{START_LEDGER, KE_NO_MARK,
		"Mount the `highwater' folder, or put HOST.mark back from that folder's "
		"own "
		"backup. Never from the state's: the two prove each other."},
	{START_LEDGER, KE_CHAIN_BROKEN,
		"Start nothing: ledger or mark were altered. Two people keep the disk as "
		"it "
		"is, and compare with the heads in the book and at the other site."},
	{START_LEDGER, KE_NEWER_LEDGER,
		"Install the program's version that wrote it, or a newer one."},
	{START_LEDGER, KE_OPEN_INTENT,
		"Install the version that ran before, start it, let it settle its job "
		"(keylinectl status), stop it, and upgrade again."},
	{START_LEDGER, KE_BAD_CONFIG,
		"The state directory is another host's or another mode's: correct "
		"`host', "
		"`mode' or `state' in the configuration."},
	{START_LEDGER, KE_WRONG_USE,
		"Test and production do not share a state directory: correct `use' or "
		"`state' in the configuration."},
	{START_LEDGER, KE_LEDGER,
		"Check the disk. What lies there is no ledger, or a damaged one: put the "
		"newest copy of the state directory back."},

	{START_KEYS, KE_NOT_PERMITTED,
		"Let the daemon's user own the key folder, and nobody else look into it: "
		"chown -R, then  chmod 700."},
	{START_KEYS, KE_BAD_KEY,
		"This file, or its other half (.crt, .key), is not what its name says: put it "
		"back from the backup of the key folder, or take both away."},
	{START_KEYS, KE_HIGH_S,
		"This certificate is not as it was made: put it back from the backup of the "
		"key folder, or from the host that it is of."},
	{START_KEYS, KE_NOT_FOUND,
		"This certificate's private key is missing: put it back from the backup of "
		"the key folder. Without it nothing that was sealed to it opens."},
	{START_KEYS, KE_WRONG_USE,
		"Keys of a test and of production do not mix: correct `use' or the key "
		"folder in the configuration."},

	{START_SPOOL, KE_OTHER_FILE_SYSTEM,
		"Put `spool' and `state' in one file system: a file moves between them "
		"in "
		"one step."},
	{START_SPOOL, KE_NOT_PERMITTED,
		"Give the spool to the daemon's user and the supervisors' group: chown -R "
		"keyline:keyline-supervisors, then  chmod 2755."},
	{START_SPOOL, KE_BAD_NAME,
		"A folder of the spool is a link or a file: take it away; the daemon "
		"makes "
		"its folders."},

	{START_SOCKET, KE_LOCKED,
		"Another keylined answers on this socket: stop it. Only another host, with a "
		"`host', a `state' and keys of its own, gets a `socket' of its own here; a copy "
		"of one host never runs beside it."},
	{START_SOCKET, KE_NOT_FOUND, "Make the socket's folder."},
	{START_SOCKET, KE_NOT_PERMITTED,
		"Let the daemon's user write in the socket's folder, and be in the viewers' "
		"group."},
	{START_SOCKET, KE_BAD_NAME,
		"What lies at the socket's path, or at PATH.lock, is no socket or lock of a "
		"daemon: take it away, or configure another path."},
	{START_SOCKET, KE_TOO_LONG,
		"Configure a shorter path, of at most 100 characters."},

	{START_ANY, KE_NO_MEMORY,
		"See what uses up this host's memory, and start again."},
	{START_ANY, KE_NOT_FOUND, "Put back what is missing, and start again."},
	{START_ANY, KE_NOT_PERMITTED,
		"Let the daemon's user own it and what lies in it: chown -R."},
	{START_ANY, KE_NO_SPACE, "Make room on this disk, and start again."},
	{START_ANY, KE_READ_ONLY,
		"See why the file system is read-only  (dmesg);  mount it read-write."},
	{START_ANY, KE_SYNC,
		"Nothing on this disk can be relied on: check it and its file system "
		"before "
		"the next start."},
	{START_ANY, KE_BAD_NAME,
		"A name is there for a thing of another kind, such as a link: take it "
		"away."},
	{START_ANY, KE_SECURE_DISK,
		"Attach the secure disk that the configuration names."},
	{START_ANY, KE_IO,
		"See that the daemon's user may read and write there, and that the disk "
		"is "
		"well  (dmesg)."},
};

size_t
start_row_count(void)
{
	return sizeof rows / sizeof rows[0];
}

const struct start_row *
start_row_at(size_t index)
{
	return &rows[index];
}

const char *
start_action(enum start_step step, int error)
{
	for (size_t i = 0; i < start_row_count(); i++)
		if (rows[i].error == error &&
			(rows[i].step == step || rows[i].step == START_ANY))
			return rows[i].action;
	return "Mend what the message names, and start again; see keylined(8).";
}

int
start_told(enum start_step step, int error, const char *place)
{
	char detail[PLACE_BYTES];

	if (error == 0)
		return 0;
	(void)snprintf(detail, sizeof detail, "%s: %s", place, error_text(error));
	log_event(LOG_START_FAILED, &(struct log_fields){.code = error_name(error),
					    .detail = detail,
					    .action = start_action(step, error)});
	return error;
}
