#include "agents/cli/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/difference.h"
#include "agents/cli/sending/seen.h"
#include "agents/cli/sending/sending.h"
#include "schema/codec.h"

/* What it says of the thing itself: without the reason, and what was seen. */
static struct bytes
encode_matter(struct arena *arena, const struct record *r, const union body *body)
{
    union body *matter = arena_copy(arena, body, sizeof *body);
    uint8_t *bytes = arena_take(arena, BODY_MAX);
    uint64_t present;

    memcpy(&present, matter, sizeof present);
    for (unsigned i = 0; i < r->count; i++)
        if (strcmp(r->fields[i].name, "reason") == 0 || strcmp(r->fields[i].name, "seen") == 0
            || strcmp(r->fields[i].name, "epoch") == 0)
            present &= ~(UINT64_C(1) << i);
    memcpy(matter, &present, sizeof present);
    return (struct bytes){bytes, (uint32_t)record_encode(r, matter, bytes, BODY_MAX)};
}

/* A body that is too long has no encoding; sending_add says so. */
static bool
says_the_same(struct arena *arena, const struct change *c)
{
    const struct record *r = body_records[c->kind];
    struct bytes from = encode_matter(arena, r, c->from);
    struct bytes to = encode_matter(arena, r, c->to);

    return to.len && from.len == to.len && memcmp(from.at, to.at, to.len) == 0;
}

/* The refused one may be of an earlier run that was cut off: what had been seen is
   what stands in it. */
static int
explain_stale(struct talk *t, const struct change *c, const struct sending *s)
{
    const struct record *r = body_records[c->kind];
    struct bytes sent = sending_body(s, 0);
    struct fault fault;
    union body body;

    if (!record_decode(t->arena, r, &body, sent.at, sent.len, &fault))
        return talk_complain(EXIT_MACHINE, "the outbox holds no %s", r->name);
    int64_t seen = seen_of(c->kind, &body);
    int rc = difference_print(t, c->kind, c->id, seen);
    if (rc != EXIT_DONE)
        return rc;
    (void)fflush(stdout);
    bool can_say_seen = c->kind == KIND_ACTION;
    return talk_complain(EXIT_REFUSED,
                         "%s: your change was made from what it was at entry %" PRId64
                         ". The same command again%s applies it to what is there now",
                         c->id, seen, can_say_seen ? " (without --seen)" : "");
}

int
change_send(struct talk *t, struct change *c)
{
    bool same = says_the_same(t->arena, c);
    bool begun = false;
    struct sending s;

    sending_begin(&s, t);
    int rc = sending_add(&s, c->kind, c->to, c->id);
    if (rc == EXIT_DONE && same)
        rc = sending_begun(&s, &begun);
    c->unchanged = same && !begun;
    if (rc == EXIT_DONE && c->unchanged)
        (void)talk_complain(rc, "%s: is so already: nothing was sent", c->id);
    else if (rc == EXIT_DONE)
        rc = sending_run(&s);
    if (rc == EXIT_REFUSED && s.count && sending_refusal(&s, 0) == FAULT_STALE)
        rc = explain_stale(t, c, &s);
    sending_end(&s);
    return rc;
}
