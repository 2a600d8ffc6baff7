/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/closer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* It calls nothing deep; sanitizers need more than the least. */
enum { STACK_BYTES = 256 * 1024 };

struct queue {
	struct closer_work *first;
	struct closer_work **end;
};

/* Static, so that what the thread still waits for at the end of the process is no leak.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t came;
	struct queue waiting;
	struct queue ended;
	struct closer_work *current;
	uv_async_t *wake;
	bool is_running;
} closer = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

static void
queue_put(struct queue *queue, struct closer_work *work)
{
	work->next = NULL;
	if (!queue->first)
		queue->end = &queue->first;
	*queue->end = work;
	queue->end = &work->next;
}

static struct closer_work *
queue_take(struct queue *queue)
{
	struct closer_work *work = queue->first;

	if (work)
		queue->first = work->next;
	return work;
}

/* Without its linger a socket's close does not wait; but its giver may set it again, or
 * hold the socket's lock: this thread may wait for both. */
static void
close_one(int fd)
{
	const struct linger none = {0, 0};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	(void)close(fd);
}

static void *
run(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&closer.lock);
	for (;;) {
		closer.current = queue_take(&closer.waiting);
		if (!closer.current) {
			pthread_cond_wait(&closer.came, &closer.lock);
			continue;
		}
		pthread_mutex_unlock(&closer.lock);
		close_one(closer.current->fd);
		pthread_mutex_lock(&closer.lock);
		queue_put(&closer.ended, closer.current);
		if (closer.wake)
			(void)uv_async_send(closer.wake);
	}
	return NULL;
}

/* With the lock held.  Where no thread can be had the works wait for the next try: closed
 * here they could stop the loop. */
static void
begin(void)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	pthread_t thread;

	if (closer.is_running || pthread_attr_init(&attributes) != 0)
		return;
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
	/* Signals are the loop thread's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	closer.is_running = pthread_create(&thread, &attributes, run, NULL) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attributes);
}

static void
tell_ends(uv_async_t *wake)
{
	struct closer_work *work;

	(void)wake;
	do {
		pthread_mutex_lock(&closer.lock);
		work = queue_take(&closer.ended);
		pthread_mutex_unlock(&closer.lock);
		if (work) {
			work->is_handed = false;
			work->closed(work);
		}
	} while (work);
}

int
closer_listen(uv_async_t *wake, uv_loop_t *loop)
{
	int error = uv_async_init(loop, wake, tell_ends);

	if (error != 0)
		return error;
	pthread_mutex_lock(&closer.lock);
	closer.wake = wake;
	pthread_mutex_unlock(&closer.lock);
	return 0;
}

void
closer_deafen(void)
{
	pthread_mutex_lock(&closer.lock);
	closer.wake = NULL;
	pthread_mutex_unlock(&closer.lock);
}

void
closer_hand(struct closer_work *work, int fd, void (*closed)(struct closer_work *work))
{
	work->is_handed = true;
	work->closed = closed;
	work->fd = fd;
	pthread_mutex_lock(&closer.lock);
	queue_put(&closer.waiting, work);
	begin();
	pthread_cond_signal(&closer.came);
	pthread_mutex_unlock(&closer.lock);
}
