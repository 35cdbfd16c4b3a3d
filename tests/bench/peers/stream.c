#include "tests/bench/peers/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/peers/peer.h"
#include "tests/t.h"

enum { A_READ = 1 << 16, A_TURN = 1 << 18, PATIENCE = 20000 };

/* Bytes from `from` to `to`. */
struct buffer {
    char *at;
    size_t from, to, room;
};

struct stream {
    struct server *server;
    int fd;
    SSL_CTX *tls_of_all;
    SSL *tls; /* or NULL */
    struct buffer in, out;
};

/* --- buffers -------------------------------------------------------------------------- */

static char *
make_room(struct buffer *b, size_t len)
{
    if (b->room - b->to >= len)
        return b->at + b->to;
    if (b->from) {
        memmove(b->at, b->at + b->from, b->to - b->from);
        b->to -= b->from;
        b->from = 0;
    }
    while (b->room - b->to < len) {
        b->room = b->room ? 2 * b->room : 2 * A_READ;
        b->at = realloc(b->at, b->room);
        CHECK(b->at != NULL);
    }
    return b->at + b->to;
}

static void
take(struct buffer *b, size_t len)
{
    b->from += len;
    if (b->from == b->to)
        b->from = b->to = 0;
}

/* --- opening ---------------------------------------------------------------------------- */

static bool
shake_hands(struct stream *st)
{
    st->tls_of_all = SSL_CTX_new(TLS_client_method());
    CHECK(st->tls_of_all != NULL);
    (void)SSL_CTX_set_mode(st->tls_of_all,
                           SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_verify(st->tls_of_all, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(st->tls_of_all, server_path(st->server, "ca.crt"), NULL) != 1)
        return server_trouble(st->server, "ca.crt can't be read");
    st->tls = SSL_new(st->tls_of_all);
    CHECK(st->tls && SSL_set_fd(st->tls, st->fd) == 1);
    CHECK(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(st->tls), "127.0.0.1") == 1);
    if (SSL_connect(st->tls) == 1)
        return true;
    return server_trouble(st->server, "TLS: %s", ERR_reason_error_string(ERR_get_error()));
}

static bool
join(struct stream *st, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int one = 1;

    if (connect(st->fd, (const struct sockaddr *)&at, sizeof at))
        return server_trouble(st->server, "no connection: %s", strerror(errno));
    (void)setsockopt(st->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fcntl(st->fd, F_SETFL, O_NONBLOCK) == 0;
}

bool
stream_secure(struct stream *stream)
{
    CHECK_INT(0, fcntl(stream->fd, F_SETFL, 0));
    return shake_hands(stream) && fcntl(stream->fd, F_SETFL, O_NONBLOCK) == 0;
}

static struct stream *
open_at(struct server *s, int port)
{
    struct stream *st = calloc(1, sizeof *st);

    CHECK(st != NULL);
    st->server = s;
    st->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(st->fd >= 0);
    if (!join(st, port))
        stream_close(&st);
    return st;
}

struct stream *
stream_open_plain(struct server *s)
{
    return open_at(s, s->port);
}

struct stream *
stream_open(struct server *s)
{
    bool tls = s->setting->tls;
    struct stream *st = open_at(s, tls ? s->tls_port : s->port);

    if (st && tls && !stream_secure(st))
        stream_close(&st);
    return st;
}

void
stream_close(struct stream **stream)
{
    struct stream *st = *stream;

    SSL_free(st->tls);
    SSL_CTX_free(st->tls_of_all);
    (void)close(st->fd);
    free(st->in.at);
    free(st->out.at);
    free(st);
    *stream = NULL;
}

int
stream_socket(const struct stream *stream)
{
    return stream->fd;
}

/* --- out --------------------------------------------------------------------------------- */

void
stream_put(struct stream *stream, const void *bytes, size_t len)
{
    memcpy(make_room(&stream->out, len), bytes, len);
    stream->out.to += len;
}

/* Bytes that went, 0 where the socket takes none, or -1. */
static ssize_t
write_some(struct stream *st)
{
    const char *at = st->out.at + st->out.from;
    size_t len = st->out.to - st->out.from;

    if (!st->tls) {
        ssize_t went = send(st->fd, at, len, MSG_NOSIGNAL);
        return went < 0 && errno == EAGAIN ? 0 : went;
    }
    int went = SSL_write(st->tls, at, (int)len);
    if (went > 0)
        return went;
    int why = SSL_get_error(st->tls, went);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? 0 : -1;
}

bool
stream_send(struct stream *stream, bool *more)
{
    ssize_t went = 1;

    while (stream->out.from < stream->out.to && went > 0) {
        went = write_some(stream);
        if (went < 0)
            return server_trouble(stream->server, "the connection broke while sending");
        take(&stream->out, (size_t)went);
    }
    *more = stream->out.from < stream->out.to;
    return true;
}

/* --- in ------------------------------------------------------------------------------------ */

static ssize_t
read_some(struct stream *st)
{
    char *at = make_room(&st->in, A_READ);

    if (!st->tls) {
        ssize_t came = recv(st->fd, at, A_READ, 0);
        return came > 0 ? came : came < 0 && errno == EAGAIN ? 0 : -1;
    }
    int came = SSL_read(st->tls, at, A_READ);
    if (came > 0)
        return came;
    int why = SSL_get_error(st->tls, came);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

/* Is there more, after `last` bytes came and `all` of them in this turn? What TLS has opened
   is taken at any rate, since no poll tells of it; but a connection that is flooded leaves
   others their turn. */
static bool
may_have_more(const struct stream *st, ssize_t last, size_t all)
{
    if (st->tls && SSL_pending(st->tls) > 0)
        return true;
    return all < A_TURN && (st->tls ? last > 0 : last == A_READ);
}

bool
stream_receive(struct stream *stream)
{
    size_t all = 0;
    ssize_t came;

    do {
        came = read_some(stream);
        if (came < 0)
            return server_trouble(stream->server, "the connection was closed");
        stream->in.to += (size_t)came;
        all += (size_t)came;
    } while (may_have_more(stream, came, all));
    return true;
}

bool
stream_wait(struct stream *stream, size_t before)
{
    struct pollfd item = {.fd = stream->fd, .events = POLLIN};

    while (stream->in.to - stream->in.from <= before) {
        if (poll(&item, 1, PATIENCE) == 0)
            return server_trouble(stream->server, "no answer in %d ms", PATIENCE);
        if (!stream_receive(stream))
            return false;
    }
    return true;
}

const char *
stream_bytes(const struct stream *stream, size_t *len)
{
    *len = stream->in.to - stream->in.from;
    return stream->in.at + stream->in.from;
}

void
stream_take(struct stream *stream, size_t len)
{
    take(&stream->in, len);
}
