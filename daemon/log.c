/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/log.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

struct log_row {
	const char *id;
	int priority;
	const char *text;
};

/* The ids are random and ours; one that was given out is never given another meaning. */
static const struct log_row rows[LOG_EVENTS] = {
	[LOG_STARTED] = {"26121f2b47d64c872930afa9ad89717e", LOG_INFO, "the line is up"},
	[LOG_STOPPING] = {"9bed831d9c7d5a70a0c2c4f7dd5291cd", LOG_INFO, "the line stops"},
	[LOG_STOPPED] = {"cd62c8aa11332ea00d0d7a179aee2e77", LOG_INFO,
		"the line has stopped"},
	[LOG_START_FAILED] = {"208ac276ae2242a7b7103dc841fcbe7e", LOG_CRIT,
		"the line cannot start"},
	[LOG_CONFIG_FAULT] = {"bf9fd93bab203b9b9cc5ac8ca1dcf0a3", LOG_ERR,
		"fault in the configuration"},
	[LOG_COMMAND] = {"69af5d541ee44b4fa24f7997076c3926", LOG_NOTICE,
		"a command was given"},
	[LOG_STATION_STATE] = {"bb82ff8a8e9349fc3ca30f80f08e8ab9", LOG_INFO,
		"a station changed its state"},
	[LOG_STATION_FAULT] = {"3deeebabbb00d9ea1077b0ca327c96b7", LOG_WARNING,
		"a station has a fault"},
	[LOG_STATION_ACKNOWLEDGED] = {"4f0c6d1e9b7a4c3fa82a5e0d71c3b946", LOG_INFO,
		"a device's fault was acknowledged"},
	[LOG_SCAN_IGNORED] = {"69c9847a060053d7cf6879ebb014dbdb", LOG_WARNING,
		"a scan was not taken"},
	[LOG_OPERATOR] = {"7e0d3c6a51f94b0f9a4e2b8cf3d16a75", LOG_NOTICE,
		"who stands at a station has changed"},
	[LOG_DRIVER_STARTED] = {"5fb91b43348ba3608cf6f5cbef8fbcb2", LOG_INFO,
		"a driver is up"},
	[LOG_DRIVER_ENDED] = {"b901a3472f9b5752e28e88f48a50b12d", LOG_WARNING,
		"a driver ended"},
	[LOG_DRIVER_STDERR] = {"855c383fbaa4694aeecd567d94d9d33d", LOG_NOTICE,
		"a driver wrote to its standard error"},
	[LOG_JOB_READY] = {"8fc8b15153eec4152ad74d135d72d061", LOG_INFO,
		"a job is loaded and read back"},
	[LOG_JOB_STARTED] = {"716c61e21adb8247d5f0458249629e3f", LOG_INFO,
		"a job was started"},
	[LOG_JOB_DONE] = {"b96c08b50e05bbd081248ac95252f679", LOG_INFO, "a job is done"},
	[LOG_JOB_NOT_DONE] = {"e28a53dfeecd2b76b9ddad261bd13935", LOG_WARNING,
		"a job ended and nothing was marked"},
	[LOG_JOB_IN_DOUBT] = {"0f74be309fd17162451a25fa2fffcb05", LOG_CRIT,
		"the outcome of a job is not known"},
	[LOG_JOB_LOST] = {"5c1f0e7a92b84d0db7a6e3c8f41d2960", LOG_WARNING,
		"a driver ended during a job; the device will be asked"},
	[LOG_BATCH] = {"de328b4f03172a1298c7ad9b58f212ce", LOG_NOTICE, "a batch changed"},
	[LOG_WALLET] = {"7750eae248cd4c5b9bd0c51db861b375", LOG_NOTICE,
		"a wallet needs a person"},
	[LOG_FILE] = {"2c0941643fabc33cfd2eda2066d00629", LOG_NOTICE,
		"a file was taken or refused"},
	[LOG_WORK_STOPPED] = {"ec8a46dbc8ca5aaebf6b6216433da58e", LOG_CRIT,
		"nothing new is begun until the service is started again"},
	[LOG_CLOCK] = {"33513524c8de4fc091c600280108a32f", LOG_WARNING, "the wall's clock is not what it was"},
	[LOG_DISK] = {"1d318d15cfcd86a22e00b69da39031cc", LOG_WARNING, "a disk takes no more, or takes again"},
	[LOG_ERASE] = {"02c0b5bd3dfa47958b050836a231ba83", LOG_WARNING, "secrets that are needed no more are still there"},
};

enum { FIELDS_MAX = 12, FIELD_BYTES = 1280 };

static bool to_journal;
static const char *own_host;

/* JOURNAL_STREAM names the device and inode of the journal's socket. */
void
log_open(void)
{
	const char *text = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	to_journal = text && sscanf(text, "%llu:%llu", &device, &inode) == 2 &&
		     fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device &&
		     st.st_ino == inode;
}

void
log_set_host(const char *host)
{
	own_host = host;
}

const char *
log_message_id(enum log_event event)
{
	return rows[event].id;
}

const char *
log_message_text(enum log_event event)
{
	return rows[event].text;
}

/* The fields of one entry, being put together. */
struct entry {
	char bytes[FIELDS_MAX][FIELD_BYTES];
	struct iovec parts[FIELDS_MAX];
	int count;
};

static void
entry_add(struct entry *entry, const char *name, const char *value)
{
	char *bytes;

	if (!value || entry->count >= FIELDS_MAX)
		return;
	bytes = entry->bytes[entry->count];
	snprintf(bytes, FIELD_BYTES, "%s=%s", name, value);
	entry->parts[entry->count].iov_base = bytes;
	entry->parts[entry->count].iov_len = strlen(bytes);
	entry->count++;
}

/* "station laser1, job 7: a job is done (door-open)" */
static void
message_make(
	char *out, size_t size, enum log_event event, const struct log_fields *fields)
{
	char job[24] = "";

	if (fields->job)
		snprintf(job, sizeof(job), "%u", (unsigned)fields->job);
	snprintf(out, size, "%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s", rows[event].text,
		fields->station ? ", station " : "",
		fields->station ? fields->station : "",
		fields->who ? ", operator " : "", fields->who ? fields->who : "",
		*job ? ", job " : "", job,
		fields->batch ? ", batch " : "", fields->batch ? fields->batch : "",
		fields->serial ? ", serial " : "", fields->serial ? fields->serial : "",
		fields->code ? ": " : "", fields->code ? fields->code : "",
		fields->detail ? " (" : "", fields->detail ? fields->detail : "",
		fields->detail ? ")" : "", fields->action ? ". Next: " : "",
		fields->action ? fields->action : "");
}

static void
journal_send(enum log_event event, const struct log_fields *fields, const char *message)
{
	struct entry entry = {.count = 0};
	char priority[4], job[24];

	snprintf(priority, sizeof(priority), "%d", rows[event].priority);
	snprintf(job, sizeof(job), "%u", (unsigned)fields->job);
	entry_add(&entry, "MESSAGE", message);
	entry_add(&entry, "MESSAGE_ID", rows[event].id);
	entry_add(&entry, "PRIORITY", priority);
	entry_add(&entry, "SYSLOG_IDENTIFIER", "keylined");
	entry_add(&entry, "KEYLINE_HOST", own_host);
	entry_add(&entry, "KEYLINE_BATCH", fields->batch);
	entry_add(&entry, "KEYLINE_SERIAL", fields->serial);
	entry_add(&entry, "KEYLINE_STATION", fields->station);
	entry_add(&entry, "KEYLINE_OPERATOR", fields->who);
	entry_add(&entry, "KEYLINE_JOB", fields->job ? job : NULL);
	entry_add(&entry, "KEYLINE_CODE", fields->code);
	sd_journal_sendv(entry.parts, entry.count);
}

void
log_event(enum log_event event, const struct log_fields *fields)
{
	static const struct log_fields none;
	char message[FIELD_BYTES - 8], line[FIELD_BYTES + 16];
	int len;

	if (!fields)
		fields = &none;
	message_make(message, sizeof(message), event, fields);
	if (to_journal) {
		journal_send(event, fields, message);
		return;
	}
	len = snprintf(line, sizeof(line), "<%d>%s\n", rows[event].priority, message);
	/* There is nobody to tell that stderr is gone. */
	if (write(STDERR_FILENO, line, (size_t)len) != len)
		return;
}

void
log_command(const char *name, uid_t uid, int exit)
{
	char detail[64];

	snprintf(detail, sizeof(detail), "by uid %lu, exit %d", (unsigned long)uid, exit);
	log_event(LOG_COMMAND, &(struct log_fields){.code = name, .detail = detail});
}

void
log_config_fault(const char *text)
{
	log_event(LOG_CONFIG_FAULT, &(struct log_fields){.code = text});
}
