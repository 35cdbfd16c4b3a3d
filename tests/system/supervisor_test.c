/* The services under a supervisor that hears what they tell it. */
#include <string.h>

#include "tests/desk.h"
#include "tests/t.h"
#include "tests/watchman.h"

/* Under a watchdog that wants to be fed all the time. */
static char *environment[] = {NULL, (char *)(uintptr_t) "WATCHDOG_USEC=1000", NULL};

static void
watch(struct watchman *w, struct rig *r)
{
    watchman_open(w, rig_path(r, "notify"));
    environment[0] = w->environment;
    r->settings = environment;
}

/* Each once a second at most, from the loop. */
static void
hear_it_live(struct watchman *w)
{
    watchman_await(w, "WATCHDOG=1\n");
    watchman_await(w, "WATCHDOG=1\n");
}

TEST(supervisor_of_the_broker_hears_that_it_serves_lives_and_stops)
{
    struct rig *r = rig_open();
    struct watchman w;

    rig_init_board(r);
    watch(&w, r);
    rig_start_broker(r, NULL);
    watchman_await(&w, "READY=1\n");
    struct caller *lead = caller_open(r, "board/lead.zpl");
    watchman_await(&w, "STATUS=entry 4, 1 client connected\n");
    hear_it_live(&w);
    caller_close(&lead);
    rig_signal(r->broker, SIGTERM);
    watchman_await(&w, "STOPPING=1 STATUS=stopping");
    CHECK_INT(0, rig_wait(r->broker));
    watchman_close(&w);
    rig_close(r);
}

TEST(supervisor_hears_why_a_service_could_not_begin)
{
    struct rig *r = rig_open();
    struct watchman w;

    watch(&w, r);
    CHECK_INT(1, rig_run(r, "maat-broker run board"));
    watchman_await(&w, "STATUS=board/board.zpl can't be read: ");
    CHECK(strstr(w.heard, "`maat-broker init` makes one"));
    CHECK_INT(1, rig_run(r, "maat-agent run --key none.zpl --outbox outbox"));
    CHECK(strstr(r->output, "event=failed reason=\"key none.zpl: "));
    watchman_await(&w, "STATUS=key none.zpl: ");
    rig_init_board(r);
    CHECK_INT(1, rig_run(r, "maat-broker run board --listen here"));
    CHECK(strstr(r->output, "event=failed reason=\"here can't be listened on"));
    watchman_await(&w, "STATUS=here can't be listened on");
    CHECK(!strstr(w.heard, "READY"));
    watchman_close(&w);
    rig_close(r);
}

TEST(supervisor_of_the_agent_hears_how_much_waits)
{
    struct desk *d = desk_open(NULL);
    struct watchman w;

    CHECK_INT(0, desk_stop(d, SIGTERM));
    watch(&w, d->rig);
    desk_start(d);
    watchman_await(&w, "READY=1\n");
    watchman_await(&w, " as police/crm, 0 waiting, 0 refused\n");
    CHECK(strstr(w.heard, "STATUS=connected to ipc://"));
    hear_it_live(&w);
    rig_signal(d->rig->broker, SIGTERM);
    CHECK_INT(0, rig_wait(d->rig->broker));
    CHECK_STR("{\"queued\":1}",
              desk_say(d, "{'kind': 'progress', 'action': 'da/1', 'status': 'in-progress'}"));
    watchman_await(&w, ", 1 waiting, 0 refused\n");
    CHECK_INT(0, desk_stop(d, SIGTERM));
    watchman_await(&w, "STOPPING=1");
    watchman_close(&w);
    desk_close(&d);
}
