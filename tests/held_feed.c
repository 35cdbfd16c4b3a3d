#include "tests/held_feed.h"

#include "agents/libmaat/client_inside.h"
#include "agents/libmaat/maat_inside.h"
#include "tests/t.h"

static const struct feed_events nothing;

static void
make_key(struct maat_key *key)
{
    uint8_t secret[CURVE_KEY];

    *key = (struct maat_key){{.has = HAS_ALL, .address_count = 1}};
    CHECK_INT(0, curve_generate(key->identity.public, key->identity.secret));
    CHECK_INT(0, curve_generate(key->identity.server, secret));
    (void)snprintf(key->identity.address[0], sizeof key->identity.address[0], "ipc://nowhere");
}

void
held_feed_open(struct held_feed *h)
{
    const struct feed_filter all = {.want = WANT_BOTH};
    struct maat_key key;
    const struct maat_settings settings = {.key = &key, .software = "test"};

    *h = (struct held_feed){.feed = feed_new(&all, &nothing, NULL)};
    make_key(&key);
    CHECK_INT(MAAT_DONE, maat_open(&h->talk.broker, &settings, NULL));
    CHECK_INT(0, feed_begin(h->feed, &h->talk));
    h->held = h->talk.broker->client->feeds[0].follow;
}

void
held_feed_close(struct held_feed *h)
{
    feed_end(h->feed);
    feed_free(&h->feed);
    maat_close(&h->talk.broker);
}

void
held_feed_put_action(struct held_feed *h, const struct listed *row, int64_t number)
{
    struct listed whole = *row;

    whole.present |= *listed_record.required;
    follow_rows_put(&h->held->rows, &whole, number, false);
}

void
held_feed_put_plan(struct held_feed *h, const struct plan_row *row, int64_t number)
{
    follow_plans_know(&h->held->plans, row->id);
    struct plan_row whole = *row;

    whole.present |= *plan_row_record.required;
    whole.review_days = row->review_days ? row->review_days : 90;
    follow_plans_put(&h->held->plans, &whole, number);
}
