#include "broker/backup/rebuilding.h"

#include <inttypes.h>

#include "broker/commands/progress.h"
#include "broker/ledger/catch_up_kept.h"
#include "store/state_lmdb.h"

static int
tell(void *context, int64_t number)
{
    const struct tree_head *head = context;

    progress_show("state", (uint64_t)number, head->size);
    return 0;
}

/* What was changed since the last was written on the way. */
static int
write_rest(struct keeping *keeping, const struct tree_head *head)
{
    if (keeping->applied == (int64_t)head->size)
        return 0;
    keeping_freeze(keeping, (int64_t)head->size);
    keeping_aim(keeping, head);
    int rc = keeping_write(keeping);
    return rc ? rc : keeping_written(keeping);
}

static int
fold_all(struct keeping *keeping, struct journal *journal, struct why *why)
{
    struct arena *arena = arena_new();
    struct tree_head head;
    int64_t number = 0;

    journal_head(journal, &head);
    int rc = catch_up_kept(journal, keeping, arena, &number, tell, &head);
    if (!rc)
        rc = write_rest(keeping, &head);
    arena_destroy(&arena);
    progress_show("state", (uint64_t)number, head.size);
    return rc ? why_set(why, rc, "the state can't be made of entry %" PRId64 ": %s", number + 1,
                        journal_error_text(rc))
              : 0;
}

int
rebuilding_run(const char *dir, const struct board_keys *keys, struct journal *journal,
               size_t map_bytes, struct why *why)
{
    char path[BOARD_PATH];
    struct state_mark mark;
    struct state *state;

    board_path(dir, "state", path);
    int rc = state_lmdb_open(&state, path, keys->name, map_bytes, &mark, why);
    if (rc)
        return rc;
    struct keeping keeping = keeping_in_lmdb(state, mark.applied);
    rc = fold_all(&keeping, journal, why);
    state_lmdb_close(&keeping.state);
    return rc;
}
