/* SPDX-License-Identifier: MIT */
/*
 * ROMix (RFC 7914 section 5) of WIDTH independent lanes at once: the body of a kernel,
 * which defines before it includes this
 *
 *   KERNEL     attributes of a function that may use the kernel's instructions
 *   VEC        a vector of PACKED * 4 words, 4 words of each lane in it
 *   VEC_STATE  a struct of four VEC a, b, c, d
 *   PACKED     lanes in a vector
 *   WIDTH      lanes in all, in WIDTH / PACKED groups of vectors
 *   EACH(M, ...)   M(0, ...) M(1, ...) and so on for each group.  The groups' steps
 *              alternate: while one's result is waited for, the others go on.
 *   vec_add, vec_xor, vec_rotate(x, bits), vec_turn(x, shuffle of each lane's words)
 *   vec_get(&state, rows, at)   64 bytes of each lane, at word `at` of its row
 *   vec_put(to, step, &state)   the same out of a state, lanes `step` words apart
 *
 * A state holds the 4x4 words of Salsa20 by diagonals, so that a round works on whole
 * vectors: a = words 0 5 10 15, b = 4 9 14 3, c = 8 13 2 7, d = 12 1 6 11.  Blocks are
 * kept in that order; only what romix() takes and gives is in scrypt's own.
 */

/* How many blocks ahead of its use a row is fetched from memory. */
enum { GROUPS = WIDTH / PACKED, BLOCK_WORDS = 16, FETCH_AHEAD = 4 };

/* A quarter round on every column of every lane. */
#define QUARTER(g, out, x, y, bits) \
	s##g.out = vec_xor(s##g.out, vec_rotate(vec_add(s##g.x, s##g.y), bits));
/* Columns become rows, or rows columns. */
#define TURN(g, left, half, right)             \
	s##g.left = vec_turn(s##g.left, 0x93); \
	s##g.half = vec_turn(s##g.half, 0x4e); \
	s##g.right = vec_turn(s##g.right, 0x39);
#define DOUBLE_ROUND               \
	EACH(QUARTER, b, a, d, 7)  \
	EACH(QUARTER, c, b, a, 9)  \
	EACH(QUARTER, d, c, b, 13) \
	EACH(QUARTER, a, d, c, 18) \
	EACH(TURN, b, c, d)        \
	EACH(QUARTER, d, a, b, 7)  \
	EACH(QUARTER, c, d, a, 9)  \
	EACH(QUARTER, b, c, d, 13) \
	EACH(QUARTER, a, b, c, 18) \
	EACH(TURN, d, c, b)
/* s = Salsa20/8(s) in each group. */
#define SALSA            \
	EACH(KEEP, t, s) \
	DOUBLE_ROUND DOUBLE_ROUND DOUBLE_ROUND DOUBLE_ROUND EACH(ADD, s, t)

#define DECLARE(g, s, t) VEC_STATE s##g, t##g;
#define KEEP(g, t, s) t##g = s##g;
#define ADD(g, s, t) state_add(&s##g, &t##g);
#define SAVE(g, to, s) (to)[g] = s##g;
#define LOAD(g, s, from) s##g = (from)[g];

KERNEL static inline void
state_add(VEC_STATE *s, const VEC_STATE *t)
{
	s->a = vec_add(s->a, t->a);
	s->b = vec_add(s->b, t->b);
	s->c = vec_add(s->c, t->c);
	s->d = vec_add(s->d, t->d);
}

KERNEL static inline void
state_xor(VEC_STATE *s, const VEC_STATE *t)
{
	s->a = vec_xor(s->a, t->a);
	s->b = vec_xor(s->b, t->b);
	s->c = vec_xor(s->c, t->c);
	s->d = vec_xor(s->d, t->d);
}

/* Where BlockMix puts block i of 2r: even ones to the front, odd ones to the back. */
static inline size_t
place(size_t i, size_t r)
{
	return (i & 1) * r + i / 2;
}

#define STORE_IN(g, x, v)          \
	state_xor(&s##g, &(x)[g]); \
	vec_put((v) + g * PACKED * 32 * r, 32 * r, &(x)[g]);

/* v = x, one row a lane; y = BlockMix(x). */
KERNEL static void
fill(VEC_STATE *y, uint32_t *v, const VEC_STATE *x, size_t r)
{
	EACH(DECLARE, s, t)
	EACH(LOAD, s, x + (2 * r - 1) * GROUPS)
	for (size_t i = 0; i < 2 * r; i++) {
		EACH(STORE_IN, x + i * GROUPS, v + i * BLOCK_WORDS)
		SALSA
		EACH(SAVE, y + place(i, r) * GROUPS, s)
	}
}

/* The row of each lane that its last block in x chooses. */
static void
choose(const uint32_t *rows[WIDTH], const uint32_t *v, const VEC_STATE *x, uint64_t n,
	size_t r)
{
	const VEC_STATE *last = x + (2 * r - 1) * GROUPS;

	for (size_t lane = 0; lane < WIDTH; lane++) {
		const uint32_t *words = (const uint32_t *)&last[lane / PACKED].a;
		size_t j = words[lane % PACKED * 4] & (n - 1);

		rows[lane] = v + (j * WIDTH + lane) * 32 * r;
		__builtin_prefetch(rows[lane] + (2 * r - 1) * BLOCK_WORDS);
	}
	for (size_t i = 0; i < FETCH_AHEAD && i < 2 * r; i++)
		for (size_t lane = 0; lane < WIDTH; lane++)
			__builtin_prefetch(rows[lane] + i * BLOCK_WORDS);
}

#define READ(g, rows, i, x)                                   \
	vec_get(&t##g, (rows) + g * PACKED, (i)*BLOCK_WORDS); \
	state_xor(&t##g, &(x)[(i)*GROUPS + g]);
#define XOR(g, s, t) state_xor(&s##g, &t##g);

/* y = BlockMix(x ^ rows). */
KERNEL static void
mix(VEC_STATE *y, const uint32_t *rows[WIDTH], const VEC_STATE *x, size_t r)
{
	EACH(DECLARE, s, t)
	EACH(READ, rows, 2 * r - 1, x)
	EACH(KEEP, s, t)
	for (size_t i = 0; i < 2 * r; i++) {
		if (i + FETCH_AHEAD < 2 * r)
			for (size_t lane = 0; lane < WIDTH; lane++)
				__builtin_prefetch(
					rows[lane] + (i + FETCH_AHEAD) * BLOCK_WORDS);
		EACH(READ, rows, i, x)
		EACH(XOR, s, t)
		SALSA
		EACH(SAVE, y + place(i, r) * GROUPS, s)
	}
}

/* The word of x that is word k of block i of a lane, diagonals laid out in turn. */
static inline uint32_t *
word_of(VEC_STATE *x, size_t i, size_t lane, size_t k)
{
	uint32_t *state = (uint32_t *)&x[i * GROUPS + lane / PACKED];

	return state + (k / 4 * PACKED + lane % PACKED) * 4 + k % 4;
}

static void
take_in(VEC_STATE *x, const uint32_t *b, size_t r)
{
	for (size_t lane = 0; lane < WIDTH; lane++)
		for (size_t i = 0; i < 2 * r; i++, b += BLOCK_WORDS)
			for (size_t k = 0; k < BLOCK_WORDS; k++)
				*word_of(x, i, lane, k) = b[k * 5 % BLOCK_WORDS];
}

static void
give_out(uint32_t *b, VEC_STATE *x, size_t r)
{
	for (size_t lane = 0; lane < WIDTH; lane++)
		for (size_t i = 0; i < 2 * r; i++, b += BLOCK_WORDS)
			for (size_t k = 0; k < BLOCK_WORDS; k++)
				b[k * 5 % BLOCK_WORDS] = *word_of(x, i, lane, k);
}

KERNEL static void
romix(uint32_t *b, void *work, uint32_t *v, uint64_t n, uint32_t r)
{
	const size_t row = (size_t)WIDTH * 32 * r;
	const uint32_t *rows[WIDTH];
	VEC_STATE *x = work, *y = x + (size_t)2 * r * GROUPS;

	take_in(x, b, r);
	for (uint64_t i = 0; i < n; i += 2) {
		fill(y, v + i * row, x, r);
		fill(x, v + (i + 1) * row, y, r);
	}
	for (uint64_t i = 0; i < n; i += 2) {
		choose(rows, v, x, n, r);
		mix(y, rows, x, r);
		choose(rows, v, y, n, r);
		mix(x, rows, y, r);
	}
	give_out(b, x, r);
}
