#include "broker/commands/verify_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "schema/days.h"
#include "schema/judge.h"

static int
broken(struct verifying *v, int64_t number, const char *what)
{
    return why_set(v->why, -EBADMSG, "entry %" PRId64 ": %s", number, what);
}

/* --- by itself -------------------------------------------------------------------- */

/* An entry says exactly what its outcome keeps. */
static bool
has_its_fields(const struct entry *e)
{
    bool content = e->has.nonce && e->has.body;
    bool verdict = e->has.code && e->has.field && e->has.digest;

    if (e->outcome == ACCEPTED)
        return content && !e->has.code && !e->has.field && !e->has.digest;
    return verdict && !e->has.nonce && !e->has.body && !e->has.outcome_changed
           && !e->has.measure_changed && !e->has.note_changed;
}

static int
check_alone(struct verifying *v, const struct entry *e, int64_t number)
{
    if (e->number != number)
        return broken(v, number, "says another number of itself");
    if (e->time < v->time)
        return broken(v, number, "is of an earlier time than the one before it");
    if (e->day != day_in_london(e->time))
        return broken(v, number, "its day is not London's at its time");
    if (!has_its_fields(e))
        return broken(v, number, "has fields that do not go with its outcome");
    return 0;
}

/* --- in its outbox ------------------------------------------------------------------- */

/* n = 1, 2, 3 ... in each outbox, and one client's alone. */
static int
check_outbox(struct verifying *v, const struct entry *e)
{
    struct state_key key = state_key_of_outbox(e->outbox);
    struct chain chain;
    int rc = state_get_chain(v->folded, v->arena, &key, &chain);

    if (rc < 0)
        return rc;
    if (e->n != chain.n + 1)
        return broken(v, e->number, "its n is not the one after the outbox's last");
    if (rc && !text_equal(chain.client, e->client))
        return broken(v, e->number, "its outbox is another client's");
    return 0;
}

/* What is accepted as lost begins where the outbox ends. */
static int
check_gap(struct verifying *v, const struct entry *e, const struct board *b)
{
    struct state_key key = state_key_of_outbox(b->outbox);
    struct chain chain;
    int rc = state_get_chain(v->folded, v->arena, &key, &chain);

    if (rc < 0)
        return rc;
    if (b->from != chain.n + 1 || b->to < b->from)
        return broken(v, e->number, "accepts a gap that does not begin after the outbox's last n");
    v->lost += b->to - b->from + 1;
    return 0;
}

/* --- of the board itself --------------------------------------------------------------- */

static bool
is_founding(const struct verifying *v, const struct entry *e, const struct board *b)
{
    return text_is(e->client, "broker") && b->what == BOARD_FOUND && text_is(b->name, v->board)
           && b->key.len == KEY_SIZE && memcmp(b->key.at, v->key, KEY_SIZE) == 0;
}

static int
check_board(struct verifying *v, const struct stored *stored)
{
    const struct entry *e = &stored->entry;
    const struct board *b = &stored->body.board;
    bool of_board = stored->accepted && e->kind == KIND_BOARD;

    if (e->number == 1 && (!of_board || !is_founding(v, e, b)))
        return broken(v, 1, "is not the founding of this board under its key");
    if (of_board && e->number > 1 && b->what == BOARD_FOUND)
        return broken(v, e->number, "founds the board once more");
    return of_board && b->what == BOARD_ACCEPT_GAP ? check_gap(v, e, b) : 0;
}

/* --- of days ------------------------------------------------------------------------- */

/* Each day once and in order, and each of its parts: as it is judged when it is said. */
static int
check_rating(struct verifying *v, const struct stored *stored)
{
    const struct entry *e = &stored->entry;
    const struct author author = {.client = e->client, .broker = text_is(e->client, "broker")};
    const struct present present = {e->day, e->number - 1};
    struct findings findings;
    struct fault fault;

    if (!stored->accepted || e->kind != KIND_RATING)
        return 0;
    int rc =
        judge(v->folded, v->arena, &author, e->kind, &stored->body, &present, &findings, &fault);
    return rc ? rc < 0 ? rc : 0 : broken(v, e->number, "is not the part or day that comes next");
}

/* --- the whole ------------------------------------------------------------------------- */

int
verify_entry(struct verifying *v, int64_t number, const struct stored *stored)
{
    const struct entry *e = &stored->entry;
    int rc;

    arena_reset(v->arena);
    if ((rc = check_alone(v, e, number)) || (rc = check_outbox(v, e))
        || (rc = check_board(v, stored)) || (rc = check_rating(v, stored)))
        return rc;
    if (fold_decoded(v->folded, v->arena, stored))
        return broken(v, number, "can't be folded, or its previous numbers are wrong");
    v->time = e->time;
    if (stored->accepted)
        v->accepted[e->kind]++;
    else
        v->refused++;
    return 0;
}

int
verify_unreadable(struct verifying *v, int64_t number)
{
    return broken(v, number, "can't be read");
}
