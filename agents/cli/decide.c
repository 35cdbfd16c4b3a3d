#include "agents/cli/decide.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/fetch.h"
#include "agents/cli/sending/sending.h"
#include "agents/cli/showing/entries.h"
#include "schema/days.h"

DECIDE_OPTIONS(RECORD_TABLE)

enum { LABEL = 2 * PATH_MAX_LEN };

/* What is decided of which actions, and the view that each was decided from. */
struct deciding {
    struct talk *talk;
    enum decision_kind what;
    const char *const *actions;
    unsigned count;
    struct view *seen; /* of each */
};

/* --- what is typed --------------------------------------------------------------------- */

static int
read_what(const char *typed, enum decision_kind *what)
{
    int word = word_find(&decisions, typed, strlen(typed));
    const char *nearest = option_nearest(typed, decisions.text, (unsigned)decisions.count);

    if (word >= 0) {
        *what = (enum decision_kind)word;
        return EXIT_DONE;
    }
    if (nearest)
        return talk_complain(EXIT_USAGE, "there is no decision %s: did you mean %s?", typed,
                             nearest);
    (void)talk_complain(EXIT_USAGE, "there is no decision %s. There are:", typed);
    for (int i = 0; i < decisions.count; i++)
        (void)fprintf(stderr, "  %-14s %s\n", decisions.text[i], decisions.doc[i]);
    return EXIT_USAGE;
}

/* Decided once, it is no longer as it was seen: twice in one command can't be meant. */
static int
each_once(const struct deciding *d)
{
    for (unsigned i = 0; i < d->count; i++)
        for (unsigned k = 0; k < i; k++)
            if (strcmp(d->actions[i], d->actions[k]) == 0)
                return talk_complain(EXIT_USAGE, "%s is named twice", d->actions[i]);
    return EXIT_DONE;
}

/* --- the submissions --------------------------------------------------------------------- */

static struct decision
decision_of(const struct deciding *d, unsigned i, const struct decide_option *o)
{
    struct decision s = {.action = text_of(d->actions[i]), .what = d->what, .agencies = o->agency};

    s.has.action = s.has.what = 1;
    s.has.agencies = o->has.agency;
    KEEP(&s, o, reason);
    KEEP(&s, o, body);
    KEEP(&s, o, met);
    KEEP(&s, o, check);
    KEEP(&s, o, reply_by);
    KEEP(&s, o, override);
    KEEP(&s, o, due);
    KEEP(&s, o, continued_by);
    KEEP(&s, o, rescinds);
    FETCH_SEEN(&s, &d->seen[i]);
    return s;
}

/* All are looked at before the first is sent. */
static int
gather(struct sending *s, struct deciding *d, const struct decide_option *o)
{
    struct shown shown;
    char label[LABEL];
    int rc = EXIT_DONE;

    for (unsigned i = 0; i < d->count; i++) {
        int one = fetch_action(d->talk, text_of(d->actions[i]), &shown, &d->seen[i]);
        const union body body = {.decision = decision_of(d, i, o)};
        (void)snprintf(label, sizeof label, "%.*s %s", (int)PATH_MAX_LEN, d->actions[i],
                       word_text(&decisions, (int)d->what));
        if (one == EXIT_DONE)
            one = sending_add(s, KIND_DECISION, &body, label);
        if (one > rc)
            rc = one;
    }
    if (rc != EXIT_DONE && d->count > 1)
        return talk_complain(rc, "nothing was sent");
    return rc;
}

/* --- what has changed since ----------------------------------------------------------------- */

struct since {
    const char *action;
    int64_t number; /* what is newer is told */
};

static bool
say_newer(void *context, const struct result *page)
{
    const struct since *since = context;

    for (uint32_t i = 0; i < page->entries.count; i++) {
        const struct entry *e = &page->entries.at[i];
        if (e->number <= since->number)
            return false;
        if (e->outcome == ACCEPTED)
            entry_print(e, false);
    }
    return true;
}

static void
explain_stale(const struct deciding *d, unsigned i)
{
    struct since since = {d->actions[i], d->seen[i].number};
    struct query q = {.what = QUERY_HISTORY, .action = text_of(since.action)};

    q.has.action = 1;
    printf("  %s has changed since it was looked at (entry %" PRId64 "):\n", since.action,
           since.number);
    if (talk_ask(d->talk, &q, since.action, say_newer, &since) == EXIT_DONE)
        printf("  look at it (maat show %s); the same command again decides on what is there now\n",
               since.action);
}

static int
send_decisions(struct deciding *d, const struct decide_option *o)
{
    struct sending s;

    sending_begin(&s, d->talk);
    int rc = gather(&s, d, o);
    if (rc == EXIT_DONE)
        rc = sending_run(&s);
    for (unsigned i = 0; i < s.count && !d->talk->options.json; i++)
        if (rc == EXIT_REFUSED && sending_refusal(&s, i) == FAULT_STALE)
            explain_stale(d, i);
    sending_end(&s);
    return rc;
}

int
decide(const struct invocation *in, struct arena *arena)
{
    struct decide_option o;
    struct talk t;
    struct deciding d = {.talk = &t, .actions = in->words.at + 1, .count = in->words.count - 1};
    int rc = read_what(in->words.at[0], &d.what);

    if (rc == EXIT_DONE)
        rc = each_once(&d);
    if (rc != EXIT_DONE || (rc = talk_options(in, arena, &o)) != EXIT_DONE
        || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    d.seen = arena_take(arena, d.count * sizeof *d.seen);
    rc = send_decisions(&d, &o);
    talk_close(&t);
    return rc;
}
