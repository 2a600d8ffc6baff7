/* SPDX-License-Identifier: MIT */
/*
 * bench/travel PROFILE ROUNDS: the way of the laser with its light off, in counts of the
 * field, over plates with random passphrases and serials.
 *
 *	keyline  as the driver draws it (drivers/stroke.h)
 *	two-opt  the same strokes: from each to the nearest that is left, either end
 *first, then stretches turned round for as long as that makes the way shorter
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "drivers/stroke.h"
#include "proto/etch_profile.h"
#include "proto/etch_record.h"
#include "proto/passphrase.h"
#include "proto/rng.h"
#include "proto/secret_bytes.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS_MAX = 10000, STROKES_MAX = 512, JOB_MAX = 16384, PROFILE_MAX = 65536 };

struct point {
	double x, y;
};

/* Where the light goes on and where it goes off. */
struct stroke {
	struct point from, to;
};

struct tour {
	size_t count;
	struct stroke strokes[STROKES_MAX];
};

static double
between(const struct point *a, const struct point *b)
{
	return hypot(a->x - b->x, a->y - b->y);
}

static double
way_of(const struct tour *t)
{
	double way = 0;

	for (size_t i = 1; i < t->count; i++)
		way += between(&t->strokes[i - 1].to, &t->strokes[i].from);
	return way;
}

static void
turn(struct stroke *stroke)
{
	struct point from = stroke->from;

	stroke->from = stroke->to;
	stroke->to = from;
}

static void
swap(struct stroke *a, struct stroke *b)
{
	struct stroke c = *a;

	*a = *b;
	*b = c;
}

/* Puts the stroke nearest to where the one before it ends next, turned as it suits. */
static void
bring_nearest(struct tour *t, size_t next)
{
	const struct point *at = &t->strokes[next - 1].to;
	size_t best = next;
	double least = INFINITY;

	for (size_t i = next; i < t->count; i++) {
		struct stroke *s = &t->strokes[i];

		if (between(at, &s->to) < between(at, &s->from))
			turn(s);
		if (between(at, &s->from) < least) {
			least = between(at, &s->from);
			best = i;
		}
	}
	swap(&t->strokes[next], &t->strokes[best]);
}

/* What is gained by drawing the strokes from first to last the other way round. */
static double
gain(const struct tour *t, size_t first, size_t last)
{
	const struct stroke *s = t->strokes;
	double before = 0, after = 0;

	if (first > 0) {
		before += between(&s[first - 1].to, &s[first].from);
		after += between(&s[first - 1].to, &s[last].to);
	}
	if (last + 1 < t->count) {
		before += between(&s[last].to, &s[last + 1].from);
		after += between(&s[first].from, &s[last + 1].from);
	}
	return before - after;
}

static void
turn_stretch(struct tour *t, size_t first, size_t last)
{
	for (size_t i = first; i <= last; i++)
		turn(&t->strokes[i]);
	for (; first < last; first++, last--)
		swap(&t->strokes[first], &t->strokes[last]);
}

static bool
improve(struct tour *t)
{
	bool better = false;

	for (size_t first = 0; first < t->count; first++)
		for (size_t last = first; last < t->count; last++)
			if (gain(t, first, last) > 1e-9) {
				turn_stretch(t, first, last);
				better = true;
			}
	return better;
}

static void
shorten(struct tour *t)
{
	for (size_t next = 1; next < t->count; next++)
		bring_nearest(t, next);
	while (improve(t))
		;
}

static void
read_tour(struct tour *t, const struct secret *job)
{
	struct etch_record_header header;
	struct etch_record r;

	t->count = 0;
	figure_must(etch_record_check(&header, secret_view(job), secret_len(job)), "job");
	for (size_t i = 0; i < header.count; i++) {
		struct point at;

		etch_record_get(&r, secret_view(job), i);
		at = (struct point){r.x, r.y};
		if (r.op == ETCH_MOVE) {
			figure_must(t->count < STROKES_MAX ? 0 : KE_TOO_LONG, "strokes");
			t->strokes[t->count++] = (struct stroke){at, at};
		} else if (r.op == ETCH_MARK)
			t->strokes[t->count - 1].to = at;
	}
}

static void
read_profile(struct etch_profile *out, const char *path)
{
	static char text[PROFILE_MAX];
	struct etch_profile_error error;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	figure_must_system(fd >= 0, path);
	len = read(fd, text, sizeof text);
	figure_must_system(len > 0, path);
	(void)close(fd);
	figure_must(etch_profile_parse(out, &error, text, (size_t)len), path);
}

/* A plate of a random wallet, for test. */
static void
draw(struct secret *job, struct secret *text, const struct etch_profile *profile)
{
	struct passphrase_alphabet alphabet;
	struct rng rng = figure_rng;
	struct stroke_layout layout;
	struct stroke_plate plate;

	figure_must(passphrase_alphabet_compile(&alphabet, PASSPHRASE_ALPHABET_DEFAULT),
		"alphabet");
	figure_must(passphrase_generate(text, &alphabet, &rng), "passphrase");
	/* The plate borrows a text with its end. */
	figure_must(secret_append(text, "", 1), "passphrase");
	figure_must(stroke_plate_wallet(&plate, &profile->field,
			    (const char *)secret_view(text), "AA0000016", true),
		"plate");
	figure_must(stroke_layout(&layout, &profile->field, &plate), "layout");
	figure_must(stroke_draw(job, &layout, &plate, profile), "draw");
}

int
main(int argc, char **argv)
{
	size_t rounds = figure_number(
		argc == 3 ? argv[2] : NULL, ROUNDS_MAX, "bench/travel PROFILE ROUNDS");
	static struct etch_profile profile;
	static struct tour tour;
	struct secret *job, *text;

	figure_must(secret_heap_init((size_t)1 << 18), "locked memory");
	read_profile(&profile, argv[1]);
	job = secret_new(JOB_MAX);
	text = secret_new(PASSPHRASE_LEN + 1);
	figure_must(job && text ? 0 : KE_NO_LOCKED_MEMORY, "secret");
	for (size_t i = 0; i < rounds; i++) {
		draw(job, text, &profile);
		read_tour(&tour, job);
		figure_put("travel", "keyline", way_of(&tour));
		shorten(&tour);
		figure_put("travel", "two-opt", way_of(&tour));
	}
	secret_free(job);
	secret_free(text);
	secret_heap_done();
	return 0;
}
