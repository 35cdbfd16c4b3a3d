#include "broker/options.h"

#include "schema/days.h"
#include "store/environment.h"

OPTION_RECORDS(RECORD_TABLE)

static const struct text default_listen[] = {{"tcp://127.0.0.1:5570", 20}};

void
run_option_defaults(struct run_option *o)
{
    if (!o->has.listen)
        o->listen = (struct texts){default_listen, 1};
    if (!o->has.window)
        o->window = 256;
    if (!o->has.ping_ms)
        o->ping_ms = 10000;
    if (!o->has.reserve_mib)
        o->reserve_mib = 64;
    if (!o->has.journal_gib)
        o->journal_gib = ENVIRONMENT_GIB;
    if (!o->has.state_gib)
        o->state_gib = ENVIRONMENT_GIB;
    if (!o->has.outboxes_a_day)
        o->outboxes_a_day = 1000;
    if (!o->has.entries_a_day)
        o->entries_a_day = 10000000;
}
