/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "daemon/settings.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAULTS_MAX = 64, LINES_MAX = 48 };

/* A host that does all of its mode; the number of a line is its place here plus one. */
static const char *const usa[] = {
	"# a comment",
	"[line]",
	"host = us-1",
	"mode = usa",
	"stages = generate, etch",
	"use = test",
	"state = /var/lib/keyline/us-1",
	"spool = /var/spool/keyline/us-1",
	"socket = /run/keyline/us-1.sock",
	"highwater = /var/lib/keyline-highwater/us-1",
	"viewers = 7",
	"supervisors = root",
	"[keys]",
	"folder = /var/lib/keyline-keys/us-1",
	"[route]",
	"codes = cn-mint",
	"passphrases = us-1",
	"results = cn-print , cn-mint",
	"[product CARD]",
	"coins = BTC, ETH",
	"[station laser1]",
	"kind = etch",
	"device = tcp:192.0.2.1:502",
	"profile = /etc/keyline/etch-profile.conf",
	"device_serial = EM-1",
	"scanner = /dev/ttyACM0:115200",
	"[station arrive1]	; the gate",
	"kind=arrive",
	"[from]",
	"passphrases = us-1",
	"confirmations = cn-mint, cn-2 ,cn-3,cn-4",
	"shipment = cn-print",
	NULL,
};

#define PIN "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
#define PIN_UPPER "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
#define PIN_OTHER "10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const china[] = {
	"[line]",
	"host = cn-1",
	"mode = china",
	"stages = print,mint",
	"use = production",
	"state = /var/lib/keyline/cn-1",
	"spool = /var/spool/keyline/cn-1",
	"socket = /run/keyline/cn-1.sock",
	"highwater = /var/lib/keyline-highwater/cn-1",
	"viewers = root",
	"supervisors = root",
	"[keys]",
	"folder = /var/lib/keyline-keys/cn-1",
	"[route]",
	"confirmations = us-etch",
	"stickers = cn-1",
	"shipment = us-etch",
	"[secure-disk]",
	"path = /media/keyline-disk",
	"medium = disk",
	"uuid = 0a1b-2c3d",
	"serial = WD-1",
	"[station label1]",
	"kind = print",
	"uri = ipps://printer.example/ipp/print",
	("pin = " PIN),
	"media = 40x40",
	"[station pair1]",
	"kind = pair",
	"[from]",
	"codes = us-gen",
	"stickers = cn-1",
	"results = us-etch",
	NULL,
};

#define PIN_TAIL "0112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define LONG_40 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG_122 LONG_40 LONG_40 LONG_40 "xx"

struct faults {
	char text[FAULTS_MAX][512];
	size_t count;
};

static char folder[64];
static char file[96];

static void
fault_take(void *context, const char *text)
{
	struct faults *faults = context;

	ck_assert_uint_lt(faults->count, FAULTS_MAX);
	snprintf(faults->text[faults->count++], sizeof(faults->text[0]), "%s", text);
}

/* Writes the lines with line number replaced by text (0: appended). */
static void
file_write(const char *path, const char *const *lines, unsigned number, const char *text)
{
	FILE *out = fopen(path, "w");
	unsigned i;

	ck_assert_ptr_nonnull(out);
	for (i = 0; lines && lines[i]; i++)
		fprintf(out, "%s\n", i + 1 == number ? text : lines[i]);
	if (text && number == 0)
		fprintf(out, "%s\n", text);
	ck_assert_int_eq(fclose(out), 0);
}

static int
load(struct settings **settings, struct faults *faults)
{
	memset(faults, 0, sizeof(*faults));
	return settings_load(settings, file, fault_take, faults);
}

START_TEST(reads_a_usa_host)
{
	const struct settings_station *station;
	struct settings *settings;
	struct faults faults;

	file_write(file, usa, 0, NULL);
	ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
	ck_assert_str_eq(settings->host, "us-1");
	ck_assert_int_eq(settings->mode, MODE_USA);
	ck_assert_uint_eq(settings->stages, SETTINGS_GENERATE | SETTINGS_ETCH);
	ck_assert(!settings->production);
	ck_assert(!settings->swap_allowed);
	ck_assert_uint_eq(settings->viewers, 7);
	ck_assert_uint_eq(settings->supervisors, 0);
	ck_assert_uint_eq(settings->unsealed_max, 1);
	ck_assert(!settings->operators_required);
	ck_assert_uint_eq(settings->shift_max, 12);
	ck_assert_uint_eq(settings->scrypt_memory, 512);
	ck_assert_uint_eq(settings->erase_deadline, 72);
	ck_assert_ptr_null(settings->place);
	ck_assert_str_eq(settings->drivers, LIBEXECDIR);
	ck_assert_str_eq(settings->serial_pattern, "AA999999C");
	ck_assert_str_eq(settings->routes[SETTINGS_ROUTE_CODES].hosts[0], "cn-mint");
	ck_assert_str_eq(settings->routes[SETTINGS_ROUTE_CODES].hosts[1], "");
	ck_assert_str_eq(settings->routes[SETTINGS_ROUTE_RESULTS].hosts[1], "cn-mint");
	ck_assert_str_eq(settings->from[SETTINGS_ROUTE_PASSPHRASES].hosts[0], "us-1");
	ck_assert_str_eq(settings->from[SETTINGS_ROUTE_CONFIRMATIONS].hosts[3], "cn-4");
	ck_assert_str_eq(settings->from[SETTINGS_ROUTE_CODES].hosts[0], "");
	ck_assert_uint_eq(settings_product(settings, "CARD")->coin_count, 2);
	ck_assert_str_eq(settings_product(settings, "CARD")->coins[1], "ETH");
	ck_assert_ptr_null(settings_product(settings, "OTHER"));
	station = settings_station(settings, "laser1");
	ck_assert_int_eq(station->kind, SETTINGS_KIND_ETCH);
	ck_assert_str_eq(station->scanner, "/dev/ttyACM0");
	ck_assert_uint_eq(station->scanner_baud, 115200);
	ck_assert_uint_eq(station->unit, 1);
	ck_assert_int_eq(
		settings_station(settings, "arrive1")->kind, SETTINGS_KIND_ARRIVE);
	settings_free(settings);
	settings_free(NULL);
}
END_TEST

START_TEST(reads_a_china_host)
{
	struct settings *settings;
	struct faults faults;

	file_write(file, china, 0, NULL);
	ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
	ck_assert_int_eq(settings->mode, MODE_CHINA);
	ck_assert_uint_eq(settings->stages, SETTINGS_MINT | SETTINGS_PRINT);
	ck_assert(settings->production);
	ck_assert_int_eq(settings->disk.medium, SETTINGS_DISK);
	ck_assert_str_eq(settings->disk.uuid, "0a1b-2c3d");
	ck_assert_str_eq(settings_station(settings, "label1")->media, "40x40");
	settings_free(settings);
}
END_TEST

/* One line changed, and the fault that it must give. */
struct fault_row {
	const char *const *lines;
	unsigned number;
	const char *text;
	const char *fault;
};

static const struct fault_row fault_rows[] = {
	/* what is no line */
	{usa, 1, "key", ":1: neither a section nor KEY = VALUE"},
	{usa, 1, "host = us-1", ":1: a key before the first section"},
	{usa, 1, "[", ":1: not a section: [NAME] is expected"},
	{usa, 1, "[]", ":1: not a section: [NAME] is expected"},
	{usa, 1, "[line", ":1: not a section: [NAME] is expected"},
	{usa, 13, "[keys] x", ":13: not a section: [NAME] is expected"},
	{usa, 1, "\x01", ":1: a character that is not seen, or is not UTF-8"},
	{usa, 1, "# \x7f", ":1: a character that is not seen, or is not UTF-8"},
	{usa, 1, "# \xc2\x9b", ":1: a character that is not seen, or is not UTF-8"},
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what it is */
	{usa, 1, "# \xe2\x80\xae", ":1: a character that is not seen, or is not UTF-8"},
	{usa, 1, "# \xff", ":1: a character that is not seen, or is not UTF-8"},
	{usa, 0,
		"[serial]\npattern = "
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		":34: line over 190 bytes"},
	/* unknown, doubled */
	{usa, 0, "[lines]", ":33: unknown section [lines]; did you mean [line]? See "
				      "keyline.conf(5)"},
	{usa, 0, "[sation x]", ":33: unknown section [sation x]; did you mean [station "
			       "NAME]? See keyline.conf(5)"},
	{usa, 0, "[moon]", ":33: unknown section [moon]; correct it, or take it away: "
			   "keyline.conf(5) has them all"},
	{usa, 0, "[station]",
		":33: [station NAME]: NAME must be 1 to 16 of a-z, 0-9 and -"},
	{usa, 0, "[station Laser]",
		":33: [station NAME]: NAME must be 1 to 16 of a-z, 0-9 and -"},
	{usa, 0, "[product a_b]",
		":33: [product NAME]: NAME must be 1 to 32 of A-Z, a-z, 0-9 and -"},
	{usa, 0, "[line more]", ":33: unknown section [line more]; did you mean [line]?"},
	{usa, 0, "[line]", ":33: section [line] a second time; it begins in line 2"},
	{usa, 0, "[station laser1]",
		":33: section [station laser1] a second time; it begins in line 21"},
	{usa, 3, "hosts = us-1", ":3: unknown key `hosts' in [line]; did you mean "
				  "`host'? See keyline.conf(5)"},
	{usa, 3, "unseald_mxa = 1", ":3: unknown key `unseald_mxa' in [line]; did you mean "
				    "`unsealed_max'? See keyline.conf(5)"},
	{usa, 3, "alphabet = x", ":3: unknown key `alphabet' in [line]; put it into "
				 "[passphrase], see keyline.conf(5)"},
	{usa, 3, "colour = x", ":3: unknown key `colour' in [line]; correct it, or take it "
			       "away: keyline.conf(5) has them all"},
	{usa, 28, "kind = arrive\nkinds = arrive",
		":29: unknown key `kinds' in [station arrive1]"},
	{usa, 6, "host = us-1", ":6: `host' a second time"},
	/* missing */
	{usa, 3, "", ":2: `host' is missing in [line]"},
	{usa, 11, "", ":2: `viewers' is missing in [line]"},
	{usa, 14, "", ":13: `folder' is missing in [keys]"},
	{usa, 16, "", ":15: `codes' is missing in [route]"},
	{usa, 20, "", ":19: `coins' is missing in [product CARD]"},
	{usa, 22, "", ":21: `kind' is missing in [station laser1]"},
	{usa, 23, "",
		":21: `device' is missing in [station laser1]: kind = etch needs it"},
	{china, 21, "",
		":20: `uuid' is missing in [secure-disk]: medium = disk needs it"},
	{china, 26, "",
		":23: `pin' is missing in [station label1]: kind = print needs it"},
	/* values */
	{usa, 3, "host = US",
		":3: `host' must be a host name: 1 to 32 of a-z, 0-9 and -"},
	{usa, 3, "host =", ":3: `host' must be a host name"},
	{usa, 4, "mode = USA", ":4: `mode' must be usa|china"},
	{usa, 5, "stages = generate, etch, etch", ":5: `stages' must be one or two of"},
	{usa, 5, "stages =", ":5: `stages' must be one or two of"},
	{usa, 6, "use = prod", ":6: `use' must be test|production"},
	{usa, 7, "state = lib", ":7: `state' must be an absolute path"},
	{usa, 7, "state = /a/../b", ":7: `state' must be an absolute path"},
	{usa, 7, "state = /a//b", ":7: `state' must be an absolute path"},
	{usa, 7, "state = /a/", ":7: `state' must be an absolute path"},
	{usa, 9,
		"socket = "
		"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		":9: `socket' must be an absolute path of at most 100 characters"},
	{usa, 11, "viewers = no-such-group",
		":11: `viewers' must be the name or number of a group of this host"},
	{usa, 11, "scrypt_memory = 65537",
		":11: `scrypt_memory' must be a number of MiB from 0 to 65536"},
	{usa, 11, "[sta\ttion x]", ":11: unknown section [sta tion x]"},
	{usa, 11, "unsealed_max = 0",
		":11: `unsealed_max' must be a number from 1 to 100"},
	{usa, 11, "unsealed_max = 101",
		":11: `unsealed_max' must be a number from 1 to 100"},
	{usa, 11, "unsealed_max = 01",
		":11: `unsealed_max' must be a number from 1 to 100"},
	{usa, 11, "erase_deadline = 0",
		":11: `erase_deadline' must be a number of hours from 1 to 8760"},
	{usa, 11, "erase_deadline = 8761",
		":11: `erase_deadline' must be a number of hours from 1 to 8760"},
	{usa, 11, "[site]\nplace =", ":12: `place' must be 1 to 120 characters"},
	{usa, 11, "operators = some",
		":11: `operators' must be optional|required"},
	{usa, 11, "shift_max = 25",
		":11: `shift_max' must be a number of hours from 1 to 24"},
	{usa, 11, "swap = yes", ":11: `swap' must be refuse|allow"},
	{usa, 0, "[serial]\npattern = 999C",
		":34: `pattern' must be a pattern of A, 9, C"},
	{usa, 0, "[serial]\npattern = AA9999/LC",
		":34: `pattern' must be a pattern of A, 9, C"},
	{usa, 0, "[passphrase]\nalphabet = 0123456789ABCDEF",
		":34: `alphabet' must be 32 to 36 different characters"},
	{usa, 16, "codes = cn-mint, cn-print", ":16: `codes' must be a host name"},
	{usa, 18, "results = a, b, c", ":18: `results' must be one or two host names"},
	{usa, 18, "results = a, a", ":18: `results' must be one or two host names"},
	{usa, 20, "coins = BTC, BTC", ":20: `coins' must be 1 to 16 different coins"},
	{usa, 20, "coins = BTC, XYZ", ":20: `coins' has an unknown coin; there are BTC"},
	{usa, 22, "kind = laser", ":22: `kind' must be print|pair|ship|arrive|etch|seal"},
	{usa, 23, "device = 192.0.2.1:502",
		":23: `device' must be tcp:HOST:PORT (an address or a DNS name, not NAME.local) "
		"or rtu:/PATH[:BAUD[:FRAMING]]"},
	{usa, 23, "device = tcp:h:65536", ":23: `device' must be"},
	{usa, 23, "device = tcp:laser.local:502", ":23: `device' must be"},
	{usa, 23, "device = tcp::502", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:9601", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:9600:7E1", ":23: `device' must be"},
	{usa, 24, "unit = 248", ":24: `unit' must be a number from 1 to 247"},
	{usa, 26, "scanner = ttyS0", ":26: `scanner' must be /PATH or /PATH:BAUD"},
	{usa, 26, "scanner = /dev/ttyS0:fast", ":26: `scanner' must be"},
	{china, 25, "uri = ipp://p/x", ":25: `uri' must be ipps://HOST[:PORT]/PATH"},
	{china, 25, "uri = ipps://me@p/x", ":25: `uri' must be"},
	{china, 25, "uri = ipps://p.local/x",
		":25: `uri' must be ipps://HOST[:PORT]/PATH, HOST an address or a DNS "
		"name, "
		"not NAME.local"},
	{china, 25, "uri = ipps://p.Local.:631/x", ":25: `uri' must be"},
	{china, 26, "pin = 0011", ":26: `pin' must be the SHA-256"},
	{china, 27, "media = 40", ":27: `media' must be WIDTHxHEIGHT in mm"},
	{china, 27, "dpi = 72", ":27: `dpi' must be a number from 100 to 1200"},
	/* what does not fit together */
	{usa, 5, "stages = mint", ":5: `stages' of mode = usa are generate and etch"},
	{usa, 10, "highwater = /var/lib/keyline/us-1/high",
		":10: `highwater' must lie outside `state'"},
	{usa, 10, "highwater = /var/lib/keyline", ":10: `highwater' must lie outside"},
	{usa, 18, "results = a\nshipment = us-etch",
		":19: `shipment' in [route] is for the stage print, which this host "
		"lacks"},
	{usa, 5, "stages = generate", ":18: `results' in [route] is for the stage etch"},
	{usa, 5, "stages = generate", ":30: `passphrases' in [from] is for the stage etch"},
	{usa, 30, "", ":29: `passphrases' is missing in [from]"},
	{usa, 31, "", ":29: `confirmations' is missing in [from]"},
	{usa, 32, "", ":29: `shipment' is missing in [from]"},
	{usa, 32, "shipment = cn-print\nresults = us-1",
		":33: `results' in [from] is for the stage mint or print"},
	{usa, 31, "confirmations = a, b, c, d, e",
		":31: `confirmations' must be one to four different host names"},
	{usa, 31, "confirmations = a, b, c, b",
		":31: `confirmations' must be one to four different host names"},
	{china, 31, "", ":30: `codes' is missing in [from]"},
	{china, 32, "", ":30: `stickers' is missing in [from]"},
	{china, 33, "", ":30: `results' is missing in [from]"},
	{usa, 0, "[secure-disk]\nmedium = disk\nuuid = 1\nserial = 2",
		":34: `medium' in [secure-disk] is for the stage mint or print"},
	{usa, 28, "kind = pair",
		":28: `kind' = pair needs the stage print, which this host lacks"},
	{usa, 28, "kind = arrive\nuri = ipps://p/x",
		":29: `uri' is no key of a station of kind arrive"},
	{china, 5, "use = production\nswap = allow",
		":6: `swap' may be allow only with use = test"},
	{china, 20, "medium = directory",
		":20: `medium' may be directory only with use = test"},
	/* each part of a value by itself */
	{usa, 7, "state = /", ":10: `highwater' must lie outside `state'"},
	{usa, 10, "highwater = /var/lib/keyline/us-1", ":10: `highwater' must lie outside"},
	{usa, 10, "", ":2: `highwater' is missing in [line]"},
	{usa, 7, "state = /a/./b", ":7: `state' must be an absolute path"},
	{usa, 11, "[site]\nplace = " LONG_122, ":12: `place' must be 1 to 120 characters"},
	{usa, 18, "results = US", ":18: `results' must be one or two host names"},
	{usa, 20, "coins = BTC,,ETH", ":20: `coins' must be 1 to 16 different coins"},
	{usa, 20, "coins = ABCDEFGHIJKLMNOPQRSTUVWXYZ", ":20: `coins' must be"},
	{usa, 20, "coins = A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q", ":20: `coins' must be"},
	{usa, 23, "device = tcp:h", ":23: `device' must be"},
	{usa, 23, "device = tcp:a b:502", ":23: `device' must be"},
	{usa, 23, "device = tcp:h:", ":23: `device' must be"},
	{usa, 23, "device = tcp:h:x", ":23: `device' must be"},
	{usa, 23, "device = tcp:h:0", ":23: `device' must be"},
	{usa, 23, "device = rtu:dev", ":23: `device' must be"},
	{usa, 23, "device = rtu:/", ":23: `device' must be"},
	{usa, 23, "device = rtu:/:9600", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:x", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:9600:8E", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:9600:8X1", ":23: `device' must be"},
	{usa, 23, "device = rtu:/dev/ttyS0:9600:8E3", ":23: `device' must be"},
	{usa, 24, "unit = 1x", ":24: `unit' must be a number"},
	{usa, 24, "unit = -1", ":24: `unit' must be a number"},
	{usa, 26, "scanner = /", ":26: `scanner' must be"},
	{usa, 26, "scanner = /dev/ttyS0:1234", ":26: `scanner' must be"},
	{china, 25, "uri = ipps://p", ":25: `uri' must be"},
	{china, 25, "uri = ipps:///x", ":25: `uri' must be"},
	{china, 26, "pin = g" PIN_TAIL, ":26: `pin' must be the SHA-256"},
	{china, 27, "media = x40", ":27: `media' must be"},
	{china, 27, "media = 1234567x40", ":27: `media' must be"},
	{china, 27, "media = 40x", ":27: `media' must be"},
	{china, 27, "media = 40x1234567", ":27: `media' must be"},
	{china, 27, "media = 40x40mm", ":27: `media' must be"},
	{usa, 0, "[prduct x]", ":33: unknown section [prduct x]; did you mean [product "
			       "NAME]? See keyline.conf(5)"},
	{usa, 0, "[" LONG_122 "]", ":33: not a section: [NAME] is expected"},
	{usa, 3, LONG_122 " = x", ":3: unknown key `" LONG_40},
	{usa, 3, "ho = us-1", ":3: unknown key `ho' in [line]; correct it"},
	/* one device under two names */
	{usa, 0,
		"[station laser2]\nkind = etch\ndevice = tcp:192.0.2.2:502\n"
		"profile = /p\ndevice_serial = EM-1",
		":37: `device_serial' of [station laser2] is that of [station laser1], "
		"set in "},
	{china, 0,
		"[station label2]\nkind = print\nmedia = 40x40\n"
		"uri = ipps://PRINTER.example/ipp/print\npin = " PIN_OTHER,
		":37: `uri' of [station label2] is that of [station label1], set in "},
	{china, 0,
		"[station label2]\nkind = print\nmedia = 40x40\n"
		"uri = ipps://other.example/ipp/print\npin = " PIN_UPPER,
		":38: `pin' of [station label2] is that of [station label1], set in "},
	{usa, 0,
		"[station laser2]\nkind = etch\ndevice = TCP:192.0.2.1:502\n"
		"profile = /p\ndevice_serial = EM-2",
		":35: `device' must be tcp:"},
	{usa, 0,
		"[station laser2]\nkind = etch\ndevice = tcp:192.0.2.1:502\n"
		"profile = /p\ndevice_serial = EM-2",
		":35: `device' of [station laser2] is that of [station laser1], set in "},
	{usa, 23, "device = rtu:/dev/ttyACM0",
		":26: `scanner' of [station laser1] is the line of `device' of [station "
		"laser1], set in "},
	{usa, 0, "[station seal1]\nkind = seal\nscanner = /dev/ttyACM0",
		":35: `scanner' of [station seal1] is that of [station laser1], set in "},
	{usa, 28, "kind = arrive\nscanner = /dev/ttyACM0:9600",
		":29: `scanner' of [station arrive1] is that of [station laser1], set "
		"in "},
	{usa, 0,
		"[station laser2]\nkind = etch\ndevice = rtu:/dev/ttyACM0:9600:8E1\n"
		"profile = /p\ndevice_serial = EM-2",
		":35: `device' of [station laser2] is the line of `scanner' of [station "
		"laser1], set in "},
	{china, 0,
		"[station ship1]\nkind = ship\nscanner = /dev/ttyACM7\n"
		"[station pair2]\nkind = pair\nscanner = /dev/ttyACM7",
		":39: `scanner' of [station pair2] is that of [station ship1], set in "},
};

START_TEST(tells_each_fault_with_its_line)
{
	const struct fault_row *row = &fault_rows[_i];
	char expected[512];
	struct settings *settings;
	struct faults faults;
	size_t i;

	file_write(file, row->lines, row->number, row->text);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_ptr_null(settings);
	snprintf(expected, sizeof(expected), "%s%s", file, row->fault);
	for (i = 0; i < faults.count; i++)
		if (strncmp(faults.text[i], expected, strlen(expected)) == 0)
			return;
	ck_abort_msg("not told: %s; but: %s", expected, faults.text[0]);
}
END_TEST

START_TEST(tells_all_faults)
{
	struct settings *settings;
	struct faults faults;

	file_write(file, usa, 3, "host = US\nmode = U\nfoo = 1\nfoo");
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	/* host, mode, foo, foo; mode again in the line that was the fourth */
	ck_assert_uint_eq(faults.count, 5);
}
END_TEST

/* What would only follow from a value that was refused is not told as well. */
START_TEST(one_mistake_is_one_fault)
{
	static const struct {
		const char *const *lines;
		unsigned number;
		const char *text;
	} mistakes[] = {
		{usa, 22, "kind = laser"},
		{usa, 28, "kind = seel"},
		{china, 24, "kind = printer"},
		{usa, 4, "mode = us"},
		{usa, 5, "stages = generate, etching"},
		{china, 3, "mode = cn"},
		{china, 4, "stages = printing"},
		{china, 20, "medium = disc"},
	};
	struct settings *settings;
	struct faults faults;

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		file_write(file, mistakes[i].lines, mistakes[i].number, mistakes[i].text);
		ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
		ck_assert_msg(faults.count == 1, "%s: %s, %s", mistakes[i].text,
			faults.text[0], faults.text[1]);
	}
}
END_TEST

/* Other devices of the same kind stand beside the first. */
START_TEST(two_devices_are_two_stations)
{
	static const struct {
		const char *const *lines;
		const char *text;
	} rows[] = {
		{usa, "[station laser2]\nkind = etch\ndevice = tcp:192.0.2.2:502\n"
		      "profile = /p\ndevice_serial = EM-2"},
		{china, "[station label2]\nkind = print\nmedia = 40x40\n"
			"uri = ipps://printer.example/ipp/other\npin = " PIN_OTHER},
		/* Behind one gateway each unit is a device; a path that only begins so.
		 */
		{usa, "[station laser2]\nkind = etch\ndevice = tcp:192.0.2.1:502\n"
		      "unit = 2\nprofile = /p\ndevice_serial = EM-2"},
		{usa, "[station laser2]\nkind = etch\ndevice = rtu:/dev/ttyUSB0\n"
		      "profile = /p\ndevice_serial = EM-2\nscanner = /dev/ttyACM01"},
	};
	struct settings *settings;
	struct faults faults;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		file_write(file, rows[i].lines, 0, rows[i].text);
		ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
		settings_free(settings);
	}
}
END_TEST

START_TEST(a_generating_host_needs_a_product)
{
	static const char *const lines[] = {
		"[line]", "mode = usa", "stages = generate", NULL};
	struct settings *settings;
	struct faults faults;
	bool told = false;
	size_t i;

	file_write(file, lines, 0, NULL);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	for (i = 0; i < faults.count; i++)
		told |= strstr(faults.text[i], ":3: the stage generate needs") != NULL;
	ck_assert(told);
}
END_TEST

START_TEST(a_missing_file_is_one_fault)
{
	struct settings *settings;
	struct faults faults;

	unlink(file);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "No such file"));
}
END_TEST

/* As told, else by what is made for sale. */
START_TEST(operators_are_required_in_production)
{
	static const struct {
		const char *use;
		bool required;
	} rows[] = {{"use = production", true}, {"use = test", false},
		{"use = production\noperators = optional", false},
		{"use = test\noperators = required", true}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct settings *settings;
		struct faults faults;

		file_write(file, china, 5, rows[i].use);
		ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
		ck_assert(settings->operators_required == rows[i].required);
		settings_free(settings);
	}
}
END_TEST

/* What is as good as what stands there. */
START_TEST(other_spellings_are_taken)
{
	static const struct {
		const char *const *lines;
		unsigned number;
		const char *text;
	} rows[] = {
		{usa, 1, ""},
		{usa, 1, "\r"},
		{usa, 1, "; a comment"},
		{usa, 13, "[keys] # where keys are"},
		{usa, 10, "highwater = /var/lib/keyline/us-12"},
		{usa, 18, "results = cn-print\t,\tcn-mint"},
		{usa, 23, "device = rtu:/dev/ttyS0"},
		{usa, 23, "device = rtu:/dev/ttyS0:9600"},
		{usa, 23, "device = rtu:/dev/ttyS0:9600:8E1"},
		{usa, 23, "device = tcp:192.0.2.1:65535"},
		{china, 27, "media = 57.5x31.75"},
	};
	struct settings *settings;
	struct faults faults;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		file_write(file, rows[i].lines, rows[i].number, rows[i].text);
		ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
		settings_free(settings);
	}
}
END_TEST

/* A folder, a file that is too long, an empty one; a file where the drop-ins are. */
START_TEST(what_is_no_file_of_settings)
{
	struct settings *settings;
	struct faults faults;
	char drop_ins[128];

	(void)unlink(file);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "is not a file of at most"));
	ck_assert_int_eq(rmdir(file), 0);
	file_write(file, usa, 0, NULL);
	ck_assert_int_eq(truncate(file, 64 << 20), 0);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "is not a file of at most"));
	file_write(file, NULL, 0, NULL);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_gt(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "is missing"));
	snprintf(drop_ins, sizeof(drop_ins), "%s.d", file);
	file_write(file, usa, 0, NULL);
	file_write(drop_ins, NULL, 0, NULL);
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "cannot be read: "));
	ck_assert_int_eq(unlink(drop_ins), 0);
}
END_TEST

START_TEST(drop_ins_add_and_do_not_override)
{
	static const char *const more[] = {
		"[line]", "unsealed_max = 3", "scrypt_memory = 0", "erase_deadline = 24", "[site]",
		"place = Reno, hall 3", "organization = ACME", "contact = 555 0100", "[station seal1]", "kind = seal", NULL};
	char drop_ins[128], path[160], other[160], hidden[160], told[160];
	char old[160], brief[160];
	struct settings *settings;
	struct faults faults;

	snprintf(drop_ins, sizeof(drop_ins), "%s.d", file);
	snprintf(path, sizeof(path), "%s/10-more.conf", drop_ins);
	snprintf(other, sizeof(other), "%s/20-again.conf", drop_ins);
	snprintf(hidden, sizeof(hidden), "%s/.30.conf", drop_ins);
	ck_assert_int_eq(mkdir(drop_ins, 0700), 0);
	file_write(file, usa, 0, NULL);
	file_write(path, more, 0, NULL);
	file_write(hidden, NULL, 0, "nonsense");
	snprintf(old, sizeof(old), "%s/40.conf.old", drop_ins);
	file_write(old, NULL, 0, "nonsense");
	snprintf(brief, sizeof(brief), "%s/50", drop_ins);
	file_write(brief, NULL, 0, "nonsense");
	ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
	ck_assert_uint_eq(settings->unsealed_max, 3);
	ck_assert_uint_eq(settings->scrypt_memory, 0);
	ck_assert_uint_eq(settings->erase_deadline, 24);
	ck_assert_str_eq(settings->place, "Reno, hall 3");
	ck_assert_str_eq(settings->organization, "ACME");
	ck_assert_str_eq(settings->contact, "555 0100");
	ck_assert_ptr_nonnull(settings_station(settings, "seal1"));
	settings_free(settings);
	file_write(other, NULL, 0, "[station seal1]\nkind = arrive");
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(
		strstr(faults.text[0], "20-again.conf:2: `kind' a second time"));
	file_write(other, NULL, 0,
		"[station laser2]\nkind = etch\ndevice = tcp:192.0.2.2:502\n"
		"profile = /p\ndevice_serial = EM-1");
	ck_assert_int_eq(load(&settings, &faults), KE_BAD_CONFIG);
	ck_assert_uint_eq(faults.count, 1);
	ck_assert_ptr_nonnull(strstr(faults.text[0], "20-again.conf:5: `device_serial'"));
	snprintf(told, sizeof(told), "set in %s:25: one device is one station", file);
	ck_assert_ptr_nonnull(strstr(faults.text[0], told));
	unlink(other);
	unlink(path);
	unlink(hidden);
	unlink(old);
	unlink(brief);
	ck_assert_int_eq(rmdir(drop_ins), 0);
}
END_TEST

START_TEST(takes_what_editors_write)
{
	struct settings *settings;
	struct faults faults;
	FILE *out = fopen(file, "w");
	unsigned i;

	/* a byte order mark, CRLF, indents, no newline at the end */
	ck_assert_ptr_nonnull(out);
	fputs("\xef\xbb\xbf", out);
	for (i = 0; usa[i]; i++)
		fprintf(out, "\t %s%s", usa[i], usa[i + 1] ? "\r\n" : "");
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_msg(load(&settings, &faults) == 0, "%s", faults.text[0]);
	ck_assert_str_eq(settings->host, "us-1");
	settings_free(settings);
}
END_TEST

START_TEST(has_names)
{
	ck_assert_str_eq(settings_stage_name(SETTINGS_PRINT), "print");
	ck_assert_str_eq(settings_kind_name(SETTINGS_KIND_SEAL), "seal");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("settings");
	TCase *all = tcase_create("all");
	int status;

	strcpy(folder, "/tmp/keyline-settings.XXXXXX");
	if (!mkdtemp(folder))
		return EXIT_FAILURE;
	snprintf(file, sizeof(file), "%s/keyline.conf", folder);
	tcase_add_test(all, reads_a_usa_host);
	tcase_add_test(all, reads_a_china_host);
	tcase_add_loop_test(all, tells_each_fault_with_its_line, 0,
		(int)(sizeof(fault_rows) / sizeof(fault_rows[0])));
	tcase_add_test(all, tells_all_faults);
	tcase_add_test(all, one_mistake_is_one_fault);
	tcase_add_test(all, two_devices_are_two_stations);
	tcase_add_test(all, a_generating_host_needs_a_product);
	tcase_add_test(all, a_missing_file_is_one_fault);
	tcase_add_test(all, operators_are_required_in_production);
	tcase_add_test(all, other_spellings_are_taken);
	tcase_add_test(all, what_is_no_file_of_settings);
	tcase_add_test(all, drop_ins_add_and_do_not_override);
	tcase_add_test(all, takes_what_editors_write);
	tcase_add_test(all, has_names);
	suite_add_tcase(suite, all);
	status = harness_run(suite);
	unlink(file);
	rmdir(folder);
	return status;
}
