/* maat-agent on a real broker: its socket. */
#include <string.h>

#include "tests/desk.h"
#include "tests/t.h"

TEST(agent_brings_an_update_to_the_broker_and_its_verdict_back)
{
    struct desk *d = desk_open(NULL);

    CHECK_STR("{\"queued\":1}",
              desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'status': 'in-progress', 'note': "
                          "'begun'}"));
    const char *said =
        desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'percent': 40, 'wait': true}");
    CHECK(strncmp(said, "{\"queued\":2,\"accepted\":", 23) == 0);
    said = desk_say(d, "{'kind': 'progress', 'action': 'da/2', 'percent': 40, 'wait': true}");
    CHECK(strstr(said, "\"queued\":3,\"refused\":{\"code\":\"rule\",\"field\":\"agency\""));
    const struct agent_status *status = desk_settle(d);
    CHECK_INT(3, status->last);
    CHECK_INT(1, status->refused);
    CHECK(text_is(status->client, "police/crm"));
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}
