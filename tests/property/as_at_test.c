/* The past of a plan, folded from its chain and the registry's, is what the whole
   journal held of it at the day's end; and costs no more where more is around it. */
#include <errno.h>
#include <stdlib.h>

#include "schema/codec.h"
#include "schema/fold.h"
#include "schema/ids.h"
#include "store/state_memory.h"
#include "tests/heard.h"
#include "tests/lived.h"
#include "tests/read_journal.h"
#include "tests/t.h"

enum { DAYS = 24, SAID_A_DAY = 160 };

static atomic_bool go_on;

static int32_t
day_of_entry(struct ledger *l, int64_t number)
{
    struct entry entry;

    CHECK_INT(1, ledger_entry(l, number, &entry));
    arena_reset(l->arena);
    return entry.day;
}

/* Folds on, into `all`, to the end of the day; *number is the newest entry. */
static void
fold_day(struct hearing *h, struct ledger *l, int32_t day, struct state *all, int64_t *number)
{
    for (; *number < l->durable && day_of_entry(l, *number + 1) <= day; ++*number)
        CHECK_INT(0, fold_stored(all, l->arena,
                                 (struct bytes){h->entries[*number].at, h->entries[*number].len}));
    arena_reset(l->arena);
}

static struct past
fold_past(struct ledger *l, const char *plan, int32_t day)
{
    struct past_of of;
    struct past past;

    CHECK_INT(0, past_find(l, text_of(plan), day, &of));
    CHECK(of.plan_end <= l->durable && of.registry_end <= l->durable);
    CHECK_INT(0, past_fold(l->journal, &of, &go_on, &past));
    arena_reset(l->arena);
    return past;
}

/* --- rows ------------------------------------------------------------------------------ */

static bool
is_row_of(enum state_table table, const struct state_key *key, const char *plan)
{
    struct text at = {(const char *)key->at, key->len};

    switch (table) {
    case TABLE_BY_AGENCY:
    case TABLE_BY_THEME:
    case TABLE_BY_DUE: {
        uint32_t first = (uint32_t)strlen(at.at) + 1;
        at = (struct text){at.at + first, at.len - first};
        return text_is(path_first(at), plan);
    }
    case TABLE_PLANS:
    case TABLE_ACTIONS:
    case TABLE_PARTS: return text_is(path_first(at), plan);
    case TABLE_BOARD:
    case TABLE_AGENCIES:
    case TABLE_CLIENTS:
    case TABLE_KEYS: return true;
    case TABLE_CHAINS:
    case TABLE_MARKS:
    case STATE_TABLE_COUNT: break;
    }
    return false;
}

static void
check_table(struct state *all, struct state *past, enum state_table table, const char *plan)
{
    struct state_key a = {.len = 0};
    struct state_key b = {.len = 0};
    struct bytes row;
    struct bytes same;
    bool first = true;

    for (bool begun = false; state_next(all, table, &a, !begun, &row); begun = true) {
        if (!is_row_of(table, &a, plan))
            continue;
        CHECK_INT(1, state_next(past, table, &b, first, &same));
        first = false;
        CHECK_INT(a.len, b.len);
        CHECK(memcmp(a.at, b.at, a.len) == 0);
        CHECK_INT(row.len, same.len);
        CHECK(row.len == 0 || memcmp(row.at, same.at, row.len) == 0);
    }
    if (table != TABLE_CHAINS && table != TABLE_MARKS)
        CHECK_INT(0, state_next(past, table, &b, first, &same));
}

static void
check_past(struct ledger *l, struct state *all, const char *plan, int32_t day)
{
    struct past past = fold_past(l, plan, day);

    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        check_table(all, past.state, (enum state_table)t, plan);
    past_free(&past);
}

TEST(as_at_of_a_plan_is_the_full_fold_to_the_day)
{
    struct hearing *h = lived_through(DAYS, SAID_A_DAY);
    struct state *all = state_memory_open();
    struct ledger l;
    struct chain chain;
    int64_t number = 0;

    lived_ledger_open(h, h->number, &l);
    for (int32_t day = h->day - DAYS + 1; day <= h->day; day++) {
        fold_day(h, &l, day, all, &number);
        for (int p = 0; p < LIVED_PLANS; p++)
            check_past(&l, all, lived_plans[p], day);
    }
    CHECK_INT(h->number, number);
    struct state_key key = state_key_of_plan_chain(text_of("a"));
    CHECK_INT(1, state_get_chain(l.state, l.arena, &key, &chain));
    CHECK(chain.count > MARK_EVERY); /* else no mark was of any use */
    state_memory_close(&all);
    lived_ledger_close(&l);
    hearing_close(h);
}

TEST(as_at_shows_what_is_durable)
{
    struct hearing *h = lived_through(6, SAID_A_DAY);
    struct state *all = state_memory_open();
    struct ledger l;
    int64_t number = 0;

    lived_ledger_open(h, h->number - 200, &l);
    fold_day(h, &l, h->day, all, &number);
    CHECK_INT(h->number - 200, number);
    for (int p = 0; p < LIVED_PLANS; p++)
        check_past(&l, all, lived_plans[p], h->day);
    state_memory_close(&all);
    lived_ledger_close(&l);
    hearing_close(h);
}

/* --- answers ---------------------------------------------------------------------------- */

/* The same question asked of a ledger whose now is that day's end. */
static void
check_answer(struct querying *q, struct ledger *then, struct query query, const char *what)
{
    static struct heard past;
    static struct heard now;
    struct querying q_then = {then, NULL, q->author, query.as_at, NULL};

    past.arena = now.arena = arena_new();
    arena_reset(q->ledger->arena);
    arena_reset(then->arena);
    heard_ask(q, query, &past);
    query.has.as_at = 0;
    heard_ask(&q_then, query, &now);
    if (past.refused != now.refused || past.count != now.count)
        FAIL_WITH("%s: %zu rows, then it had %zu", what, past.count, now.count);
    for (size_t i = 0; i < now.count; i++)
        CHECK_STR(now.rows[i], past.rows[i]);
    arena_destroy(&now.arena);
}

static void
check_answers(struct querying *q, struct ledger *then, int32_t day)
{
    static const char *const some[] = {"a/1", "a/2", "b/1", "b-2/3", "c/2", "d/1", "x/1"};
    struct query query = {.id = 1, .as_at = day, .limit = 2};

    query.has.id = query.has.what = query.has.as_at = query.has.limit = 1;
    query.what = QUERY_STATUS;
    check_answer(q, then, query, "status");
    query.what = QUERY_PLANS;
    check_answer(q, then, query, "plans");
    query.what = QUERY_AGENCIES;
    check_answer(q, then, query, "agencies");
    query.what = QUERY_CLIENTS;
    check_answer(q, then, query, "clients");
    query.plan = text_of(lived_plans[random_below(LIVED_PLANS)]);
    query.has.plan = 1;
    query.what = QUERY_STATUS;
    check_answer(q, then, query, "status of a plan");
    query.what = QUERY_PLANS;
    check_answer(q, then, query, "a plan");
    query.what = QUERY_SHOW;
    query.action = text_of(some[random_below(sizeof some / sizeof *some)]);
    query.has.action = 1;
    check_answer(q, then, query, "show");
}

/* To a lead, who may see every plan then and now. */
TEST(as_at_answers_as_the_day_itself_did)
{
    const struct author lead = {text_of("board/lead"), text_of("board"), ROLE_LEAD, false};
    struct hearing *h = lived_through(8, 60);
    struct ledger then = {.arena = arena_new(), .state = state_memory_open()};
    struct ledger now;

    lived_ledger_open(h, h->number, &now);
    then.journal = now.journal;
    struct querying q = {&now, NULL, &lead, h->day, NULL};
    for (int32_t day = h->day - 7; day <= h->day; day++) {
        fold_day(h, &now, day, then.state, &then.number);
        check_answers(&q, &then, day);
    }
    state_memory_close(&then.state);
    arena_destroy(&then.arena);
    lived_ledger_close(&now);
    hearing_close(h);
}

TEST(as_at_shows_the_past_under_todays_rights)
{
    static struct heard heard;
    const struct author police = {text_of("police/crm"), text_of("police"), ROLE_AGENCY, false};
    struct hearing *h = hearing_open("2016-04-01");
    struct query query = {.what = QUERY_SHOW, .action = text_of("p/1"), .as_at = h->day};
    struct ledger l;

    query.has.id = query.has.what = query.has.action = query.has.as_at = 1;
    hearing_plan(h, "2016-09-01");
    hearing_day(h, "2016-04-02");
    CHECK_STR("accepted", hearing_say(h, "board/lead",
                                      "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', "
                                      "'leads': ['health'], 'reason': 'r', 'seen': SEEN, 'due': "
                                      "'2016-09-01'}"));
    lived_ledger_open(h, h->number, &l);
    struct querying q = {&l, NULL, &police, h->day, NULL};
    heard.arena = l.arena;
    heard_ask(&q, query, &heard);
    CHECK(!heard.refused && strstr(heard.rows[0], "\"leads\":[\"police\",\"health\"]"));
    lived_ledger_close(&l);

    CHECK_STR("accepted",
              hearing_say(h, "board/lead",
                          "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'action-plan', "
                          "'marking': 'OFFICIAL', 'members': ['health'], 'reason': 'r', 'seen': "
                          "SEEN}"));
    lived_ledger_open(h, h->number, &l);
    heard.arena = l.arena;
    heard_ask(&q, query, &heard);
    CHECK(heard.refused);
    CHECK_INT(ERROR_NOT_FOUND, heard.error);
    query.what = QUERY_STATUS;
    query.has.action = 0;
    heard_ask(&q, query, &heard);
    CHECK(!heard.refused);
    CHECK_INT(0, heard.count);
    lived_ledger_close(&l);
    hearing_close(h);
}

TEST(as_at_has_no_day_to_come_and_none_before_the_first)
{
    static struct heard heard;
    const struct author lead = {text_of("board/lead"), text_of("board"), ROLE_LEAD, false};
    struct hearing *h = hearing_open("2016-04-01");
    struct query query = {.what = QUERY_STATUS};
    struct ledger l;

    query.has.id = query.has.what = query.has.as_at = 1;
    lived_ledger_open(h, h->number, &l);
    heard.arena = l.arena;
    struct querying q = {&l, NULL, &lead, h->day, NULL};
    for (int off = -1; off <= 1; off++) {
        query.as_at = h->day + off;
        heard_ask(&q, query, &heard);
        CHECK_INT(off != 0, heard.refused);
        if (heard.refused)
            CHECK_INT(ERROR_DAY, heard.error);
    }
    lived_ledger_close(&l);
    hearing_close(h);
}

/* --- what it costs ------------------------------------------------------------------------ */

/* Of plan b as at the first day; the more is said of plan a the more marks there are. */
static int64_t
cost_among(int others)
{
    struct hearing *h = hearing_open("2016-04-01");
    struct read_journal counting;
    struct ledger l;

    hearing_say(h, "board/lead",
                "{'kind': 'plan', 'id': 'b', 'title': 'B', 'type': 'review', 'marking': "
                "'OFFICIAL', 'members': [], 'seen': 0, 'epoch': 0}");
    hearing_plan(h, "2016-09-01");
    for (int i = 0; i < others; i++)
        CHECK_STR("accepted", hearing_say(h, "police/crm",
                                          "{'kind': 'progress', 'action': 'p/1', 'on': "
                                          "'2016-04-01', 'note': 'n%d'}",
                                          i));
    lived_ledger_open(h, h->number, &l);
    l.journal = read_journal_of(l.journal, &counting);
    struct past past = fold_past(&l, "b", h->day);
    past_free(&past);
    l.journal = counting.of;
    lived_ledger_close(&l);
    hearing_close(h);
    return counting.reads;
}

TEST(as_at_costs_no_more_where_more_is_around_it)
{
    int64_t alone = cost_among(0);

    CHECK(alone > 0);
    CHECK_INT(alone, cost_among(1500));
}

/* What came after the day is skipped by marks. */
TEST(as_at_of_long_ago_does_not_walk_what_came_since)
{
    struct hearing *h = hearing_open("2016-04-01");
    struct read_journal counting;
    struct ledger l;

    hearing_plan(h, "2016-09-01");
    int64_t then = h->number;
    hearing_day(h, "2016-04-02");
    for (int i = 0; i < 5000; i++)
        hearing_say(h, "police/crm",
                    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-02', 'note': 'n%d'}", i);
    CHECK(h->number > then + 4999);
    lived_ledger_open(h, h->number, &l);
    l.journal = read_journal_of(l.journal, &counting);
    struct past past = fold_past(&l, "p", h->day - 1);
    CHECK_INT(then, past.number);
    past_free(&past);
    CHECK(counting.reads < 2 * then + MARK_EVERY + 20);
    l.journal = counting.of;
    lived_ledger_close(&l);
    hearing_close(h);
}

/* --- what does not hang together ------------------------------------------------------------ */

/* The newest entry of a plan, with a previous number moved by one. */
static int
fold_with(struct hearing *h, bool of_row)
{
    static uint8_t bytes[4096];
    static uint8_t was[4096];
    const uint32_t len = h->entries[h->number - 1].len;
    struct past_of of;
    struct past past;
    struct fault fault;
    struct entry entry;
    struct ledger l;

    memcpy(was, h->entries[h->number - 1].at, len);
    arena_reset(h->arena);
    CHECK(record_decode(h->arena, &entry_record, &entry, was, len, &fault));
    int64_t *previous = of_row ? &entry.previous_in_row : &entry.previous_in_plan;
    *previous = of_row ? *previous - 1 : entry.number;
    CHECK_INT(len, record_encode(&entry_record, &entry, bytes, sizeof bytes));
    memcpy(h->entries[h->number - 1].at, bytes, len);
    lived_ledger_open(h, h->number, &l);
    CHECK_INT(0, past_find(&l, text_of("p"), h->day, &of));
    int rc = past_fold(l.journal, &of, &go_on, &past);
    CHECK(!past.state);
    lived_ledger_close(&l);
    memcpy(h->entries[h->number - 1].at, was, len);
    return rc;
}

TEST(as_at_says_where_a_chain_does_not_hang_together)
{
    struct hearing *h = hearing_open("2016-04-01");

    hearing_plan(h, "2016-09-01");
    for (int i = 0; i < 2; i++)
        CHECK_STR("accepted", hearing_say(h, "police/crm",
                                          "{'kind': 'progress', 'action': 'p/1', 'on': "
                                          "'2016-04-01', 'note': 'n%d'}",
                                          i));
    CHECK_INT(-EBADMSG, fold_with(h, true));
    CHECK_INT(-EBADMSG, fold_with(h, false));
    hearing_close(h);
}

TEST(as_at_can_be_cut_short)
{
    struct hearing *h = hearing_open("2016-04-01");
    const atomic_bool stop = true;
    struct past_of of;
    struct past past;
    struct ledger l;

    lived_ledger_open(h, h->number, &l);
    CHECK_INT(0, past_find(&l, text_of(""), h->day, &of));
    CHECK_INT(-ECANCELED, past_fold(l.journal, &of, &stop, &past));
    CHECK(!past.state);
    lived_ledger_close(&l);
    hearing_close(h);
}
