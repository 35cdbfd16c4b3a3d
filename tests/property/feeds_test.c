/* Whoever follows hears what it may see: nothing more, nothing less, in order, once. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/feed_audience.h"
#include "tests/t.h"

enum { HISTORIES = 200, STEPS_LEAST = 20, STEPS_MORE = 80, LONG_ONE_IN = 64, FAR = 1500 };

/* Judging waits for the journal, as in the loop. */
static void
mind_batches(struct audience *a)
{
    while (a->broker->board.ledger.pending.sealed > 1) {
        small_broker_sync(a->broker);
        audience_turn(a);
    }
}

/* How soon what happens is told: at once; a slice at a time, between other things; or
   late, and much together. */
enum pace { PACE_AT_ONCE, PACE_BY_SLICES, PACE_LATE, PACES };

static void
tell(struct audience *a, enum pace pace)
{
    if (pace == PACE_BY_SLICES && random_below(2))
        audience_turn(a);
    if (pace == PACE_BY_SLICES && random_below(3) == 0)
        small_broker_sync(a->broker);
    if (pace != PACE_AT_ONCE && random_below(12))
        return;
    audience_settle(a);
    if (random_below(4) == 0)
        audience_check(a);
}

static void
step(struct audience *a, struct story *story, enum pace pace)
{
    a->broker->now.steady += (int64_t)random_below(2000000);
    mind_batches(a);
    switch (random_below(16)) {
    case 0:
    case 1:
    case 2:
    case 3: audience_acts(a); break;
    case 4: small_broker_sync(a->broker); break;
    case 5: audience_turn(a); break;
    case 6:
        if (random_below(8) == 0)
            audience_failure(a);
        break;
    default: story_goes_on(story);
    }
    tell(a, pace);
}

/* So that whoever comes late is far behind. */
static void
go_far(struct audience *a, struct story *story)
{
    story->talkative = false;
    for (int i = 0; i < FAR; i++) {
        mind_batches(a);
        a->broker->now.steady += 10000000;
        if (random_below(8))
            story_says_more(story);
        else
            story_goes_on(story);
    }
}

struct count {
    int64_t events, leaks, losses, disorder;
};

static void
live_through(int history, struct count *count)
{
    struct small_broker broker;
    struct audience audience;
    struct story story;

    small_broker_open(&broker, audience_hear, &audience);
    story_begin(&story, &broker);
    audience_begin(&audience, &story, history);
    story.talkative = random_below(4) == 0;
    if (random_below(LONG_ONE_IN) == 0)
        go_far(&audience, &story);
    enum pace pace = (enum pace)random_below(PACES);
    for (uint64_t steps = STEPS_LEAST + random_below(STEPS_MORE); steps; steps--)
        step(&audience, &story, pace);
    audience_come_together(&audience);
    count->events += audience.events;
    count->leaks += audience.leaks;
    count->losses += audience.losses;
    count->disorder += audience.disorder;
    small_broker_close(&broker);
    story_end(&story);
    audience_end(&audience);
}

/* What the broker logs of it is of no use here. */
static int
turn_log_off(void)
{
    int nowhere = open("/dev/null", O_WRONLY);
    int log = dup(STDERR_FILENO);

    CHECK(nowhere >= 0 && log >= 0 && dup2(nowhere, STDERR_FILENO) >= 0);
    close(nowhere);
    return log;
}

static void
turn_log_on(int log)
{
    CHECK(dup2(log, STDERR_FILENO) >= 0);
    close(log);
}

/* HISTORIES=n in the environment: so many of them. */
TEST(feeds_tell_everyone_what_it_may_see_in_order_once)
{
    const char *env = getenv("HISTORIES");
    int histories = env ? atoi(env) : HISTORIES;
    struct count count = {0};
    int history = 0;
    int log = turn_log_off();

    while (history < histories && !(count.leaks + count.losses + count.disorder))
        live_through(++history, &count);
    turn_log_on(log);
    printf("     histories %d, events %" PRId64 ", leaks %" PRId64 ", losses %" PRId64
           ", out of order %" PRId64 "\n",
           history, count.events, count.leaks, count.losses, count.disorder);
    if (count.leaks + count.losses + count.disorder)
        test_fail();
}
