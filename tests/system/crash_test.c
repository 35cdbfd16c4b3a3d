/* The real broker, killed, stopped and ended under load: nothing acknowledged is
   lost, nothing is there twice, and each outbox keeps its order. */
#include "tests/crowd.h"
#include "tests/raw.h"
#include "tests/t.h"

#define PROGRESS "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', 'percent': 7}"

enum { KILLS = 20, QUEUED_EACH = 40, STEPS = 60 };

/* Some way into the work: random, and never after its end. */
static void
step_a_while(struct crowd *w)
{
    for (uint64_t steps = random_below(STEPS); steps && crowd_step(w); steps--)
        continue;
}

static int64_t
entries(struct stage *s)
{
    (void)caller_ask(s->lead, "{'id': 1, 'what': 'plans'}");
    return s->lead->seen;
}

TEST(crash_the_broker_is_killed_at_random_moments_and_nothing_is_lost_or_doubled)
{
    struct stage s = stage_open(NULL);
    struct crowd w;

    crowd_open(&w, &s);
    int64_t before = entries(&s);
    stage_leave(&s);
    for (int kill = 0; kill < KILLS; kill++) {
        crowd_queue(&w, QUEUED_EACH);
        step_a_while(&w);
        rig_signal(s.rig->broker, SIGKILL);
        CHECK_INT(-SIGKILL, rig_wait(s.rig->broker));
        stage_verify(&s);
        rig_start_broker(s.rig, NULL);
    }
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    stage_stop(&s);
    crowd_count(&w, &s, before);
    stage_close(&s);
}

TEST(crash_the_broker_is_ended_under_load_and_ends_well)
{
    struct stage s = stage_open(NULL);
    struct crowd w;

    crowd_open(&w, &s);
    int64_t before = entries(&s);
    stage_leave(&s);
    for (int i = 0; i < 3; i++) {
        crowd_queue(&w, QUEUED_EACH);
        step_a_while(&w);
        stage_stop(&s);
        stage_verify(&s);
        CHECK(strstr(s.rig->output, "equals refold"));
        rig_start_broker(s.rig, NULL);
    }
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    stage_stop(&s);
    crowd_count(&w, &s, before);
    stage_close(&s);
}

static bool
everybody_is_open(struct crowd *w)
{
    for (int i = 0; i < CROWD; i++)
        if (client_link(w->producers[i]->session)->state != LINK_OPEN)
            return false;
    return true;
}

static bool
somebody_is_cut_off(struct crowd *w)
{
    for (int i = 0; i < CROWD; i++)
        if (strstr(client_state(w->producers[i]->session), peer_event_text(PEER_LOST)))
            return true;
    return false;
}

TEST(crash_the_broker_is_held_up_and_goes_on)
{
    static const char *const more[] = {"--ping-ms", "500", NULL};
    struct stage s = stage_open(more);
    struct crowd w;

    crowd_open(&w, &s);
    int64_t before = entries(&s);
    stage_leave(&s);
    crowd_queue(&w, QUEUED_EACH);
    while (!everybody_is_open(&w))
        (void)crowd_step(&w);
    rig_signal(s.rig->broker, SIGSTOP);
    crowd_queue(&w, QUEUED_EACH);
    while (!somebody_is_cut_off(&w))
        CHECK(crowd_step(&w));
    rig_signal(s.rig->broker, SIGCONT);
    crowd_settle(&w);
    crowd_check(&w);
    crowd_close(&w);
    stage_stop(&s);
    crowd_count(&w, &s, before);
    stage_close(&s);
}
