/* The board, its agencies and its clients. */
#include <inttypes.h>
#include <string.h>

#include "schema/ids.h"
#include "schema/judge/trial.h"

/* --- board ----------------------------------------------------------------- */

static int
board_found(struct trial *t, const struct board *b)
{
    struct board_row row;
    int rc = state_get_board(t->s, t->arena, &row);

    if (rc < 0)
        return rc;
    if (!t->author->broker)
        return REFUSE(t, FAULT_NOT_PERMITTED, "what", "only the broker itself founds a board");
    if (rc)
        return REFUSE(t, FAULT_RULE, "what", "the board is founded already");
    if (!b->has.name || !b->has.title || !b->has.key)
        return REFUSE(t, FAULT_FIELD_MISSING, "name", "found needs name, title and key");
    return 1;
}

static int
board_restore(struct trial *t, const struct board *b)
{
    if (!t->author->broker)
        return REFUSE(t, FAULT_NOT_PERMITTED, "what", "only the broker itself records a restore");
    if (!b->has.number || !b->has.root)
        return REFUSE(t, FAULT_FIELD_MISSING, "number", "restore needs number and root");
    return 1;
}

static int
board_confirm_clock(struct trial *t, const struct board *b)
{
    if (!b->has.day)
        return REFUSE(t, FAULT_FIELD_MISSING, "day", "say which day it is");
    if (b->day != t->day)
        return REFUSE(t, FAULT_DAY, "day", "is not the broker's day: mend its clock first");
    return 1;
}

static int
board_accept_gap(struct trial *t, const struct board *b)
{
    struct client_row client;
    struct chain chain;
    int rc;

    if (!b->has.client || !b->has.outbox || !b->has.from || !b->has.to)
        return REFUSE(t, FAULT_FIELD_MISSING, "outbox",
                      "accept-gap needs client, outbox, from and to");
    if ((rc = state_get_client(t->s, t->arena, b->client, &client)) < 0)
        return rc;
    if (!rc)
        return refuse_absent(t, "client");
    struct state_key key = state_key_of_outbox(b->outbox);
    if ((rc = state_get_chain(t->s, t->arena, &key, &chain)) < 0)
        return rc;
    if (rc && !text_equal(chain.client, b->client))
        return refuse_absent(t, "outbox");
    if (b->from != chain.n + 1)
        return REFUSE(t, FAULT_RULE, "from", "must be the first n that is not there");
    if (b->to < b->from)
        return REFUSE(t, FAULT_RULE, "to", "must not be before from");
    return 1;
}

static int
board_open(struct trial *t)
{
    struct board_row row;
    int rc = state_get_board(t->s, t->arena, &row);

    if (rc == 1 && !row.restored)
        return REFUSE(t, FAULT_RULE, "what", "intake is open");
    return rc;
}

int
judge_board(struct trial *t, const struct board *b)
{
    if (b->what == BOARD_FOUND)
        return board_found(t, b);
    if (b->what == BOARD_RESTORE)
        return board_restore(t, b);
    if (t->author->broker || t->author->role != ROLE_OPERATOR)
        return REFUSE(t, FAULT_NOT_PERMITTED, "", "only operators may do this");
    if (b->what == BOARD_CONFIRM_CLOCK)
        return board_confirm_clock(t, b);
    return b->what == BOARD_ACCEPT_GAP ? board_accept_gap(t, b) : board_open(t);
}

/* --- agency ---------------------------------------------------------------- */

/* Would `a`, newly succeeded by the named one, come to act for itself in the end? */
static int
check_successor(struct trial *t, const struct agency *a)
{
    struct text at = a->succeeded_by;
    struct agency_row row;
    int rc;

    for (bool first = true;; first = false) {
        if (text_equal(at, a->id))
            return REFUSE(t, FAULT_RULE, "succeeded_by", "succession would go in a circle");
        if ((rc = state_get_agency(t->s, t->arena, at, &row)) < 0)
            return rc;
        if (!rc)
            return REFUSE(t, FAULT_NOT_FOUND, "succeeded_by", "there is no such agency");
        if (first && row.closed)
            return REFUSE(t, FAULT_RULE, "succeeded_by", "that agency is closed");
        if (!row.has.succeeded_by)
            return 1;
        at = row.succeeded_by;
    }
}

static int
agency_change(struct trial *t, const struct agency *a, const struct agency_row *row)
{
    int rc = still_seen(t, a->seen, a->epoch, row->changed);

    if (rc != 1)
        return rc;
    if (row->has.succeeded_by && a->has.succeeded_by
        && !text_equal(row->succeeded_by, a->succeeded_by))
        return REFUSE(t, FAULT_RULE, "succeeded_by", "it has a successor already");
    bool returns = (row->has.succeeded_by && !a->has.succeeded_by) || (row->closed && !a->closed);
    if (returns && !a->has.reason)
        return REFUSE(t, FAULT_FIELD_MISSING, "reason", "say why the agency is no longer ended");
    return 1;
}

int
judge_agency(struct trial *t, const struct agency *a)
{
    struct agency_row row;
    int rc;

    if (!t->author->broker && t->author->role != ROLE_OPERATOR)
        return REFUSE(t, FAULT_NOT_PERMITTED, "", "only operators may do this");
    if (text_is(a->id, "all") || text_is(a->id, "broker"))
        return REFUSE(t, FAULT_RULE, "id", "is a word of the product: choose another");
    if (a->closed && a->has.succeeded_by)
        return REFUSE(t, FAULT_RULE, "closed", "an agency is succeeded or closed, not both");
    if ((rc = state_get_agency(t->s, t->arena, a->id, &row)) < 0)
        return rc;
    bool succeeded = rc == 1 && row.has.succeeded_by;
    if (rc == 1 && (rc = agency_change(t, a, &row)) != 1)
        return rc;
    return a->has.succeeded_by && !succeeded ? check_successor(t, a) : 1;
}

/* --- client ---------------------------------------------------------------- */

static int
key_is_free(struct trial *t, const struct client *c)
{
    struct client_row other;
    int rc = state_find_key(t->s, t->arena, c->key, &other);

    if (rc == 1)
        return REFUSE(t, FAULT_RULE, "key", "is in use: make a key of its own for each client");
    return rc ? rc : 1;
}

/* Its own next key, under the old one: nothing else may change with it. */
static int
client_renews(struct trial *t, const struct client *c)
{
    if (!c->has.key)
        return REFUSE(t, FAULT_FIELD_MISSING, "key",
                      "a client may change nothing of itself but its key");
    if (c->has.name || c->has.role || c->has.revoked || c->has.confirm)
        return REFUSE(t, FAULT_NOT_PERMITTED, "",
                      "a client may change nothing of itself but its key");
    return key_is_free(t, c);
}

/* While it waited it may have become another's. */
static int
waiting_key_is_free(struct trial *t, const struct client_row *row)
{
    struct client_row other;
    int rc = state_find_key(t->s, t->arena, row->waiting_key, &other);

    if (rc == 1 && !text_equal(other.id, row->id))
        return REFUSE(t, FAULT_RULE, "confirm",
                      "the key that waits is another client's by now: enrol it with a new one");
    return rc < 0 ? rc : 1;
}

static int
lead_confirms(struct trial *t, const struct client *c, const struct client_row *row)
{
    if (!row->has.waiting_key && !row->has.waiting_role)
        return REFUSE(t, FAULT_RULE, "confirm", "nothing of this client waits for confirmation");
    if (text_equal(row->waiting_by, t->author->client) || text_equal(c->id, t->author->client))
        return REFUSE(t, FAULT_NOT_PERMITTED, "confirm", "another lead must confirm it");
    if (c->has.name || c->has.role || c->has.revoked || c->has.key)
        return REFUSE(t, FAULT_RULE, "confirm", "a confirmation changes nothing else");
    return row->has.waiting_key ? waiting_key_is_free(t, row) : 1;
}

static int
operator_enrols(struct trial *t, const struct client *c)
{
    struct agency_row agency;
    int rc = state_get_agency(t->s, t->arena, path_first(c->id), &agency);

    if (rc < 0)
        return rc;
    if (!rc)
        return REFUSE(t, FAULT_NOT_FOUND, "id", "its first part must be an agency of the registry");
    if (agency.has.ended)
        return REFUSE(t, FAULT_RULE, "id", "that agency is closed, or another acts for it");
    if (!c->has.key)
        return REFUSE(t, FAULT_FIELD_MISSING, "key", "a new client needs a key");
    if (!c->has.role)
        return REFUSE(t, FAULT_FIELD_MISSING, "role", "a new client needs a role");
    return 1;
}

static bool
has_key(const struct client_row *row, struct bytes key)
{
    return (row->has.key && bytes_equal(row->key, key))
           || (row->has.next_key && bytes_equal(row->next_key, key));
}

static int
operator_changes(struct trial *t, const struct client *c, const struct client_row *row, bool exists)
{
    int rc;

    if (c->has.confirm)
        return REFUSE(t, FAULT_NOT_PERMITTED, "confirm", "only a lead may confirm");
    if (!exists && (rc = operator_enrols(t, c)) != 1)
        return rc;
    if (exists && row->revoked && c->has.revoked && !c->revoked && !c->has.key)
        return REFUSE(t, FAULT_FIELD_MISSING, "key", "a revoked client comes back by a new key");
    if (exists && row->revoked && c->has.key && has_key(row, c->key))
        return REFUSE(t, FAULT_RULE, "key",
                      "is the one that was revoked: a revoked client comes back by a new key");
    bool its_own = exists && c->has.key && has_key(row, c->key);
    return c->has.key && !its_own ? key_is_free(t, c) : 1;
}

int
judge_client(struct trial *t, const struct client *c)
{
    struct client_row row = {0};
    bool self = text_equal(c->id, t->author->client);
    bool operates = t->author->broker || t->author->role == ROLE_OPERATOR;
    bool confirms = !t->author->broker && t->author->role == ROLE_LEAD && c->confirm;

    if (!operates && !self && !confirms)
        return REFUSE(t, FAULT_NOT_PERMITTED, "", "only operators may do this");
    int exists = state_get_client(t->s, t->arena, c->id, &row);
    if (exists < 0)
        return exists;
    int rc = exists ? still_seen(t, c->seen, c->epoch, row.changed) : 1;
    if (rc != 1)
        return rc;
    if (confirms)
        return exists ? lead_confirms(t, c, &row) : refuse_absent(t, "id");
    return self ? client_renews(t, c) : operator_changes(t, c, &row, exists);
}

/* --- rating ---------------------------------------------------------------- */

/* A plan's parts follow each other, 1 first; each says something. */
static int
rate_plan(struct trial *t, const struct rating_change *r)
{
    struct plan_row plan;
    int rc = state_get_plan(t->s, t->arena, r->plan, &plan);

    if (rc != 1)
        return rc < 0 ? rc : refuse_absent(t, "plan");
    int64_t last = plan.has.rated && plan.rated == r->day ? plan.rated_part : 0;
    if (r->part != last + 1)
        return REFUSE(t, FAULT_RULE, "part", "is not the one after part %" PRId64, last);
    if (!r->changes.count)
        return REFUSE(t, FAULT_FIELD_MISSING, "changes", "a part says what changed");
    return 1;
}

int
judge_rating(struct trial *t, const struct rating_change *r)
{
    struct board_row board;
    int rc;

    if (!t->author->broker)
        return REFUSE(t, FAULT_NOT_PERMITTED, "", "only the broker itself may say this");
    if (r->day > t->day)
        return REFUSE(t, FAULT_DAY, "day", "has not begun");
    if ((rc = state_get_board(t->s, t->arena, &board)) < 0)
        return rc;
    if (!rc || r->day != board.rated + 1)
        return REFUSE(t, FAULT_RULE, "day", "is not the one after the last that was rated");
    if (r->part > r->parts)
        return REFUSE(t, FAULT_RULE, "part", "is beyond parts");
    return r->has.plan ? rate_plan(t, r) : 1;
}
