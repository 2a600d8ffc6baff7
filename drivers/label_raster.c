/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/label_raster.h"

#include <stdlib.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

struct label_raster {
	unsigned width;
	unsigned height;
	size_t stride;
	unsigned char *dots;
};

void *
label_raster_memory(size_t bytes)
{
	void *memory = mmap(
		NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	if (mlock(memory, bytes) != 0 || madvise(memory, bytes, MADV_DONTDUMP) != 0 ||
		madvise(memory, bytes, MADV_DONTFORK) != 0) {
		munmap(memory, bytes);
		return NULL;
	}
	return memory;
}

void
label_raster_memory_free(void *memory, size_t bytes)
{
	if (!memory)
		return;
	OPENSSL_cleanse(memory, bytes);
	munmap(memory, bytes);
}

static size_t
bytes_of(const struct label_raster *raster)
{
	return raster->stride * raster->height;
}

int
label_raster_new(struct label_raster **out, unsigned width, unsigned height)
{
	struct label_raster *raster;

	*out = NULL;
	if (width == 0 || height == 0 || width > LABEL_RASTER_SIDE_MAX ||
		height > LABEL_RASTER_SIDE_MAX)
		return KE_BAD_ARGUMENT;
	raster = calloc(1, sizeof *raster);
	if (!raster)
		return KE_NO_MEMORY;
	raster->width = width;
	raster->height = height;
	raster->stride = (width + 7) / 8;
	raster->dots = label_raster_memory(bytes_of(raster));
	if (!raster->dots) {
		free(raster);
		return KE_NO_LOCKED_MEMORY;
	}
	*out = raster;
	return 0;
}

void
label_raster_free(struct label_raster *raster)
{
	if (!raster)
		return;
	label_raster_memory_free(raster->dots, bytes_of(raster));
	free(raster);
}

unsigned
label_raster_width(const struct label_raster *raster)
{
	return raster->width;
}

unsigned
label_raster_height(const struct label_raster *raster)
{
	return raster->height;
}

const unsigned char *
label_raster_row(const struct label_raster *raster, unsigned y)
{
	return raster->dots + raster->stride * y;
}

size_t
label_raster_stride(const struct label_raster *raster)
{
	return raster->stride;
}

static bool
inside(const struct label_raster *raster, int x, int y)
{
	return x >= 0 && y >= 0 && (unsigned)x < raster->width &&
	       (unsigned)y < raster->height;
}

bool
label_raster_get(const struct label_raster *raster, int x, int y)
{
	if (!inside(raster, x, y))
		return false;
	return raster->dots[raster->stride * (unsigned)y + (unsigned)x / 8] >>
		       (7 - (unsigned)x % 8) &
	       1;
}

void
label_raster_set(struct label_raster *raster, int x, int y, bool black)
{
	unsigned char *byte, bit;

	if (!inside(raster, x, y))
		return;
	byte = &raster->dots[raster->stride * (unsigned)y + (unsigned)x / 8];
	bit = (unsigned char)(0x80 >> (unsigned)x % 8);
	*byte = (unsigned char)(black ? *byte | bit : *byte & ~bit);
}

void
label_raster_fill(struct label_raster *raster, int x, int y, unsigned width,
	unsigned height, bool black)
{
	for (unsigned row = 0; row < height; row++)
		for (unsigned column = 0; column < width; column++)
			label_raster_set(raster, x + (int)column, y + (int)row, black);
}

bool
label_raster_white(
	const struct label_raster *raster, int x, int y, unsigned width, unsigned height)
{
	for (unsigned row = 0; row < height; row++)
		for (unsigned column = 0; column < width; column++)
			if (label_raster_get(raster, x + (int)column, y + (int)row))
				return false;
	return true;
}

void
label_raster_wipe(struct label_raster *raster)
{
	OPENSSL_cleanse(raster->dots, bytes_of(raster));
}
