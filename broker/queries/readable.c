#include "broker/queries/readable.h"

#include <errno.h>

#include "schema/access.h"
#include "schema/codec.h"
#include "schema/fold.h"
#include "schema/ids.h"

int
readable_place(const struct querying *q, const struct entry *entry, struct place *out)
{
    struct fault fault;
    union body body;

    if (!record_decode(q->ledger->arena, body_records[entry->kind], &body, entry->body.at,
                       entry->body.len, &fault))
        return -EBADMSG;
    place_of(entry->kind, &body, entry_agency(entry), out);
    return 0;
}

int
readable_plan(const struct querying *q, const struct entry *entry, struct text *id)
{
    struct place place;
    int rc = readable_place(q, entry, &place);

    if (rc)
        return rc;
    uint32_t len = place.plan_chain.len - 1; /* its key begins with a letter for the kind */
    *id = (struct text){arena_copy(q->ledger->arena, place.plan_chain.at + 1, len), len};
    return 0;
}

static int
sees_plan_of(const struct querying *q, const struct entry *entry)
{
    struct plan_row plan;
    struct text id;
    int rc = readable_plan(q, entry, &id);

    if (rc < 0)
        return rc;
    if (!id.len) /* also that a day is rated: it is said whatever the day changed */
        return 1;
    return access_get_plan(q->ledger->state, q->ledger->arena, q->author, id, &plan);
}

int
readable(const struct querying *q, const struct entry *entry)
{
    enum role role = q->author->role;

    if (entry->outcome == REFUSED)
        return role == ROLE_LEAD ? 1
                                 : access_acts_for(q->ledger->state, q->ledger->arena, q->author,
                                                   entry_agency(entry));
    if (entry->kind == KIND_CLIENT)
        return role == ROLE_LEAD || role == ROLE_OPERATOR;
    return sees_plan_of(q, entry);
}
