/* SPDX-License-Identifier: MIT */
/*
 * Drawn for this project.  What is easily mistaken stands apart: 0 is narrow with a
 * slash, O wide; I has serifs at both ends, 1 a flag and a foot, l a hook; 3 and 5 have
 * flat tops, 8 and S none; 6 and 9 have straight tails, G a spur.
 */
#include "drivers/font.h"

#define M(x, y)             \
	{                   \
		x, y, false \
	}
#define L(x, y)            \
	{                  \
		x, y, true \
	}

/* clang-format off */
static const struct font_point hyphen[] = {
	M(3, 10), L(13, 10),
};
static const struct font_point point[] = {
	M(8, 0), L(8, 3),
};
static const struct font_point slash[] = {
	M(2, 0), L(14, 24),
};
static const struct font_point digit_0[] = {
	M(2, 6), L(3, 3), L(5, 1), L(8, 0), L(11, 1), L(13, 3), L(14, 6), L(14, 18),
	L(13, 21), L(11, 23), L(8, 24), L(5, 23), L(3, 21), L(2, 18), L(2, 6), M(5, 6),
	L(11, 18),
};
static const struct font_point digit_1[] = {
	M(3, 19), L(8, 24), L(8, 0), M(3, 0), L(13, 0),
};
static const struct font_point digit_2[] = {
	M(1, 18), L(2, 21), L(4, 23), L(8, 24), L(12, 23), L(14, 21), L(15, 18),
	L(14, 14), L(12, 11), L(1, 0), L(15, 0),
};
static const struct font_point digit_3[] = {
	M(2, 24), L(14, 24), L(7, 14), L(10, 14), L(13, 13), L(15, 10), L(15, 5),
	L(14, 2), L(11, 0), L(5, 0), L(3, 1), L(1, 4),
};
static const struct font_point digit_4[] = {
	M(12, 0), L(12, 24), L(1, 7), L(16, 7),
};
static const struct font_point digit_5[] = {
	M(14, 24), L(3, 24), L(2, 13), L(5, 15), L(9, 15), L(12, 14), L(14, 12),
	L(15, 9), L(15, 6), L(14, 3), L(12, 1), L(9, 0), L(5, 0), L(3, 1), L(1, 3),
};
static const struct font_point digit_6[] = {
	M(12, 24), L(7, 20), L(3, 14), L(1, 8), L(1, 6), L(2, 3), L(4, 1), L(7, 0),
	L(9, 0), L(12, 1), L(14, 3), L(15, 6), L(15, 8), L(14, 11), L(12, 13),
	L(9, 14), L(7, 14), L(4, 13), L(2, 11), L(1, 8),
};
static const struct font_point digit_7[] = {
	M(1, 24), L(15, 24), L(6, 0),
};
static const struct font_point digit_8[] = {
	M(10, 13), L(12, 15), L(13, 18), L(12, 22), L(10, 24), L(6, 24), L(4, 22),
	L(3, 18), L(4, 15), L(6, 13), L(10, 13), L(13, 11), L(15, 8), L(15, 5), L(14, 2),
	L(11, 0), L(5, 0), L(2, 2), L(1, 5), L(1, 8), L(3, 11), L(6, 13),
};
static const struct font_point digit_9[] = {
	M(4, 0), L(9, 4), L(13, 10), L(15, 16), L(15, 18), L(14, 21), L(12, 23),
	L(9, 24), L(7, 24), L(4, 23), L(2, 21), L(1, 18), L(1, 16), L(2, 13), L(4, 11),
	L(7, 10), L(9, 10), L(12, 11), L(14, 13), L(15, 16),
};
static const struct font_point colon[] = {
	M(8, 1), L(8, 4), M(8, 12), L(8, 15),
};
static const struct font_point cap_a[] = {
	M(0, 0), L(8, 24), L(16, 0), M(13, 9), L(3, 9),
};
static const struct font_point cap_b[] = {
	M(10, 13), L(13, 14), L(14, 17), L(14, 20), L(13, 23), L(10, 24), L(1, 24),
	L(1, 0), L(10, 0), L(13, 1), L(15, 4), L(15, 9), L(13, 12), L(10, 13),
	L(1, 13),
};
static const struct font_point cap_c[] = {
	M(15, 19), L(14, 21), L(12, 23), L(8, 24), L(4, 23), L(1, 20), L(0, 16),
	L(0, 8), L(1, 4), L(4, 1), L(8, 0), L(12, 1), L(14, 3), L(15, 5),
};
static const struct font_point cap_d[] = {
	M(0, 0), L(0, 24), L(8, 24), L(12, 23), L(15, 19), L(16, 15), L(16, 9), L(15, 5),
	L(12, 1), L(8, 0), L(0, 0),
};
static const struct font_point cap_e[] = {
	M(14, 24), L(1, 24), L(1, 0), L(14, 0), M(1, 13), L(11, 13),
};
static const struct font_point cap_f[] = {
	M(14, 24), L(1, 24), L(1, 0), M(1, 13), L(11, 13),
};
static const struct font_point cap_g[] = {
	M(15, 19), L(14, 21), L(12, 23), L(8, 24), L(4, 23), L(1, 20), L(0, 16),
	L(0, 8), L(1, 4), L(4, 1), L(8, 0), L(12, 1), L(15, 4), L(15, 11), L(9, 11),
};
static const struct font_point cap_h[] = {
	M(1, 0), L(1, 24), M(15, 24), L(15, 0), M(1, 12), L(15, 12),
};
static const struct font_point cap_i[] = {
	M(3, 24), L(13, 24), M(8, 24), L(8, 0), M(3, 0), L(13, 0),
};
static const struct font_point cap_j[] = {
	M(6, 24), L(13, 24), L(13, 6), L(12, 3), L(10, 1), L(7, 0), L(4, 1), L(2, 3),
	L(1, 6),
};
static const struct font_point cap_k[] = {
	M(1, 0), L(1, 24), M(15, 24), L(1, 10), M(6, 15), L(15, 0),
};
static const struct font_point cap_l[] = {
	M(2, 24), L(2, 0), L(14, 0),
};
static const struct font_point cap_m[] = {
	M(0, 0), L(0, 24), L(8, 9), L(16, 24), L(16, 0),
};
static const struct font_point cap_n[] = {
	M(1, 0), L(1, 24), L(15, 0), L(15, 24),
};
static const struct font_point cap_o[] = {
	M(0, 16), L(0, 8), L(1, 4), L(4, 1), L(8, 0), L(12, 1), L(15, 4), L(16, 8),
	L(16, 16), L(15, 20), L(12, 23), L(8, 24), L(4, 23), L(1, 20), L(0, 16),
};
static const struct font_point cap_p[] = {
	M(1, 0), L(1, 24), L(10, 24), L(13, 23), L(15, 20), L(15, 16), L(13, 13),
	L(10, 12), L(1, 12),
};
static const struct font_point cap_q[] = {
	M(0, 16), L(0, 8), L(1, 4), L(4, 1), L(8, 0), L(12, 1), L(15, 4), L(16, 8),
	L(16, 16), L(15, 20), L(12, 23), L(8, 24), L(4, 23), L(1, 20), L(0, 16),
	M(10, 7), L(16, 0),
};
static const struct font_point cap_r[] = {
	M(1, 0), L(1, 24), L(10, 24), L(13, 23), L(15, 20), L(15, 16), L(13, 13),
	L(10, 12), L(1, 12), M(8, 12), L(15, 0),
};
static const struct font_point cap_s[] = {
	M(14, 20), L(13, 22), L(10, 24), L(6, 24), L(3, 23), L(1, 20), L(1, 17),
	L(3, 14), L(13, 10), L(15, 7), L(15, 4), L(13, 1), L(10, 0), L(5, 0), L(2, 2),
	L(1, 4),
};
static const struct font_point cap_t[] = {
	M(0, 24), L(16, 24), M(8, 24), L(8, 0),
};
static const struct font_point cap_u[] = {
	M(1, 24), L(1, 7), L(2, 4), L(4, 1), L(8, 0), L(12, 1), L(14, 4), L(15, 7),
	L(15, 24),
};
static const struct font_point cap_v[] = {
	M(0, 24), L(8, 0), L(16, 24),
};
static const struct font_point cap_w[] = {
	M(0, 24), L(4, 0), L(8, 16), L(12, 0), L(16, 24),
};
static const struct font_point cap_x[] = {
	M(1, 0), L(15, 24), M(15, 0), L(1, 24),
};
static const struct font_point cap_y[] = {
	M(0, 24), L(8, 12), L(16, 24), M(8, 12), L(8, 0),
};
static const struct font_point cap_z[] = {
	M(1, 24), L(15, 24), L(1, 0), L(15, 0),
};
static const struct font_point small_a[] = {
	M(14, 11), L(12, 14), L(9, 16), L(6, 16), L(3, 14), L(2, 11), L(2, 5), L(3, 2),
	L(6, 0), L(9, 0), L(12, 2), L(14, 5), M(14, 16), L(14, 0),
};
static const struct font_point small_b[] = {
	M(2, 24), L(2, 0), M(2, 5), L(4, 2), L(7, 0), L(10, 0), L(13, 2), L(14, 5),
	L(14, 11), L(13, 14), L(10, 16), L(7, 16), L(4, 14), L(2, 11),
};
static const struct font_point small_c[] = {
	M(14, 12), L(12, 15), L(9, 16), L(7, 16), L(4, 15), L(2, 11), L(2, 5), L(4, 1),
	L(7, 0), L(9, 0), L(12, 1), L(14, 4),
};
static const struct font_point small_d[] = {
	M(14, 11), L(12, 14), L(9, 16), L(6, 16), L(3, 14), L(2, 11), L(2, 5), L(3, 2),
	L(6, 0), L(9, 0), L(12, 2), L(14, 5), M(14, 24), L(14, 0),
};
static const struct font_point small_e[] = {
	M(2, 8), L(14, 8), L(14, 11), L(12, 15), L(9, 16), L(7, 16), L(4, 15),
	L(2, 11), L(2, 5), L(4, 1), L(7, 0), L(10, 0), L(13, 2),
};
static const struct font_point small_f[] = {
	M(13, 23), L(11, 24), L(9, 24), L(7, 22), L(7, 0), M(3, 16), L(12, 16),
};
static const struct font_point small_g[] = {
	M(14, 11), L(12, 14), L(9, 16), L(6, 16), L(3, 14), L(2, 11), L(2, 5), L(3, 2),
	L(6, 0), L(9, 0), L(12, 2), L(14, 5), M(14, 16), L(14, -3), L(12, -6),
	L(9, -8), L(6, -8), L(3, -6),
};
static const struct font_point small_h[] = {
	M(2, 24), L(2, 0), M(2, 11), L(4, 14), L(7, 16), L(10, 16), L(13, 14),
	L(14, 11), L(14, 0),
};
static const struct font_point small_i[] = {
	M(8, 23), L(8, 21), M(4, 16), L(8, 16), L(8, 0), M(3, 0), L(13, 0),
};
static const struct font_point small_j[] = {
	M(11, 23), L(11, 21), M(6, 16), L(11, 16), L(11, -4), L(10, -7), L(8, -8),
	L(5, -8), L(3, -7),
};
static const struct font_point small_k[] = {
	M(2, 24), L(2, 0), M(12, 16), L(2, 6), M(5, 9), L(13, 0),
};
static const struct font_point small_l[] = {
	M(4, 24), L(8, 24), L(8, 4), L(9, 1), L(11, 0), L(13, 1),
};
static const struct font_point small_m[] = {
	M(1, 16), L(1, 0), M(1, 12), L(3, 15), L(5, 16), L(7, 15), L(8, 12), L(8, 0),
	M(8, 12), L(10, 15), L(12, 16), L(14, 15), L(15, 12), L(15, 0),
};
static const struct font_point small_n[] = {
	M(2, 16), L(2, 0), M(2, 11), L(4, 14), L(7, 16), L(10, 16), L(13, 14),
	L(14, 11), L(14, 0),
};
static const struct font_point small_o[] = {
	M(2, 5), L(3, 2), L(6, 0), L(10, 0), L(13, 2), L(14, 5), L(14, 11), L(13, 14),
	L(10, 16), L(6, 16), L(3, 14), L(2, 11), L(2, 5),
};
static const struct font_point small_p[] = {
	M(2, 16), L(2, -8), M(2, 5), L(4, 2), L(7, 0), L(10, 0), L(13, 2), L(14, 5),
	L(14, 11), L(13, 14), L(10, 16), L(7, 16), L(4, 14), L(2, 11),
};
static const struct font_point small_q[] = {
	M(14, 11), L(12, 14), L(9, 16), L(6, 16), L(3, 14), L(2, 11), L(2, 5), L(3, 2),
	L(6, 0), L(9, 0), L(12, 2), L(14, 5), M(14, 16), L(14, -8),
};
static const struct font_point small_r[] = {
	M(4, 16), L(4, 0), M(4, 11), L(6, 14), L(9, 16), L(12, 16), L(14, 15),
};
static const struct font_point small_s[] = {
	M(13, 13), L(11, 15), L(8, 16), L(6, 16), L(4, 15), L(3, 13), L(3, 11),
	L(4, 9), L(12, 7), L(13, 5), L(13, 3), L(12, 1), L(9, 0), L(7, 0), L(4, 1),
	L(2, 3),
};
static const struct font_point small_t[] = {
	M(7, 22), L(7, 4), L(8, 1), L(10, 0), L(13, 1), M(3, 16), L(12, 16),
};
static const struct font_point small_u[] = {
	M(2, 16), L(2, 5), L(3, 2), L(6, 0), L(9, 0), L(12, 2), L(14, 5), M(14, 16),
	L(14, 0),
};
static const struct font_point small_v[] = {
	M(2, 16), L(8, 0), L(14, 16),
};
static const struct font_point small_w[] = {
	M(0, 16), L(4, 0), L(8, 12), L(12, 0), L(16, 16),
};
static const struct font_point small_x[] = {
	M(2, 16), L(14, 0), M(2, 0), L(14, 16),
};
static const struct font_point small_y[] = {
	M(2, 16), L(8, 0), M(14, 16), L(5, -8), L(2, -8),
};
static const struct font_point small_z[] = {
	M(2, 16), L(14, 16), L(2, 0), L(14, 0),
};

#define GLYPH(c, points) [c] = {points, sizeof points / sizeof points[0]}

static const struct font_glyph glyphs[128] = {
	[' '] = {NULL, 0},
	GLYPH('-', hyphen),
	GLYPH('.', point),
	GLYPH('/', slash),
	GLYPH('0', digit_0),
	GLYPH('1', digit_1),
	GLYPH('2', digit_2),
	GLYPH('3', digit_3),
	GLYPH('4', digit_4),
	GLYPH('5', digit_5),
	GLYPH('6', digit_6),
	GLYPH('7', digit_7),
	GLYPH('8', digit_8),
	GLYPH('9', digit_9),
	GLYPH(':', colon),
	GLYPH('A', cap_a),
	GLYPH('B', cap_b),
	GLYPH('C', cap_c),
	GLYPH('D', cap_d),
	GLYPH('E', cap_e),
	GLYPH('F', cap_f),
	GLYPH('G', cap_g),
	GLYPH('H', cap_h),
	GLYPH('I', cap_i),
	GLYPH('J', cap_j),
	GLYPH('K', cap_k),
	GLYPH('L', cap_l),
	GLYPH('M', cap_m),
	GLYPH('N', cap_n),
	GLYPH('O', cap_o),
	GLYPH('P', cap_p),
	GLYPH('Q', cap_q),
	GLYPH('R', cap_r),
	GLYPH('S', cap_s),
	GLYPH('T', cap_t),
	GLYPH('U', cap_u),
	GLYPH('V', cap_v),
	GLYPH('W', cap_w),
	GLYPH('X', cap_x),
	GLYPH('Y', cap_y),
	GLYPH('Z', cap_z),
	GLYPH('a', small_a),
	GLYPH('b', small_b),
	GLYPH('c', small_c),
	GLYPH('d', small_d),
	GLYPH('e', small_e),
	GLYPH('f', small_f),
	GLYPH('g', small_g),
	GLYPH('h', small_h),
	GLYPH('i', small_i),
	GLYPH('j', small_j),
	GLYPH('k', small_k),
	GLYPH('l', small_l),
	GLYPH('m', small_m),
	GLYPH('n', small_n),
	GLYPH('o', small_o),
	GLYPH('p', small_p),
	GLYPH('q', small_q),
	GLYPH('r', small_r),
	GLYPH('s', small_s),
	GLYPH('t', small_t),
	GLYPH('u', small_u),
	GLYPH('v', small_v),
	GLYPH('w', small_w),
	GLYPH('x', small_x),
	GLYPH('y', small_y),
	GLYPH('z', small_z),
};
/* clang-format on */

const struct font_glyph *
font_glyph(char c)
{
	unsigned char index = (unsigned char)c;

	if (index >= 128 || (!glyphs[index].points && c != ' '))
		return NULL;
	return &glyphs[index];
}
