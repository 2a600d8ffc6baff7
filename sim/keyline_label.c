/* SPDX-License-Identifier: MIT */
/*
 * keyline-label FILE PREFIX: the pages of a PWG or Apple raster file, as a test printer
 * received it, as pictures PREFIX-1.png, PREFIX-2.png ...; prints how many there were.
 */
#include <fcntl.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cups/cups.h>
#include <cups/raster.h>

enum { DOTS_PER_METRE_TIMES_10 = 10000, INCH_TIMES_10000 = 254 };

static void
die(const char *what)
{
	fprintf(stderr, "keyline-label: %s\n", what);
	exit(EXIT_FAILURE);
}

/* A row of bytes, 0 = black, from a row as the raster has it. */
static void
to_gray(unsigned char *gray, const unsigned char *line, const cups_page_header2_t *header)
{
	int ink = header->cupsColorSpace == CUPS_CSPACE_K;

	for (unsigned x = 0; x < header->cupsWidth; x++) {
		unsigned char value;

		if (header->cupsBitsPerPixel == 1)
			value = line[x / 8] >> (7 - x % 8) & 1 ? 0xff : 0x00;
		else
			value = line[x];
		gray[x] = ink ? (unsigned char)~value : value;
	}
}

static unsigned
per_metre(unsigned dpi)
{
	return dpi * DOTS_PER_METRE_TIMES_10 / INCH_TIMES_10000;
}

static void
write_rows(png_structp png, cups_raster_t *raster, const cups_page_header2_t *header)
{
	unsigned char *line = malloc(header->cupsBytesPerLine);
	unsigned char *gray = malloc(header->cupsWidth);

	if (!line || !gray)
		die("out of memory");
	for (unsigned y = 0; y < header->cupsHeight; y++) {
		if (cupsRasterReadPixels(raster, line, header->cupsBytesPerLine) !=
			header->cupsBytesPerLine)
			die("a page is cut short");
		to_gray(gray, line, header);
		png_write_row(png, gray);
	}
	free(line);
	free(gray);
}

static void
write_page(const char *name, cups_raster_t *raster, const cups_page_header2_t *header)
{
	png_structp png =
		png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	FILE *file = fopen(name, "wb");

	if (!info || !file)
		die("cannot write a picture");
	if (setjmp(png_jmpbuf(png)))
		die("cannot write a picture");
	png_init_io(png, file);
	png_set_IHDR(png, info, header->cupsWidth, header->cupsHeight, 8,
		PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_set_pHYs(png, info, per_metre(header->HWResolution[0]),
		per_metre(header->HWResolution[1]), PNG_RESOLUTION_METER);
	png_write_info(png, info);
	write_rows(png, raster, header);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	if (fclose(file) != 0)
		die("cannot write a picture");
}

int
main(int argc, char **argv)
{
	cups_page_header2_t header;
	cups_raster_t *raster;
	unsigned pages = 0;
	char name[4096];
	int fd;

	/* The lower layer is one of a wallet's two keys. */
	(void)umask(S_IRWXG | S_IRWXO);
	if (argc != 3)
		die("usage: keyline-label FILE PREFIX; see keyline-label(1)");
	fd = open(argv[1], O_RDONLY);
	raster = fd < 0 ? NULL : cupsRasterOpen(fd, CUPS_RASTER_READ);
	if (!raster)
		die("not a raster file");
	while (cupsRasterReadHeader2(raster, &header)) {
		if (header.cupsNumColors != 1 ||
			(header.cupsBitsPerPixel != 1 && header.cupsBitsPerPixel != 8))
			die("neither black and white nor gray");
		snprintf(name, sizeof name, "%s-%u.png", argv[2], ++pages);
		write_page(name, raster, &header);
	}
	cupsRasterClose(raster);
	close(fd);
	printf("%u\n", pages);
	return pages > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
