#include "schema/arena.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

struct arena {
    msgpack_zone zone;
    uint64_t work;
};

/* Of all arenas of all threads. */
static _Atomic uint64_t works;

struct arena *
arena_new(void)
{
    struct arena *a = malloc(sizeof *a);
    if (!a || !msgpack_zone_init(&a->zone, CHUNK))
        abort();
    a->work = ++works;
    return a;
}

void
arena_destroy(struct arena **a)
{
    if (*a) {
        msgpack_zone_destroy(&(*a)->zone);
        free(*a);
    }
    *a = NULL;
}

void
arena_reset(struct arena *a)
{
    msgpack_zone_clear(&a->zone);
    a->work = ++works;
}

uint64_t
arena_work(const struct arena *a)
{
    return a->work;
}

void *
arena_take(struct arena *a, size_t size)
{
    void *at = msgpack_zone_malloc(&a->zone, size ? size : 1);
    if (!at)
        abort();
    return at;
}

void *
arena_copy(struct arena *a, const void *from, size_t size)
{
    void *at = arena_take(a, size);
    if (size)
        memcpy(at, from, size);
    return at;
}

char *
arena_string(struct arena *a, const char *at, size_t len)
{
    char *string = arena_take(a, len + 1);

    if (len)
        memcpy(string, at, len);
    string[len] = '\0';
    return string;
}
