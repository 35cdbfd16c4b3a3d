/* An action that is passed by, and its row passed on from where it lies, is what it is where
   all of it and of its parts is read. */
#include <stdlib.h>

#include "broker/queries/listed.h"
#include "schema/codec.h"
#include "store/state_memory.h"
#include "tests/gen.h"
#include "tests/rows.h"
#include "tests/t.h"

enum { ROUNDS = 2000, AGENCIES = 5, ROOM = 1 << 17 };

static const struct text agencies[AGENCIES] = {
    {"board", 5}, {"charity", 7}, {"health", 6}, {"police", 6}, {"school", 6}};
static const enum sector sectors_of[AGENCIES] = {SECTOR_PARTNERSHIP, SECTOR_VOLUNTARY,
                                                 SECTOR_HEALTH, SECTOR_POLICE, SECTOR_EDUCATION};

struct scene {
    struct state *state;
    struct arena *arena;
    struct plan_row plan;
    struct joined members[AGENCIES], assigned[AGENCIES];
    struct text leads[AGENCIES], helps[AGENCIES];
    struct exception except;
    struct ask ask;
};

static int32_t
some_day(void)
{
    return (int32_t)random_below(200);
}

/* All agencies are members, or some, which are listed. */
static void
put_plan(struct scene *s)
{
    uint32_t count = 0;

    s->plan = (struct plan_row){.id = text_of("p"),
                                .marking = (enum marking)random_below(MARKING_COUNT),
                                .review_days = 1 + (int64_t)random_below(90)};
    s->plan.has.marking = 1;
    for (unsigned i = 0; i < AGENCIES; i++)
        if (random_below(2))
            s->members[count++] = rows_joined(agencies[i].at, some_day());
    s->plan.members.at = s->members;
    s->plan.members.count = count;
    if (random_below(2))
        s->plan.all = rows_joined("all", some_day());
    s->plan.has.all = s->plan.all.has.agency;
}

/* What is not all chance, else it would hardly ever matter: who has a share in the action, of
   whom the registry knows, and who is asked for an answer. */
static void
share_out(struct scene *s, struct action_row *row)
{
    uint32_t leads = 0, helps = 0;

    for (unsigned i = 0; i < AGENCIES; i++) {
        if (random_below(3) == 0) {
            s->assigned[leads] = rows_joined(agencies[i].at, some_day());
            s->leads[leads++] = agencies[i];
        }
        if (random_below(4) == 0)
            s->helps[helps++] = agencies[i];
    }
    row->leads = (struct who){{s->leads, leads}, random_below(3) == 0};
    if (row->leads.all)
        s->assigned[0] = rows_joined("all", some_day());
    row->assigned.at = s->assigned;
    row->assigned.count = row->leads.all ? 1 : leads;
    row->contributors = (struct texts){s->helps, helps};
    s->except = (struct exception){.agency = agencies[2], .reason = text_of("so")};
    s->except.has.agency = s->except.has.reason = 1;
    row->except.at = &s->except;
    row->except.count = (uint32_t)random_below(2);
    row->has.leads = row->has.assigned = row->has.contributors = row->has.except = 1;
}

static void
ask(struct scene *s, struct action_row *row)
{
    s->ask = (struct ask){.number = (int64_t)random_below(2000), .reply_by = some_day()};
    s->ask.has.number = s->ask.has.reply_by = 1;
    row->asks.at = &s->ask;
    row->asks.count = 1;
    row->has.asks = 1;
    row->standing = random_below(2) ? STANDING_OPEN : row->standing;
}

static void
put_action(struct scene *s)
{
    struct action_row row;

    gen_record(s->arena, &action_row_record, GEN_SMALL, &row);
    share_out(s, &row);
    ask(s, &row);
    row.id = text_of("p/1");
    rows_put(s->state, TABLE_ACTIONS, state_key_of(row.id), &row);
}

static void
put_parts(struct scene *s)
{
    for (unsigned i = 0; i < AGENCIES; i++) {
        struct part part;
        if (random_below(3) == 0)
            continue;
        gen_record(s->arena, &part_record, GEN_SMALL, &part);
        part.action = text_of("p/1");
        part.agency = agencies[i];
        part.replied = (int64_t)random_below(2000);
        part.status = random_below(2) ? CLAIM_COMPLETE : part.status;
        part.evidence.count = part.evidence.count > 1 ? 1 : part.evidence.count;
        rows_put(s->state, TABLE_PARTS, state_key_pair(part.action, part.agency), &part);
    }
}

static void
open_scene(struct scene *s)
{
    *s = (struct scene){.state = state_memory_open(), .arena = arena_new()};
    for (unsigned i = 0; i < AGENCIES; i++)
        rows_put_agency(s->state, agencies[i].at, sectors_of[i], some_day());
    put_plan(s);
    put_action(s);
    put_parts(s);
}

static void
close_scene(struct scene *s)
{
    arena_destroy(&s->arena);
    state_memory_close(&s->state);
}

static size_t
encode_whole(struct scene *s, int32_t day, uint8_t *out)
{
    struct action_row row;
    struct listed_action action;

    CHECK_INT(1, state_get_action(s->state, s->arena, text_of("p/1"), &row));
    CHECK_INT(0, listed_load(s->state, s->arena, &s->plan, &row, day, &action));
    return record_encode(&listed_record, &action.listed, out, ROOM);
}

static size_t
encode_in_passing(struct scene *s, int32_t day, uint8_t *out)
{
    const struct state_key prefix = state_key_of(text_of("p/"));
    struct listed_action action;
    struct row_places places;
    struct action_row row;
    struct state_walk walk;

    state_walk_begin(&walk, TABLE_ACTIONS, &prefix);
    CHECK_INT(1,
              state_walk_peek(s->state, s->arena, &walk, picture_sketched.present, &row, &places));
    CHECK_INT(0, listed_sketch(s->state, s->arena, &s->plan, &row, day, &action));
    size_t len = listed_encode(&action, &places, out, ROOM);
    CHECK(!len || !listed_encode(&action, &places, out, len - 1));
    return listed_encode(&action, &places, out, ROOM);
}

TEST(listed_in_passing_is_what_is_listed_whole)
{
    uint8_t *whole = malloc(ROOM);
    uint8_t *passing = malloc(ROOM);

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct scene s;
        open_scene(&s);
        int32_t day = some_day();
        size_t len = encode_whole(&s, day, whole);
        CHECK(len > 0);
        CHECK_INT(len, encode_in_passing(&s, day, passing));
        CHECK(memcmp(whole, passing, len) == 0);
        close_scene(&s);
    }
    free(whole);
    free(passing);
}
