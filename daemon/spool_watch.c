/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/spool_watch.h"

#include <stdlib.h>

/* A copy makes many changes: wait for the burst to pass, not for the next timer. */
enum { SOON_MS = 50 };

struct spool_watch {
	uv_timer_t timer;
	uv_timer_t soon;
	uv_fs_event_t event;
	int open; /* handles that are not closed yet */
	spool_watch_cb *cb;
	void *context;
};

static void
on_timer(uv_timer_t *timer)
{
	struct spool_watch *w = timer->data;

	w->cb(w->context, (int64_t)(uv_hrtime() / 1000000));
}

static void
on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
	struct spool_watch *w = event->data;

	(void)name;
	(void)events;
	(void)status;
	if (!uv_is_active((uv_handle_t *)&w->soon))
		(void)uv_timer_start(&w->soon, on_timer, SOON_MS, 0);
}

int
spool_watch_start(struct spool_watch **out, uv_loop_t *loop, const char *folder_path,
	uint32_t rescan_ms, spool_watch_cb *cb, void *context)
{
	struct spool_watch *w = calloc(1, sizeof *w);

	*out = NULL;
	if (!w)
		return KE_NO_MEMORY;
	w->cb = cb;
	w->context = context;
	w->timer.data = w->soon.data = w->event.data = w;
	/* These three only fill in the handles; they cannot fail. */
	(void)uv_timer_init(loop, &w->timer);
	(void)uv_timer_init(loop, &w->soon);
	(void)uv_fs_event_init(loop, &w->event);
	w->open = 3;
	(void)uv_fs_event_start(&w->event, on_event, folder_path, 0);
	if (uv_timer_start(&w->timer, on_timer, 0, rescan_ms) != 0) {
		spool_watch_stop(&w);
		return KE_IO;
	}
	*out = w;
	return 0;
}

void
spool_watch_again(struct spool_watch *w)
{
	/* With no wait at all libuv 1.44 would call it before it looks for anything else.
	 */
	(void)uv_timer_start(&w->soon, on_timer, 1, 0);
}

static void
on_close(uv_handle_t *handle)
{
	struct spool_watch *w = handle->data;

	if (--w->open == 0)
		free(w);
}

void
spool_watch_stop(struct spool_watch **watch)
{
	struct spool_watch *w = *watch;

	*watch = NULL;
	if (!w)
		return;
	uv_close((uv_handle_t *)&w->timer, on_close);
	uv_close((uv_handle_t *)&w->soon, on_close);
	uv_close((uv_handle_t *)&w->event, on_close);
}
