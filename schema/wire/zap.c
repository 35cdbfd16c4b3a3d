#include "schema/wire/zap.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <czmq.h>

#define ENDPOINT "inproc://zeromq.zap.01"

struct zap_table {
    size_t count;
    struct zap_key keys[]; /* sorted by key */
};

struct zap {
    zsock_t *socket; /* bound by zap_start, then the handler's alone */
    zactor_t *actor;
    pthread_mutex_t lock; /* over `table`: a swap frees what the handler may be reading; `from` */
    struct zap_table *table;
    atomic_uint_fast64_t rejected;
    char from[ZAP_ADDRESS];
};

/* --- the table ------------------------------------------------------------ */

static int
compare(const void *a, const void *b)
{
    const struct zap_key *left = a;
    const struct zap_key *right = b;
    return memcmp(left->key, right->key, CURVE_KEY);
}

int
zap_table_new(struct zap_table **out, const struct zap_key *keys, size_t count)
{
    struct zap_table *table = malloc(sizeof *table + count * sizeof *keys);

    *out = NULL;
    if (!table)
        return -ENOMEM;
    table->count = count;
    if (count > 0) {
        memcpy(table->keys, keys, count * sizeof *keys);
        qsort(table->keys, count, sizeof *keys, compare);
    }
    for (size_t i = 1; i < count; i++)
        if (compare(&table->keys[i - 1], &table->keys[i]) == 0) {
            free(table);
            return -EEXIST;
        }
    *out = table;
    return 0;
}

void
zap_table_free(struct zap_table **table)
{
    free(*table);
    *table = NULL;
}

static const char *
find(const struct zap_table *table, const uint8_t key[CURVE_KEY])
{
    size_t low = 0;
    size_t high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(key, table->keys[middle].key, CURVE_KEY);
        if (order == 0)
            return table->keys[middle].client;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* --- the handler ---------------------------------------------------------- */

/* What libzmq asks, frame by frame. */
enum { VERSION, REQUEST, DOMAIN_NAME, ADDRESS, ROUTE, MECHANISM, CREDENTIAL, FRAMES };

static bool
is_known(struct zap *zap, const uint8_t key[CURVE_KEY])
{
    (void)pthread_mutex_lock(&zap->lock);
    bool known = find(zap->table, key) != NULL;
    (void)pthread_mutex_unlock(&zap->lock);
    return known;
}

static bool
is_welcome(struct zap *zap, zframe_t *const frame[FRAMES])
{
    return frame[CREDENTIAL] && zframe_streq(frame[VERSION], "1.0")
           && zframe_streq(frame[DOMAIN_NAME], ZAP_DOMAIN)
           && zframe_streq(frame[MECHANISM], "CURVE") && zframe_size(frame[CREDENTIAL]) == CURVE_KEY
           && is_known(zap, zframe_data(frame[CREDENTIAL]));
}

static void
count_rejected(struct zap *zap, zframe_t *address)
{
    size_t len = address ? zframe_size(address) : 0;

    if (len >= sizeof zap->from)
        len = 0;
    (void)pthread_mutex_lock(&zap->lock);
    if (len)
        memcpy(zap->from, zframe_data(address), len);
    zap->from[len] = '\0';
    (void)pthread_mutex_unlock(&zap->lock);
    (void)atomic_fetch_add(&zap->rejected, 1);
}

/* The key itself is the User-Id, in Z85, so that each message that comes in
   says which of a client's keys it was sent under. */
static void
answer(struct zap *zap, zframe_t *const frame[FRAMES])
{
    const void *request = frame[REQUEST] ? zframe_data(frame[REQUEST]) : NULL;
    size_t len = frame[REQUEST] ? zframe_size(frame[REQUEST]) : 0;
    char user[CURVE_TEXT + 1] = "";
    bool welcome = is_welcome(zap, frame);

    if (welcome)
        curve_print(zframe_data(frame[CREDENTIAL]), user);
    else
        count_rejected(zap, frame[ADDRESS]);
    (void)zsock_send(zap->socket, "sbssss", "1.0", request, len, welcome ? "200" : "400",
                     welcome ? "OK" : "unknown key", user, "");
}

/* Whatever is asked gets an answer, or the REP socket would take no more. */
static void
serve(struct zap *zap)
{
    zmsg_t *request = zmsg_recv(zap->socket);
    zframe_t *frame[FRAMES] = {NULL};
    size_t count = 0;

    if (!request)
        return;
    for (zframe_t *f = zmsg_first(request); f && count < FRAMES; f = zmsg_next(request))
        frame[count++] = f;
    answer(zap, frame);
    zmsg_destroy(&request);
}

/* The only word on the pipe is zactor_destroy's "$TERM". */
static void
run(zsock_t *pipe, void *args)
{
    struct zap *zap = args;
    zsock_t *socket = zap->socket;
    zmq_pollitem_t items[] = {{zsock_resolve(pipe), 0, ZMQ_POLLIN, 0},
                              {zsock_resolve(socket), 0, ZMQ_POLLIN, 0}};

    (void)zsock_signal(pipe, 0);
    for (;;) {
        int ready = zmq_poll(items, 2, -1);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready < 0 || (items[0].revents & ZMQ_POLLIN))
            break;
        serve(zap);
    }
    (void)zmq_unbind(zsock_resolve(socket), ENDPOINT); /* now; closing does it some time */
    zsock_destroy(&socket);
}

/* --- starting and stopping ------------------------------------------------ */

static int
start(struct zap *zap)
{
    zap->socket = zsock_new(ZMQ_REP);
    if (!zap->socket)
        return -errno;
    if (zmq_bind(zsock_resolve(zap->socket), ENDPOINT) != 0)
        return -errno;
    zap->actor = zactor_new(run, zap);
    return zap->actor ? 0 : -EAGAIN;
}

int
zap_start(struct zap **out, struct zap_table **table)
{
    struct zap *zap = calloc(1, sizeof *zap);

    *out = zap;
    if (!zap) {
        zap_table_free(table);
        return -ENOMEM;
    }
    zap->table = *table;
    *table = NULL;
    (void)pthread_mutex_init(&zap->lock, NULL);
    int rc = start(zap);
    if (rc != 0)
        zap_stop(out);
    return rc;
}

void
zap_stop(struct zap **zap)
{
    struct zap *self = *zap;

    *zap = NULL;
    if (!self)
        return;
    if (self->actor)
        zactor_destroy(&self->actor);
    else
        zsock_destroy(&self->socket);
    (void)pthread_mutex_destroy(&self->lock);
    zap_table_free(&self->table);
    free(self);
}

/* --- what the broker's loop asks ------------------------------------------ */

void
zap_swap(struct zap *zap, struct zap_table **table)
{
    struct zap_table *old = zap->table;

    (void)pthread_mutex_lock(&zap->lock);
    zap->table = *table;
    (void)pthread_mutex_unlock(&zap->lock);
    *table = NULL;
    zap_table_free(&old);
}

/* Without the lock: only this thread swaps. */
const char *
zap_client(const struct zap *zap, const uint8_t key[CURVE_KEY])
{
    return find(zap->table, key);
}

uint64_t
zap_rejected(const struct zap *zap)
{
    return atomic_load(&zap->rejected);
}

void
zap_rejected_from(struct zap *zap, char address[ZAP_ADDRESS])
{
    (void)pthread_mutex_lock(&zap->lock);
    memcpy(address, zap->from, ZAP_ADDRESS);
    (void)pthread_mutex_unlock(&zap->lock);
}
