#include "agents/agency/commands/waiting.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "agents/agency/commands/each_board.h"
#include "agents/agency/options.h"
#include "agents/libmaat/maat.h"
#include "schema/wire/program.h"

enum { MIB = 1024 * 1024 };

/* Over all outboxes of the folder: an earlier one may hold refusals still. */
static int
count(struct maat_outbox *outboxes, int64_t *queued, int64_t *refused)
{
    struct maat_outbox_id id = {{0}};
    struct maat_counts counts;
    int rc;

    while ((rc = maat_outbox_each(outboxes, &id)) == 1) {
        if ((rc = maat_outbox_count(outboxes, &id, &counts)))
            return rc;
        *queued += counts.queued;
        *refused += counts.refused;
    }
    return rc;
}

static int
cannot(const char *dir, const char *reason)
{
    (void)fprintf(stderr, "maat-agent: the outbox %s can't be read: %s\n", dir, reason);
    return EXIT_MACHINE;
}

static int
look_into(const struct agent_option *o, struct arena *arena)
{
    const char *dir = text_string(arena, o->outbox);
    int64_t queued = 0;
    int64_t refused = 0;
    struct maat_outbox *outboxes;
    struct maat_fault why;

    if (access(dir, F_OK) == 0) {
        if (maat_outbox_open(&outboxes, dir, (size_t)o->outbox_mib * MIB, false, &why))
            return cannot(dir, why.reason);
        int rc = count(outboxes, &queued, &refused);
        maat_outbox_close(&outboxes);
        if (rc)
            return cannot(dir, maat_error_text(rc));
    }
    printf("%s: %" PRId64 " not sent, %" PRId64 " refused and not seen by anyone\n", dir, queued,
           refused);
    return queued || refused ? EXIT_REFUSED : EXIT_DONE;
}

static int
look_at_board(const struct invocation *in, struct arena *arena, void *context)
{
    struct option_values values = in->own;
    struct agent_option o;
    struct fault fault;

    (void)context;
    return agent_settings(arena, &in->common, &values, &o, &fault) ? look_into(&o, arena)
                                                                   : program_usage(in, &fault);
}

int
agent_waiting(const struct invocation *in, struct arena *arena)
{
    return each_board(in, arena, &in->own, true, look_at_board, NULL);
}
