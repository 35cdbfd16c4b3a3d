/* Questions about the past: answered in their order, while the journal is written. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "broker/queries/past_queue.h"
#include "schema/ids.h"
#include "store/state_memory.h"
#include "tests/hearing.h"
#include "tests/read_journal.h"
#include "tests/t.h"

enum { PROGRESS = 600 };

/* A plan with much said of it, in a journal that takes more. */
struct archive {
    struct hearing *h;
    struct journal *journal;
    uint64_t generation;
    struct past_of of;
};

static void
begin(struct archive *a)
{
    a->h = hearing_open("2016-04-01");
    hearing_plan(a->h, "2016-09-01");
    for (int i = 0; i < PROGRESS; i++)
        CHECK_STR("accepted", hearing_say(a->h, "police/crm",
                                          "{'kind': 'progress', 'action': 'p/1', 'on': "
                                          "'2016-04-01', 'note': 'n%d'}",
                                          i));
    CHECK_INT(0, journal_open_memory(&a->journal, 0));
    CHECK_INT(0, journal_begin_generation(a->journal, &a->generation));
    for (int64_t i = 0; i < a->h->number; i++) {
        const struct journal_bytes bytes = {a->h->entries[i].at, a->h->entries[i].len};
        CHECK_INT(0, journal_append(a->journal, (uint64_t)i + 1, a->generation, &bytes, 1));
    }
    struct ledger l = {.journal = a->journal,
                       .arena = a->h->arena,
                       .state = a->h->state,
                       .number = a->h->number,
                       .durable = a->h->number};
    CHECK_INT(0, past_find(&l, text_of("p"), a->h->day, &a->of));
}

static void
end(struct archive *a)
{
    journal_close(&a->journal);
    hearing_close(a->h);
}

static void
make_frame(struct hub_frame *frame, char word)
{
    memset(frame, 0, sizeof *frame);
    CHECK_INT(0, zmq_msg_init_size(&frame->message, 1));
    memcpy(zmq_msg_data(&frame->message), &word, 1);
    memset(frame->key, word, sizeof frame->key);
    frame->data = zmq_msg_data(&frame->message);
    frame->len = 1;
}

static void
ask(struct past_queue *q, char word, const struct past_of *of)
{
    struct hub_frame frame;

    make_frame(&frame, word);
    past_queue_add(q, &frame, of);
}

/* Waits for the next past, and says what asked for it. */
static char
take(struct past_queue *q, struct past *past, int *result)
{
    struct pollfd fd = {.fd = past_queue_fd(q), .events = POLLIN};
    struct hub_frame frame;

    do
        CHECK_INT(1, poll(&fd, 1, 60000));
    while (!past_queue_take(q, &frame, past, result));
    char word = (char)frame.data[0];
    hub_release(&frame);
    return word;
}

TEST(past_queue_answers_in_order_while_the_journal_is_written)
{
    struct archive a;
    struct past_queue *q;
    struct past past;
    struct arena *arena = arena_new();
    struct part part;
    int result;

    begin(&a);
    CHECK_INT(0, past_queue_start(&q, a.journal));
    CHECK(!past_queue_take(q, &(struct hub_frame){0}, &past, &result));
    for (char word = 'a'; word <= 'e'; word++) {
        const struct journal_bytes more = {"more", 4};
        ask(q, word, &a.of);
        CHECK_INT(0, journal_append(a.journal, (uint64_t)(a.h->number + 1 + word - 'a'),
                                    a.generation, &more, 1));
    }
    for (char word = 'a'; word <= 'e'; word++) {
        CHECK_INT(word, take(q, &past, &result));
        CHECK_INT(0, result);
        CHECK_INT(a.h->number, past.number);
        CHECK_STR("p", past.of.plan);
        CHECK_INT(1, state_get_part(past.state, arena, text_of("p/1"), text_of("police"), &part));
        CHECK_INT(a.h->number, part.last);
        past_free(&past);
    }
    past_queue_stop(&q);
    CHECK(!q);
    arena_destroy(&arena);
    end(&a);
}

/* One that can't be folded does not keep the next one from its answer. */
TEST(past_queue_says_what_failed)
{
    struct archive a;
    struct past_queue *q;
    struct past past;
    int result;

    begin(&a);
    struct past_of nowhere = a.of;
    nowhere.plan_end = a.h->number + 1000;
    CHECK_INT(0, past_queue_start(&q, a.journal));
    ask(q, 'a', &nowhere);
    ask(q, 'b', &a.of);
    CHECK_INT('a', take(q, &past, &result));
    CHECK_INT(-EBADMSG, result);
    CHECK(!past.state);
    CHECK_INT('b', take(q, &past, &result));
    CHECK_INT(0, result);
    past_free(&past);
    ask(q, 'c', &a.of); /* and after a rest */
    CHECK_INT('c', take(q, &past, &result));
    past_free(&past);
    past_queue_stop(&q);
    end(&a);
}

/* Asks, takes, and has the past kept at `now`: how often the journal was read for it. */
static int64_t
reads_for(struct past_queue *q, struct read_journal *journal, const struct past_of *of, int64_t now)
{
    struct past past;
    int result;

    journal->reads = 0;
    ask(q, 'a', of);
    CHECK_INT('a', take(q, &past, &result));
    CHECK_INT(0, result);
    CHECK_INT(of->day, past.of.day);
    CHECK_INT(of->plan_end ? of->plan_end : of->registry_end, past.number);
    past_queue_keep(q, &past, now);
    CHECK(!past.state);
    return journal->reads;
}

/* For the next page; not for another day, for more than was, or after a while. */
TEST(past_queue_keeps_a_past_for_who_asks_again_soon)
{
    struct archive a;
    struct past_queue *q;
    struct read_journal journal;

    begin(&a);
    CHECK_INT(0, past_queue_start(&q, read_journal_of(a.journal, &journal)));
    int64_t folded = reads_for(q, &journal, &a.of, 1);
    CHECK(folded > PROGRESS);
    CHECK_INT(0, reads_for(q, &journal, &a.of, 2));
    CHECK_INT(0, reads_for(q, &journal, &a.of, 3));
    past_queue_tidy(q, 3 + SHELF_TIME);
    CHECK_INT(0, reads_for(q, &journal, &a.of, 4));
    past_queue_tidy(q, 5 + SHELF_TIME);
    CHECK_INT(folded, reads_for(q, &journal, &a.of, 6));

    struct past_of earlier = a.of;
    earlier.plan_end--;
    CHECK(reads_for(q, &journal, &earlier, 7) > PROGRESS);
    struct past_of next_day = a.of;
    next_day.day++;
    CHECK_INT(folded, reads_for(q, &journal, &next_day, 8));
    struct past_of counted = a.of;
    counted.days = (struct past_days){COUNTS_FROM_BEGIN, 1, 1};
    CHECK_INT(folded, reads_for(q, &journal, &counted, 9));
    CHECK_INT(0, reads_for(q, &journal, &a.of, 10));
    struct past_of registry = a.of;
    registry.plan[0] = '\0';
    registry.plan_end = 0;
    CHECK(reads_for(q, &journal, &registry, 11) > 0); /* the fifth: the oldest goes, */
    CHECK(reads_for(q, &journal, &earlier, 12) > 0);  /* which was this */
    CHECK_INT(0, reads_for(q, &journal, &a.of, 13));
    past_queue_stop(&q);
    end(&a);
}

TEST(past_queue_counts_what_waits_of_a_key)
{
    struct archive a;
    struct past_queue *q;
    struct past past;
    uint8_t key[CURVE_KEY];
    int result;

    begin(&a);
    memset(key, 'a', sizeof key);
    CHECK_INT(0, past_queue_start(&q, a.journal));
    CHECK_INT(0, past_queue_waiting(q, key));
    for (const char *word = "aba"; *word; word++)
        ask(q, *word, &a.of);
    CHECK_INT(2, past_queue_waiting(q, key));
    CHECK_INT('a', take(q, &past, &result));
    past_free(&past);
    CHECK_INT(1, past_queue_waiting(q, key));
    past_queue_stop(&q);
    end(&a);
}

/* Whatever is under way or waits, or is done and was not fetched. */
TEST(past_queue_stops_with_questions_in_it)
{
    struct archive a;
    struct past_queue *q;

    begin(&a);
    for (int asked = 0; asked < 4; asked++) {
        CHECK_INT(0, past_queue_start(&q, a.journal));
        for (int i = 0; i < asked; i++)
            ask(q, 'a', &a.of);
        past_queue_stop(&q);
    }
    CHECK_INT(0, past_queue_start(&q, a.journal));
    ask(q, 'a', &a.of);
    struct pollfd fd = {.fd = past_queue_fd(q), .events = POLLIN};
    CHECK_INT(1, poll(&fd, 1, 60000));
    past_queue_stop(&q);
    end(&a);
}
