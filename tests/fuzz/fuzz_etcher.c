/* SPDX-License-Identifier: MIT */
/*
 * The driver against the simulated etcher, in one process and with a clock by hand: one
 * plate is loaded, started, and asked about by a process that knows nothing.  A byte of
 * the input stands for each access: it is done, it is lost, its answer is lost, a bit of
 * its answer is wrong, or something happens to the machine.  The laser is on once at
 * most; what the driver says of it is true unless the device itself lied; undisturbed it
 * marks.
 */
#include "config.h"
#include "fuzz.h"
#include "drivers/etch_job.h"
#include "sim/etcher.h"

enum { PROFILE_MAX = 16384, MARK_MS = 300, TICK_MS = 10, JOB = 17, ACCESSES_MAX = 4000 };

/* What a byte of the input does to an access; others: nothing. */
enum {
	LOST = 0xc0,
	ANSWER_LOST,
	ANSWER_WRONG,
	DOOR_OPENS,
	DOOR_CLOSES,
	ESTOP,
	ESTOP_OVER,
	PART_AWAY,
	RESET,
	FREEZE,
	GO_ON,
	SECOND,
	MINUTE,
	DAEMON_AWAY
};

static struct etch_profile profile;

static struct {
	const uint8_t *input;
	size_t left;
	uint8_t at_start;
	struct etcher *etcher;
	int64_t now;
	unsigned accesses;
	unsigned laser_on, whole;
	bool disturbed, lied, is_left;
} bench;

static int
world_retain(void *context, const struct etcher_retained *retained)
{
	(void)context;
	(void)retained;
	return 0;
}

static int
world_on(void *context, const struct etcher_act *act)
{
	(void)context;
	HOLDS(act->job == JOB);
	bench.laser_on++;
	return 0;
}

static int
world_off(void *context, const struct etcher_act *act)
{
	(void)context;
	bench.whole += act->whole;
	return 0;
}

static int
world_random(void *state, unsigned char *out, size_t len)
{
	static unsigned char next;

	(void)state;
	for (size_t i = 0; i < len; i++)
		out[i] = ++next | 1;
	return 0;
}

static void
pass_time(int64_t ms)
{
	for (int64_t end = bench.now + ms; bench.now < end;) {
		bench.now += TICK_MS;
		etcher_tick(bench.etcher, bench.now);
	}
}

/* The driver's clock and link. */
int64_t __wrap_driver_process_now_ms(void);
void __wrap_driver_process_sleep_ms(int64_t ms);
int __wrap_etch_link_open(struct etch_link *link, uint32_t late_window_ms);
void __wrap_etch_link_close(struct etch_link *link);
bool __wrap_etch_link_is_open(const struct etch_link *link);
void __wrap_etch_link_settle(struct etch_link *link, uint32_t late_window_ms);
void __wrap_etch_link_count_retry(struct etch_link *link);
int __wrap_etch_link_do(struct etch_link *link, const struct etch_request *request);
uint32_t __wrap_backoff_noise(void);

int64_t
__wrap_driver_process_now_ms(void)
{
	return bench.now;
}

void
__wrap_driver_process_sleep_ms(int64_t ms)
{
	pass_time(ms);
}

int
__wrap_etch_link_open(struct etch_link *link, uint32_t late_window_ms)
{
	(void)link;
	(void)late_window_ms;
	return 0;
}

void
__wrap_etch_link_close(struct etch_link *link)
{
	(void)link;
}

bool
__wrap_etch_link_is_open(const struct etch_link *link)
{
	(void)link;
	return true;
}

void
__wrap_etch_link_settle(struct etch_link *link, uint32_t late_window_ms)
{
	(void)link;
	pass_time(late_window_ms);
}

void
__wrap_etch_link_count_retry(struct etch_link *link)
{
	(void)link;
}

uint32_t
__wrap_backoff_noise(void)
{
	return 0;
}

static uint8_t
next_byte(void)
{
	if (bench.left == 0)
		return 0;
	bench.left--;
	return *bench.input++;
}

static void
happen(uint8_t what)
{
	struct etcher *e = bench.etcher;

	if (what == DOOR_OPENS || what == DOOR_CLOSES)
		etcher_door(e, what == DOOR_CLOSES, bench.now);
	else if (what == ESTOP || what == ESTOP_OVER)
		etcher_estop(e, what == ESTOP, bench.now);
	else if (what == PART_AWAY)
		etcher_part(e, false, bench.now);
	else if (what == RESET)
		etcher_reset(e, bench.now);
	else if (what == FREEZE || what == GO_ON)
		etcher_freeze(e, what == FREEZE, bench.now);
	else if (what == SECOND)
		pass_time(1000);
	else if (what == MINUTE)
		pass_time(60000);
	else if (what == DAEMON_AWAY)
		bench.is_left = true;
}

static struct modbus_access
access_of(const struct etch_request *r)
{
	struct modbus_access a = {.table = (enum modbus_table)r->span.table,
		.write = r->write,
		.address = r->span.address,
		.count = r->span.count};

	for (size_t i = 0; r->write && i < a.count; i++)
		a.values[i] = r->registers ? r->registers[i] : r->bits[i];
	return a;
}

static bool
is_start(const struct etch_request *r)
{
	const struct modbus_access a = access_of(r);

	return r->write && etcher_touches(bench.etcher, &a, ETCH_START);
}

/* Between what the driver keeps and what the device takes. */
static int
access_device(const struct etch_request *r)
{
	struct modbus_access a = access_of(r);

	if (etcher_access(bench.etcher, &a, bench.now) != 0)
		return KE_LINK;
	for (size_t i = 0; !r->write && i < a.count; i++) {
		if (r->registers)
			r->registers[i] = a.values[i];
		else
			r->bits[i] = (uint8_t)a.values[i];
	}
	return 0;
}

static void
spoil_answer(const struct etch_request *r)
{
	size_t i = next_byte() % r->span.count;
	unsigned bit = next_byte() % 16;

	if (r->write)
		return;
	bench.lied = true;
	if (r->registers)
		r->registers[i] ^= (uint16_t)(1u << bit);
	else
		r->bits[i] ^= 1;
}

int
__wrap_etch_link_do(struct etch_link *link, const struct etch_request *request)
{
	uint8_t what = is_start(request) ? bench.at_start : next_byte();
	int rc;

	(void)link;
	/* A line that is not back by then is not waited for. */
	if (++bench.accesses > ACCESSES_MAX)
		what = LOST;
	bench.disturbed |= what >= LOST;
	pass_time(TICK_MS);
	happen(what);
	if (what == LOST)
		return KE_LINK;
	rc = access_device(request);
	if (rc == 0 && what == ANSWER_WRONG)
		spoil_answer(request);
	return what == ANSWER_LOST ? KE_LINK : rc;
}

static bool
watch_wait(void *context, int timeout_ms)
{
	(void)context;
	pass_time(timeout_ms);
	return !bench.is_left;
}

static void
watch_started(void *context)
{
	(void)context;
}

static void
watch_progress(void *context, uint32_t done, uint32_t total)
{
	(void)context;
	(void)done;
	(void)total;
}

static const struct etch_watch watch = {NULL, watch_wait, watch_started, watch_progress};

/* What was said is what the laser did. */
static void
check_word(const struct driver_result *result, const struct driver_ready *ready)
{
	HOLDS(bench.laser_on <= 1);
	HOLDS(result->outcome == DRIVER_DONE || result->outcome == DRIVER_LEAVE ||
		result->outcome == DRIVER_NEVER || result->code);
	if (bench.lied)
		return;
	HOLDS(result->outcome != DRIVER_DONE ||
		(bench.whole == 1 && result->counter == ready->counter + 1));
	HOLDS(result->outcome != DRIVER_FAILED || bench.laser_on == 0);
	HOLDS(result->outcome != DRIVER_NEVER || bench.laser_on == 0);
}

static void
ask_later(struct etch_device *device, const struct driver_ready *ready)
{
	const struct etch_asked asked = {.id = JOB,
		.nonce = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77},
		.counter = (uint32_t)ready->counter,
		.boot = ready->boot};
	struct driver_result result = {0};
	struct etch_job job;

	bench.is_left = false;
	HOLDS(etch_job_init(&job, device) == 0);
	etch_job_query(&result, &job, &asked, &watch);
	check_word(&result, ready);
	etch_job_done(&job);
}

static void
make_plate(struct etch_device *device)
{
	static const struct driver_load load = {.kind = DRIVER_LOAD_PLATE,
		.serial = "AA0000016",
		.text = "ABCD-EFGH-JKLM-NPQR-STUV",
		.nonce = "0011223344556677",
		.test = true};
	struct driver_result result = {0};
	struct driver_ready ready = {0};
	struct etch_job job;
	const char *code;

	HOLDS(etch_job_init(&job, device) == 0);
	/* Whether it connects does not matter: a load is refused then. */
	(void)!etch_device_connect(device);
	code = etch_job_load(&job, &ready, JOB, &load);
	HOLDS(bench.laser_on == 0);
	HOLDS(!code || bench.disturbed);
	if (!code) {
		etch_job_start(&result, &job, &watch);
		HOLDS(result.outcome == DRIVER_DONE || bench.disturbed);
		check_word(&result, &ready);
		ask_later(device, &ready);
	}
	etch_job_done(&job);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct etcher_settings settings = {&profile, "EM-000001", MARK_MS};
	const struct etcher_world world = {
		NULL, world_retain, world_on, world_off, {world_random, NULL}};
	const struct etcher_retained retained = {.counter = 40};
	struct fault_set faults = {.count = 0};
	struct etch_device device;

	memset(&bench, 0, sizeof bench);
	bench.input = bytes;
	bench.left = len;
	bench.at_start = next_byte();
	bench.now = 1000;
	bench.etcher = etcher_new(&settings, &world, &faults, &retained, bench.now);
	HOLDS(bench.etcher);
	etcher_part(bench.etcher, true, bench.now);
	HOLDS(etch_device_init(&device, &profile, NULL, "EM-000001") == 0);
	make_plate(&device);
	etch_device_done(&device);
	etcher_free(bench.etcher);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static char text[PROFILE_MAX];
	const char *srcdir = getenv("srcdir");
	struct etch_profile_error error;
	char path[4096];
	FILE *file;
	size_t len;

	(void)argc;
	(void)argv;
	HOLDS(secret_heap_init(FUZZ_HEAP) == 0);
	HOLDS(snprintf(path, sizeof path, "%s/conf/etch-profile.conf",
		      srcdir ? srcdir : ".") < (int)sizeof path);
	file = fopen(path, "r");
	HOLDS(file);
	len = fread(text, 1, sizeof text, file);
	(void)fclose(file);
	return etch_profile_parse(&profile, &error, text, len);
}
