/* What a service tells whoever watches over it, message by message. */
#include "schema/wire/supervisor.h"

#include <stdlib.h>
#include <string.h>

#include "tests/scratch.h"
#include "tests/t.h"
#include "tests/watchman.h"

enum { SECOND = 1000000 };

static struct scratch scratch;

static void
begin(struct watchman *w, const char *patience)
{
    scratch_make(&scratch);
    watchman_open(w, scratch_file(&scratch, "notify"));
    CHECK_INT(0, putenv(w->environment));
    CHECK_INT(0, patience ? setenv("WATCHDOG_USEC", patience, 1) : unsetenv("WATCHDOG_USEC"));
}

static void
end(struct watchman *w)
{
    CHECK_INT(0, unsetenv("NOTIFY_SOCKET"));
    CHECK_INT(0, unsetenv("WATCHDOG_USEC"));
    watchman_close(w);
    scratch_remove(&scratch);
}

TEST(supervisor_is_told_how_it_stands_only_when_that_has_changed)
{
    struct watchman w;
    struct supervisor s;

    begin(&w, NULL);
    supervisor_ready(&s);
    CHECK_STR("READY=1\n", watchman_look(&w));
    supervisor_alive(&s, SECOND, "entry 1");
    CHECK_STR("STATUS=entry 1\n", watchman_look(&w));
    supervisor_alive(&s, 2 * SECOND, "entry 1");
    CHECK_STR("", watchman_look(&w));
    supervisor_alive(&s, 3 * SECOND, "entry 2");
    CHECK_STR("STATUS=entry 2\n", watchman_look(&w));
    supervisor_stopping();
    CHECK(strstr(watchman_look(&w), "STOPPING=1 STATUS=stopping"));
    end(&w);
}

TEST(supervisor_feeds_the_watchdog_twice_in_its_patience)
{
    struct watchman w;
    struct supervisor s;

    begin(&w, "10000000");
    supervisor_ready(&s);
    supervisor_alive(&s, 100 * SECOND, "");
    CHECK_STR("READY=1\nWATCHDOG=1\n", watchman_look(&w));
    supervisor_alive(&s, 105 * SECOND - 1, "");
    CHECK_STR("", watchman_look(&w));
    supervisor_alive(&s, 105 * SECOND, "");
    CHECK_STR("WATCHDOG=1\n", watchman_look(&w));
    end(&w);
}

TEST(supervisor_text_cannot_say_anything_else)
{
    struct watchman w;

    begin(&w, NULL);
    supervisor_failed("no file \"a\nREADY=1\"");
    CHECK_STR("STATUS=no file \"a READY=1\"\n", watchman_look(&w));
    supervisor_starting("entry 1\n of 2");
    CHECK_STR("EXTEND_TIMEOUT_USEC=120000000 STATUS=entry 1  of 2\n", watchman_look(&w));
    end(&w);
}

TEST(supervisor_need_not_be_there)
{
    struct supervisor s;

    CHECK_INT(0, unsetenv("NOTIFY_SOCKET"));
    supervisor_ready(&s);
    supervisor_alive(&s, SECOND, "entry 1");
    supervisor_stopping();
    CHECK_INT(0, s.feed_every);
}
