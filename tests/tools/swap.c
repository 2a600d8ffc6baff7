/* SPDX-License-Identifier: MIT */
/* Preloaded: a machine with swap. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/sysinfo.h>

int
sysinfo(struct sysinfo *info)
{
	int (*next)(struct sysinfo *);
	int rc;

	*(void **)&next = dlsym(RTLD_NEXT, "sysinfo");
	rc = next(info);
	info->totalswap = 1;
	return rc;
}
