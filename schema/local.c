#include "schema/local.h"

#include <string.h>

VOCABULARY(local_asks, "request", LOCAL_ASKS, LOCAL_ASK_COUNT);
VOCABULARY(link_states, "link", LINK_STATES, LINK_STATE_COUNT);

LOCAL_RECORDS(RECORD_TABLE)

void
local_refuse(struct arena *arena, struct answer *out, const struct fault *fault)
{
    *out = (struct answer){0};
    out->refused.code = fault->code;
    out->refused.field = text_of(arena_string(arena, fault->field, strlen(fault->field)));
    out->refused.reason = text_of(arena_string(arena, fault->reason, strlen(fault->reason)));
    out->refused.has.code = out->refused.has.field = out->refused.has.reason = 1;
    out->has.refused = 1;
}
