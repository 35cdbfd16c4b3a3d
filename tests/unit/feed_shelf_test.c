/* Rows that were encoded for those who came, and serve the next. */
#include <stdlib.h>

#include "broker/feeds/shelf.h"
#include "tests/hall.h"
#include "tests/t.h"

static const struct text plan = {"p", 1};
static const struct state_key first = {.len = 0};

static void
keep(struct shelf *s, const struct state_key *after, int64_t said, const char *bytes)
{
    const struct shelf_piece piece = {
        .said = said, .last = state_key_of(text_of("p/9")), .count = 1, .len = strlen(bytes)};

    shelf_keep(s, plan, after, &piece, bytes);
    CHECK(!shelf_find(s, plan, after, said));
    shelf_keep(s, plan, after, &piece, bytes);
}

static bool
holds(struct shelf *s, const struct state_key *after, int64_t said, const char *bytes)
{
    const struct shelf_piece *piece = shelf_find(s, plan, after, said);

    return piece && piece->len == strlen(bytes) && memcmp(piece->at, bytes, piece->len) == 0;
}

TEST(feed_shelf_finds_a_piece_where_it_begins_and_until_its_plan_changes)
{
    const struct state_key later = state_key_of(text_of("p/1"));
    struct shelf s = {.bytes = 0};

    shelf_turn(&s, 1, 1, 1);
    CHECK(!shelf_find(&s, plan, &first, 5));
    keep(&s, &first, 5, "one");
    keep(&s, &later, 5, "other");
    CHECK(holds(&s, &first, 5, "one"));
    CHECK(holds(&s, &later, 5, "other"));
    CHECK(!shelf_find(&s, plan, &first, 6));
    CHECK(!shelf_find(&s, text_of("q"), &first, 5));
    size_t bytes = s.bytes;
    keep(&s, &first, 6, "new");
    CHECK(holds(&s, &first, 6, "new"));
    CHECK_INT(bytes, s.bytes);
    shelf_clear(&s);
    CHECK_INT(0, s.bytes);
}

/* Rights change with every plan and agency. */
TEST(feed_shelf_is_empty_after_a_day_a_right_and_when_nobody_comes)
{
    static const struct turn {
        uint64_t rights;
        int32_t day;
        int64_t now;
        bool holds;
    } turns[] = {
        {1, 1, 2, true},
        {2, 1, 2, false},
        {1, 2, 2, false},
        {1, 1, SHELF_PATIENCE + 1, true},
        {1, 1, SHELF_PATIENCE + 2, false},
    };

    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        struct shelf s = {.bytes = 0};
        shelf_turn(&s, 1, 1, 1);
        keep(&s, &first, 5, "one");
        shelf_turn(&s, turns[i].rights, turns[i].day, turns[i].now);
        CHECK_INT(turns[i].holds, holds(&s, &first, 5, "one"));
        shelf_clear(&s);
    }
}

TEST(feed_shelf_keeps_no_more_than_it_has_room_for)
{
    char *half = calloc(1, SHELF_MOST / 2);
    const struct state_key later = state_key_of(text_of("p/1"));
    struct shelf s = {.bytes = 0};

    CHECK(half);
    memset(half, 'x', SHELF_MOST / 2 - 1);
    shelf_turn(&s, 1, 1, 1);
    keep(&s, &first, 5, half);
    keep(&s, &later, 5, half);
    CHECK(holds(&s, &first, 5, half));
    CHECK(!shelf_find(&s, plan, &later, 5));
    CHECK(s.bytes < SHELF_MOST);
    shelf_clear(&s);
    free(half);
}

/* --- with a broker ------------------------------------------------------------------------ */

static const struct subscribe all;

static bool
is_shelved(struct hall *h)
{
    return shelf_find(&h->broker.service.feeds.shelf, plan, &first, h->broker.board.ledger.number)
           != NULL;
}

TEST(feed_of_the_next_who_comes_has_the_rows_as_they_are)
{
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_STR("PLANS 1: p, STATE 1: p p/1 green, LIVE 1: 9", hall_settle(&h));
    CHECK(!is_shelved(&h));
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_STR("PLANS 2: p, STATE 2: p p/1 green, LIVE 2: 9", hall_settle(&h));
    CHECK(is_shelved(&h));
    hall_follow(&h, HALL_POLICE, &all);
    CHECK_STR("PLANS 3: p, STATE 3: p p/1 green, LIVE 3: 9", hall_settle(&h));
    hall_say(&h, HALL_POLICE,
             "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': 'declined', "
             "'note': 'n'}");
    (void)hall_settle(&h);
    CHECK(!is_shelved(&h));
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_STR("PLANS 4: p, STATE 4: p p/1 red, LIVE 4: 10", hall_settle(&h));
    hall_close(&h);
}

TEST(feed_of_who_asks_for_some_actions_takes_nothing_from_the_shelf)
{
    static const struct text themes[] = {{"neglect", 7}};
    const struct subscribe some = {.has.themes = 1, .themes = {themes, 1}};
    struct hall h;

    hall_open(&h);
    hall_follow(&h, HALL_LEAD, &all);
    hall_follow(&h, HALL_LEAD, &all);
    (void)hall_settle(&h);
    CHECK(is_shelved(&h));
    hall_follow(&h, HALL_LEAD, &some);
    CHECK_STR("PLANS 3: p, STATE 3: p, LIVE 3: 9", hall_settle(&h));
    hall_close(&h);
}

/* Actions of the plan q, with titles so long that credit ends amid a piece. */
static void
say_actions(struct hall *h, int count)
{
    char title[TITLE_MAX + 1];

    memset(title, 't', TITLE_MAX);
    title[TITLE_MAX] = '\0';
    hall_say(h, HALL_LEAD,
             "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', "
             "'members': 'all', 'seen': 0, 'epoch': 0}");
    for (int i = 0; i < count; i++)
        hall_say(h, HALL_LEAD,
                 "{'kind': 'action', 'id': 'q/%d', 'ref': '%d', 'title': '%s', 'leads': "
                 "['police'], 'seen': 0, 'epoch': 0}",
                 i, i, title);
}

static int
count_rows(const char *heard)
{
    int count = 0;

    while ((heard = strstr(heard, " q/"))) {
        heard++;
        count++;
    }
    return count;
}

TEST(feed_with_little_credit_goes_on_beside_the_shelf)
{
    enum { ACTIONS = 600 };
    const struct subscribe little = {.credit = CREDIT_LEAST};
    struct hall h;

    hall_open(&h);
    say_actions(&h, ACTIONS);
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_INT(ACTIONS, count_rows(hall_settle(&h)));
    hall_follow(&h, HALL_LEAD, &all);
    CHECK_INT(ACTIONS, count_rows(hall_settle(&h)));
    CHECK(h.broker.service.feeds.shelf.bytes > (size_t)CREDIT_LEAST);
    hall_follow(&h, HALL_POLICE, &little);
    int count = count_rows(hall_settle(&h));
    while (!hall_follower(&h, HALL_POLICE)->live) {
        CHECK(count < ACTIONS);
        hall_grant(&h, HALL_POLICE, CREDIT_LEAST);
        count += count_rows(hall_settle(&h));
    }
    CHECK_INT(ACTIONS, count);
    hall_close(&h);
}
