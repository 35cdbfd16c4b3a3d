/* The state is written behind the journal, by a thread of its own, while the loop goes on
   with what comes next: now and then, so that a row that is changed often is written once. */
#include "broker/loop/inside.h"

#define WRITE_AFTER (5 * LOOP_SECOND)
#define WRITE_IDLE (200 * LOOP_MS)
#define WRITE_AGAIN LOOP_SECOND

static bool
is_written(const struct loop *l)
{
    return l->ledger->keeping->applied == l->ledger->number;
}

/* On the way out what can't be written, or not in time, is left to the next start, which
   folds it again. */
bool
loop_has_kept(const struct loop *l)
{
    return is_written(l) || (l->stop_by && (l->write_again || l->now.steady >= l->stop_by));
}

/* While it can't be written intake is closed, and nothing is folded anyway. */
bool
loop_is_behind(const struct loop *l)
{
    const struct keeping *k = l->ledger->keeping;
    return k->frozen && !l->write_again && keeping_changed(k) >= KEEPING_BEHIND;
}

static bool
freeze_is_due(const struct loop *l)
{
    const struct keeping *k = l->ledger->keeping;

    return !k->frozen && !is_written(l)
           && (keeping_changed(k) >= KEEPING_CHANGED_MAX
               || l->now.steady - l->first_fold >= WRITE_AFTER
               || l->now.steady - l->last_fold >= WRITE_IDLE || l->stop_by);
}

int64_t
loop_state_due(const struct loop *l)
{
    int64_t idle = l->last_fold + WRITE_IDLE;
    int64_t late = l->first_fold + WRITE_AFTER;

    if (l->writing || is_written(l))
        return INT64_MAX;
    if (l->ledger->keeping->frozen)
        return l->write_again ? l->write_again : INT64_MAX;
    return idle < late ? idle : late;
}

/* What could not be written stays frozen and is tried again; intake is closed until then. */
static int
heed(struct loop *l, int result)
{
    bool again = l->write_again != 0;

    l->writing = false;
    l->write_again = 0;
    if (result == 0)
        return keeping_written(l->ledger->keeping);
    if (!loop_may_recover(result))
        return result;
    l->write_again = l->now.steady + WRITE_AGAIN;
    if (!again)
        loop_close_for_state(l, result);
    return 0;
}

int
loop_mind_state(struct loop *l)
{
    struct keeping *k = l->ledger->keeping;
    int result;
    int rc = l->writing && worker_take(l->writer, &result) ? heed(l, result) : 0;

    if (rc)
        return rc;
    if (freeze_is_due(l)) {
        ledger_freeze(l->ledger);
        l->first_fold = 0;
    }
    if (keeping_is_aimed(k) && !l->writing && l->now.steady >= l->write_again) {
        worker_do(l->writer, k);
        l->writing = true;
    }
    return 0;
}

int
loop_finish_writing(struct loop *l)
{
    int result;

    if (!l->writing)
        return 0;
    int rc = worker_wait(l->writer, &result);
    return rc ? rc : heed(l, result);
}
