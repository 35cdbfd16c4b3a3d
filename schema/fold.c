#include "schema/fold.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/fold/folding.h"
#include "schema/ids.h"
#include "schema/judge.h"

/* --- where an entry belongs --------------------------------------------------- */

/* The plan that it names; empty for the registry. */
static struct text
plan_of(enum submission_kind kind, const union body *body)
{
    switch (kind) {
    case KIND_PLAN: return body->plan.id;
    case KIND_ACTION: return path_first(body->action.id);
    case KIND_PROGRESS: return path_first(body->progress.action);
    case KIND_DECISION: return path_first(body->decision.action);
    case KIND_RATING: return body->rating.plan;
    case KIND_BOARD:
    case KIND_AGENCY:
    case KIND_CLIENT:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return (struct text){"", 0};
}

static void
place_row(struct place *out, enum state_table table, struct state_key row)
{
    out->table = table;
    out->row = row;
}

void
place_of(enum submission_kind kind, const union body *body, struct text author_agency,
         struct place *out)
{
    const struct text board = {"", 0};

    out->plan_chain = state_key_of_plan_chain(plan_of(kind, body));
    switch (kind) {
    case KIND_BOARD: place_row(out, TABLE_BOARD, state_key_of(board)); return;
    case KIND_AGENCY: place_row(out, TABLE_AGENCIES, state_key_of(body->agency.id)); return;
    case KIND_CLIENT: place_row(out, TABLE_CLIENTS, state_key_of(body->client.id)); return;
    case KIND_PLAN: place_row(out, TABLE_PLANS, state_key_of(body->plan.id)); return;
    case KIND_ACTION: place_row(out, TABLE_ACTIONS, state_key_of(body->action.id)); return;
    case KIND_PROGRESS:
        place_row(out, TABLE_PARTS,
                  state_key_pair(body->progress.action, body->progress.has.agency
                                                            ? body->progress.agency
                                                            : author_agency));
        return;
    case KIND_DECISION: place_row(out, TABLE_ACTIONS, state_key_of(body->decision.action)); return;
    case KIND_RATING:
        if (body->rating.has.plan)
            place_row(out, TABLE_PLANS, state_key_of(body->rating.plan));
        else
            place_row(out, TABLE_BOARD, state_key_of(board));
        return;
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    assert(false && "a kind that judge lets through has a place");
}

/* --- chains -------------------------------------------------------------------- */

static int
put_mark(struct state *s, const struct state_key *chain, int64_t position, int64_t number)
{
    struct state_key key = state_key_of_mark(chain, position);
    uint8_t value[8];

    for (int i = 0; i < 8; i++)
        value[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    return state_put_bytes(s, TABLE_MARKS, &key, (struct bytes){value, sizeof value});
}

/* Makes the entry the newest of a chain; *previous is the one that was. */
static int
extend_chain(struct state *s, const struct state_key *key, struct chain *chain, int64_t number,
             int64_t *previous)
{
    *previous = chain->last;
    chain->last = number;
    chain->count++;
    chain->has.last = chain->has.count = 1;
    int rc = state_put(s, TABLE_CHAINS, key, chain);
    if (!rc && chain->count % MARK_EVERY == 0)
        rc = put_mark(s, key, chain->count, number);
    return rc;
}

static int
extend_outbox(struct state *s, struct arena *arena, struct entry *entry)
{
    struct state_key key = state_key_of_outbox(entry->outbox);
    const struct chain *before;
    int rc = state_see_chain(s, arena, &key, &before);

    if (rc < 0)
        return rc;
    struct chain chain = *before;
    chain.client = entry->client;
    chain.n = entry->n;
    chain.has.client = chain.has.n = 1;
    return extend_chain(s, &key, &chain, entry->number, &entry->previous_in_outbox);
}

static int
extend_plan(struct state *s, struct arena *arena, struct entry *entry, const union body *body)
{
    struct state_key key = state_key_of_plan_chain(plan_of(entry->kind, body));
    const struct chain *before;
    int rc = state_see_chain(s, arena, &key, &before);

    if (rc < 0)
        return rc;
    struct chain chain = *before;
    return extend_chain(s, &key, &chain, entry->number, &entry->previous_in_plan);
}

/* --- the fold -------------------------------------------------------------------- */

static int
fold_body(struct folding *f, const union body *body)
{
    switch (f->entry->kind) {
    case KIND_BOARD: return fold_board(f, &body->board);
    case KIND_AGENCY: return fold_agency(f, &body->agency);
    case KIND_CLIENT: return fold_client(f, &body->client);
    case KIND_PLAN: return fold_plan(f, &body->plan);
    case KIND_ACTION: return fold_action(f, &body->action);
    case KIND_PROGRESS: return fold_progress(f, &body->progress);
    case KIND_DECISION: return fold_decision(f, &body->decision);
    case KIND_RATING: return fold_rating(f, &body->rating);
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return -EBADMSG;
}

int
fold(struct state *s, struct arena *arena, struct entry *entry, const union body *body)
{
    struct folding f = {s, arena, entry, 0};
    int rc;

    if (entry->version != RULES_VERSION)
        return -EBADMSG;
    entry->previous_in_row = entry->previous_in_plan = entry->previous_in_outbox = 0;
    entry->has.previous_in_row = entry->has.previous_in_plan = entry->has.previous_in_outbox = 1;
    if ((rc = extend_outbox(s, arena, entry)) || !body)
        return rc;
    if ((rc = extend_plan(s, arena, entry, body)) || (rc = fold_body(&f, body)))
        return rc;
    entry->previous_in_row = f.previous;
    return 0;
}

/* --- stored entries ---------------------------------------------------------------- */

/* The client is `broker` or a path; and where a part is spoken of, it is clear
   whose. */
static bool
has_author(const struct stored *stored)
{
    const struct entry *e = &stored->entry;

    if (path_valid(e->client))
        return true;
    return text_is(e->client, "broker")
           && (!stored->accepted || e->kind != KIND_PROGRESS || stored->body.progress.has.agency);
}

bool
stored_decode(struct arena *arena, struct bytes bytes, struct stored *out)
{
    struct entry *e = &out->entry;
    struct fault fault;

    if (!record_decode(arena, &entry_record, e, bytes.at, bytes.len, &fault))
        return false;
    out->accepted = e->outcome == ACCEPTED;
    if (out->accepted
        && (!body_records[e->kind] || !e->has.body
            || !record_decode(arena, body_records[e->kind], &out->body, e->body.at, e->body.len,
                              &fault)))
        return false;
    return has_author(out);
}

int
fold_decoded(struct state *s, struct arena *arena, const struct stored *stored)
{
    const struct entry *e = &stored->entry;
    struct entry folded = *e;
    int rc = fold(s, arena, &folded, stored->accepted ? &stored->body : NULL);

    if (!rc
        && (folded.previous_in_row != e->previous_in_row
            || folded.previous_in_plan != e->previous_in_plan
            || folded.previous_in_outbox != e->previous_in_outbox))
        return -EBADMSG;
    return rc;
}

int
fold_stored(struct state *s, struct arena *arena, struct bytes entry)
{
    struct stored stored;

    return stored_decode(arena, entry, &stored) ? fold_decoded(s, arena, &stored) : -EBADMSG;
}

int
fold_alone(struct state *s, struct arena *arena, struct bytes entry)
{
    struct stored stored;

    if (!stored_decode(arena, entry, &stored) || !stored.accepted
        || stored.entry.version != RULES_VERSION)
        return -EBADMSG;
    struct folding f = {s, arena, &stored.entry, 0};
    int rc = fold_body(&f, &stored.body);
    return rc || f.previous == stored.entry.previous_in_row ? rc : -EBADMSG;
}
