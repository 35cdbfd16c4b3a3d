#include "schema/entry.h"

#include "schema/ids.h"

static void
begin(struct entry *e, const struct entry_origin *from, enum outcome outcome)
{
    *e = (struct entry){.number = from->number,
                        .time = from->time,
                        .day = from->day,
                        .client = from->client,
                        .outbox = from->outbox,
                        .n = from->n,
                        .kind = from->kind,
                        .version = RULES_VERSION,
                        .outcome = outcome};
    e->has.number = e->has.time = e->has.day = e->has.client = e->has.outbox = e->has.n = 1;
    e->has.kind = e->has.version = e->has.outcome = 1;
    e->has.previous_in_row = e->has.previous_in_plan = e->has.previous_in_outbox = 1;
}

void
entry_accepted(struct entry *e, const struct entry_origin *from, const struct findings *found)
{
    begin(e, from, ACCEPTED);
    e->outcome_changed = found->outcome_changed;
    e->measure_changed = found->measure_changed;
    e->note_changed = found->note_changed;
    e->has.outcome_changed = found->outcome_changed;
    e->has.measure_changed = found->measure_changed;
    e->has.note_changed = found->note_changed;
    e->nonce = from->nonce;
    e->body = from->body;
    e->has.nonce = e->has.body = 1;
}

void
entry_refused(struct entry *e, const struct entry_origin *from, const struct fault *fault,
              const uint8_t digest[DIGEST_SIZE])
{
    begin(e, from, REFUSED);
    e->code = fault->code;
    e->field = text_of(fault->field);
    e->digest = (struct bytes){digest, DIGEST_SIZE};
    e->has.code = e->has.field = e->has.digest = 1;
}

struct text
entry_agency(const struct entry *entry)
{
    struct text agency = path_first(entry->client);
    return agency.len == entry->client.len ? (struct text){"", 0} : agency;
}
