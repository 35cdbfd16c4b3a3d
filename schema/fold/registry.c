/* The board, its agencies and its clients. */
#include <errno.h>
#include <string.h>

#include "schema/fold/folding.h"

/* --- board ----------------------------------------------------------------- */

static int
found(struct folding *f, const struct board *b, struct board_row *row)
{
    KEEP(row, b, name);
    KEEP(row, b, title);
    KEEP(row, b, key);
    row->has.epoch = 1;
    row->rated = f->entry->day; /* nothing was there when it began */
    row->has.rated = 1;
    row->changed = f->entry->number;
    row->has.changed = row->has.last = 1;
    return 0;
}

static int
accept_gap(struct folding *f, const struct board *b)
{
    struct state_key key = state_key_of_outbox(b->outbox);
    struct chain chain;
    int rc = state_get_chain(f->s, f->arena, &key, &chain);

    if (rc < 0)
        return rc;
    chain.client = b->client;
    chain.n = b->to;
    chain.has.client = chain.has.n = chain.has.last = chain.has.count = 1;
    return state_put(f->s, TABLE_CHAINS, &key, &chain);
}

int
fold_board(struct folding *f, const struct board *b)
{
    struct state_key key = {.len = 0};
    struct board_row row = {0};
    int rc = state_get_board(f->s, f->arena, &row);

    if (rc < 0 || (!rc && b->what != BOARD_FOUND))
        return rc < 0 ? rc : -EBADMSG;
    rc = 0;
    f->previous = row.last;
    switch (b->what) {
    case BOARD_FOUND: rc = found(f, b, &row); break;
    case BOARD_RESTORE:
        row.epoch++;
        row.restored = true;
        row.has.restored = 1;
        break;
    case BOARD_OPEN:
        row.restored = false;
        row.has.restored = 0;
        break;
    case BOARD_ACCEPT_GAP: rc = accept_gap(f, b); break;
    case BOARD_CONFIRM_CLOCK:
    case BOARD_ACT_COUNT: break;
    }
    row.changed = row.last = f->entry->number;
    return rc ? rc : state_put(f->s, TABLE_BOARD, &key, &row);
}

/* --- agency ---------------------------------------------------------------- */

int
fold_agency(struct folding *f, const struct agency *a)
{
    struct state_key key = state_key_of(a->id);
    struct agency_row row = {0};
    int rc = state_get_agency(f->s, f->arena, a->id, &row);

    if (rc < 0)
        return rc;
    f->previous = row.last;
    if (!rc) {
        KEEP(&row, a, id);
        row.since = f->entry->day;
        row.added = f->entry->number;
        row.has.since = row.has.added = row.has.changed = row.has.last = 1;
    }
    KEEP(&row, a, name);
    KEEP(&row, a, sector);
    KEEP(&row, a, succeeded_by);
    KEEP(&row, a, closed);
    bool ended = a->has.succeeded_by || a->closed;
    if (!ended)
        row.ended = 0;
    else if (!row.has.ended)
        row.ended = f->entry->number;
    row.has.ended = ended;
    row.changed = row.last = f->entry->number;
    return state_put(f->s, TABLE_AGENCIES, &key, &row);
}

/* --- client ---------------------------------------------------------------- */

static bool
oversees(bool has, enum role role)
{
    return has && (role == ROLE_LEAD || role == ROLE_OBSERVER);
}

/* The index from keys to clients follows a row's two keys: both are valid until
   the first use of the next one. */
static int
move_key(struct folding *f, struct text id, struct bytes from, struct bytes to)
{
    int rc = 0;

    if (from.len == to.len && (!from.len || memcmp(from.at, to.at, from.len) == 0))
        return 0;
    if (from.len) {
        struct state_key key = state_key_of((struct text){(const char *)from.at, from.len});
        rc = state_remove(f->s, TABLE_KEYS, &key);
    }
    if (rc >= 0 && to.len) {
        struct state_key key = state_key_of((struct text){(const char *)to.at, to.len});
        rc =
            state_put_bytes(f->s, TABLE_KEYS, &key, (struct bytes){(const uint8_t *)id.at, id.len});
    }
    return rc < 0 ? rc : 0;
}

static struct bytes
valid_key(const struct client_row *row, bool next)
{
    const struct bytes none = {0};

    if (row->revoked)
        return none;
    if (next)
        return row->has.next_key ? row->next_key : none;
    return row->has.key ? row->key : none;
}

static int
put_client(struct folding *f, const struct client_row *before, const struct client_row *after)
{
    struct state_key key = state_key_of(after->id);
    int rc = move_key(f, after->id, valid_key(before, true), (struct bytes){0});

    if (!rc)
        rc = move_key(f, after->id, valid_key(before, false), valid_key(after, false));
    if (!rc)
        rc = move_key(f, after->id, (struct bytes){0}, valid_key(after, true));
    return rc ? rc : state_put(f->s, TABLE_CLIENTS, &key, after);
}

static void
forget_waiting(struct client_row *row)
{
    row->has.waiting_key = row->has.waiting_role = row->has.waiting_by = 0;
    row->waiting_key = (struct bytes){0};
}

/* What was revoked is not valid again: a client comes back by a new key. */
static void
forget_keys(struct client_row *row)
{
    row->has.key = row->has.next_key = 0;
    row->key = row->next_key = (struct bytes){0};
}

static void
set_key(struct client_row *row, struct bytes key)
{
    row->key = key;
    row->has.key = 1;
    row->has.next_key = 0;
    row->next_key = (struct bytes){0};
}

static void
confirm(struct client_row *row)
{
    if (row->has.waiting_key)
        set_key(row, row->waiting_key);
    if (row->has.waiting_role) {
        row->role = row->waiting_role;
        row->has.role = 1;
    }
    forget_waiting(row);
}

/* What an operator or the broker says of it. A new key or role of a lead or an
   observer waits for another lead, once there was a first. */
static void
enrol(struct client_row *row, const struct client *c, struct text by, bool waits)
{
    if (row->revoked && c->has.revoked && !c->revoked)
        forget_keys(row);
    bool watched = oversees(row->has.role, row->role) || oversees(c->has.role, c->role);
    bool new_role = c->has.role && (!row->has.role || c->role != row->role);
    bool new_key =
        c->has.key && (!row->has.key || memcmp(c->key.at, row->key.at, row->key.len) != 0);

    if (c->has.name)
        KEEP(row, c, name);
    if (c->has.revoked)
        KEEP(row, c, revoked);
    if (!new_role && !new_key)
        return;
    forget_waiting(row);
    if (waits && watched) {
        row->waiting_key = c->key;
        row->has.waiting_key = new_key;
        row->waiting_role = c->role;
        row->has.waiting_role = new_role;
        row->waiting_by = by;
        row->has.waiting_by = 1;
        return;
    }
    if (new_key)
        set_key(row, c->key);
    if (new_role)
        KEEP(row, c, role);
}

static int
note_first_lead(struct folding *f, struct board_row *board)
{
    struct state_key key = {.len = 0};
    board->led = true;
    board->has.led = 1;
    return state_put(f->s, TABLE_BOARD, &key, board);
}

int
fold_client(struct folding *f, const struct client *c)
{
    bool by_broker = entry_agency(f->entry).len == 0;
    struct client_row before = {0};
    struct board_row board;
    int exists = state_get_client(f->s, f->arena, c->id, &before);
    int rc = exists < 0 ? exists : state_get_board(f->s, f->arena, &board);

    if (rc != 1)
        return rc < 0 ? rc : -EBADMSG;
    struct client_row row = before;
    f->previous = row.last;
    row.id = c->id;
    row.has.id = row.has.changed = row.has.last = 1;
    if (c->confirm)
        confirm(&row);
    else if (by_broker && exists && !c->has.role)
        set_key(&row, c->key); /* its next key was used: the old one ends */
    else if (text_equal(c->id, f->entry->client)) {
        row.next_key = c->key;
        row.has.next_key = 1;
    } else
        enrol(&row, c, f->entry->client, board.led && !by_broker);
    row.changed = row.last = f->entry->number;
    if ((rc = put_client(f, &before, &row)))
        return rc;
    return row.has.role && row.role == ROLE_LEAD && !board.led ? note_first_lead(f, &board) : 0;
}

/* --- rating ---------------------------------------------------------------- */

int
fold_rating(struct folding *f, const struct rating_change *r)
{
    struct state_key key = {.len = 0};
    struct board_row board;
    struct plan_row plan;
    int rc;

    if (!r->has.plan) { /* the day is rated whole */
        if ((rc = state_get_board(f->s, f->arena, &board)) != 1)
            return rc < 0 ? rc : -EBADMSG;
        f->previous = board.last;
        board.rated = r->day;
        board.has.rated = 1;
        board.last = f->entry->number;
        return state_put(f->s, TABLE_BOARD, &key, &board);
    }
    if ((rc = state_get_plan(f->s, f->arena, r->plan, &plan)) != 1)
        return rc < 0 ? rc : -EBADMSG;
    f->previous = plan.last;
    plan.rated = r->day;
    plan.rated_part = r->part;
    plan.has.rated = plan.has.rated_part = 1;
    plan.last = f->entry->number;
    key = state_key_of(r->plan);
    return state_put(f->s, TABLE_PLANS, &key, &plan);
}
