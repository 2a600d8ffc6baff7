/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/sanitize.h"

#include <string.h>
#include "proto/buffer.h"

enum { SANITIZE_LIMIT = 4 << 20, LABEL_WIDTH = 22 };

static bool
is_clean(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool
are_clean(const char *const *texts)
{
	for (; texts && *texts; texts++)
		if (!is_clean(*texts))
			return false;
	return true;
}

static bool
is_complete(const struct sanitize *f)
{
	const char *const wanted[] = {f->batch, f->host, f->tool, f->date};
	const char *const others[] = {f->maker, f->model, f->serial, f->media_type,
		f->file_system, f->person, f->title, f->place, f->witness, f->ledger};

	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (!wanted[i] || !*wanted[i] || !is_clean(wanted[i]))
			return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (!is_clean(others[i]))
			return false;
	for (size_t i = 0; i < f->file_count; i++)
		if (!f->files[i].name || !is_clean(f->files[i].name) ||
			!are_clean(f->files[i].findings))
			return false;
	return are_clean(f->keys);
}

static void
line(struct buffer *b, const char *label, const char *text)
{
	buffer_format(b, "%*s: %s\n", LABEL_WIDTH, label,
		text && *text ? text : "not recorded");
}

static void
write_media(struct buffer *b, const struct sanitize *f)
{
	buffer_text(b, "\nMedia\n");
	line(b, "manufacturer", f->maker);
	line(b, "model", f->model);
	line(b, "serial number", f->serial);
	line(b, "media type", f->media_type);
	line(b, "file system", f->file_system);
}

static void
write_method(struct buffer *b, const struct sanitize *f)
{
	buffer_text(b, "\nSanitization\n");
	line(b, "method", "Clear");
	line(b, "technique",
		f->keys && *f->keys ? "cryptographic erase of each file's key, then "
				      "overwrite in place"
				    : "overwrite in place");
	for (const char *const *key = f->keys; key && *key; key++)
		line(b, "key destroyed", *key);
	line(b, "tool", f->tool);
	line(b, "verification", "every byte read back and compared, file by file");
}

static const char *
verdict_of(const struct sanitize_file *file)
{
	if (!file->is_verified)
		return "NOT VERIFIED";
	if (!file->is_in_place)
		return "overwritten and read back; DOWNGRADED: old blocks may remain";
	return file->is_read_from_device
		       ? "overwritten in place; read back from the device"
		       : "overwritten in place; read back, perhaps from the cache";
}

static void
write_files(struct buffer *b, const struct sanitize *f)
{
	bool all_good = true;

	buffer_format(b, "\nFiles (%zu)\n", f->file_count);
	for (size_t i = 0; i < f->file_count; i++) {
		const struct sanitize_file *file = &f->files[i];

		buffer_format(b, "  %s\n    %llu bytes: %s\n", file->name,
			(unsigned long long)file->bytes, verdict_of(file));
		for (const char *const *finding = file->findings; finding && *finding;
			finding++)
			buffer_format(b, "    %s\n", *finding);
		all_good = all_good && file->is_verified && file->is_in_place;
	}
	buffer_text(b, "\nVerdict\n");
	buffer_text(
		b, all_good ? "  All files were overwritten in place and verified.\n"
			    : "  NOT all files were overwritten in place and verified: "
			      "see above.\n");
	buffer_text(b, "  This tells what one host overwrote.  It does not show that no "
		       "copy was "
		       "made,\n  nor what the medium's own controller keeps.  Destroy "
		       "the medium.\n");
}

static void
write_people(struct buffer *b, const struct sanitize *f)
{
	buffer_text(b, "\nPeople\n");
	line(b, "performed by", f->person);
	line(b, "title", f->title);
	line(b, "date", f->date);
	line(b, "place", f->place);
	line(b, "signature", "______________________________");
	line(b, "witnessed by", f->witness);
	line(b, "signature", "______________________________");
}

int
sanitize_text(char **out, size_t *len, const struct sanitize *facts)
{
	struct buffer b;

	*out = NULL;
	*len = 0;
	if (!is_complete(facts))
		return KE_BAD_FIELD;
	buffer_init(&b, SANITIZE_LIMIT);
	buffer_text(&b, "CERTIFICATE OF SANITIZATION (after NIST SP 800-88 rev. 2)\n\n");
	line(&b, "batch", facts->batch);
	line(&b, "host", facts->host);
	write_media(&b, facts);
	write_method(&b, facts);
	write_files(&b, facts);
	write_people(&b, facts);
	if (facts->ledger) {
		buffer_text(&b, "\nLedger\n");
		line(&b, "newest", facts->ledger);
	}
	return buffer_take(out, len, &b);
}
