/* Feeds of the real broker, as a client without manners hears them. */
#include "schema/days.h"
#include "tests/raw.h"
#include "tests/stage.h"
#include "tests/t.h"

#define PROGRESS                                                                          \
    "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '%s', 'status': 'in-progress', " \
    "'note': 'Begun'}"

static struct raw *
open_follower(struct stage *s, const char *key, char outbox)
{
    struct raw *c = raw_open(s->rig, key, outbox);

    raw_hello(c);
    CHECK_STR("WELCOME 0", raw_hear(c));
    return c;
}

TEST(feed_shows_what_is_and_then_what_comes)
{
    struct stage s = stage_open(NULL);
    struct raw *police = open_follower(&s, "police.zpl", 'a');
    struct raw *lead = open_follower(&s, "board/lead.zpl", 'b');
    char today[DAY_TEXT];

    day_format(police->message.welcome.today, today);
    raw_say_line(lead, SAY_SUBSCRIBE, "{'id': 3, 'credit': 1000000}");
    CHECK_STR("PLANS 3: da-2016 sealed", raw_hear(lead));
    CHECK_STR("STATE 3: da-2016 sealed da-2016/1.1 grey sealed/1 amber", raw_hear(lead));
    raw_say_line(police, SAY_SUBSCRIBE, "{'id': 7, 'credit': 1000000}");
    CHECK_STR("PLANS 7: da-2016", raw_hear(police));
    CHECK_STR("STATE 7: da-2016 da-2016/1.1 grey", raw_hear(police));
    CHECK_STR("LIVE 7: 14", raw_hear(police));
    raw_submit(police, 1, PROGRESS, today);
    CHECK_STR("ACK 1", raw_hear(police));
    CHECK_STR("EVENT 7: 15 progress da-2016/1.1 green upto 15", raw_hear(police));
    CHECK_STR("LIVE 3: 14", raw_hear(lead));
    CHECK_STR("EVENT 3: 15 progress da-2016/1.1 green upto 15", raw_hear(lead));
    raw_close(&police);
    raw_close(&lead);
    stage_end(&s);
}
