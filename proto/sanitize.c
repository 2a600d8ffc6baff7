/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/sanitize.h"

#include <string.h>
#include "proto/buffer.h"

/* WIDTH: what fits on A4 at ten characters an inch. */
enum { SANITIZE_LIMIT = 4 << 20, LABEL_WIDTH = 22, WIDTH = 76 };

static bool
is_clean(const char *text)
{
	for (; text && *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool
are_clean(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_clean(texts[i]))
			return false;
	return true;
}

static bool
are_there(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!texts[i] || !*texts[i])
			return false;
	return are_clean(texts, count);
}

static bool
is_person(const struct sanitize_person *p)
{
	const char *const texts[] = {p->name, p->title, p->date, p->key};

	return are_clean(texts, sizeof texts / sizeof texts[0]);
}

static bool
is_medium(const struct sanitize_medium *m)
{
	const char *const texts[] = {m->maker, m->model, m->serial, m->type, m->rotation,
		m->file_system, m->uuid, m->options};

	return are_there(&m->source, 1) &&
	       are_clean(texts, sizeof texts / sizeof texts[0]);
}

static bool
is_file(const struct sanitize *f, const struct sanitize_file *file)
{
	for (const char *const *finding = file->findings; finding && *finding; finding++)
		if (!is_clean(*finding))
			return false;
	return file->medium <= f->media_count && are_there(&file->name, 1);
}

static bool
is_complete(const struct sanitize *f)
{
	const char *const wanted[] = {
		f->batch, f->host, f->tool, f->date, f->what, f->ledger};
	const char *const others[] = {f->organization, f->place, f->contact, f->key,
		f->key_elsewhere, f->request, f->reason};

	for (size_t i = 0; i < f->media_count; i++)
		if (!is_medium(&f->media[i]))
			return false;
	for (size_t i = 0; i < f->file_count; i++)
		if (!is_file(f, &f->files[i]))
			return false;
	return is_person(&f->performed) && is_person(&f->witnessed) &&
	       are_there(wanted, sizeof wanted / sizeof wanted[0]) &&
	       are_clean(others, sizeof others / sizeof others[0]);
}

/* Text in lines of WIDTH, broken at blanks, the later ones indented; at is where it
 * begins. */
static void
wrapped(struct buffer *b, const char *text, size_t at, size_t indent)
{
	size_t room = WIDTH - at;

	while (strlen(text) > room) {
		size_t len = room;

		while (len > 0 && text[len] != ' ')
			len--;
		/* A word that is longer stays whole: it may be a file's name. */
		if (len == 0)
			len = strcspn(text, " ");
		if (!text[len])
			break;
		buffer_format(b, "%.*s\n%*s", (int)len, text, (int)indent, "");
		text += len + 1;
		room = WIDTH - indent;
	}
	buffer_format(b, "%s\n", text);
}

static void
line(struct buffer *b, const char *label, const char *text)
{
	buffer_format(b, "%*s: ", LABEL_WIDTH, label);
	wrapped(b, text && *text ? text : "not known", LABEL_WIDTH + 2, LABEL_WIDTH + 2);
}

static void
paragraph(struct buffer *b, size_t indent, const char *text)
{
	buffer_format(b, "%*s", (int)indent, "");
	wrapped(b, text, indent, indent);
}

static void
write_medium(struct buffer *b, size_t number, const struct sanitize_medium *m)
{
	buffer_format(b, "\nMedium %zu\n", number);
	line(b, "source", m->source);
	line(b, "manufacturer", m->maker);
	line(b, "model", m->model);
	line(b, "serial number", m->serial);
	line(b, "property number", NULL);
	line(b, "media type", m->type);
	line(b, "kind, as it says", m->rotation);
	if (m->is_mapped)
		line(b, "under a mapper", "yes: the file system lies on a mapped device");
	line(b, "file system", m->file_system);
	line(b, "its UUID", m->uuid);
	line(b, "mounted", m->options);
}

bool
sanitize_is_clear(const struct sanitize *f)
{
	for (size_t i = 0; i < f->file_count; i++)
		if (!f->files[i].is_verified || !f->files[i].is_in_place)
			return false;
	return f->file_count > 0;
}

static void
write_method(struct buffer *b, const struct sanitize *f)
{
	buffer_text(b, "\nSensitivity\n");
	line(b, "before", f->what);
	line(b, "after", "as before, until the medium is destroyed");
	line(b, "backup", "none by this program; whether there is another is not known");
	buffer_text(b, "\nSanitization\n");
	line(b, "method",
		sanitize_is_clear(f) ? "Clear" : "less than Clear: see the verdict");
	line(b, "technique",
		f->key ? "cryptographic erase (the batch's key first), then overwrite in place"
		       : "overwrite in place");
	if (f->key)
		line(b, "key destroyed", f->key);
	else
		line(b, "key", f->key_elsewhere);
	line(b, "tool", f->tool);
	line(b, "verification",
		"every byte read back after a sync and compared, file by file");
	line(b, "destination",
		"physical destruction; told by two persons with keylinectl batch destroyed");
	line(b, "reason given", f->reason);
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
	buffer_format(b, "\nFiles (%zu)\n", f->file_count);
	for (size_t i = 0; i < f->file_count; i++) {
		const struct sanitize_file *file = &f->files[i];

		buffer_format(b, "  %s", file->name);
		if (file->medium)
			buffer_format(b, "  (medium %zu)", file->medium);
		buffer_format(b, "\n    %llu bytes: %s\n",
			(unsigned long long)file->bytes, verdict_of(file));
		for (const char *const *finding = file->findings; finding && *finding;
			finding++)
			paragraph(b, 4, *finding);
	}
	buffer_text(b, "\nVerdict\n");
	paragraph(b, 2,
		sanitize_is_clear(f)
			? "All files were overwritten in place and verified."
			: "NOT all files were overwritten in place and verified: see above.");
	paragraph(b, 2,
		"This tells what one host overwrote.  It does not show that no copy was made, "
		"nor what the medium's own controller keeps.  Destroy the medium.");
}

static void
write_person(struct buffer *b, const char *label, const struct sanitize *f,
	const struct sanitize_person *p)
{
	line(b, label, p->name);
	line(b, "title", p->title);
	line(b, "organization", f->organization);
	line(b, "place", f->place);
	line(b, "contact", f->contact);
	line(b, "date", p->date);
	line(b, "approved by the key", p->key);
	line(b, "signature", "______________________________");
}

static void
write_people(struct buffer *b, const struct sanitize *f)
{
	buffer_text(b, "\nPeople\n");
	line(b, "approved as", f->request);
	write_person(b, "performed by", f, &f->performed);
	buffer_text(b, "\n");
	write_person(b, "witnessed by", f, &f->witnessed);
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
	line(&b, "date", facts->date);
	for (size_t i = 0; i < facts->media_count; i++)
		write_medium(&b, i + 1, &facts->media[i]);
	write_method(&b, facts);
	write_files(&b, facts);
	write_people(&b, facts);
	buffer_text(&b, "\nLedger\n");
	line(&b, "newest event", facts->ledger);
	return buffer_take(out, len, &b);
}
