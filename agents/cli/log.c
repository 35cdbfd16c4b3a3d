#include "agents/cli/log.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/showing/entries.h"
#include "agents/cli/stream.h"
#include "schema/days.h"
#include "schema/ids.h"

LOG_OPTIONS(RECORD_TABLE)

enum { FOLLOW_FIRST = 10 };

struct logging {
    const struct talk *talk;
    int64_t left;   /* of the limit */
    int64_t number; /* complete to here */
};

static void
print_one(const struct logging *l, const struct entry *entry)
{
    if (l->talk->options.csv && !l->talk->options.json)
        entry_print_cells(entry);
    else
        entry_print(entry, l->talk->options.json);
}

static bool
print_page(void *context, const struct result *page)
{
    struct logging *l = context;

    for (uint32_t i = 0; i < page->entries.count && l->left > 0; i++, l->left--)
        print_one(l, &page->entries.at[i]);
    (void)fflush(stdout);
    l->number = page->number;
    return l->left > 0;
}

/* The newest come first: printed from the last to the first. */
static bool
print_back(void *context, const struct result *page)
{
    struct logging *l = context;

    for (uint32_t i = page->entries.count; i > 0; i--)
        print_one(l, &page->entries.at[i - 1]);
    (void)fflush(stdout);
    l->number = page->number;
    return false;
}

/* --- as it happens ------------------------------------------------------------------ */

struct following {
    struct logging logging;
    const struct query *q;
};

/* The feed knows no days, nor who sent an entry. */
static void
print_happened(void *context, const struct feed_happening *h)
{
    const struct following *f = context;
    const struct entry *entry = h->entry;

    if (!entry || (f->q->has.until && entry->day > f->q->until)
        || (f->q->has.agency && !text_equal(path_first(entry->client), f->q->agency)))
        return;
    print_one(&f->logging, entry);
    (void)fflush(stdout);
}

static const struct feed_events following_events = {.happened = print_happened};

/* Nothing was printed, or it was all that there is to `number`. */
static int
print_what_comes(struct following *f, struct talk *t, int64_t number)
{
    const struct feed_filter filter = {.plans = {&f->q->plan, f->q->has.plan},
                                       .actions = {&f->q->action, f->q->has.action},
                                       .want = WANT_ENTRIES};
    struct feed *feed = feed_new(&filter, &following_events, f);
    struct stream stream;

    feed_resume(feed, number);
    int rc = stream_begin(&stream, t, feed);
    while (rc == EXIT_DONE)
        rc = stream_turn(&stream, NULL, 0, -1);
    stream_end(&stream);
    feed_free(&feed);
    return rc;
}

static int
follow(struct talk *t, struct query *q, const char *what)
{
    struct following f = {.logging = {.talk = t, .left = INT64_MAX}, .q = q};
    int rc;

    q->limit = FOLLOW_FIRST;
    q->has.limit = 1;
    rc = talk_ask(t, q, what, print_back, &f.logging);
    return rc == EXIT_DONE ? print_what_comes(&f, t, f.logging.number) : rc;
}

static struct query
query_of(const struct invocation *in, const struct log_option *o)
{
    struct query q = {.what = QUERY_LOG};
    struct text word = text_of(in->words.count ? in->words.at[0] : "");

    KEEP(&q, o, since);
    KEEP(&q, o, until);
    KEEP(&q, o, agency);
    if (word.len && memchr(word.at, '/', word.len)) {
        q.action = word;
        q.has.action = 1;
    } else if (word.len) {
        q.plan = word;
        q.has.plan = 1;
    }
    return q;
}

int
log_entries(const struct invocation *in, struct arena *arena)
{
    const char *what = in->words.count ? in->words.at[0] : "the log";
    struct log_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    if (t.options.csv && !t.options.json)
        entry_print_headings();
    struct query q = query_of(in, &o);
    struct logging l = {.talk = &t, .left = o.has.limit ? o.limit : INT64_MAX};
    rc = o.follow ? follow(&t, &q, what) : talk_ask(&t, &q, what, print_page, &l);
    talk_close(&t);
    return rc;
}
