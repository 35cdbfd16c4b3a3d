#include "agents/cli/difference.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/fetch.h"
#include "agents/cli/sending/seen.h"
#include "agents/cli/showing/entries.h"
#include "agents/cli/showing/printable.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/json.h"

/* Reads entries, newest first, until one that had been seen. */
struct looking {
    struct talk *talk;
    enum submission_kind kind;
    const char *id;
    int64_t seen;
    union body was, is; /* of the newest entry of its kind, seen and not */
    bool has_was, has_is;
};

static struct text
part_of(struct text json, size_t from, size_t less)
{
    return (struct text){json.at + from, json.len - (uint32_t)(from + less)};
}

/* One field as JSON, "null" where it is not given. */
static struct text
field_json(struct arena *arena, const struct record *r, const union body *body, unsigned i)
{
    union body *alone = arena_copy(arena, body, sizeof *body);
    uint64_t present;

    memcpy(&present, alone, sizeof present);
    present &= UINT64_C(1) << i;
    if (!present)
        return text_of("null");
    memcpy(alone, &present, sizeof present);
    /* {"name":value} */
    return part_of(record_to_json(arena, r, alone), r->fields[i].name_len + 4, 1);
}

static bool
is_of_the_sending(const struct field *f)
{
    return strcmp(f->name, "seen") == 0 || strcmp(f->name, "epoch") == 0
           || strcmp(f->name, "reason") == 0;
}

static void
print_field(const struct talk *t, const struct field *f, struct text was, struct text is)
{
    char name[64];

    if (t->options.json) {
        printf("{\"field\":\"%s\",\"was\":%.*s,\"is\":%.*s}\n", f->name, (int)was.len, was.at,
               (int)is.len, is.at);
        return;
    }
    option_name(f->name, name);
    printf("  %-16s was  ", name);
    printable_print(was);
    printf("\n  %-16s is   ", "");
    printable_print(is);
    printf("\n");
}

static void
print_fields(const struct looking *l)
{
    const struct record *r = body_records[l->kind];

    for (unsigned i = 0; i < r->count && l->has_was && l->has_is; i++) {
        struct text was = field_json(l->talk->arena, r, &l->was, i);
        struct text is = field_json(l->talk->arena, r, &l->is, i);
        if (!is_of_the_sending(&r->fields[i]) && !text_equal(was, is))
            print_field(l->talk, &r->fields[i], was, is);
    }
}

/* "entry 20, 2016-04-01, board/chair: action". */
static void
print_entry(const struct talk *t, const struct entry *e)
{
    char day[DAY_TEXT];

    day_format(e->day, day);
    if (t->options.json)
        printf("{\"entry\":%" PRId64 ",\"day\":\"%s\",\"client\":\"%.*s\",\"kind\":\"%s\"}\n",
               e->number, day, (int)e->client.len, e->client.at,
               word_text(&submission_kinds, (int)e->kind));
    else
        printf("entry %" PRId64 " of %s, by %.*s, changed it (%s):\n", e->number, day,
               (int)e->client.len, e->client.at, word_text(&submission_kinds, (int)e->kind));
}

static void
take_body(struct looking *l, const struct entry *e, union body *body, bool *has)
{
    const struct record *r = body_records[l->kind];
    struct bytes kept = {arena_copy(l->talk->arena, e->body.at, e->body.len), e->body.len};
    struct fault fault;

    if (!*has)
        *has = record_decode(l->talk->arena, r, body, kept.at, kept.len, &fault);
}

static bool
look(void *context, const struct result *page)
{
    struct looking *l = context;

    for (uint32_t i = 0; i < page->entries.count && !l->has_was; i++) {
        const struct entry *e = &page->entries.at[i];
        bool after = e->number > l->seen;
        if (e->outcome != ACCEPTED || !e->has.body)
            continue;
        if (after && (e->kind == l->kind || e->kind == KIND_DECISION))
            print_entry(l->talk, e);
        if (e->kind == l->kind)
            take_body(l, e, after ? &l->is : &l->was, after ? &l->has_is : &l->has_was);
    }
    return !l->has_was;
}

static bool
is_of_the_row(const struct looking *l, const struct entry *e)
{
    struct fault fault;
    union body body;

    return e->outcome == ACCEPTED && e->kind == l->kind && e->has.body
           && record_decode(l->talk->arena, body_records[e->kind], &body, e->body.at, e->body.len,
                            &fault)
           && text_is(seen_row(e->kind, &body), l->id);
}

static bool
look_at_registry(void *context, const struct result *page)
{
    struct looking *l = context;

    for (uint32_t i = 0; i < page->entries.count; i++)
        if (is_of_the_row(l, &page->entries.at[i]))
            entry_print(&page->entries.at[i], l->talk->options.json);
    return true;
}

/* Of an agency or a client an entry may say a part, and says in its line which. */
static int
print_registry(struct looking *l)
{
    struct query q = {.what = QUERY_LOG, .from = l->seen + 1};

    q.has.from = 1;
    return talk_ask(l->talk, &q, l->id, look_at_registry, l);
}

int
difference_print(struct talk *t, enum submission_kind kind, const char *id, int64_t seen)
{
    struct query q = {.what = kind == KIND_PLAN ? QUERY_LOG : QUERY_HISTORY};
    struct looking l = {.talk = t, .kind = kind, .id = id, .seen = seen};

    if (kind == KIND_AGENCY || kind == KIND_CLIENT)
        return print_registry(&l);

    if (kind == KIND_PLAN) {
        q.plan = text_of(id);
        q.has.plan = 1;
    } else {
        q.action = text_of(id);
        q.has.action = 1;
    }
    int rc = talk_ask(t, &q, id, look, &l);
    if (rc == EXIT_DONE)
        print_fields(&l);
    return rc;
}
