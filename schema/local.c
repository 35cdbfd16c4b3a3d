#include "schema/local.h"

VOCABULARY(local_asks, "request", LOCAL_ASKS, LOCAL_ASK_COUNT);
VOCABULARY(link_states, "link", LINK_STATES, LINK_STATE_COUNT);

LOCAL_RECORDS(RECORD_TABLE)

void
local_refuse(struct arena *arena, struct answer *out, const struct fault *fault)
{
    *out = (struct answer){0};
    out->refused.code = fault->code;
    out->refused.field = text_copy(arena, text_of(fault->field));
    out->refused.reason = text_copy(arena, text_of(fault->reason));
    out->refused.has.code = out->refused.has.field = out->refused.has.reason = 1;
    out->has.refused = 1;
}
