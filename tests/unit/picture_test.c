#include "schema/picture.h"

#include <errno.h>

#include "store/state_memory.h"
#include "tests/rows.h"
#include "tests/t.h"

/* What is there at the start of each test: an action of a plan, and agencies. */
struct scene {
    struct state *state;
    struct arena *arena;
    struct plan_row plan;
    struct action_row action;
    struct picture picture;
};

static const struct {
    const char *id;
    enum sector sector;
    int32_t since;
    int64_t ended;
} agencies[] = {
    {"board-chair", SECTOR_PARTNERSHIP, 1, 0}, {"charity", SECTOR_VOLUNTARY, 40, 0},
    {"closed-early", SECTOR_OTHER, 2, 299},    {"closed-late", SECTOR_OTHER, 3, 301},
    {"health", SECTOR_HEALTH, 4, 0},           {"housing", SECTOR_HOUSING, 5, 0},
    {"inspectorate", SECTOR_OVERSIGHT, 6, 0},  {"police", SECTOR_POLICE, 7, 0},
};

static void
begin(struct scene *scene)
{
    *scene = (struct scene){.state = state_memory_open(),
                            .arena = arena_new(),
                            .plan = {.id = text_of("neglect")},
                            .action = {.id = text_of("neglect/1")}};
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        struct agency_row row = {.id = text_of(agencies[i].id),
                                 .sector = agencies[i].sector,
                                 .since = agencies[i].since,
                                 .added = agencies[i].since * 10,
                                 .ended = agencies[i].ended};
        row.has.ended = row.ended != 0;
        rows_put(scene->state, TABLE_AGENCIES, state_key_of(row.id), &row);
    }
}

static void
end(struct scene *scene)
{
    arena_destroy(&scene->arena);
    state_memory_close(&scene->state);
}

static int
load(struct scene *scene)
{
    return picture_load(scene->state, scene->arena, &scene->plan, &scene->action, &scene->picture);
}

/* The shares as "agency since number" each, a contributor's in brackets. */
static const char *
shares(const struct scene *scene)
{
    static char out[1024];
    size_t len = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < scene->picture.count; i++) {
        const struct share *share = &scene->picture.shares[i];
        CHECK_INT(i < scene->picture.leads, share->lead);
        len += (size_t)snprintf(out + len, sizeof out - len,
                                share->lead ? "%s%.*s %d %d" : "%s(%.*s %d %d)", i ? ", " : "",
                                (int)share->agency.len, share->agency.at, share->since,
                                (int)share->number);
    }
    return out;
}

static void
lead_by_all(struct scene *scene, struct joined *assigned, int32_t since)
{
    *assigned = rows_joined("all", since);
    scene->action.leads.all = true;
    scene->action.assigned.at = assigned;
    scene->action.assigned.count = 1;
}

static void
open_to_all(struct scene *scene, int32_t since)
{
    scene->plan.all = rows_joined("all", since);
    scene->plan.has.all = 1;
}

TEST(picture_of_named_leads_and_contributors)
{
    struct scene scene;
    const struct joined members[] = {rows_joined("health", 20), rows_joined("police", 21),
                                     rows_joined("charity", 41)};
    const struct joined assigned[] = {rows_joined("police", 30), rows_joined("health", 31)};
    const struct text helps[] = {text_of("charity"), text_of("police"), text_of("housing"),
                                 text_of("charity")};
    struct part part = {.action = text_of("neglect/1"), .agency = text_of("health"), .percent = 40};

    begin(&scene);
    part.has.percent = 1;
    rows_put(scene.state, TABLE_PARTS, state_key_pair(part.action, part.agency), &part);
    part.agency = text_of("charity");
    part.percent = 50;
    rows_put(scene.state, TABLE_PARTS, state_key_pair(part.action, part.agency), &part);
    scene.plan.members.at = members;
    scene.plan.members.count = 3;
    scene.action.assigned.at = assigned;
    scene.action.assigned.count = 2;
    scene.action.contributors = (struct texts){helps, 4};

    CHECK_INT(0, load(&scene));
    /* police leads, housing is no member, charity is named twice */
    CHECK_STR("police 30 300, health 31 310, (charity 41 410)", shares(&scene));
    CHECK_INT(0, scene.picture.shares[0].part.present);
    CHECK_INT(40, scene.picture.shares[1].part.percent);
    CHECK_INT(50, scene.picture.shares[2].part.percent);
    CHECK(scene.picture.plan == &scene.plan && scene.picture.action == &scene.action);
    end(&scene);
}

TEST(picture_of_an_action_that_nobody_leads)
{
    struct scene scene;

    begin(&scene);
    CHECK_INT(0, load(&scene));
    CHECK_INT(0, scene.picture.count);
    CHECK_INT(0, scene.picture.leads);
    end(&scene);
}

TEST(picture_of_all_members)
{
    struct scene scene;
    struct joined assigned;
    const struct joined members[] = {
        rows_joined("police", 10),      rows_joined("board-chair", 10),
        rows_joined("charity", 50),     rows_joined("inspectorate", 10),
        rows_joined("health", 10),      rows_joined("closed-early", 10),
        rows_joined("closed-late", 10), rows_joined("housing", 10),
    };
    const struct exception except[] = {{.agency = text_of("housing")}};
    const struct text helps[] = {text_of("housing"), text_of("health"), text_of("board-chair")};

    begin(&scene);
    lead_by_all(&scene, &assigned, 30);
    scene.plan.members.at = members;
    scene.plan.members.count = 8;
    scene.action.except.at = except;
    scene.action.except.count = 1;
    scene.action.contributors = (struct texts){helps, 3};

    CHECK_INT(0, load(&scene));
    CHECK_STR("police 30 300, charity 50 500, health 30 300, closed-late 30 300, "
              "(housing 10 100), (board-chair 10 100)",
              shares(&scene));
    end(&scene);
}

TEST(picture_of_all_where_all_are_members)
{
    struct scene scene;
    struct joined assigned;

    begin(&scene);
    open_to_all(&scene, 20);
    lead_by_all(&scene, &assigned, 30);
    CHECK_INT(0, load(&scene));
    CHECK_STR("charity 40 400, closed-late 30 300, health 30 300, housing 30 300, police 30 300",
              shares(&scene));

    /* all became members after the action was given to all */
    open_to_all(&scene, 35);
    CHECK_INT(0, load(&scene));
    CHECK_STR("charity 40 400, health 35 350, housing 35 350, police 35 350", shares(&scene));
    end(&scene);
}

TEST(picture_of_more_agencies_than_a_list_holds)
{
    enum { MANY = 300 };
    struct scene scene;
    struct joined assigned;

    begin(&scene);
    open_to_all(&scene, 20);
    lead_by_all(&scene, &assigned, 30);
    for (int i = 0; i < MANY; i++) {
        char id[24];
        snprintf(id, sizeof id, "school-%03d", i);
        rows_put_agency(scene.state, id, SECTOR_EDUCATION, 31);
    }
    struct part part = {
        .action = text_of("neglect/1"), .agency = text_of("school-299"), .percent = 9};
    part.has.percent = 1;
    rows_put(scene.state, TABLE_PARTS, state_key_pair(part.action, part.agency), &part);

    CHECK_INT(0, load(&scene));
    CHECK_INT(MANY + 5, scene.picture.leads);
    CHECK_INT(MANY + 5, scene.picture.count);
    CHECK(text_is(scene.picture.shares[0].agency, "charity"));
    CHECK(text_is(scene.picture.shares[MANY + 4].agency, "school-299"));
    CHECK_INT(31, scene.picture.shares[MANY + 4].since);
    CHECK_INT(9, scene.picture.shares[MANY + 4].part.percent);
    end(&scene);
}

/* What no fold writes is the machine's failure, not a picture with less in it. */
TEST(picture_of_broken_rows_fails)
{
    struct scene scene;
    struct joined assigned;
    const struct joined member = rows_joined("nobody", 10);
    const struct text helps[] = {text_of("nobody")};
    const struct state_key broken = state_key_pair(text_of("neglect/1"), text_of("police"));

    begin(&scene);
    lead_by_all(&scene, &assigned, 30);
    scene.plan.members.at = &member;
    scene.plan.members.count = 1;
    CHECK_INT(-EBADMSG, load(&scene)); /* a member that the registry does not know */

    scene.action.assigned.count = 0;
    scene.plan.members.count = 0;
    CHECK_INT(-EBADMSG, load(&scene)); /* `all` since no day */

    scene.action.leads.all = false;
    scene.action.contributors = (struct texts){helps, 1};
    CHECK_INT(-EBADMSG, load(&scene));

    scene.action.contributors.count = 0;
    CHECK_INT(0, load(&scene));

    CHECK_INT(0, state_put_bytes(scene.state, TABLE_PARTS, &broken,
                                 (struct bytes){(const uint8_t *)"\xc1", 1}));
    assigned = rows_joined("police", 30);
    scene.action.assigned.count = 1;
    CHECK_INT(-EBADMSG, load(&scene));

    assigned = rows_joined("all", 30);
    scene.action.leads.all = true;
    open_to_all(&scene, 20);
    CHECK_INT(-EBADMSG, load(&scene));

    const struct joined police = rows_joined("police", 10);
    scene.plan.has.all = 0;
    scene.plan.members.at = &police;
    scene.plan.members.count = 1;
    CHECK_INT(-EBADMSG, load(&scene));

    const struct text police_helps[] = {text_of("police")};
    scene.action.leads.all = false;
    scene.action.assigned.count = 0;
    scene.action.contributors = (struct texts){police_helps, 1};
    CHECK_INT(-EBADMSG, load(&scene));
    end(&scene);
}

TEST(picture_knows_a_plans_members)
{
    const struct joined members[] = {rows_joined("police", 10), rows_joined("health", 11)};
    struct plan_row plan = {.members = {members, 2}};
    struct agency_row health = {.id = text_of("health"), .since = 5, .added = 50};
    struct agency_row schools = {.id = text_of("schools"), .since = 12, .added = 120};
    int32_t since = -1;
    int64_t number = -1;

    CHECK(plan_has_member(&plan, &health, &since, &number));
    CHECK_INT(11, since);
    CHECK_INT(110, number);
    CHECK(!plan_has_member(&plan, &schools, &since, &number));

    plan.all = rows_joined("all", 12);
    plan.has.all = 1;
    plan.all.number = 121;
    CHECK(plan_has_member(&plan, &health, &since, &number)); /* it was one before */
    CHECK_INT(110, number);
    CHECK(plan_has_member(&plan, &schools, &since, &number));
    CHECK_INT(12, since);
    CHECK_INT(121, number);
    schools.since = 13;
    schools.added = 122;
    CHECK(plan_has_member(&plan, &schools, &since, &number));
    CHECK_INT(13, since);
    CHECK_INT(122, number);
}
