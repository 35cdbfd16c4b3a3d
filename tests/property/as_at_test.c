/* The past of a plan, folded from its chain and the registry's, is what the whole
   journal held of it at the day's end; and costs no more where more is around it. */
#include <errno.h>
#include <stdlib.h>

#include "broker/queries.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/fold.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/wire/frame.h"
#include "store/state_memory.h"
#include "tests/hearing.h"
#include "tests/t.h"

enum { DAYS = 24, SAID_A_DAY = 160, ROWS_MAX = 200 };

static atomic_bool go_on;

/* --- a board with a history ---------------------------------------------------------- */

static const char *const plans[] = {"a", "b", "b-2", "c", "d"};
enum { PLANS = sizeof plans / sizeof *plans, ACTIONS = 3 };
static const char *const agencies[] = {"police", "health", "schools", "housing"};
enum { AGENCIES = sizeof agencies / sizeof *agencies };

static const char *
one_of(const char *const *words, size_t count)
{
    return words[random_below(count)];
}
#define ONE_OF(...)                            \
    one_of((const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Plan a is a calm one, of which all agencies are members and where much is said; of
   the others much is refused, and then not there. Plan d comes late. */
static bool
is_calm(const char *plan)
{
    return strcmp(plan, "a") == 0;
}

static void
say_plan(struct hearing *h, const char *plan)
{
    const char *members =
        ONE_OF("'all'", "[]", "['police', 'health']", "['police', 'health', 'schools', 'housing']");
    hearing_say(h, "board/lead",
                "{'kind': 'plan', 'id': '%s', 'title': 'T%d', 'type': 'review', 'marking': "
                "'OFFICIAL', 'members': %s, 'reason': 'r'%s, 'seen': SEEN}",
                plan, (int)random_below(9), members, random_below(8) ? "" : ", 'closed': true");
}

static void
say_action(struct hearing *h, const char *plan, int ref)
{
    const char *leads =
        is_calm(plan) ? "'all'" : ONE_OF("'all'", "['police']", "['police', 'health']", "[]");
    hearing_say(h, "board/lead",
                "{'kind': 'action', 'id': '%s/%d', 'ref': '%d', 'title': 'A', 'leads': %s, "
                "'themes': ['t%d'], 'due': '2016-0%d-15', 'measure': {'counted': 'places', 'unit': "
                "'count', 'comparator': '>='}, 'reason': 'r'%s, 'seen': SEEN}",
                plan, ref, ref, leads, (int)random_below(3), 4 + (int)random_below(5),
                random_below(3) ? "" : ", 'contributors': ['schools']");
}

static void
say_decision(struct hearing *h, const char *plan, int ref)
{
    const char *what =
        is_calm(plan)
            ? ONE_OF("'return'", "'accept'", "'reopen'", "'note', 'reply_by': '2016-05-01'")
            : ONE_OF("'assure', 'override': true", "'reopen'", "'not-implement'", "'withdraw'");
    hearing_say(h, random_below(2) ? "board/lead" : "board/chair",
                "{'kind': 'decision', 'action': '%s/%d', 'what': %s, 'reason': 'r', 'seen': SEEN}",
                plan, ref, what);
}

static void
say_agency(struct hearing *h)
{
    if (random_below(20) == 0)
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'new-%d', 'name': 'N', 'sector': 'health', 'seen': "
                    "0, 'epoch': 0}",
                    (int)random_below(6));
    else if (random_below(60) == 0)
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'housing', 'name': 'H', 'sector': 'voluntary', "
                    "'succeeded_by': 'schools', 'reason': 'r', 'seen': SEEN}");
    else
        hearing_say(h, "board/operator",
                    "{'kind': 'agency', 'id': 'ofsted', 'name': 'O%d', 'sector': 'oversight', "
                    "'reason': 'r', 'seen': SEEN}",
                    (int)random_below(1000));
}

static void
say_progress(struct hearing *h, const char *plan, int ref, const char *today)
{
    char client[40];
    const char *proof = ONE_OF("", "", ", 'value': {'amount': 3, 'date': '2016-04-01'}",
                               ", 'evidence': {'title': 'E', 'kind': 'audit', 'held': 'H'}");

    snprintf(client, sizeof client, "%s/crm", one_of(agencies, AGENCIES));
    hearing_say(h, client,
                "{'kind': 'progress', 'action': '%s/%d', 'on': '%s', 'status': '%s', 'note': "
                "'n%d', 'percent': %d%s}",
                plan, ref, today,
                ONE_OF("in-progress", "claimed-complete", "paused", "not-started"),
                (int)random_below(1000), (int)random_below(100), proof);
}

static void
say_something(struct hearing *h, const char *today)
{
    const char *plan = random_below(2) ? "a" : one_of(plans, PLANS);
    int ref = 1 + (int)random_below(ACTIONS);

    switch (random_below(40)) {
    case 0: say_plan(h, plan); break;
    case 1:
    case 2: say_action(h, plan, ref); break;
    case 3:
    case 4: say_decision(h, plan, ref); break;
    default:
        if (random_below(4) == 0)
            say_agency(h);
        else
            say_progress(h, plan, ref, today);
    }
}

static struct hearing *
live_through(int days, int said_a_day)
{
    struct hearing *h = hearing_open("2016-04-01");
    char today[DAY_TEXT];

    for (int p = 0; p < PLANS - 1; p++) {
        say_plan(h, plans[p]);
        for (int ref = 1; ref <= ACTIONS; ref++)
            say_action(h, plans[p], ref);
    }
    for (int i = 0; i < days; i++, h->day++) {
        day_format(h->day, today);
        for (int k = 0; k < said_a_day; k++)
            say_something(h, today);
    }
    h->day--;
    return h;
}

/* --- its ledger, and what was said up to a day ------------------------------------------ */

/* The entries from `durable` on wait for the journal. */
static void
open_ledger(struct hearing *h, int64_t durable, struct ledger *l)
{
    uint64_t generation;

    *l = (struct ledger){
        .arena = arena_new(), .state = h->state, .number = h->number, .durable = durable};
    CHECK_INT(0, journal_open_memory(&l->journal, 0));
    CHECK_INT(0, journal_begin_generation(l->journal, &generation));
    for (int64_t i = 0; i < h->number; i++) {
        const struct journal_bytes bytes = {h->entries[i].at, h->entries[i].len};
        struct fault fault;
        struct entry entry;
        if (i < durable) {
            CHECK_INT(0, journal_append(l->journal, (uint64_t)i + 1, generation, &bytes, 1));
            continue;
        }
        arena_reset(l->arena);
        CHECK(record_decode(l->arena, &entry_record, &entry, bytes.bytes, bytes.len, &fault));
        pending_add(&l->pending, &entry);
    }
    arena_reset(l->arena);
}

static void
close_ledger(struct ledger *l)
{
    pending_free(&l->pending);
    journal_close(&l->journal);
    arena_destroy(&l->arena);
}

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
    struct hearing *h = live_through(DAYS, SAID_A_DAY);
    struct state *all = state_memory_open();
    struct ledger l;
    struct chain chain;
    int64_t number = 0;

    open_ledger(h, h->number, &l);
    for (int32_t day = h->day - DAYS + 1; day <= h->day; day++) {
        fold_day(h, &l, day, all, &number);
        for (int p = 0; p < PLANS; p++)
            check_past(&l, all, plans[p], day);
    }
    CHECK_INT(h->number, number);
    struct state_key key = state_key_of_plan_chain(text_of("a"));
    CHECK_INT(1, state_get_chain(l.state, l.arena, &key, &chain));
    CHECK(chain.count > MARK_EVERY); /* else no mark was of any use */
    state_memory_close(&all);
    close_ledger(&l);
    hearing_close(h);
}

TEST(as_at_shows_what_is_durable)
{
    struct hearing *h = live_through(6, SAID_A_DAY);
    struct state *all = state_memory_open();
    struct ledger l;
    int64_t number = 0;

    open_ledger(h, h->number - 200, &l);
    fold_day(h, &l, h->day, all, &number);
    CHECK_INT(h->number - 200, number);
    for (int p = 0; p < PLANS; p++)
        check_past(&l, all, plans[p], h->day);
    state_memory_close(&all);
    close_ledger(&l);
    hearing_close(h);
}

/* --- answers ---------------------------------------------------------------------------- */

/* What a client hears in all pages: each row as JSON, sorted. */
struct heard {
    struct arena *arena;
    const char *rows[ROWS_MAX];
    size_t count;
    enum wire_error error;
    bool refused;
};

static void
hear_row(struct heard *heard, const struct record *record, const void *row)
{
    CHECK(heard->count < ROWS_MAX);
    struct text json = record_to_json(heard->arena, record, row);
    heard->rows[heard->count++] = json.at;
}

static void
hear_page(struct heard *heard, const struct result *page)
{
    for (uint32_t i = 0; i < page->actions.count; i++)
        hear_row(heard, &listed_record, &page->actions.at[i]);
    for (uint32_t i = 0; i < page->plans.count; i++)
        hear_row(heard, &plan_line_record, &page->plans.at[i]);
    for (uint32_t i = 0; i < page->agencies.count; i++)
        hear_row(heard, &agency_row_record, &page->agencies.at[i]);
    for (uint32_t i = 0; i < page->clients.count; i++)
        hear_row(heard, &client_row_record, &page->clients.at[i]);
    if (page->has.shown)
        hear_row(heard, &shown_record, &page->shown);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* One page, as the loop does it: with the past where the answer needs one. */
static size_t
ask_page(struct querying *q, const struct query *query, uint8_t *frame)
{
    struct past past = {0};
    int rc = queries_need(q, query, &past.of);

    CHECK(rc >= 0);
    if (rc) {
        CHECK_INT(0, past_fold(q->ledger->journal, &past.of, &go_on, &past));
        q->past = &past;
        CHECK_INT(0, queries_need(q, query, &past.of));
    }
    rc = queries_answer(q, query, frame);
    q->past = NULL;
    past_free(&past);
    CHECK(rc > 0);
    return (size_t)rc;
}

static void
ask(struct querying *q, struct query query, struct heard *heard)
{
    static uint8_t frame[FRAME_OUT_MAX];
    static char after[200];
    enum message_kind kind;
    union message m;
    struct fault fault;

    heard->count = 0;
    heard->refused = false;
    for (;;) {
        size_t len = ask_page(q, &query, frame);
        CHECK(frame_decode(q->ledger->arena, frame, len, &kind, &m, &fault));
        if (kind == SAY_ERROR) {
            heard->refused = true;
            heard->error = m.error.code;
            break;
        }
        hear_page(heard, &m.result);
        if (!m.result.has.next)
            break;
        snprintf(after, sizeof after, "%.*s", (int)m.result.next.len, m.result.next.at);
        query.after = text_of(after);
        query.has.after = 1;
    }
    qsort(heard->rows, heard->count, sizeof *heard->rows, by_text);
}

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
    ask(q, query, &past);
    query.has.as_at = 0;
    ask(&q_then, query, &now);
    if (past.refused != now.refused || past.count != now.count)
        FAIL_WITH("%s: %zu rows, then it had %zu", what, past.count, now.count);
    for (size_t i = 0; i < now.count; i++)
        CHECK_STR(now.rows[i], past.rows[i]);
    arena_destroy(&now.arena);
}

static void
check_answers(struct querying *q, struct ledger *then, int32_t day)
{
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
    query.plan = text_of(plans[random_below(PLANS)]);
    query.has.plan = 1;
    query.what = QUERY_STATUS;
    check_answer(q, then, query, "status of a plan");
    query.what = QUERY_PLANS;
    check_answer(q, then, query, "a plan");
    query.what = QUERY_SHOW;
    query.action = text_of(ONE_OF("a/1", "a/2", "b/1", "b-2/3", "c/2", "d/1", "x/1"));
    query.has.action = 1;
    check_answer(q, then, query, "show");
}

/* To a lead, who may see every plan then and now. */
TEST(as_at_answers_as_the_day_itself_did)
{
    const struct author lead = {text_of("board/lead"), text_of("board"), ROLE_LEAD, false};
    struct hearing *h = live_through(8, 60);
    struct ledger then = {.arena = arena_new(), .state = state_memory_open()};
    struct ledger now;

    open_ledger(h, h->number, &now);
    then.journal = now.journal;
    struct querying q = {&now, NULL, &lead, h->day, NULL};
    for (int32_t day = h->day - 7; day <= h->day; day++) {
        fold_day(h, &now, day, then.state, &then.number);
        check_answers(&q, &then, day);
    }
    state_memory_close(&then.state);
    arena_destroy(&then.arena);
    close_ledger(&now);
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
    open_ledger(h, h->number, &l);
    struct querying q = {&l, NULL, &police, h->day, NULL};
    heard.arena = l.arena;
    ask(&q, query, &heard);
    CHECK(!heard.refused && strstr(heard.rows[0], "\"leads\":[\"police\",\"health\"]"));
    close_ledger(&l);

    CHECK_STR("accepted",
              hearing_say(h, "board/lead",
                          "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'action-plan', "
                          "'marking': 'OFFICIAL', 'members': ['health'], 'reason': 'r', 'seen': "
                          "SEEN}"));
    open_ledger(h, h->number, &l);
    heard.arena = l.arena;
    ask(&q, query, &heard);
    CHECK(heard.refused);
    CHECK_INT(ERROR_NOT_FOUND, heard.error);
    query.what = QUERY_STATUS;
    query.has.action = 0;
    ask(&q, query, &heard);
    CHECK(!heard.refused);
    CHECK_INT(0, heard.count);
    close_ledger(&l);
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
    open_ledger(h, h->number, &l);
    heard.arena = l.arena;
    struct querying q = {&l, NULL, &lead, h->day, NULL};
    for (int off = -1; off <= 1; off++) {
        query.as_at = h->day + off;
        ask(&q, query, &heard);
        CHECK_INT(off != 0, heard.refused);
        if (heard.refused)
            CHECK_INT(ERROR_DAY, heard.error);
    }
    close_ledger(&l);
    hearing_close(h);
}

/* --- what it costs ------------------------------------------------------------------------ */

/* A journal that counts what is read of it. */
struct counting {
    struct journal base;
    struct journal *of;
    int64_t reads;
};

static int
count_read(struct journal *j, uint64_t from, size_t count,
           int (*each)(void *context, const struct journal_entry *entry), void *context,
           uint64_t *next)
{
    struct counting *c = (struct counting *)j;

    c->reads++;
    return journal_read(c->of, from, count, each, context, next);
}

/* Of plan b as at the first day; the more is said of plan a the more marks there are. */
static int64_t
cost_among(int others)
{
    static const struct journal_ops ops = {.read = count_read};
    struct hearing *h = hearing_open("2016-04-01");
    struct counting counting = {.base = {&ops}};
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
    open_ledger(h, h->number, &l);
    counting.of = l.journal;
    l.journal = &counting.base;
    struct past past = fold_past(&l, "b", h->day);
    past_free(&past);
    l.journal = counting.of;
    close_ledger(&l);
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
    static const struct journal_ops ops = {.read = count_read};
    struct hearing *h = hearing_open("2016-04-01");
    struct counting counting = {.base = {&ops}};
    struct ledger l;

    hearing_plan(h, "2016-09-01");
    int64_t then = h->number;
    hearing_day(h, "2016-04-02");
    for (int i = 0; i < 5000; i++)
        hearing_say(h, "police/crm",
                    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-02', 'note': 'n%d'}", i);
    CHECK(h->number > then + 4999);
    open_ledger(h, h->number, &l);
    counting.of = l.journal;
    l.journal = &counting.base;
    struct past past = fold_past(&l, "p", h->day - 1);
    CHECK_INT(then, past.number);
    past_free(&past);
    CHECK(counting.reads < 2 * then + MARK_EVERY + 20);
    l.journal = counting.of;
    close_ledger(&l);
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
    open_ledger(h, h->number, &l);
    CHECK_INT(0, past_find(&l, text_of("p"), h->day, &of));
    int rc = past_fold(l.journal, &of, &go_on, &past);
    CHECK(!past.state);
    close_ledger(&l);
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

    open_ledger(h, h->number, &l);
    CHECK_INT(0, past_find(&l, text_of(""), h->day, &of));
    CHECK_INT(-ECANCELED, past_fold(l.journal, &of, &stop, &past));
    CHECK(!past.state);
    close_ledger(&l);
    hearing_close(h);
}
