/* The first walk through the rules: one action from its plan to its close. */
#include "tests/hearing.h"
#include "tests/t.h"

TEST(hearing_an_action_goes_from_plan_to_close)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-30");
    CHECK_STR("grey", hearing_rating(h, "p/1"));
    CHECK_STR("accepted",
              hearing_say(h, "police/crm",
                          "{\"kind\": \"progress\", \"action\": \"p/1\", \"on\": \"2016-04-01\","
                          " \"status\": \"in-progress\", \"note\": \"begun\"}"));
    CHECK_STR("green", hearing_rating(h, "p/1"));
    CHECK_STR(
        "gate override",
        hearing_say(
            h, "board/lead",
            "{\"kind\": \"decision\", \"action\": \"p/1\", \"what\": \"assure\", \"seen\": SEEN}"));
    hearing_close(h);
}
