#include "agents/cli/showing/wording.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"

struct writing {
    char *at;
    size_t len, cap;
};

/* What does not fit is cut: a line for people need not hold 64 KiB of cells. */
enum { WORDING = 32 * 1024 };

static struct writing
begin(struct arena *arena)
{
    return (struct writing){arena_take(arena, WORDING), 0, WORDING};
}

static struct text
end(const struct writing *w)
{
    return (struct text){w->at, (uint32_t)w->len};
}

__attribute__((format(printf, 2, 3))) static void
put(struct writing *w, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(w->at + w->len, w->cap - w->len, format, args);
    va_end(args);
    size_t left = w->cap - w->len - 1;
    w->len += (size_t)len < left ? (size_t)len : left;
}

static void
put_text(struct writing *w, struct text text, const char *quote)
{
    put(w, "%s%.*s%s", quote, (int)text.len, text.len ? text.at : "", quote);
}

static void
put_texts(struct writing *w, const struct texts *texts, const char *quote)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        put(w, "%s", i ? " " : "");
        put_text(w, texts->at[i], quote);
    }
    if (!texts->count)
        put(w, "none");
}

static void
put_set(struct writing *w, const struct vocabulary *words, uint32_t set)
{
    const char *between = "";

    for (int i = 0; i < words->count; i++)
        if (set >> i & 1) {
            put(w, "%s%s", between, words->text[i]);
            between = " ";
        }
}

static void put_fields(struct writing *w, const struct record *r, const void *rec,
                       const char *const *except);

static void
put_many(struct writing *w, const struct record *r, const struct list *list)
{
    const char *const nothing[] = {NULL};

    for (uint32_t i = 0; i < list->count; i++) {
        put(w, "%s(", i ? " " : "");
        put_fields(w, r, (const char *)list->at + i * r->size, nothing);
        put(w, ")");
    }
    if (!list->count)
        put(w, "none");
}

static void
put_value(struct writing *w, const struct field *f, const void *value)
{
    char text[32]; /* an amount or a day */
    const struct who *who = value;
    const struct list one = {value, 1};

    switch (f->type) {
    case TYPE_TEXT: put_text(w, *(const struct text *)value, "\""); break;
    case TYPE_ID:
    case TYPE_PATH: put_text(w, *(const struct text *)value, ""); break;
    case TYPE_INT: put(w, "%" PRId64, *(const int64_t *)value); break;
    case TYPE_AMOUNT:
        amount_format(*(const int64_t *)value, text);
        put(w, "%s", text);
        break;
    case TYPE_FLAG: put(w, "%s", *(const bool *)value ? "yes" : "no"); break;
    case TYPE_DAY:
        day_format(*(const int32_t *)value, text);
        put(w, "%s", text);
        break;
    case TYPE_WORD: put(w, "%s", word_text(f->words, *(const int *)value)); break;
    case TYPE_SET: put_set(w, f->words, *(const uint32_t *)value); break;
    case TYPE_IDS: put_texts(w, value, ""); break;
    case TYPE_TEXTS: put_texts(w, value, "\""); break;
    case TYPE_WHO:
        if (who->all)
            put(w, "all");
        else
            put_texts(w, &who->list, "");
        break;
    case TYPE_ONE: put_many(w, f->record, &one); break;
    case TYPE_MANY: put_many(w, f->record, value); break;
    case TYPE_BIN:
    case TYPE_NUMBERS: break;
    }
}

static bool
is_left_out(const struct field *f, const char *const *except)
{
    if (f->type == TYPE_BIN || f->type == TYPE_NUMBERS)
        return true;
    for (; *except; except++)
        if (strcmp(f->name, *except) == 0)
            return true;
    return strcmp(f->name, "seen") == 0 || strcmp(f->name, "epoch") == 0;
}

/* A field that is a flag says it by its name. */
static void
put_fields(struct writing *w, const struct record *r, const void *rec, const char *const *except)
{
    const char *between = "";
    uint64_t present;

    memcpy(&present, rec, sizeof present);
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        const void *value = (const char *)rec + f->offset;
        if (!(present >> i & 1) || is_left_out(f, except))
            continue;
        put(w, "%s", between);
        for (const char *c = f->name; *c; c++)
            put(w, "%c", *c == '_' ? ' ' : *c);
        between = ", ";
        if (f->type == TYPE_FLAG && *(const bool *)value)
            continue;
        put(w, " ");
        put_value(w, f, value);
    }
}

struct text
wording_of_record(struct arena *arena, const struct record *r, const void *rec,
                  const char *const *except)
{
    struct writing w = begin(arena);

    put_fields(&w, r, rec, except);
    return end(&w);
}

/* --- entries ----------------------------------------------------------------------- */

/* What the submission names, and the verb where it has one. */
static void
put_subject(struct writing *w, enum submission_kind kind, const union body *body)
{
    switch (kind) {
    case KIND_BOARD: put(w, "board %s", word_text(&board_acts, (int)body->board.what)); break;
    case KIND_AGENCY:
        put(w, "agency ");
        put_text(w, body->agency.id, "");
        break;
    case KIND_CLIENT:
        put(w, "client ");
        put_text(w, body->client.id, "");
        break;
    case KIND_PLAN:
        put(w, "plan ");
        put_text(w, body->plan.id, "");
        break;
    case KIND_ACTION:
        put(w, "action ");
        put_text(w, body->action.id, "");
        break;
    case KIND_PROGRESS: put_text(w, body->progress.action, ""); break;
    case KIND_DECISION:
        put_text(w, body->decision.action, "");
        put(w, " %s", word_text(&decisions, (int)body->decision.what));
        break;
    case KIND_RATING:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
}

/* day 2016-12-13: da-2016/2.1 amber to red (overdue silent), da-2016/2.2 grey to amber ... */
static void
put_day(struct writing *w, const struct rating_change *r)
{
    char day[DAY_TEXT];

    day_format(r->day, day);
    put(w, "day %s", day);
    if (r->parts > 1)
        put(w, ", part %" PRId64 " of %" PRId64, r->part, r->parts);
    put(w, ": ");
    if (!r->has.plan)
        put(w, "rated");
    for (uint32_t i = 0; i < r->changes.count; i++) {
        const struct rated *c = &r->changes.at[i];
        put(w, "%s", i ? ", " : "");
        put_text(w, c->action, "");
        put(w, " %s to %s", word_text(&ratings, (int)c->before),
            word_text(&ratings, (int)c->after));
        if (!c->reasons)
            continue;
        put(w, " (");
        put_set(w, &reasons, c->reasons);
        put(w, ")");
    }
}

static void
put_refusal(struct writing *w, const struct entry *entry)
{
    put(w, "refused %s: %s", word_text(&submission_kinds, (int)entry->kind),
        word_text(&fault_codes, (int)entry->code));
    if (entry->field.len)
        put(w, " %.*s", (int)entry->field.len, entry->field.at);
}

static void
put_accepted(struct writing *w, const struct entry *entry, union body *body)
{
    static const char *const of_subject[] = {"id", "action", "what", "cells", NULL};

    if (entry->kind == KIND_RATING) {
        put_day(w, &body->rating);
        return;
    }
    if (entry->kind == KIND_PROGRESS && body->progress.on == entry->day)
        body->progress.has.on = 0;
    put_subject(w, entry->kind, body);
    put(w, ": ");
    put_fields(w, body_records[entry->kind], body, of_subject);
}

struct text
wording_of_entry(struct arena *arena, const struct entry *entry)
{
    struct writing w = begin(arena);
    struct fault fault;
    union body body;

    if (entry->outcome == REFUSED)
        put_refusal(&w, entry);
    else if (body_records[entry->kind]
             && record_decode(arena, body_records[entry->kind], &body, entry->body.at,
                              entry->body.len, &fault))
        put_accepted(&w, entry, &body);
    else
        put(&w, "%s", word_text(&submission_kinds, (int)entry->kind));
    return end(&w);
}
