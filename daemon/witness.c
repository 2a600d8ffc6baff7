/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/witness.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "proto/batch.h"
#include "proto/cms_sign.h"

struct search {
	struct ledger_verdict *verdict;
	uint64_t *heads;
	struct host *host;
};

/* Whether a content is for this host, from its signer, and tells a head. */
static bool
tells_head(struct batch_header *header, const struct search *s,
	const struct cms_signed *told)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	const struct certificate_subject *signer = certificate_subject(told->signer);
	bool is_read = batch_header_parse(header, &issues, told->content, told->len) == 0;

	issue_list_clear(&issues);
	return is_read && header->witness.seq > 0 && signer->kind == CERTIFICATE_SITE &&
	       strcmp(header->sender, signer->host) == 0 &&
	       strcmp(header->recipient, s->host->settings->host) == 0;
}

/* What is no signed file, or cannot be read, says nothing: it is judged elsewhere. */
static int
look_at(const struct search *s, int dir, const char *name)
{
	size_t len, count;
	unsigned char *bytes = NULL;
	const struct certificate *const *sites = keystore_sites(s->host->keys, &count);
	struct batch_header header;
	struct cms_signed told;
	int error = store_read(&bytes, &len, dir, name);

	if (error)
		return error == KE_NO_MEMORY ? error : 0;
	if (cms_verify(&told, bytes, len, sites, count) == 0 &&
		tells_head(&header, s, &told)) {
		++*s->heads;
		error = ledger_verify_head(
			s->verdict, s->host->ledger, &header.witness, header.sender);
	}
	free(bytes);
	return error == KE_CHAIN_BROKEN ? 0 : error;
}

static int
search_folder(const struct search *s, enum spool_folder folder)
{
	int fd = openat(spool_folder_fd(s->host->spool, folder), ".",
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		return KE_IO;
	}
	while (error == 0 && (entry = readdir(list)))
		if (strstr(entry->d_name, ".cms"))
			error = look_at(s, fd, entry->d_name);
	(void)closedir(list);
	return error;
}

int
witness_search(struct ledger_verdict *verdict, uint64_t *heads, struct host *host)
{
	static const enum spool_folder folders[] = {
		SPOOL_DONE, SPOOL_FAILED, SPOOL_DUPLICATE};
	struct search s = {verdict, heads, host};
	int error = 0;

	*heads = 0;
	for (size_t i = 0; error == 0 && i < sizeof folders / sizeof folders[0]; i++)
		error = search_folder(&s, folders[i]);
	if (error == 0 && verdict->reason)
		error = KE_CHAIN_BROKEN;
	return error;
}
