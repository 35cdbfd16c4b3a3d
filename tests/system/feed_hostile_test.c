/* Followers without manners, at the real broker: each gets its answer, and everybody
   else goes on. */
#include <inttypes.h>
#include <msgpack.h>

#include "tests/crowd.h"
#include "tests/raw.h"
#include "tests/t.h"

enum { QUEUED_EACH = 100 };

static struct raw *
greeted(struct stage *s, const char *key_file, char outbox)
{
    struct raw *c = raw_open(s->rig, key_file, outbox);

    raw_hello(c);
    CHECK(strncmp(raw_hear(c), "WELCOME", 7) == 0);
    return c;
}

static int64_t
newest(struct stage *s)
{
    (void)caller_ask(s->lead, "{'id': 1, 'what': 'plans'}");
    return s->lead->seen;
}

/* --- what is refused ---------------------------------------------------------------------- */

TEST(feed_refuses_what_it_can_not_do_and_says_of_which_subscription)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_say_line(c, SAY_UNSUBSCRIBE, "{'id': 9}");
    CHECK_STR("ERROR not-found", raw_hear(c));
    CHECK_INT(9, c->message.error.id);
    raw_say_line(c, SAY_CREDIT, "{'id': 9, 'credit': 300000}");
    CHECK_STR("ERROR not-found", raw_hear(c));
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 9, 'from': 1000000}");
    CHECK_STR("ERROR other-journal", raw_hear(c));
    CHECK_INT(9, c->message.error.id);
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 9, 'from': 3, 'number': 3, 'root': '%064d'}", 0);
    CHECK_STR("ERROR other-journal", raw_hear(c));
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 9}");
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 9}");
    CHECK_STR("ERROR busy", raw_hear(c));
    raw_say_line(c, SAY_UNSUBSCRIBE, "{'id': 9}");
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 9, 'credit': 262144}");
    CHECK_STR("PLANS 9: da-2016", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

static size_t
encode_credit(uint8_t *frame, uint64_t credit)
{
    msgpack_sbuffer buf;
    msgpack_packer pk;

    msgpack_sbuffer_init(&buf);
    msgpack_packer_init(&pk, &buf, msgpack_sbuffer_write);
    msgpack_pack_array(&pk, 2);
    msgpack_pack_str_with_body(&pk, "SUBSCRIBE", 9);
    msgpack_pack_map(&pk, 2);
    msgpack_pack_str_with_body(&pk, "id", 2);
    msgpack_pack_int(&pk, 1);
    msgpack_pack_str_with_body(&pk, "credit", 6);
    msgpack_pack_uint64(&pk, credit);
    size_t len = buf.size;
    memcpy(frame, buf.data, len);
    msgpack_sbuffer_destroy(&buf);
    return len;
}

TEST(feed_takes_no_credit_beyond_its_range)
{
    static const uint64_t wrong[] = {0, 1, CREDIT_LEAST - 1, UINT64_C(1) << 63, UINT64_MAX};
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    uint8_t frame[100];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        raw_send(c, frame, encode_credit(frame, wrong[i]));
        CHECK_STR("ERROR malformed", raw_hear(c));
        CHECK(strstr(raw_reason(c), "credit"));
    }
    raw_send(c, frame, encode_credit(frame, INT64_MAX));
    CHECK_STR("PLANS 1: da-2016", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

TEST(feed_of_ten_thousand_subscriptions_has_sixteen)
{
    enum { SUBSCRIPTIONS = 10000, AT_ONCE = 100 };
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    int refused = 0;

    for (int id = 0; id < SUBSCRIPTIONS; id++) {
        raw_say_line(c, SAY_SUBSCRIBE, "{'id': %d}", id);
        if (id % AT_ONCE != AT_ONCE - 1)
            continue;
        for (; refused < id + 1 - SUBSCRIPTIONS_MAX; refused++) {
            CHECK_STR("ERROR limit", raw_hear(c));
            CHECK_INT(refused + SUBSCRIPTIONS_MAX, c->message.error.id);
        }
    }
    raw_say_line(c, SAY_CREDIT, "{'id': %d, 'credit': 300000}", SUBSCRIPTIONS_MAX - 1);
    CHECK_STR("PLANS 15: da-2016", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

/* --- what may not be seen ------------------------------------------------------------------- */

static void
decide_on_sealed(struct stage *s)
{
    caller_must(s->lead, "{'kind': 'decision', 'action': 'sealed/1', 'what': 'note', 'reason': "
                         "'Please write what was done', 'seen': SEEN}");
}

TEST(feed_of_a_plan_that_may_not_be_seen_is_as_of_one_that_is_not)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');
    uint8_t first[FRAME_OUT_MAX];

    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 1, 'plans': ['sealed'], 'credit': 300000}");
    CHECK_STR("PLANS 1:", raw_hear(c));
    size_t len = c->len;
    memcpy(first, c->frame, len);
    CHECK_STR("LIVE 1: 14", raw_hear(c));
    raw_say_line(c, SAY_UNSUBSCRIBE, "{'id': 1}");
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 1, 'plans': ['nothing'], 'credit': 300000}");
    CHECK_STR("PLANS 1:", raw_hear(c));
    CHECK_INT(len, c->len);
    CHECK(memcmp(first, c->frame, len) == 0);
    CHECK_STR("LIVE 1: 14", raw_hear(c));
    raw_say_line(c, SAY_SUBSCRIBE,
                 "{'id': 2, 'actions': ['sealed/1'], 'from': 0, 'credit': 300000}");
    CHECK_STR("PLANS 2:", raw_hear(c));
    CHECK_STR("LIVE 2: 0", raw_hear(c));
    decide_on_sealed(&s);
    do /* the numbers are no secret, and that is all */
        CHECK(strncmp(raw_hear(c), "EVENT", 5) == 0 && strstr(c->said, ": upto "));
    while (c->message.event.id != 1);
    raw_close(&c);
    stage_end(&s);
}

TEST(feed_of_a_revoked_client_ends_at_once)
{
    struct stage s = stage_open(NULL);
    struct raw *health = greeted(&s, "health.zpl", 'h');
    struct raw *police = greeted(&s, "police.zpl", 'p');

    raw_say_line(health, SAY_SUBSCRIBE, "{'id': 1, 'credit': 300000}");
    CHECK_STR("PLANS 1: da-2016", raw_hear(health));
    CHECK_STR("STATE 1: da-2016 da-2016/1.1 grey", raw_hear(health));
    CHECK_STR("LIVE 1: 14", raw_hear(health));
    caller_must(s.operator, "{'kind': 'client', 'id': 'health/ehr', 'revoked': true, 'reason': "
                            "'Its system is no more', 'seen': SEEN}");
    raw_submit(police, 1,
               "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-02-28', "
               "'percent': 7}");
    CHECK_STR("ACK 1", raw_hear(police));
    raw_say_line(health, SAY_PING, "{'id': 5}");
    CHECK_STR("ERROR revoked", raw_hear(health));
    raw_close(&health);
    raw_close(&police);
    stage_end(&s);
}

static void
set_members(struct stage *s, const char *members)
{
    caller_must(s->lead,
                "{'kind': 'plan', 'id': 'sealed', 'title': 'A plan', 'type': 'action-plan', "
                "'marking': 'OFFICIAL-SENSITIVE', 'members': %s, 'reason': 'So it is', "
                "'seen': SEEN}",
                members);
}

/* An upto alone comes whenever a second is over. */
static const char *
hear_more(struct raw *c)
{
    while (strncmp(raw_hear(c), "EVENT", 5) == 0 && strstr(c->said, ": upto "))
        ;
    return c->said;
}

TEST(feed_tells_of_a_plan_that_comes_and_goes)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "police.zpl", 'a');

    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 1, 'credit': 900000}");
    CHECK_STR("PLANS 1: da-2016", raw_hear(c));
    CHECK_STR("STATE 1: da-2016 da-2016/1.1 grey", raw_hear(c));
    CHECK_STR("LIVE 1: 14", raw_hear(c));
    (void)newest(&s);
    set_members(&s, "['police']");
    CHECK_STR("PLANS 1: da-2016 sealed", hear_more(c));
    CHECK_STR("STATE 1: sealed sealed/1 amber", hear_more(c));
    CHECK(strncmp(hear_more(c), "STATE 1: sealed", 15) == 0 || c->kind == SAY_EVENT);
    while (c->kind != SAY_EVENT)
        (void)hear_more(c);
    CHECK_STR("EVENT 1: 15 plan upto 15", c->said);
    decide_on_sealed(&s);
    CHECK_STR("EVENT 1: 16 decision sealed/1 amber upto 16", hear_more(c));
    set_members(&s, "[]");
    CHECK_STR("PLANS 1: da-2016", hear_more(c));
    decide_on_sealed(&s);
    while (c->kind != SAY_EVENT || c->message.event.upto < 18)
        CHECK_STR("EVENT 1: upto ",
                  strncmp(raw_hear(c), "EVENT 1: upto ", 14) ? c->said : "EVENT 1: upto ");
    raw_close(&c);
    stage_end(&s);
}

/* --- who reads little, or nothing ------------------------------------------------------------- */

/* The broker's own memory (RssAnon), KiB. */
static long
memory(const struct stage *s)
{
    long kib = 0;

    CHECK_INT(
        0, rig_run(s->rig, "awk '/RssAnon/ {print $2}' /proc/%d/status", (int)s->rig->broker->id));
    CHECK_INT(1, sscanf(s->rig->output, "%ld", &kib));
    return kib;
}

/* Who follows entries as subscription 1, and grants as much as was used. */
struct reader {
    struct raw *c;
    int64_t upto, used;
    int64_t count; /* of entries heard */
};

static void
take_event(struct reader *r)
{
    const struct event *e = &r->c->message.event;
    const struct entry *entry = e->entries.at;

    for (uint32_t i = 0; i < e->entries.count; i++) {
        CHECK(entry[i].number > r->upto);
        r->upto = entry[i].number;
    }
    r->upto = e->upto;
    r->count += e->entries.count;
    r->used += r->c->len > FEED_COST_LEAST ? (int64_t)r->c->len : FEED_COST_LEAST;
    if (r->used >= CREDIT_LEAST) {
        raw_say_line(r->c, SAY_CREDIT, "{'id': 1, 'credit': %" PRId64 "}", r->used);
        r->used = 0;
    }
}

/* Up to an entry. */
static void
hear_to(struct reader *r, int64_t number)
{
    while (r->upto < number) {
        CHECK(strncmp(raw_hear(r->c), "EVENT", 5) == 0);
        take_event(r);
    }
}

/* What was said before now. */
static void
hear_all(struct reader *r)
{
    raw_ask(r->c, 77);
    while (strcmp(raw_hear(r->c), "RESULT 77") != 0) {
        CHECK_INT(SAY_EVENT, r->c->kind);
        take_event(r);
    }
}

static void
subscribe(struct reader *r, struct raw *c, int64_t credit)
{
    *r = (struct reader){.c = c, .upto = r->upto, .count = r->count};
    raw_say_line(c, SAY_SUBSCRIBE,
                 "{'id': 1, 'want': 'entries', 'credit': %" PRId64 ", 'from': %" PRId64 "}", credit,
                 r->upto);
    CHECK_STR("PLANS 1: da-2016 sealed", raw_hear(c));
    CHECK(strncmp(raw_hear(c), "LIVE 1:", 7) == 0);
}

TEST(feed_without_credit_waits_and_then_misses_nothing)
{
    struct stage s = stage_open(NULL);
    struct raw *c = greeted(&s, "board/lead.zpl", 'a');
    struct crowd w;

    crowd_open(&w, &s);
    struct reader r = {.c = c, .upto = newest(&s)};
    int64_t before = r.upto;
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 1, 'want': 'entries'}");
    raw_ask(c, 7);
    CHECK_STR("RESULT 7", raw_hear(c));
    crowd_queue(&w, QUEUED_EACH);
    crowd_settle(&w);
    int64_t after = newest(&s);
    raw_ask(c, 8);
    CHECK_STR("RESULT 8", raw_hear(c)); /* and nothing of the feed */
    raw_say_line(c, SAY_CREDIT, "{'id': 1, 'credit': 262144}");
    CHECK_STR("PLANS 1: da-2016 sealed", raw_hear(c));
    CHECK(strncmp(raw_hear(c), "LIVE 1:", 7) == 0);
    hear_to(&r, after);
    CHECK_INT(after - before, r.count);
    raw_close(&c);
    crowd_close(&w);
    stage_end(&s);
}

/* With all credit that there is: what it does not read is kept for it only as far as
   that goes, and other followers hear all. */
TEST(feed_that_is_not_read_costs_the_broker_no_memory)
{
    enum { ROUNDS = 12, GROWTH_KIB = 24 * 1024 };
    struct stage s = stage_open(NULL);
    struct raw *deaf = greeted(&s, "police.zpl", 'd');
    struct raw *c = greeted(&s, "board/lead.zpl", 'l');
    struct crowd w;
    long first = 0;

    crowd_open(&w, &s);
    raw_say_line(deaf, SAY_SUBSCRIBE, "{'id': 1, 'credit': %" PRId64 "}", INT64_MAX);
    struct reader r = {.upto = newest(&s)};
    int64_t before = r.upto;
    subscribe(&r, c, 1000000);
    for (int round = 0; round < ROUNDS; round++) {
        crowd_queue(&w, QUEUED_EACH);
        crowd_settle(&w);
        hear_to(&r, newest(&s));
        if (round == 0)
            first = memory(&s);
    }
    CHECK_INT(newest(&s) - before, r.count);
    CHECK(memory(&s) - first < GROWTH_KIB);
    raw_close(&deaf);
    raw_close(&c);
    crowd_close(&w);
    stage_end(&s);
}

/* --- who goes away ------------------------------------------------------------------- */

TEST(feed_that_disappears_in_mid_snapshot_leaves_the_others_be)
{
    enum { FOLLOWERS = 20 };
    struct stage s = stage_open(NULL);

    for (int i = 0; i < FOLLOWERS; i++) {
        struct raw *gone = greeted(&s, "board/lead.zpl", (char)('a' + i));
        raw_say_line(gone, SAY_SUBSCRIBE, "{'id': 1, 'credit': 262144}");
        if (i % 2)
            CHECK_STR("PLANS 1: da-2016 sealed", raw_hear(gone));
        raw_close(&gone);
    }
    struct raw *c = greeted(&s, "board/lead.zpl", 'z');
    raw_say_line(c, SAY_SUBSCRIBE, "{'id': 1, 'credit': 262144}");
    CHECK_STR("PLANS 1: da-2016 sealed", raw_hear(c));
    CHECK_STR("STATE 1: da-2016 sealed da-2016/1.1 grey sealed/1 amber", raw_hear(c));
    CHECK_STR("LIVE 1: 14", raw_hear(c));
    raw_close(&c);
    stage_end(&s);
}

/* Killed at whatever moment, again and again, while a follower is live: what it saw
   stays true, and it goes on after what it saw. */
TEST(feed_goes_on_after_the_broker_was_killed)
{
    enum { KILLS = 5, STEPS = 40 };
    struct stage s = stage_open(NULL);
    struct reader r = {0};
    struct crowd w;

    crowd_open(&w, &s);
    int64_t before = r.upto = newest(&s);
    for (int kill = 0; kill < KILLS; kill++) {
        struct raw *c = greeted(&s, "board/lead.zpl", (char)('a' + kill));
        subscribe(&r, c, FEED_CREDIT_MAX);
        crowd_queue(&w, QUEUED_EACH);
        for (uint64_t step = random_below(STEPS) + 1; step && crowd_step(&w); step--)
            ;
        hear_all(&r);
        rig_signal(s.rig->broker, SIGKILL);
        CHECK_INT(-SIGKILL, rig_wait(s.rig->broker));
        raw_close(&c);
        rig_start_broker(s.rig, NULL);
    }
    crowd_settle(&w);
    struct raw *c = greeted(&s, "board/lead.zpl", 'z');
    subscribe(&r, c, FEED_CREDIT_MAX);
    hear_to(&r, newest(&s));
    CHECK_INT(r.upto - before, r.count);
    raw_close(&c);
    crowd_check(&w);
    crowd_close(&w);
    stage_end(&s);
}
