/* SPDX-License-Identifier: MIT */
/* Who is at the other end of a Unix socket, as the kernel saw it at connect(2). */
#include "config.h"
#include "daemon/ctl_client.h"
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { GROUPS_MAX = 65536 };

/* The supplementary groups; *count is 0 where the kernel cannot tell. */
static gid_t *
groups_read(int fd, size_t *count)
{
	socklen_t size = 64 * sizeof(gid_t);
	gid_t *groups = malloc(size), *grown;

	*count = 0;
	while (groups && getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) {
		/* Too little room: size now says how much it takes. */
		if (size <= 64 * sizeof(gid_t) || size > GROUPS_MAX * sizeof(gid_t)) {
			free(groups);
			return NULL;
		}
		grown = realloc(groups, size);
		if (!grown)
			free(groups);
		groups = grown;
	}
	if (groups)
		*count = size / sizeof(gid_t);
	return groups;
}

int
ctl_peer_read(struct ctl_peer *out, int fd, gid_t viewers, gid_t supervisors)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);
	size_t i, count;
	gid_t *groups;

	memset(out, 0, sizeof(*out));
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) != 0 ||
		size != sizeof(cred))
		return KE_IO;
	*out = (struct ctl_peer){.uid = cred.uid, .gid = cred.gid, .pid = cred.pid};
	groups = groups_read(fd, &count);
	out->is_viewer = cred.gid == viewers;
	out->is_supervisor = cred.gid == supervisors;
	for (i = 0; i < count; i++) {
		out->is_viewer |= groups[i] == viewers;
		out->is_supervisor |= groups[i] == supervisors;
	}
	free(groups);
	out->is_person = out->is_supervisor && cred.uid != 0;
	if (cred.uid == 0)
		out->is_supervisor = true;
	out->is_viewer |= out->is_supervisor;
	return 0;
}
