/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/key_file.h"
#include "ctl/new_file.h"
#include "ctl/passphrase.h"
#include "proto/public_key.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ctl/say.h"

enum { HEAP = 1 << 16, TRIES = 3, PASSPHRASE_MIN = 12 };

static const char sealed_begin[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";

int
key_file_path(char out[PATH_MAX], const char *given)
{
	const char *path = given ? given : getenv("KEYLINE_KEY");
	const char *folder = getenv("XDG_CONFIG_HOME"), *below = "/keyline/person.key";

	if (path && path[0]) {
		folder = path;
		below = "";
	} else if (!folder || folder[0] != '/') {
		folder = getenv("HOME");
		below = "/.config/keyline/person.key";
	}
	if (!folder || !folder[0])
		return KE_NOT_FOUND;
	if (strlen(folder) + strlen(below) >= PATH_MAX)
		return KE_TOO_LONG;
	memcpy(out, folder, strlen(folder) + 1);
	memcpy(out + strlen(folder), below, strlen(below) + 1);
	return 0;
}

int
key_file_begin(void)
{
	static const struct rlimit none = {0, 0};
	static bool is_begun;

	if (is_begun)
		return 0;
	if (prctl(PR_SET_DUMPABLE, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0 ||
		secret_heap_init(HEAP) != 0)
		return KE_NO_LOCKED_MEMORY;
	is_begun = true;
	return 0;
}

/* Only its owner may read it. */
static int
open_private(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0) {
		say_problem(path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
		(st.st_mode & 077) == 0)
		return fd;
	say_problem(
		path, "is not a file that you own and nobody else can read (chmod 600)");
	close(fd);
	return -1;
}

static int
read_text(struct secret *text, int fd)
{
	ssize_t got;
	size_t len = 0;

	do {
		got = read(fd, secret_bytes(text) + len, secret_capacity(text) - len);
		if (got > 0)
			len += (size_t)got;
	} while ((got > 0 && len < secret_capacity(text)) || (got < 0 && errno == EINTR));
	if (got < 0)
		return KE_IO;
	return len == secret_capacity(text) ? KE_TOO_LONG : secret_set_len(text, len);
}

static bool
is_sealed(const struct secret *text)
{
	return secret_len(text) > strlen(sealed_begin) &&
	       memcmp(secret_view(text), sealed_begin, strlen(sealed_begin)) == 0;
}

static int
unseal(struct private_key **out, const struct secret *text, const char *path)
{
	struct secret *passphrase;
	int error = KE_WRONG_PASSPHRASE;

	for (int i = 0; i < TRIES && error == KE_WRONG_PASSPHRASE; i++) {
		error = passphrase_ask(
			&passphrase, i ? "That is not it.  Passphrase of your key: "
				       : "Passphrase of your key: ");
		if (error) {
			say_problem(path,
				"its passphrase is asked at a terminal, and there "
				"is none");
			return error;
		}
		error = private_key_unseal(out, (const char *)secret_view(text),
			secret_len(text), passphrase);
		secret_free(passphrase);
	}
	if (error)
		say_problem(path, error_text(error));
	return error;
}

/* A key without a passphrase: in the one form that OpenSSL writes. */
static int
read_plain(struct private_key **out, const struct secret *text, const char *path,
	bool must_be_sealed)
{
	int error = private_key_parse(out, text);

	if (error)
		say_problem(path, "is not a P-256 key in PKCS#8 (keylinectl person new "
				  "makes one)");
	if (error || !must_be_sealed)
		return error;
	say_problem(path,
		"has no passphrase; that is for test hosts alone (openssl pkcs8 "
		"-topk8 gives it one)");
	private_key_free(*out);
	*out = NULL;
	return KE_NOT_PERMITTED;
}

int
key_file_read(struct private_key **out, const char *path, bool must_be_sealed)
{
	struct secret *text = secret_new(PRIVATE_KEY_SEALED_MAX);
	int fd = open_private(path), error = text ? KE_NOT_PERMITTED : KE_NO_MEMORY;

	*out = NULL;
	if (fd >= 0 && text) {
		error = read_text(text, fd);
		if (error)
			say_problem(path, error_text(error));
	}
	if (fd >= 0)
		close(fd);
	if (error == 0)
		error = is_sealed(text) ? unseal(out, text, path)
					: read_plain(out, text, path, must_be_sealed);
	secret_free(text);
	return error;
}

/* The same twice, and long enough to hold when the file is copied. */
static int
new_passphrase(struct secret **out)
{
	struct secret *again = NULL;
	int error = passphrase_ask(out, "New passphrase for your key: ");

	if (error) {
		say_problem(
			NULL, "a passphrase is asked at a terminal, and there is none");
		return error;
	}
	if (secret_len(*out) < PASSPHRASE_MIN) {
		say_problem(NULL, "a passphrase has 12 characters or more");
		error = KE_WEAK_PASSPHRASE;
	}
	if (error == 0)
		error = passphrase_ask(&again, "The same again: ");
	if (error == 0 && !secret_equal(*out, again)) {
		say_problem(NULL, "the two differ; nothing was made");
		error = KE_WRONG_PASSPHRASE;
	}
	secret_free(again);
	if (error) {
		secret_free(*out);
		*out = NULL;
	}
	return error;
}

/* The folders above a file, for their owner alone. */
static void
make_folders(const char *path)
{
	char folder[PATH_MAX];
	size_t len = strlen(path);

	for (size_t i = 1; i < len; i++) {
		if (path[i] != '/')
			continue;
		memcpy(folder, path, i);
		folder[i] = '\0';
		/* One that is there is fine; one that cannot be is told by the file. */
		if (mkdir(folder, 0700) == 0)
			(void)new_file_sync_folder(folder);
	}
}

static int
write_pair(
	const char *path, const struct private_key *key, const struct secret *passphrase)
{
	char sealed[PRIVATE_KEY_SEALED_MAX], pem[PUBLIC_KEY_PEM_MAX],
		public_path[PATH_MAX];
	struct public_key public;
	size_t len = strlen(path);
	int error = len + 5 < PATH_MAX ? public_key_of(&public, key) : KE_TOO_LONG;

	if (error == 0)
		error = private_key_seal(sealed, key, passphrase);
	if (error) {
		say_problem(path, error_text(error));
		return error;
	}
	memcpy(public_path, path, len + 1);
	memcpy(public_path + len, ".pub", 5);
	public_key_pem(pem, &public);
	make_folders(path);
	if (!new_file_write(path, sealed, strlen(sealed), 0600))
		return KE_IO;
	if (!new_file_write(public_path, pem, strlen(pem), 0644)) {
		unlink(path);
		return KE_IO;
	}
	say_key(public_path, public.fingerprint);
	return 0;
}

int
key_file_make(const char *path)
{
	struct private_key *key = NULL;
	struct secret *passphrase;
	int error;

	if (access(path, F_OK) == 0) {
		say_problem(path, "is there already; a key is not overwritten");
		return KE_DUPLICATE;
	}
	error = new_passphrase(&passphrase);
	if (error)
		return error;
	error = private_key_generate(&key);
	if (error)
		say_problem(path, error_text(error));
	else
		error = write_pair(path, key, passphrase);
	private_key_free(key);
	secret_free(passphrase);
	return error;
}
