/* When the journal can't be written, or the state. Nothing that was not durable
   has been told to anyone, so nothing of it has happened: the queue is dropped,
   the state goes back, and what was asked is asked again. While there is no room,
   or no journal, asking again means RETRY for each outbox.                     */
#include <errno.h>

#include "broker/access.h"
#include "broker/events.h"
#include "broker/loop/inside.h"
#include "store/state_lmdb.h"

enum { FAILURES_MAX = 3 }; /* in a row, before the journal is left alone for a while */

static bool
is_full(int error)
{
    return error == JOURNAL_FULL || state_lmdb_is_full(error);
}

bool
loop_may_recover(int error)
{
    return is_full(error) || error == -EIO || error == JOURNAL_CONFLICT
           || error == JOURNAL_GENERATION;
}

void
loop_close_for_state(struct loop *l, int cause)
{
    struct log_line line = broker_event(BROKER_STATE_WRITE_FAILED);

    log_number(&line, "code", cause);
    log_word(&line, "reason", journal_error_text(cause));
    log_number(&line, "number", l->ledger->keeping->frozen);
    log_write(&line);
    loop_close(l, is_full(cause) ? CLOSED_FULL : CLOSED_JOURNAL);
}

/* Once, until it can be written again. */
static void
log_failure(struct loop *l, int cause)
{
    struct log_line line = broker_event(BROKER_WRITE_FAILED);

    l->vitals.failures++;
    if (l->failures)
        return;
    log_number(&line, "code", cause);
    log_word(&line, "reason", journal_error_text(cause));
    log_number(&line, "durable", l->ledger->durable);
    log_number(&line, "dropped", l->ledger->number - l->ledger->durable);
    log_write(&line);
}

/* Each in its order. After an error the rest is only kept. */
static int
handle_again(struct loop *l)
{
    struct hub_frame frame;
    int rc = 0;

    for (size_t count = held_count(&l->held); count; count--) {
        (void)held_pop(&l->held, &frame);
        if (rc == 0)
            rc = loop_handle(l, &frame);
        else
            held_push(&l->held, &frame, INT64_MAX);
    }
    return rc;
}

/* What the journal has in hand is waited for: it may yet become durable. */
static int
go_back(struct loop *l, int cause)
{
    int rc = loop_finish_sync(l);
    if (rc && !loop_may_recover(rc))
        return rc;
    if ((rc = loop_finish_writing(l)))
        return rc;
    outgoing_release(&l->out, l->ledger->durable);
    held_release(&l->held, l->ledger->durable);

    log_failure(l, cause);
    outgoing_drop(&l->out);
    sessions_roll_back(l->service.sessions, l->ledger->durable);
    feeds_roll_back(&l->service.feeds, l->ledger->durable);
    newday_forget(&l->newday);
    l->accepting = false;
    rc = ledger_roll_back(l->ledger);
    l->folded = l->ledger->number;
    l->first_fold = l->last_fold = l->now.steady;
    l->write_again = 0;
    return rc ? rc : loop_swap_keys(l);
}

int
loop_recover(struct loop *l, int cause)
{
    while (cause < 0 && loop_may_recover(cause)) {
        int rc = go_back(l, cause);
        if (rc)
            return rc;
        loop_close(l, is_full(cause) ? CLOSED_FULL : CLOSED_JOURNAL);
        if (++l->failures < FAILURES_MAX)
            loop_try_to_open(l);
        cause = handle_again(l);
    }
    return cause;
}
