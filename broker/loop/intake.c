/* Whether intake is open, and that it is said in the log: once when it closes, and once
   when what closed it is over.                                                      */
#include "broker/events.h"
#include "broker/loop/inside.h"
#include "schema/wire/disk.h"

/* Longer than who was put off stays away. */
#define CALM (10 * LOOP_SECOND)

enum closing
loop_closing(const struct loop *l)
{
    struct ledger *ledger = l->ledger;

    if (l->service.intake.closed != OPEN_TO_ALL)
        return l->service.intake.closed;
    if (!clock_read(&ledger->clock, l->now.host))
        return CLOSED_CLOCK;
    if (ledger_is_behind(ledger, l->now.host))
        return CLOSED_DAY;
    return ledger->restored ? CLOSED_RESTORED : OPEN_TO_ALL;
}

/* A disk that fails closes it again with the next entry: it is open once the journal has
   taken one, or none was refused for a while. */
static bool
may_close_again(const struct loop *l)
{
    return l->failures && l->now.steady - l->opened < CALM;
}

/* A day that begins closes it for a moment each night, and is told of when it is rated; that
   the broker stops is told of too. */
void
loop_tell_intake(struct loop *l)
{
    enum closing now = loop_closing(l);
    bool open = now == OPEN_TO_ALL;

    if (now == l->told || now == CLOSED_DAY || now == CLOSED_STOPPING
        || (open && may_close_again(l)))
        return;
    struct log_line line = broker_event(open ? BROKER_INTAKE_OPENED : BROKER_INTAKE_CLOSED);
    log_word(&line, "why", closing_word[open ? l->told : now]);
    log_write(&line);
    l->told = now;
}

void
loop_close(struct loop *l, enum closing why)
{
    if (l->service.intake.closed != CLOSED_STOPPING)
        l->service.intake.closed = why;
    loop_tell_intake(l);
}

/* --- what closed it is over ------------------------------------------------------ */

static bool
has_room(const struct loop *l)
{
    struct disk disk;
    int64_t reserve = l->with->options->reserve_mib << 20;

    return disk_look(l->with->dir, &disk) != 0 || disk.free >= reserve;
}

void
loop_try_to_open(struct loop *l)
{
    enum closing *closed = &l->service.intake.closed;

    if ((*closed != CLOSED_FULL && *closed != CLOSED_JOURNAL) || l->write_again || !has_room(l))
        return;
    if (!l->accepting && journal_begin_generation(l->ledger->journal, &l->generation) != 0)
        return;
    l->accepting = true;
    l->opened = l->now.steady;
    *closed = OPEN_TO_ALL;
}

void
loop_mind_room(struct loop *l)
{
    if (!has_room(l))
        loop_close(l, CLOSED_FULL);
    else
        loop_try_to_open(l);
    loop_tell_intake(l);
}

/* --- a disk that neither takes a batch nor fails ----------------------------------- */

void
loop_mind_journal(struct loop *l)
{
    bool hangs = l->syncing && l->now.steady - l->handed > VITALS_SYNC_PATIENCE;

    if (hangs == l->hangs)
        return;
    struct log_line line = broker_event(hangs ? BROKER_JOURNAL_HANGS : BROKER_JOURNAL_GOES_ON);
    log_number(&line, "durable", l->ledger->durable);
    log_write(&line);
    l->hangs = hangs;
}
