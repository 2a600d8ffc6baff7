/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/backoff.h"

#include <sys/random.h>
#include <unistd.h>
#include "drivers/driver_process.h"

uint32_t
backoff_wait(struct backoff *backoff, uint32_t noise)
{
	uint32_t wait = backoff->next ? backoff->next : backoff->first;

	backoff->next = wait > backoff->last / 2 ? backoff->last : 2 * wait;
	return wait + noise % (wait / 2 + 1);
}

void
backoff_reset(struct backoff *backoff)
{
	backoff->next = 0;
}

uint32_t
backoff_noise(void)
{
	uint32_t noise = 0;

	/* It is no secret: where the kernel has none yet, clock and process must do. */
	if (getrandom(&noise, sizeof noise, GRND_NONBLOCK) != sizeof noise)
		noise = (uint32_t)driver_process_now_ms() ^ (uint32_t)getpid();
	return noise;
}
