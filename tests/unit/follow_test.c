/* A follower: what it says, what it hands over, and that nothing is lost, told twice or
   told out of order whatever becomes of the connection. The broker is a script. */
#include "agents/libmaat/follow.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/wire/frame.h"
#include "tests/t.h"

enum { SECOND = 1000000, LIST = 8 };

struct bench {
    struct follow *follow;
    struct arena *arena;
    int64_t now;
    int64_t count; /* of the script's last message */
    uint8_t frame[FRAME_IN_MAX];
    union message said;
    char told[1000];
};

__attribute__((format(printf, 2, 3))) static void
tell(struct bench *b, const char *format, ...)
{
    size_t len = strlen(b->told);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(b->told + len, sizeof b->told - len, format, args);
    va_end(args);
}

/* --- what is handed over, as words ---------------------------------------------------- */

static void
on_plan(void *context, struct text id, bool seen)
{
    tell(context, "%s %.*s, ", seen ? "came" : "went", (int)id.len, id.at);
}

static void
on_row(void *context, const struct listed *row)
{
    tell(context, "row %.*s, ", (int)row->id.len, row->id.at);
}

static void
on_live(void *context, int64_t upto)
{
    tell(context, "live %" PRId64 ", ", upto);
}

static const char *
rating_of(const struct listed *row)
{
    return row ? word_text(&ratings, (int)row->rating) : "none";
}

static void
on_happened(void *context, const struct follow_happening *h)
{
    tell(context, "%" PRId64, h->entry ? h->entry->number : 0);
    for (size_t i = 0; i < h->count; i++)
        tell(context, " %.*s:%s-%s", (int)h->changes[i].action.len, h->changes[i].action.at,
             rating_of(h->changes[i].before), rating_of(h->changes[i].after));
    tell(context, ", ");
}

static void
on_upto(void *context, int64_t upto)
{
    tell(context, "upto %" PRId64 ", ", upto);
}

static void
on_again(void *context, const char *why)
{
    (void)why;
    tell(context, "again, ");
}

static void
on_over(void *context)
{
    struct bench *b = context;
    tell(b, "over %s: %s, ", word_text(&wire_errors, (int)b->follow->code), b->follow->reason);
}

static const struct follow_events events = {on_plan, on_row,   on_live, on_happened,
                                            on_upto, on_again, on_over};

static void
bench_open(struct bench *b, const struct follow_filter *filter)
{
    *b = (struct bench){.arena = arena_new(), .now = 1};
    b->follow = follow_new(filter, &events, b);
}

static void
bench_close(struct bench *b)
{
    follow_free(&b->follow);
    arena_destroy(&b->arena);
}

/* The next thing it says: "SUBSCRIBE", "CREDIT" ...; "" where there is nothing. */
static const char *
says(struct bench *b)
{
    enum message_kind kind;
    struct fault fault;
    int len = follow_next(b->follow, b->now, b->frame);

    if (len == 0)
        return "";
    arena_reset(b->arena);
    CHECK(frame_decode(b->arena, b->frame, (size_t)len, &kind, &b->said, &fault));
    if (kind == SAY_SUBSCRIBE)
        b->count = 0;
    return message_words[kind];
}

static void
begin(struct bench *b)
{
    follow_begin(b->follow, b->now);
    CHECK_STR("SUBSCRIBE", says(b));
}

static void
open_all(struct bench *b)
{
    const struct follow_filter all = {.want = WANT_BOTH};

    bench_open(b, &all);
    begin(b);
}

/* --- the script ------------------------------------------------------------------------ */

static const char *
hear_of(struct bench *b, enum message_kind kind, const union message *m, size_t len)
{
    b->told[0] = '\0';
    if (!follow_hear(b->follow, b->now, kind, m, len))
        tell(b, "not its");
    return b->told;
}

/* Of a message's list of plans, "a b". */
static const char *
plans(struct bench *b, const char *names, bool more)
{
    struct text list[LIST];
    union message m = {.seen_plans = {.id = b->follow->id, .count = ++b->count, .more = more}};
    uint32_t count = 0;

    for (const char *at = names; *at && count < LIST; at += *at == ' ') {
        size_t len = strcspn(at, " ");
        list[count++] = (struct text){at, (uint32_t)len};
        at += len;
    }
    m.seen_plans.plans = (struct texts){list, count};
    m.seen_plans.has.more = 1;
    return hear_of(b, SAY_PLANS, &m, 100);
}

static struct listed
row_of(const char *action, enum rating rating)
{
    struct listed row = {.id = text_of(action),
                         .ref = text_of("1"),
                         .title = text_of("title"),
                         .rating = rating,
                         .marking = MARKING_OFFICIAL};

    row.has.id = row.has.ref = row.has.title = row.has.rating = row.has.marking = 1;
    return row;
}

static const char *
state(struct bench *b, int64_t number, const char *action, enum rating rating)
{
    const struct listed row = row_of(action, rating);
    union message m = {.current = {.id = b->follow->id, .count = ++b->count, .number = number}};

    m.current.actions.at = &row;
    m.current.actions.count = 1;
    return hear_of(b, SAY_STATE, &m, 100);
}

static const char *
live(struct bench *b, int64_t upto)
{
    union message m = {.live = {.id = b->follow->id, .count = ++b->count, .upto = upto}};
    return hear_of(b, SAY_LIVE, &m, 100);
}

/* What an entry of this kind names, as encoded. */
static struct bytes
body_of(enum submission_kind kind, const char *names)
{
    static uint8_t bodies[LIST][300];
    static unsigned turn;
    uint8_t *body = bodies[turn = (turn + 1) % LIST];
    struct progress progress = {.action = text_of(names), .on = 17000};
    struct agency agency = {.id = text_of(names), .name = text_of("A"), .sector = SECTOR_POLICE};
    const void *rec = &progress;

    progress.has.action = progress.has.on = 1;
    agency.has.id = agency.has.name = agency.has.sector = agency.has.seen = agency.has.epoch = 1;
    if (kind == KIND_AGENCY)
        rec = &agency;
    size_t len = record_encode(body_records[kind], rec, body, sizeof bodies[0]);
    CHECK(len > 0);
    return (struct bytes){body, (uint32_t)len};
}

struct scripted {
    int64_t number; /* of the entry */
    const char *names;
    enum submission_kind kind;
};

struct moved {
    const char *action; /* NULL: none */
    enum rating rating;
};

/* An EVENT of these entries (until one has no number) and these rows. */
static const char *
event(struct bench *b, int64_t upto, const struct scripted *script, const struct moved *moved)
{
    struct entry entries[LIST] = {0};
    struct listed rows[LIST];
    union message m = {
        .event = {.id = b->follow->id, .count = ++b->count, .number = upto, .upto = upto}};
    uint32_t count = 0;

    for (; script && script->number; script++)
        entries[count++] = (struct entry){.number = script->number,
                                          .kind = script->kind,
                                          .body = body_of(script->kind, script->names)};
    m.event.entries.at = entries;
    m.event.entries.count = count;
    for (count = 0; moved && moved->action; moved++)
        rows[count++] = row_of(moved->action, moved->rating);
    m.event.actions.at = rows;
    m.event.actions.count = count;
    return hear_of(b, SAY_EVENT, &m, 1000);
}

#define ENTRIES(...) ((const struct scripted[]){__VA_ARGS__, {0}})
#define ROWS(...) ((const struct moved[]){__VA_ARGS__, {0}})
#define ON(number, action)            \
    {                                 \
        number, action, KIND_PROGRESS \
    }

static const char *
gone(struct bench *b, int64_t upto, const char *action)
{
    const struct text list = text_of(action);
    union message m = {.event = {.id = b->follow->id,
                                 .count = ++b->count,
                                 .number = upto,
                                 .gone = {&list, 1},
                                 .upto = upto}};
    return hear_of(b, SAY_EVENT, &m, 100);
}

static const char *
refuse(struct bench *b, enum wire_error code)
{
    union message m = {.error = {.id = b->follow->id, .code = code, .reason = text_of("so")}};

    m.error.has.id = 1;
    return hear_of(b, SAY_ERROR, &m, 0);
}

/* A feed that is live, with a/1 green and b/1 amber as of 10. */
static void
open_live(struct bench *b)
{
    open_all(b);
    CHECK_STR("came a, came b, ", plans(b, "a b", false));
    CHECK_STR("row a/1, ", state(b, 10, "a/1", GREEN));
    CHECK_STR("row b/1, ", state(b, 10, "b/1", AMBER));
    CHECK_STR("upto 10, live 10, ", live(b, 10));
}

/* --- the tests -------------------------------------------------------------------------- */

TEST(follow_hands_over_rows_and_then_entries_with_what_they_moved)
{
    struct bench b;

    open_live(&b);
    CHECK(b.said.subscribe.credit >= CREDIT_LEAST && !b.said.subscribe.has.from);
    CHECK_STR("11 a/1:green-red, upto 11, ",
              event(&b, 11, ENTRIES(ON(11, "a/1")), ROWS({"a/1", RED})));
    CHECK_STR("12, 14 a/1:red-amber, upto 15, ",
              event(&b, 15, ENTRIES(ON(12, "b/2"), ON(14, "a/1")), ROWS({"a/1", AMBER})));
    CHECK_STR("upto 20, ", event(&b, 20, NULL, NULL));
    CHECK_STR("", says(&b));
    bench_close(&b);
}

TEST(follow_says_that_the_last_of_several_entries_moved_the_row)
{
    struct bench b;

    open_live(&b);
    CHECK_STR(
        "11, 12, 13 a/1:green-blue, upto 13, ",
        event(&b, 13, ENTRIES(ON(11, "a/1"), ON(12, "b/1"), ON(13, "a/1")), ROWS({"a/1", BLUE})));
    bench_close(&b);
}

/* A change of the registry touches many: their rows come before it. */
TEST(follow_gives_rows_that_came_before_it_to_the_entry)
{
    struct bench b;

    open_live(&b);
    CHECK_STR("", state(&b, 11, "b/1", RED));
    CHECK_STR("", state(&b, 11, "a/1", RED));
    CHECK_STR("11 a/1:green-red b/1:amber-red, upto 11, ",
              event(&b, 11, ENTRIES({11, "police", KIND_AGENCY}), NULL));
    bench_close(&b);
}

TEST(follow_says_when_a_row_left_and_when_nobody_says_why)
{
    struct bench b;

    open_live(&b);
    CHECK_STR("0 a/1:green-none, upto 11, ", gone(&b, 11, "a/1"));
    CHECK(follow_rows_find(&b.follow->rows, text_of("a/1")) == NULL);
    CHECK_STR("12, 0 b/1:amber-red, upto 12, ",
              event(&b, 12, ENTRIES(ON(12, "a/1")), ROWS({"b/1", RED})));
    bench_close(&b);
}

TEST(follow_keeps_the_newer_row)
{
    struct bench b;

    open_all(&b);
    plans(&b, "a", false);
    state(&b, 15, "a/1", RED); /* while the snapshot was read, from 10 on */
    live(&b, 10);
    CHECK_STR("11, upto 11, ", event(&b, 11, ENTRIES(ON(11, "a/1")), ROWS({"a/1", GREEN})));
    CHECK_INT(RED, follow_rows_find(&b.follow->rows, text_of("a/1"))->now->rating);
    CHECK_STR("15 a/1:none-red, upto 15, ",
              event(&b, 15, ENTRIES(ON(15, "a/1")), ROWS({"a/1", RED}))); /* before: not known */
    CHECK_STR("16 a/1:red-blue, upto 16, ",
              event(&b, 16, ENTRIES(ON(16, "a/1")), ROWS({"a/1", BLUE})));
    bench_close(&b);
}

TEST(follow_goes_on_after_a_lost_connection_and_tells_nothing_twice)
{
    struct bench b;

    open_live(&b);
    event(&b, 12, ENTRIES(ON(11, "a/1")), ROWS({"a/1", AMBER}));
    int64_t id = b.follow->id;
    follow_lost(b.follow);
    CHECK_STR("", says(&b));
    begin(&b);
    CHECK(b.said.subscribe.id != id);
    CHECK(b.said.subscribe.has.from && b.said.subscribe.from == 12);
    CHECK_INT(2, b.said.subscribe.held.count);
    CHECK_STR("", plans(&b, "a b", false));
    CHECK_STR("upto 12, live 12, ", live(&b, 12));
    CHECK_STR("13 a/1:amber-red, upto 13, ",
              event(&b, 13, ENTRIES(ON(11, "a/1"), ON(13, "a/1")), ROWS({"a/1", RED})));
    bench_close(&b);
}

TEST(follow_asks_anew_for_a_snapshot_that_was_cut_off)
{
    struct bench b;

    open_all(&b);
    plans(&b, "a", false);
    state(&b, 10, "a/1", GREEN);
    begin(&b);
    CHECK(!b.said.subscribe.has.from && !b.said.subscribe.has.held);
    CHECK(follow_rows_find(&b.follow->rows, text_of("a/1")) == NULL);
    CHECK_STR("", plans(&b, "a", false));
    CHECK_STR("row a/2, ", state(&b, 11, "a/2", GREEN));
    CHECK_STR("upto 11, live 11, ", live(&b, 11));
    bench_close(&b);
}

TEST(follow_takes_a_gap_for_a_loss)
{
    struct bench b;

    open_live(&b);
    int64_t id = b.follow->id;
    b.count++;
    CHECK_STR("again, ", event(&b, 12, ENTRIES(ON(12, "a/1")), NULL));
    CHECK_STR("not its", event(&b, 13, ENTRIES(ON(13, "a/1")), NULL));
    CHECK_STR("UNSUBSCRIBE", says(&b));
    CHECK_INT(id, b.said.unsubscribe.id);
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK(b.said.subscribe.id != id && b.said.subscribe.from == 10);
    plans(&b, "a b", false);
    live(&b, 10);
    CHECK_STR("12, upto 12, ", event(&b, 12, ENTRIES(ON(12, "a/1")), NULL));
    bench_close(&b);
}

TEST(follow_subscribes_again_later_and_later_where_that_comes_to_nothing)
{
    struct bench b;

    open_live(&b);
    CHECK_STR("again, ", refuse(&b, ERROR_AGAIN));
    CHECK_INT(0, follow_due_ms(b.follow, b.now));
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_INT(10, b.said.subscribe.from);
    CHECK_STR("again, ", refuse(&b, ERROR_AGAIN));
    CHECK_STR("", says(&b));
    int64_t first = follow_due_ms(b.follow, b.now);
    b.now += 2 * SECOND;
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_STR("again, ", refuse(&b, ERROR_AGAIN));
    CHECK(first > 0 && follow_due_ms(b.follow, b.now) > first);
    b.now += 60 * SECOND;
    CHECK_STR("SUBSCRIBE", says(&b));
    CHECK_STR("", plans(&b, "a b", false));
    CHECK_STR("upto 10, live 10, ", live(&b, 10));
    CHECK_STR("again, ", refuse(&b, ERROR_AGAIN));
    CHECK_INT(0, follow_due_ms(b.follow, b.now));
    bench_close(&b);
}

TEST(follow_stops_where_the_journal_is_another)
{
    static const enum wire_error codes[] = {ERROR_OTHER_JOURNAL, ERROR_REVOKED, ERROR_LIMIT};
    static const char *const told[] = {"over other-journal: so, ", "over revoked: so, ",
                                       "over limit: so, "};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct bench b;
        open_live(&b);
        CHECK_STR(told[i], refuse(&b, codes[i]));
        follow_begin(b.follow, b.now);
        CHECK_STR("", says(&b));
        CHECK_INT(-1, follow_due_ms(b.follow, b.now));
        bench_close(&b);
    }
}

/* A plan that can't be seen any more goes with its rows; one that came brings them. */
TEST(follow_drops_plans_that_went)
{
    struct bench b;

    open_live(&b);
    CHECK_STR("", plans(&b, "b c", true));
    CHECK_STR("went a, came c, came d, ", plans(&b, "d", false));
    CHECK(follow_rows_find(&b.follow->rows, text_of("a/1")) == NULL);
    CHECK(follow_rows_find(&b.follow->rows, text_of("b/1")) != NULL);
    CHECK_STR("row c/1, ", state(&b, 11, "c/1", RED));
    follow_lost(b.follow); /* before all of c and d came */
    begin(&b);
    CHECK_INT(1, b.said.subscribe.held.count);
    CHECK_STR("went c, went d, ", plans(&b, "b", false));
    CHECK_STR("went b, ", plans(&b, "", false));
    bench_close(&b);
}

TEST(follow_goes_on_where_an_earlier_life_ended)
{
    const struct follow_filter filter = {.want = WANT_BOTH};
    const uint8_t root[32] = {9};
    struct bench b;

    bench_open(&b, &filter);
    follow_resume(b.follow, 30);
    follow_know_plan(b.follow, text_of("a"));
    follow_know_plan(b.follow, text_of("b"));
    follow_know_head(b.follow, 30, root);
    begin(&b);
    CHECK_INT(30, b.said.subscribe.from);
    CHECK(!b.said.subscribe.has.held); /* it has no rows */
    CHECK_INT(30, b.said.subscribe.number);
    CHECK_INT(9, b.said.subscribe.root.at[0]);
    CHECK_STR("went a, came c, ", plans(&b, "b c", false));
    CHECK_STR("row b/1, ", state(&b, 40, "b/1", RED));
    CHECK_STR("upto 30, live 30, ", live(&b, 30));
    CHECK_STR("31 b/1:none-red, upto 40, ",
              event(&b, 40, ENTRIES(ON(30, "b/1"), ON(31, "b/1")), ROWS({"b/1", RED})));
    bench_close(&b);
}

TEST(follow_reads_all_history_from_nought)
{
    const struct follow_filter filter = {.want = WANT_BOTH};
    struct bench b;

    bench_open(&b, &filter);
    follow_resume(b.follow, 0);
    begin(&b);
    CHECK(b.said.subscribe.has.from && b.said.subscribe.from == 0);
    plans(&b, "a", false);
    CHECK_STR("upto 0, live 0, ", live(&b, 0));
    CHECK_STR("1, 2 a/1:none-green, upto 2, ",
              event(&b, 2, ENTRIES(ON(1, "a/2"), ON(2, "a/1")), ROWS({"a/1", GREEN})));
    bench_close(&b);
}

TEST(follow_grants_credit_for_what_was_heard_unless_it_is_held_back)
{
    struct bench b;
    int64_t granted = 0;

    open_live(&b);
    for (int i = 0; i < 2 * FOLLOW_WINDOW / FEED_COST_LEAST; i++) { /* each is short */
        event(&b, 11 + i, NULL, NULL);
        if (strcmp(says(&b), "CREDIT") == 0) {
            CHECK(b.said.credit.credit >= CREDIT_LEAST);
            granted += b.said.credit.credit;
        }
    }
    CHECK(granted >= FOLLOW_WINDOW && granted <= 2 * FOLLOW_WINDOW + FEED_COST_LEAST);
    follow_hold_back(b.follow, true);
    for (int i = 0; i < FOLLOW_WINDOW / FEED_COST_LEAST; i++) {
        event(&b, 20000 + i, NULL, NULL);
        CHECK_STR("", says(&b));
    }
    CHECK_INT(-1, follow_due_ms(b.follow, b.now));
    follow_hold_back(b.follow, false);
    CHECK_INT(0, follow_due_ms(b.follow, b.now));
    CHECK_STR("CREDIT", says(&b));
    bench_close(&b);
}

TEST(follow_says_what_it_wants)
{
    const struct text plan = text_of("da-2016"), action = text_of("da-2016/1"),
                      theme = text_of("neglect"), agency = text_of("police");
    const struct follow_filter filter = {
        {&plan, 1}, {&action, 1}, {&theme, 1}, {&agency, 1}, WANT_ENTRIES};
    struct bench b;

    bench_open(&b, &filter);
    begin(&b);
    const struct subscribe *s = &b.said.subscribe;
    CHECK(s->plans.count == 1 && text_is(s->plans.at[0], "da-2016"));
    CHECK(s->actions.count == 1 && text_is(s->actions.at[0], "da-2016/1"));
    CHECK(s->themes.count == 1 && text_is(s->themes.at[0], "neglect"));
    CHECK(s->agencies.count == 1 && text_is(s->agencies.at[0], "police"));
    CHECK_INT(WANT_ENTRIES, s->want);
    bench_close(&b);
}

/* More plans than a frame can name: it names fewer, and their rows come anew. */
TEST(follow_names_as_many_plans_as_a_frame_holds)
{
    struct text filters[LIST_MAX];
    struct follow_filter filter = {.actions = {filters, LIST_MAX}, .want = WANT_BOTH};
    char names[PLANS_HELD_MAX][ID_MAX + 1];
    char action[PATH_MAX_LEN + 1];
    struct text list[PLANS_HELD_MAX];
    struct bench b;

    memset(action, 'a', sizeof action);
    action[ID_MAX] = '/';
    for (int i = 0; i < LIST_MAX; i++)
        filters[i] = (struct text){action, PATH_MAX_LEN};
    bench_open(&b, &filter);
    begin(&b);
    for (int i = 0; i < PLANS_HELD_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "%064d", i);
        list[i] = text_of(names[i]);
    }
    union message m = {.seen_plans = {.id = b.follow->id, .count = ++b.count}};
    m.seen_plans.plans = (struct texts){list, PLANS_HELD_MAX};
    follow_hear(b.follow, b.now, SAY_PLANS, &m, 100);
    live(&b, 5);
    begin(&b);
    CHECK_INT(PLANS_HELD_MAX / 2, b.said.subscribe.held.count);
    bench_close(&b);
}

TEST(follow_hears_nothing_of_other_subscriptions)
{
    struct bench b;

    open_live(&b);
    union message m = {.live = {.id = b.follow->id + 1, .count = b.count + 1, .upto = 90}};
    CHECK_STR("not its", hear_of(&b, SAY_LIVE, &m, 10));
    m = (union message){.error = {.code = ERROR_AGAIN, .reason = text_of("a query's")}};
    CHECK_STR("not its", hear_of(&b, SAY_ERROR, &m, 10));
    follow_lost(b.follow);
    CHECK_STR("not its", live(&b, 90));
    bench_close(&b);
}
