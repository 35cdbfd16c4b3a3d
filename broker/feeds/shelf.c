#include "broker/feeds/shelf.h"

#include <czmq.h>

#include "schema/must.h"

/* A row's key is of characters alone. */
struct place {
    char name[STATE_KEY_MAX + 1];
};

static struct place
place_of(struct text plan, const struct state_key *after)
{
    struct place p;

    (void)(after->len ? snprintf(p.name, sizeof p.name, "%.*s", (int)after->len, after->at)
                      : snprintf(p.name, sizeof p.name, "%.*s/", (int)plan.len, plan.at));
    return p;
}

static void
free_piece(void **piece)
{
    free(*piece);
    *piece = NULL;
}

void
shelf_clear(struct shelf *s)
{
    zhashx_t *pieces = s->pieces;

    zhashx_destroy(&pieces);
    s->pieces = NULL;
    s->bytes = 0;
}

void
shelf_turn(struct shelf *s, uint64_t rights, int32_t day, int64_t now)
{
    if (s->rights != rights || s->day != day || now - s->used > SHELF_PATIENCE)
        shelf_clear(s);
    s->rights = rights;
    s->day = day;
    s->now = now;
}

const struct shelf_piece *
shelf_find(struct shelf *s, struct text plan, const struct state_key *after, int64_t said)
{
    struct place place = place_of(plan, after);
    const struct shelf_piece *piece = s->pieces ? zhashx_lookup(s->pieces, place.name) : NULL;

    if (!piece || piece->said != said || !piece->count)
        return NULL;
    s->used = s->now;
    return piece;
}

/* Was it here, as of the same entry? */
static bool
drop(struct shelf *s, const char *name, int64_t said)
{
    const struct shelf_piece *piece = zhashx_lookup(s->pieces, name);
    bool same = piece && piece->said == said;

    if (!piece)
        return false;
    s->bytes -= sizeof *piece + piece->len;
    zhashx_delete(s->pieces, name);
    return same;
}

void
shelf_keep(struct shelf *s, struct text plan, const struct state_key *after,
           const struct shelf_piece *piece, const void *bytes)
{
    struct place place = place_of(plan, after);
    size_t size = sizeof *piece + piece->len;

    if (!s->pieces) {
        s->pieces = zhashx_new();
        zhashx_set_destructor(s->pieces, free_piece);
    }
    bool whole = drop(s, place.name, piece->said) && s->bytes + size <= SHELF_MOST;
    if (!whole)
        size = sizeof *piece;
    struct shelf_piece *kept = must(malloc(size));
    *kept = *piece;
    if (whole)
        memcpy(kept->at, bytes, piece->len);
    else
        kept->len = kept->count = 0;
    (void)zhashx_insert(s->pieces, place.name, kept);
    s->bytes += size;
    s->used = s->now;
}
