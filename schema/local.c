#include "schema/local.h"

#include <string.h>

#define TEXT_OF(symbol, text, doc) [symbol] = (text),
#define DOC_OF(symbol, text, doc) [symbol] = (doc),
static const char *const local_ask_text[] = {LOCAL_ASKS(TEXT_OF)};
static const char *const local_ask_doc[] = {LOCAL_ASKS(DOC_OF)};
const struct vocabulary local_asks = {"request", local_ask_text, local_ask_doc, LOCAL_ASK_COUNT};

static const char *const link_state_text[] = {LINK_STATES(TEXT_OF)};
static const char *const link_state_doc[] = {LINK_STATES(DOC_OF)};
const struct vocabulary link_states = {"link", link_state_text, link_state_doc, LINK_STATE_COUNT};

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
