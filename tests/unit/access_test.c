#include "schema/access.h"

#include <errno.h>

#include "store/state_memory.h"
#include "tests/rows.h"
#include "tests/t.h"

struct scene {
    struct state *state;
    struct arena *arena;
};

/* police-south became police-west, and that became police: so police acts for
   both, and they for nobody but themselves and those before them. */
static void
begin(struct scene *scene)
{
    static const char *const line[] = {"police-south", "police-west", "police"};

    *scene = (struct scene){state_memory_open(), arena_new()};
    for (int i = 0; i < 3; i++) {
        struct agency_row row = {.id = text_of(line[i]), .sector = SECTOR_POLICE};
        if (i < 2) {
            row.succeeded_by = text_of(line[i + 1]);
            row.has.succeeded_by = 1;
        }
        rows_put(scene->state, TABLE_AGENCIES, state_key_of(row.id), &row);
    }
    rows_put_agency(scene->state, "health", SECTOR_HEALTH, 1);
    rows_put_agency(scene->state, "board-chair", SECTOR_PARTNERSHIP, 1);
    rows_put_agency(scene->state, "inspectorate", SECTOR_OVERSIGHT, 1);
}

static void
end(struct scene *scene)
{
    arena_destroy(&scene->arena);
    state_memory_close(&scene->state);
}

static struct author
author_of(const char *agency, enum role role)
{
    return (struct author){.agency = text_of(agency), .role = role};
}

TEST(access_acts_for_its_own_and_those_it_succeeded)
{
    static const struct {
        const char *author, *agency;
        int want;
    } rows[] = {
        {"police", "police", 1},
        {"police", "police-west", 1},
        {"police", "police-south", 1},
        {"police-west", "police-south", 1},
        {"police-west", "police", 0},
        {"police-south", "police", 0},
        {"police-south", "police-west", 0},
        {"health", "police", 0},
        {"health", "police-south", 0},
        {"police", "health", 0},
        {"police", "nobody", 0},
        {"nobody", "nobody", 1},
    };
    struct scene scene;

    begin(&scene);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct author author = author_of(rows[i].author, ROLE_AGENCY);
        int got = access_acts_for(scene.state, scene.arena, &author, text_of(rows[i].agency));
        if (got != rows[i].want)
            FAIL_WITH("%s for %s: %d", rows[i].author, rows[i].agency, got);
    }
    end(&scene);
}

TEST(access_ends_also_in_a_circle)
{
    struct agency_row row = {.id = text_of("police"), .succeeded_by = text_of("police-south")};
    struct author author = author_of("health", ROLE_AGENCY);
    struct scene scene;

    begin(&scene);
    row.has.succeeded_by = 1;
    rows_put(scene.state, TABLE_AGENCIES, state_key_of(row.id), &row);
    CHECK_INT(0, access_acts_for(scene.state, scene.arena, &author, text_of("police-west")));
    end(&scene);
}

/* clang-format off */
TEST(access_sees_a_plan_by_role_and_membership)
{
    /* members: "" is nobody, "*" is all, else one agency beside health */
    static const struct { const char *agency; enum role role; const char *members; int want; } rows[] = {
        {"board-office", ROLE_LEAD, "", 1},
        {"board-office", ROLE_LEAD, "police", 1},
        {"board-office", ROLE_LEAD, "*", 1},
        {"health", ROLE_OPERATOR, "", 0},
        {"health", ROLE_OPERATOR, "police", 0},
        {"health", ROLE_OPERATOR, "*", 0},
        {"health", ROLE_AGENCY, "", 0},
        {"health", ROLE_AGENCY, "police", 1},
        {"health", ROLE_AGENCY, "*", 1},
        {"health", ROLE_OBSERVER, "", 0},
        {"health", ROLE_OBSERVER, "police", 1},
        {"health", ROLE_OBSERVER, "*", 1},
        {"police", ROLE_AGENCY, "police", 1},
        {"police", ROLE_AGENCY, "police-south", 1},
        {"police", ROLE_OBSERVER, "police-west", 1},
        {"police", ROLE_AGENCY, "board-chair", 0},
        {"police-south", ROLE_AGENCY, "police", 0},
        {"police-south", ROLE_AGENCY, "police-south", 1},
        {"police-south", ROLE_AGENCY, "*", 1},
        {"board-chair", ROLE_AGENCY, "police", 0},
        {"board-chair", ROLE_AGENCY, "*", 1},
        {"inspectorate", ROLE_OBSERVER, "police", 0},
        {"inspectorate", ROLE_OBSERVER, "inspectorate", 1},
        {"inspectorate", ROLE_OBSERVER, "*", 1},
        {"nobody", ROLE_AGENCY, "*", 0},
    };
    struct scene scene;

    begin(&scene);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *members = rows[i].members;
        const struct joined listed[] = {rows_joined("health", 1), rows_joined(members, 1)};
        struct author author = author_of(rows[i].agency, rows[i].role);
        struct plan_row plan = {.id = text_of("neglect")};
        struct plan_row got = {.id = text_of("")};

        plan.has.all = *members == '*';
        plan.all = rows_joined("all", 1);
        plan.has.members = *members && !plan.has.all;
        plan.members.at = listed;
        plan.members.count = plan.has.members ? 2 : 0;
        if (access_sees_plan(scene.state, scene.arena, &author, &plan) != rows[i].want)
            FAIL_WITH("%s, role %d, members %s", rows[i].agency, rows[i].role, members);

        CHECK_INT(0, access_get_plan(scene.state, scene.arena, &author, text_of("neglect-2"), &got));
        rows_put(scene.state, TABLE_PLANS, state_key_of(plan.id), &plan);
        CHECK_INT(rows[i].want, access_get_plan(scene.state, scene.arena, &author, plan.id, &got));
        CHECK(text_is(got.id, "neglect") || !rows[i].want);
    }
    end(&scene);
}
/* clang-format on */

/* It rates them all. */
TEST(access_of_the_broker_itself)
{
    struct author broker = {.client = text_of("broker"), .broker = true};
    struct plan_row plan = {.id = text_of("neglect")};
    struct scene scene;

    begin(&scene);
    CHECK_INT(1, access_sees_plan(scene.state, scene.arena, &broker, &plan));
    CHECK_INT(0, access_acts_for(scene.state, scene.arena, &broker, text_of("police")));
    end(&scene);
}

TEST(access_tells_of_a_broken_row)
{
    struct author author = author_of("health", ROLE_AGENCY);
    const struct state_key police = state_key_of(text_of("police-west"));
    const struct joined member = rows_joined("police-south", 1);
    struct plan_row plan = {.id = text_of("neglect"), .members = {&member, 1}};
    struct scene scene;

    begin(&scene);
    CHECK_INT(0, state_put_bytes(scene.state, TABLE_AGENCIES, &police,
                                 (struct bytes){(const uint8_t *)"\xc1", 1}));
    CHECK_INT(-EBADMSG,
              access_acts_for(scene.state, scene.arena, &author, text_of("police-south")));
    CHECK_INT(-EBADMSG, access_sees_plan(scene.state, scene.arena, &author, &plan));
    end(&scene);
}
