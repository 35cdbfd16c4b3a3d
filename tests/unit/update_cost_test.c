/* What an update costs, in rows: DESIGN, "What an update costs". Rows in use are
   kept decoded (schema/hot.h): here each update begins with none of them, and what
   it leaves is given to the store. What counts is all but rows of plans and chains,
   which nearly every update changes.                                             */
#include "tests/hearing.h"
#include "tests/t.h"

/* A state that counts what is read and written of each table. */
struct counting {
    struct state base;
    struct state *of;
    int reads[STATE_TABLE_COUNT], steps[STATE_TABLE_COUNT], writes[STATE_TABLE_COUNT];
};

static struct counting *
self(struct state *s)
{
    return (struct counting *)s;
}

static int
count_get(struct state *s, enum state_table table, const struct state_key *key, struct bytes *value)
{
    self(s)->reads[table]++;
    return self(s)->of->ops->get(self(s)->of, table, key, value);
}

static int
count_put(struct state *s, enum state_table table, const struct state_key *key, struct bytes value)
{
    self(s)->writes[table]++;
    return self(s)->of->ops->put(self(s)->of, table, key, value);
}

static int
count_remove(struct state *s, enum state_table table, const struct state_key *key)
{
    self(s)->writes[table]++;
    return self(s)->of->ops->remove(self(s)->of, table, key);
}

static int
count_next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
           struct bytes *value)
{
    self(s)->steps[table]++;
    return self(s)->of->ops->next(self(s)->of, table, at, inclusive, value);
}

static void
say_counted(struct hearing *h, struct counting *c, const char *client, const char *line)
{
    static const struct state_ops ops = {
        .get = count_get, .put = count_put, .remove = count_remove, .next = count_next};

    *c = (struct counting){.base = {.ops = &ops}, .of = h->state};
    CHECK_INT(0, state_settle(c->of));
    h->state = &c->base;
    CHECK_STR("accepted", hearing_say(h, client, "%s", line));
    CHECK_INT(0, state_settle(h->state));
    state_forget(h->state);
    h->state = c->of;
    state_forget(h->state);
}

/* Written rows of other tables. */
static int
written(const struct counting *c)
{
    int count = 0;

    for (int t = 0; t < STATE_TABLE_COUNT; t++)
        if (t != TABLE_CHAINS && t != TABLE_PLANS && t != TABLE_BOARD)
            count += c->writes[t];
    return count;
}

#define ACTION(more)                                                                 \
    "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', " \
    "'health'], 'reason': 'r', 'seen': SEEN" more "}"

TEST(update_cost_of_progress_is_one_written_row)
{
    struct hearing *h = hearing_open("2016-04-01");
    struct counting c;

    hearing_plan(h, "2016-09-01");
    for (int i = 0; i < 3; i++) {
        say_counted(h, &c, "police/crm",
                    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-01', 'status': "
                    "'in-progress', 'note': 'n'}");
        CHECK_INT(1, c.writes[TABLE_PARTS]);
        CHECK_INT(1, written(&c));
        CHECK_INT(0, c.writes[TABLE_PLANS]);
        CHECK_INT(2, c.writes[TABLE_CHAINS]); /* the plan's and the outbox's */
        CHECK_INT(1, c.reads[TABLE_ACTIONS]);
        /* by judge; the fold is given the same, once there is one */
        CHECK_INT(i == 0 ? 2 : 1, c.reads[TABLE_PARTS]);
        CHECK_INT(1, c.reads[TABLE_PLANS]);
        for (int t = 0; t < STATE_TABLE_COUNT; t++)
            CHECK_INT(0, c.steps[t]);
    }
    hearing_close(h);
}

TEST(update_cost_of_an_index_is_paid_where_its_key_changed)
{
    struct hearing *h = hearing_open("2016-04-01");
    struct counting c;

    hearing_plan(h, "2016-09-01");
    say_counted(h, &c, "board/lead", ACTION(", 'due': '2016-09-01', 'text': 'in full'"));
    CHECK_INT(1, c.writes[TABLE_ACTIONS]);
    CHECK_INT(1, written(&c));
    say_counted(h, &c, "board/lead", ACTION(", 'due': '2016-09-01', 'themes': ['a', 'b']"));
    CHECK_INT(2, c.writes[TABLE_BY_THEME]);
    CHECK_INT(3, written(&c));
    say_counted(h, &c, "board/lead", ACTION(", 'due': '2016-10-01', 'themes': ['b', 'c']"));
    CHECK_INT(2, c.writes[TABLE_BY_THEME]);
    CHECK_INT(2, c.writes[TABLE_BY_DUE]);
    CHECK_INT(5, written(&c));
    say_counted(
        h, &c, "board/lead",
        "{'kind': 'decision', 'action': 'p/1', 'what': 'note', 'reason': 'r', 'seen': SEEN}");
    CHECK_INT(1, written(&c));
    say_counted(h, &c, "board/lead",
                "{'kind': 'decision', 'action': 'p/1', 'what': 'withdraw', 'reason': 'r', 'seen': "
                "SEEN}");
    CHECK_INT(1, c.writes[TABLE_BY_DUE]);
    CHECK_INT(2, written(&c));
    hearing_close(h);
}
