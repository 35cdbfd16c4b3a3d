/* Entries that no broker writes are no entries, whatever their bytes say. */
#include "schema/fold.h"

#include <errno.h>

#include "schema/codec.h"
#include "schema/entry.h"
#include "store/state_memory.h"
#include "tests/hearing.h"
#include "tests/t.h"

/* The last entry of the hearing, said by another client, folded where it belongs. */
static int
fold_as(struct hearing *h, const char *client)
{
    static uint8_t stored[BODY_MAX + 2048];
    struct state *s = state_memory_open();
    struct fault fault;
    struct entry e;

    arena_reset(h->arena);
    for (int64_t i = 0; i + 1 < h->number; i++)
        CHECK_INT(0, fold_stored(s, h->arena, (struct bytes){h->entries[i].at, h->entries[i].len}));
    CHECK(record_decode(h->arena, &entry_record, &e, h->entries[h->number - 1].at,
                        h->entries[h->number - 1].len, &fault));
    e.client = text_of(client);
    size_t len = record_encode(&entry_record, &e, stored, sizeof stored);
    int rc = fold_stored(s, h->arena, (struct bytes){stored, (uint32_t)len});
    state_memory_close(&s);
    return rc;
}

TEST(fold_refuses_a_client_that_can_not_be)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("accepted", hearing_say(h, "police/crm",
                                      "{'kind': 'progress', 'action': 'p/1', 'on': "
                                      "'2016-04-01', 'note': 'x'}"));
    CHECK_INT(0, fold_as(h, "police/crm"));
    CHECK_INT(-EBADMSG, fold_as(h, "pol\x15"
                                   "ce/crm"));
    CHECK_INT(-EBADMSG, fold_as(h, "police"));
    CHECK_INT(-EBADMSG, fold_as(h, "broker")); /* whose part? */
    hearing_close(h);
}
