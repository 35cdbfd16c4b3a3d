#include "agents/cli/watch/only.h"

struct watch_only
watch_only_of(const struct watch_option *o)
{
    struct watch_only only = {.rating = o->rag, .silent_since = o->silent_since};

    only.has.rating = o->has.rag;
    only.has.silent_since = o->has.silent_since;
    return only;
}

bool
watch_only_wants(const struct watch_only *only, const struct listed *row)
{
    return (!only->has.rating || row->rating == only->rating)
           && (!only->has.silent_since || (row->has.unheard && row->unheard < only->silent_since));
}
