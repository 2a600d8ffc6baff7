/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/pairing.h"

#include <string.h>

enum pairing_outcome
pairing_read(struct pairing *pairing, const struct layer_mark *mark)
{
	struct layer_mark *waits = &pairing->waits;

	if (waits->serial[0] == '\0') {
		if (strcmp(pairing->done, mark->serial) == 0)
			return PAIRING_AGAIN;
		pairing->done[0] = '\0';
		*waits = *mark;
		return PAIRING_FIRST;
	}
	if (strcmp(waits->serial, mark->serial) != 0)
		return PAIRING_DIFFERS;
	if (waits->layer == mark->layer)
		return PAIRING_AGAIN;
	memcpy(pairing->done, mark->serial, sizeof pairing->done);
	waits->serial[0] = '\0';
	return PAIRING_BOTH;
}

void
pairing_forget(struct pairing *pairing)
{
	*pairing = (struct pairing){0};
}
