#include "agents/cli/watch/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/showing/entries.h"
#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/printable.h"
#include "agents/cli/showing/wording.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/ids.h"
#include "schema/json.h"

WATCH_RECORDS(RECORD_TABLE)

/* --- what it moved ------------------------------------------------------------------- */

struct making {
    struct arena *arena;
    const struct feed *feed;
    const struct feed_happening *h;
    struct watch_move *moves;
    uint32_t count;
    int32_t began;
};

static void
put_row(struct watch_move *m, const struct listed *row, int64_t number)
{
    if (!row)
        return;
    m->after = row->rating;
    m->reasons = row->reasons;
    m->row = *row;
    m->number = number;
    m->has.after = m->has.reasons = m->has.row = m->has.number = 1;
}

static struct watch_move *
add(struct making *make, struct text action)
{
    struct watch_move *m = &make->moves[make->count++];

    *m = (struct watch_move){.action = action};
    m->has.action = 1;
    return m;
}

static void
add_changes(struct making *make)
{
    for (size_t i = 0; i < make->h->count; i++) {
        const struct feed_change *c = &make->h->changes[i];
        struct watch_move *m = add(make, c->action);
        put_row(m, c->after, c->number);
        if (!c->before)
            continue;
        m->before = c->before->rating;
        m->before_reasons = c->before->reasons;
        m->has.before = m->has.before_reasons = 1;
    }
}

static bool
find_row(const struct making *make, struct text action, struct listed *row, int64_t *number)
{
    return feed_action(make->feed, make->arena, action, row, number);
}

/* One that the entry names, though a later one moved its row, or none did. */
static void
add_named(struct making *make, struct text action)
{
    struct listed row;
    int64_t number;

    for (uint32_t i = 0; i < make->count; i++)
        if (text_equal(make->moves[i].action, action))
            return;
    if (find_row(make, action, &row, &number))
        put_row(add(make, action), &row, number);
}

/* A new day says itself what it changed, which rows of today might not show any more.
   What the filter does not let through has no row here. */
static void
add_rated(struct making *make, const struct rating_change *day)
{
    struct listed row;
    int64_t number;

    make->began = day->day;
    make->count = 0;
    for (uint32_t i = 0; i < day->changes.count; i++) {
        const struct rated *r = &day->changes.at[i];
        if (!find_row(make, r->action, &row, &number))
            continue;
        struct watch_move *m = add(make, r->action);
        put_row(m, &row, number);
        m->before = r->before;
        m->after = r->after;
        m->reasons = r->reasons;
        m->has.before = m->has.after = m->has.reasons = 1;
    }
}

/* Adds what the submission names; the plan that it is of, or an empty one. */
static struct text
add_of_body(struct making *make, const struct entry *e)
{
    const struct record *r = body_records[e->kind];
    const struct text none = {"", 0};
    struct text action = none;
    struct fault fault;
    union body body;

    if (e->outcome == REFUSED || !r
        || !record_decode(make->arena, r, &body, e->body.at, e->body.len, &fault))
        return none;
    if (e->kind == KIND_RATING)
        add_rated(make, &body.rating);
    if (e->kind == KIND_RATING)
        return body.rating.has.plan ? body.rating.plan : none;
    if (e->kind == KIND_PLAN)
        return body.plan.id;
    if (e->kind == KIND_ACTION)
        action = body.action.id;
    else if (e->kind == KIND_PROGRESS)
        action = body.progress.action;
    else if (e->kind == KIND_DECISION)
        action = body.decision.action;
    if (!action.len)
        return none;
    add_named(make, action);
    return path_first(action);
}

void
watch_event_make(struct watch_event *out, struct arena *arena, const struct feed *f,
                 const struct feed_happening *h)
{
    struct making make = {.arena = arena, .feed = f, .h = h};

    make.moves = arena_take(arena, (h->count + RATED_MAX + 1) * sizeof *make.moves);
    add_changes(&make);
    struct text id = add_of_body(&make, h->entry);
    struct plan_row plan;
    bool known = false;
    *out = (struct watch_event){.entry = h->entry, .began = make.began};
    out->told.actions.at = make.moves;
    out->told.actions.count = make.count;
    out->told.has.actions = 1;
    if (id.len && feed_plan(f, arena, id, &plan, &known) && known) {
        out->told.marking = plan.marking;
        out->told.has.marking = 1;
    } else if (make.count && make.moves[0].has.row) {
        out->told.marking = make.moves[0].row.marking;
        out->told.has.marking = 1;
    }
}

static bool
is_of(const struct watch_move *m, const struct watch_only *only)
{
    bool rated = !only->has.rating || (m->has.before && m->before == only->rating)
                 || (m->has.after && m->after == only->rating);
    bool silent = !only->has.silent_since
                  || (m->has.row && m->row.has.unheard && m->row.unheard < only->silent_since);

    return rated && silent;
}

bool
watch_event_is(const struct watch_event *e, const struct watch_only *only)
{
    if (!only->has.rating && !only->has.silent_since)
        return true;
    for (uint32_t i = 0; i < e->told.actions.count; i++)
        if (is_of(&e->told.actions.at[i], only))
            return true;
    return false;
}

/* --- for people -------------------------------------------------------------------------- */

static void
put_rating(FILE *out, enum rating rating, bool coloured)
{
    (void)fprintf(out, "%s%s%s", coloured ? listing_colour(rating) : "",
                  word_text(&ratings, (int)rating), coloured ? "\033[0m" : "");
}

static void
put_reasons(FILE *out, uint32_t set)
{
    const char *between = " (";

    for (int i = 0; i < REASON_COUNT; i++)
        if (set >> i & 1) {
            (void)fprintf(out, "%s%s", between, word_text(&reasons, i));
            between = ", ";
        }
    if (set)
        (void)fputc(')', out);
}

static void
put_move(FILE *out, const struct watch_move *m, bool coloured)
{
    bool moved =
        m->has.before
        && (m->before != m->after || (m->has.before_reasons && m->before_reasons != m->reasons));

    if (!m->has.after) {
        (void)fputs("no longer among these", out);
        return;
    }
    if (moved) {
        put_rating(out, m->before, coloured);
        (void)fputs(" -> ", out);
    }
    put_rating(out, m->after, coloured);
    put_reasons(out, m->reasons);
}

/* Of several, whose each is. */
static void
put_moves(FILE *out, const struct watch_event *e, bool coloured)
{
    const uint32_t count = e->told.actions.count;
    bool named = count > 1 || e->entry->kind == KIND_RATING || e->entry->kind == KIND_PLAN
                 || e->entry->kind == KIND_AGENCY;

    if (!count)
        return;
    for (uint32_t i = 0; i < count; i++) {
        const struct watch_move *m = &e->told.actions.at[i];
        (void)fputs(i ? "; " : "  [", out);
        if (named)
            (void)fprintf(out, "%.*s ", (int)m->action.len, m->action.at);
        put_move(out, m, coloured);
    }
    (void)fputc(']', out);
}

/* A new day's changes are told as moves, not as fields. */
static void
put_said(FILE *out, struct arena *arena, const struct watch_event *e)
{
    struct text said = wording_of_entry(arena, e->entry);
    char day[DAY_TEXT];

    if (e->entry->kind == KIND_RATING) {
        day_format(e->began, day);
        (void)fprintf(out, "new day %s", day);
        return;
    }
    char *line = text_string(arena, said);
    printable_make(line);
    for (char *at = line; (at = strchr(at, '\n'));)
        *at = ' ';
    (void)fputs(line, out);
}

static void
put_marking(FILE *out, const struct watch_event *e)
{
    if (e->told.has.marking)
        (void)fprintf(out, "  %s", word_text(&markings, (int)e->told.marking));
}

/* What is written, heading first, until it is taken into the arena. */
struct line {
    FILE *out;
    char *at;
    size_t len;
};

static void
line_begin(struct line *line, struct arena *arena, const struct watch_event *e)
{
    struct text heading = entry_heading(arena, e->entry);

    line->out = open_memstream(&line->at, &line->len);
    if (!line->out)
        abort();
    (void)fprintf(line->out, "%.*s", (int)heading.len, heading.at);
}

static struct text
line_end(struct line *line, struct arena *arena)
{
    if (fclose(line->out))
        abort();
    struct text text = {arena_copy(arena, line->at, line->len), (uint32_t)line->len};
    free(line->at);
    return text;
}

struct text
watch_event_line(struct arena *arena, const struct watch_event *e)
{
    struct line line;

    line_begin(&line, arena, e);
    put_said(line.out, arena, e);
    put_moves(line.out, e, false);
    put_marking(line.out, e);
    (void)fputc('\n', line.out);
    return line_end(&line, arena);
}

struct text
watch_event_brief(struct arena *arena, const struct watch_event *e, bool coloured)
{
    struct line line;

    line_begin(&line, arena, e);
    put_moves(line.out, e, coloured);
    put_marking(line.out, e);
    (void)fputs("  ", line.out);
    put_said(line.out, arena, e);
    return line_end(&line, arena);
}

/* --- for programs ------------------------------------------------------------------------ */

struct text
watch_event_json(struct arena *arena, const struct watch_event *e)
{
    struct text members = entry_members(arena, e->entry);
    struct text told = record_to_json(arena, &watch_told_record, &e->told);
    const size_t cap = members.len + told.len + 48;
    char *json = arena_take(arena, cap);
    /* what was told is an object of its own: its members go on from here */
    int len = snprintf(json, cap, "{\"number\":%" PRId64 ",%.*s,%.*s\n", e->entry->number,
                       (int)members.len, members.at, (int)told.len - 1, told.at + 1);

    return (struct text){json, (uint32_t)len};
}
