/* Entries as a person reads them. */
#include "agents/cli/showing/wording.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/rating.h"
#include "tests/t.h"

static const char *
worded(struct arena *arena, const struct rating_change *r)
{
    uint8_t *bytes = arena_take(arena, BODY_MAX);
    struct entry e = {.kind = KIND_RATING, .outcome = ACCEPTED, .body = {.at = bytes}};

    e.body.len = (uint32_t)record_encode(&rating_change_record, r, bytes, BODY_MAX);
    CHECK(e.body.len > 0);
    struct text said = wording_of_entry(arena, &e);
    return text_string(arena, said);
}

TEST(wording_of_a_day_says_what_turned_into_what_and_why)
{
    struct rated changes[] = {
        {.action = text_of("da-2016/2.1"), .before = AMBER, .after = RED},
        {.action = text_of("da-2016/2.2"), .before = GREY, .after = AMBER},
    };
    struct rating_change r = {.plan = text_of("da-2016"),
                              .day = day_from_civil((struct civil){2016, 12, 13}),
                              .part = 1,
                              .parts = 1};
    struct arena *arena = arena_new();

    changes[0].reasons = reason_bit(WHY_OVERDUE) | reason_bit(WHY_SILENT);
    for (size_t i = 0; i < 2; i++)
        changes[i].has.action = changes[i].has.before = changes[i].has.after = 1;
    changes[0].has.reasons = 1;
    r.has.day = r.has.part = r.has.parts = 1;
    CHECK_STR("day 2016-12-13: rated", worded(arena, &r));
    r.changes.at = changes;
    r.changes.count = 2;
    r.has.plan = r.has.changes = 1;
    CHECK_STR(
        "day 2016-12-13: da-2016/2.1 amber to red (overdue silent), da-2016/2.2 grey to amber",
        worded(arena, &r));
    r.part = 2;
    r.parts = 3;
    r.changes.count = 1;
    CHECK_STR("day 2016-12-13, part 2 of 3: da-2016/2.1 amber to red (overdue silent)",
              worded(arena, &r));
    arena_destroy(&arena);
}
