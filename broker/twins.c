#include "broker/twins.h"

#include <stdio.h>
#include <string.h>

#include "broker/access.h"
#include "broker/events.h"

_Static_assert((int)HUB_ORIGIN <= (int)SHARER_ADDRESS, "whatever the hub tells may be said");

struct sharer
twins_sharer(const struct twin *twin)
{
    struct sharer sharer = {.since = twin->since, .address = text_of(twin->origin)};

    sharer.has.since = 1;
    sharer.has.address = *twin->origin != '\0';
    return sharer;
}

static bool
has_same_outbox(const struct session *a, const struct session *b)
{
    return memcmp(a->outbox, b->outbox, OUTBOX_SIZE) == 0;
}

/* From elsewhere, as far as is known. */
static bool
is_elsewhere(const struct session *a, const struct session *b)
{
    return *a->self.origin && *b->self.origin && strcmp(a->self.origin, b->self.origin) != 0;
}

/* Is the other another program, of which one that said `alone` is to be told? A key that is
   over is so at its next frame, and may have none. */
static int
is_twin(struct ledger *l, struct limits_table *limits, struct session *other,
        const struct session *s)
{
    if (other == s || !other->open || has_same_outbox(other, s) || (!other->alone && !s->alone)
        || (other->alone != s->alone && !is_elsewhere(other, s)))
        return 0;
    return access_know(l, limits, other);
}

static void
note(struct session *s, const struct session *other)
{
    s->shared = true;
    s->twin = other->self;
}

static void
log_shared(const struct session *s, const struct session *other)
{
    struct log_line line = broker_event(BROKER_KEY_SHARED);

    log_text(&line, "client", s->author.client);
    log_word(&line, "address", s->self.origin);
    log_word(&line, "other", other->self.origin);
    log_write(&line);
}

/* Tells those that are there of it: the newest of its twins in *first, or NULL. */
static int
announce(struct ledger *l, struct limits_table *limits, const struct session *s,
         const struct session **first)
{
    struct session *at = s->limits->newest;

    *first = NULL;
    for (int i = 0; at && i < TWINS_LOOKED_AT; i++, at = at->older) {
        int rc = is_twin(l, limits, at, s);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        if (at->alone)
            note(at, s);
        *first = *first ? *first : at;
    }
    return 0;
}

int
twins_greet(struct ledger *l, struct limits_table *limits, struct session *s, bool alone,
            const char *origin, int64_t host)
{
    const struct session *other;

    s->self.since = host;
    (void)snprintf(s->self.origin, sizeof s->self.origin, "%s", origin);
    if (!s->has_outbox)
        return 0;
    session_list(s, alone);
    int rc = announce(l, limits, s, &other);
    if (rc < 0 || !other)
        return rc;
    log_shared(s, other);
    if (!s->alone)
        return 0;
    note(s, other);
    return 1;
}

/* What is there now is what is told the next time. */
int
twins_recall(struct ledger *l, struct limits_table *limits, struct session *s, struct twin *out)
{
    struct session *at = s->limits->newest;
    int rc = 0;

    if (!s->shared)
        return 0;
    *out = s->twin;
    for (int i = 0; at && rc == 0 && i < TWINS_LOOKED_AT; i++, at = at->older)
        if ((rc = is_twin(l, limits, at, s)) == 1)
            note(s, at);
    if (rc < 0)
        return rc;
    s->shared = rc == 1;
    return 1;
}
