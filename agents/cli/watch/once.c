#include "agents/cli/watch/once.h"

#include "agents/cli/status.h"
#include "agents/cli/stream.h"
#include "agents/cli/watch/ask.h"
#include "agents/cli/watch/only.h"
#include "schema/wire/host_clock.h"

struct snapshot {
    bool whole;
    int64_t heard; /* when something of it came, of CLOCK_MONOTONIC */
};

static void
on_row(void *context, const struct listed *row)
{
    struct snapshot *s = context;

    (void)row;
    s->heard = clock_microseconds(CLOCK_MONOTONIC);
}

static void
on_live(void *context, int64_t upto)
{
    struct snapshot *s = context;

    (void)upto;
    s->whole = true;
}

static const struct feed_events events = {.row = on_row, .live = on_live};

static void
print(const struct talk *t, const struct feed *feed, const struct watch_option *o)
{
    const struct feed_actions all = feed_actions(feed, t->arena);
    const struct watch_only only = watch_only_of(o);
    struct listing *listing =
        t->options.json ? NULL : listing_begin(status_rows.headings, t->options.csv);

    for (size_t i = 0; i < all.count; i++) {
        const struct listed *row = &all.at[i];
        if (!watch_only_wants(&only, row))
            continue;
        if (!listing) {
            rows_print_json(&status_rows, row);
            continue;
        }
        status_rows.cells(listing, row);
        listing_row(listing);
    }
    if (listing)
        listing_end(&listing, status_rows.none);
}

/* Patience is for a broker that says nothing, not for the length of the work. */
int
watch_once(struct talk *t, const struct feed_filter *filter, const struct watch_option *o)
{
    struct snapshot snapshot = {.heard = clock_microseconds(CLOCK_MONOTONIC)};
    struct feed *feed = feed_new(filter, &events, &snapshot);
    struct stream stream;
    int rc = stream_begin(&stream, t, feed);

    while (rc == EXIT_DONE && !snapshot.whole) {
        int64_t left = t->ms - (clock_microseconds(CLOCK_MONOTONIC) - snapshot.heard) / 1000;
        if (left <= 0)
            rc = talk_complain(EXIT_UNREACHABLE, "the broker has no answer yet (%s)",
                               maat_link_text(t->broker));
        else
            rc = stream_turn(&stream, NULL, 0, (long)left);
    }
    const struct text *absent = watch_ask_absent(feed);
    if (rc == EXIT_DONE && absent)
        rc = talk_complain(EXIT_REFUSED, "%.*s: there is none such, or you may not see it",
                           (int)absent->len, absent->at);
    if (rc == EXIT_DONE)
        print(t, feed, o);
    stream_end(&stream);
    feed_free(&feed);
    return rc;
}
