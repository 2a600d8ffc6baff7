/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/signed_file.h"

#include <stdlib.h>
#include <string.h>
#include "ctl/new_file.h"
#include "ctl/say.h"
#include "proto/base64.h"
#include "proto/buffer.h"

/* More than the daemon gives out. */
enum { SIGNED_MAX = 4 << 20 };

static const char *
piece_of(const json_t *object)
{
	const char *type = json_string_value(json_object_get(object, "type"));

	return type && strcmp(type, "signed") == 0
		       ? json_string_value(json_object_get(object, "base64"))
		       : NULL;
}

static void
add_piece(struct buffer *out, const char *text)
{
	size_t len = strlen(text), room = len / 4 * 3;
	unsigned char *bytes = malloc(room + 1);

	if (!bytes || base64_decode(bytes, room, &room, text, len) != 0)
		out->error = out->error ? out->error : KE_BAD_MESSAGE;
	else
		buffer_append(out, bytes, room);
	free(bytes);
}

bool
signed_file_write(const char *path, const struct answer *answer)
{
	const json_t *object;
	struct buffer bytes;
	size_t index;
	bool done;

	buffer_init(&bytes, SIGNED_MAX);
	json_array_foreach(answer->objects, index, object)
	{
		const char *text = piece_of(object);

		if (text)
			add_piece(&bytes, text);
	}
	done = bytes.error == 0 && bytes.len > 0;
	if (!done)
		say_problem(path, "the daemon sent nothing signed that can be read");
	done = done && new_file_write(path, bytes.bytes, bytes.len, 0644);
	buffer_free(&bytes);
	return done;
}
