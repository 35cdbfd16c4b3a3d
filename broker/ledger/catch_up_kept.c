#include "broker/ledger/catch_up_kept.h"

#include "broker/worker.h"

struct catching_up_kept {
    struct journal *journal;
    struct keeping *keeping;
    struct worker *writer; /* none as long as little was changed */
    bool writing;
    catch_up_told *told;
    void *context;
};

static int
finish_writing(struct catching_up_kept *c)
{
    int result = 0;

    if (!c->writing)
        return 0;
    c->writing = false;
    int rc = worker_wait(c->writer, &result);
    if (rc == 0)
        rc = result;
    return rc ? rc : keeping_written(c->keeping);
}

static int
begin_writing(struct catching_up_kept *c, int64_t number)
{
    struct tree_head head = {.size = (uint64_t)number};
    int rc = journal_root_at(c->journal, head.size, &head.root);

    if (rc == 0 && !c->writer)
        rc = keeping_start_writer(&c->writer);
    if (rc)
        return rc;
    keeping_freeze(c->keeping, number);
    keeping_aim(c->keeping, &head);
    worker_do(c->writer, c->keeping);
    c->writing = true;
    return 0;
}

static int
go_on(void *context, int64_t number)
{
    struct catching_up_kept *c = context;
    int rc = c->told ? c->told(c->context, number) : 0;

    if (rc || keeping_changed(c->keeping) < KEEPING_CHANGED_MAX)
        return rc;
    rc = finish_writing(c);
    return rc ? rc : begin_writing(c, number);
}

int
catch_up_kept(struct journal *journal, struct keeping *keeping, struct arena *arena,
              int64_t *number, catch_up_told *told, void *context)
{
    struct catching_up_kept c = {
        .journal = journal, .keeping = keeping, .told = told, .context = context};
    int rc = catch_up(journal, keeping->state, arena, number, go_on, &c);
    int written = finish_writing(&c);

    worker_stop(&c.writer);
    return rc ? rc : written;
}
