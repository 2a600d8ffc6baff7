/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/ipp_link.h"
#include "drivers/driver_process.h"
#include "proto/hash.h"
#include "proto/name.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>

/* One exchange with the printer lasts no longer, however far the deadline is. */
enum { CALL_MS_MAX = 10000 };

enum { HOST_BYTES = 256, PATH_BYTES = 1024 };

struct ipp_link {
	char host[HOST_BYTES];
	int port;
	char path[PATH_BYTES];
	char uri[HOST_BYTES + PATH_BYTES];
	unsigned char pin[IPP_PIN_LEN];
	int64_t deadline;
	int64_t call_end; /* of the exchange under way */
	http_t *http;
};

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
		c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int
read_pin(unsigned char pin[IPP_PIN_LEN], const char *text)
{
	if (strlen(text) != 2 * IPP_PIN_LEN)
		return KE_BAD_ARGUMENT;
	for (unsigned i = 0; i < IPP_PIN_LEN; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return KE_BAD_ARGUMENT;
		pin[i] = (unsigned char)(high << 4 | low);
	}
	return 0;
}

static int
read_uri(struct ipp_link *link, const char *uri)
{
	char scheme[32], user[HOST_BYTES];

	if (httpSeparateURI(HTTP_URI_CODING_ALL, uri, scheme, sizeof scheme, user,
		    sizeof user, link->host, sizeof link->host, &link->port, link->path,
		    sizeof link->path) != HTTP_URI_STATUS_OK)
		return KE_BAD_ARGUMENT;
	if (strcmp(scheme, "ipps") != 0 || user[0] || !link->host[0] || link->port <= 0 ||
		name_is_multicast(link->host, strlen(link->host)))
		return KE_BAD_ARGUMENT;
	if (httpAssembleURI(HTTP_URI_CODING_ALL, link->uri, sizeof link->uri, "ipps",
		    NULL, link->host, link->port, link->path) != HTTP_URI_STATUS_OK)
		return KE_BAD_ARGUMENT;
	return 0;
}

/* The default asks on the terminal; a printer that wants a password is refused. */
static const char *
no_password(const char *prompt, http_t *http, const char *method, const char *resource,
	void *context)
{
	(void)prompt;
	(void)http;
	(void)method;
	(void)resource;
	(void)context;
	return NULL;
}

int
ipp_link_new(struct ipp_link **out, const char *uri, const char *pin)
{
	struct ipp_link *link = calloc(1, sizeof *link);
	int rc = KE_NO_MEMORY;

	*out = NULL;
	if (!link)
		return rc;
	rc = read_uri(link, uri);
	if (rc == 0)
		rc = read_pin(link->pin, pin);
	if (rc != 0) {
		free(link);
		return rc;
	}
	cupsSetPasswordCB2(no_password, NULL);
	cupsSetUser("keyline");
	cupsSetEncryption(HTTP_ENCRYPTION_ALWAYS);
	*out = link;
	return 0;
}

uint16_t
ipp_link_port(const struct ipp_link *link)
{
	return (uint16_t)link->port;
}

void
ipp_link_free(struct ipp_link *link)
{
	if (!link)
		return;
	ipp_link_close(link);
	free(link);
}

void
ipp_link_deadline(struct ipp_link *link, int64_t deadline_ms)
{
	link->deadline = deadline_ms;
}

/* Milliseconds until the end of the exchange; 0: it is over. */
static int
wait_ms(const struct ipp_link *link)
{
	int64_t left = link->call_end - driver_process_now_ms();

	return left > 0 ? (int)left : 0;
}

/*
 * libcups asks after each read or write that brought nothing: whether to go on.  That
 * may be a wait of the whole time-out, or TLS having taken a message of its own.
 */
static int
go_on(http_t *http, void *context)
{
	(void)http;
	return wait_ms(context) > 0;
}

static void
set_timeout(struct ipp_link *link)
{
	/* Never 0, which would stand for no time-out at all. */
	if (link->http)
		httpSetTimeout(link->http, (wait_ms(link) + 1) / 1000.0, go_on, link);
}

/* Begins an exchange.  Returns 0 or KE_TIMEOUT. */
static int
begin_call(struct ipp_link *link)
{
	link->call_end = driver_process_now_ms() + CALL_MS_MAX;
	if (link->call_end > link->deadline)
		link->call_end = link->deadline;
	if (wait_ms(link) == 0)
		return KE_TIMEOUT;
	set_timeout(link);
	return 0;
}

static int
compare_pin(struct ipp_link *link)
{
	cups_array_t *chain = NULL;
	const http_credential_t *own;
	unsigned char digest[IPP_PIN_LEN];
	int rc = KE_WRONG_PIN;

	if (!httpIsEncrypted(link->http) || httpCopyCredentials(link->http, &chain) != 0)
		goto out;
	own = cupsArrayFirst(chain);
	if (!own)
		goto out;
	rc = hash_sha256(digest, own->data, own->datalen);
	if (rc == 0 && CRYPTO_memcmp(digest, link->pin, sizeof digest) != 0)
		rc = KE_WRONG_PIN;
out:
	httpFreeCredentials(chain);
	if (rc != 0)
		ipp_link_close(link);
	return rc;
}

/* Whether somebody accepts a connection, though no TLS came of it. */
static int
why_not(const struct ipp_link *link)
{
	char port[16];
	http_addrlist_t *list;
	int fd = -1, wait = wait_ms(link);

	if (wait == 0)
		return KE_TIMEOUT;
	snprintf(port, sizeof port, "%d", link->port);
	list = httpAddrGetList(link->host, AF_UNSPEC, port);
	if (!list || !httpAddrConnect2(list, &fd, wait, NULL))
		fd = -1;
	httpAddrFreeList(list);
	if (fd < 0)
		return KE_LINK;
	close(fd);
	return KE_NO_TLS;
}

/* Whether the printer has hung up since the last answer. */
static bool
has_hung_up(const struct ipp_link *link)
{
	struct pollfd fd = {httpGetFd(link->http), POLLRDHUP, 0};

	return fd.fd < 0 || poll(&fd, 1, 0) != 0;
}

int
ipp_link_open(struct ipp_link *link)
{
	int rc = begin_call(link);

	if (rc != 0)
		return rc;
	if (link->http && has_hung_up(link))
		ipp_link_close(link);
	if (!link->http)
		link->http = httpConnect2(link->host, link->port, NULL, AF_UNSPEC,
			HTTP_ENCRYPTION_ALWAYS, 1, wait_ms(link), NULL);
	if (!link->http)
		return why_not(link);
	set_timeout(link);
	return compare_pin(link);
}

void
ipp_link_close(struct ipp_link *link)
{
	httpClose(link->http);
	link->http = NULL;
}

void
ipp_link_request(struct ipp_request *out, const struct ipp_link *link, ipp_op_t operation)
{
	ipp_request_begin(out, operation);
	ipp_request_string(out, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", link->uri);
	ipp_request_string(
		out, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", cupsUser());
}

/* What the end of a call without an answer means. */
static int
lost(struct ipp_link *link)
{
	ipp_status_t last = cupsLastError();

	ipp_link_close(link);
	if (last == IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED ||
		last == IPP_STATUS_ERROR_NOT_AUTHENTICATED)
		return KE_NOT_PERMITTED;
	return wait_ms(link) == 0 ? KE_TIMEOUT : KE_LINK;
}

static int
take_answer(ipp_t **answer, struct ipp_link *link)
{
	int rc;

	*answer = cupsGetResponse(link->http, link->path);
	if (!*answer)
		return lost(link);
	rc = compare_pin(link);
	if (rc == 0 && !ipp_is_whole(*answer))
		rc = KE_NO_MEMORY;
	if (rc != 0) {
		ippDelete(*answer);
		*answer = NULL;
	}
	return rc;
}

int
ipp_link_ask(ipp_t **answer, struct ipp_link *link, ipp_t *request)
{
	http_status_t status;
	int rc;

	*answer = NULL;
	rc = request ? ipp_link_open(link) : KE_NO_MEMORY;
	if (rc != 0)
		goto out;
	status = cupsSendRequest(link->http, request, link->path, ippLength(request));
	rc = status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK ? 0 : lost(link);
	if (rc == 0)
		rc = take_answer(answer, link);
out:
	ippDelete(request);
	return rc;
}

int
ipp_link_begin(struct ipp_link *link, ipp_t *request)
{
	http_status_t status;
	int rc = request ? ipp_link_open(link) : KE_NO_MEMORY;

	if (rc != 0)
		goto out;
	status = cupsSendRequest(link->http, request, link->path, CUPS_LENGTH_VARIABLE);
	if (status == HTTP_STATUS_CONTINUE)
		rc = compare_pin(link);
	else
		rc = lost(link);
out:
	ippDelete(request);
	return rc;
}

int
ipp_link_write(struct ipp_link *link, const unsigned char *bytes, size_t len)
{
	if (begin_call(link) != 0)
		return KE_TIMEOUT;
	if (cupsWriteRequestData(link->http, (const char *)bytes, len) !=
		HTTP_STATUS_CONTINUE)
		return KE_LINK;
	return 0;
}

int
ipp_link_finish(ipp_t **answer, struct ipp_link *link)
{
	int rc = begin_call(link);

	*answer = NULL;
	if (rc == 0)
		rc = take_answer(answer, link);
	/* Its buffer holds the end of the document; a new one does not. */
	ipp_link_close(link);
	return rc;
}
