#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/codec.h"
#include "schema/json.h"
#include "schema/must.h"

/* It came in a frame, so it fits one. */
struct maat_record
inside_record(struct arena *arena, const char *name, const struct record *r, const void *rec)
{
    static _Thread_local uint8_t buf[FRAME_OUT_MAX];
    size_t len = record_encode(r, rec, buf, sizeof buf);

    return (struct maat_record){name, arena_copy(arena, buf, len), len};
}

static const char *
skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

bool
inside_read_asked(struct arena *arena, const struct record *r, void *out, const void *given,
                  size_t len, struct fault *fault)
{
    static const char id[] = "{\"id\":0,";
    const char *end = (const char *)given + len;
    const char *open = skip_blanks(given, end);

    if (open == end || *open != '{')
        return record_decode(arena, r, out, given, len, fault);
    const char *more = skip_blanks(open + 1, end);
    const bool is_empty = more < end && *more == '}'; /* then no comma comes before it */
    const size_t head = sizeof id - 1 - is_empty;
    const size_t rest = (size_t)(end - more);
    char *json = arena_take(arena, head + rest + 1);
    memcpy(json, id, head);
    memcpy(json + head, more, rest);
    return record_from_json(arena, r, out, json, head + rest, fault);
}

/* --- JSON of it ------------------------------------------------------------------------- */

static char *
to_json(const struct record *r, const void *map, size_t len)
{
    struct arena *arena = arena_new();
    void *any = arena_take(arena, r->size);
    char *json = NULL;
    struct fault fault;

    if (record_decode(arena, r, any, map, len, &fault)) {
        struct text text = record_to_json(arena, r, any);
        json = must(strndup(text.at, text.len));
    }
    arena_destroy(&arena);
    return json;
}

#define AS_TABLE(tag, FIELDS, open, doc) &tag##_record,
static const struct record *const others[] = {RECORDS(AS_TABLE) MESSAGE_RECORDS(AS_TABLE)};

static const struct record *
table_of(const char *name)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (strcmp(message_words[i], name) == 0)
            return message_records[i];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i]->name, name) == 0)
            return others[i];
    return NULL;
}

char *
maat_json(const struct maat_record *record)
{
    const struct record *r = table_of(record->name);
    return r ? to_json(r, record->map, record->len) : NULL;
}

char *
maat_json_body(const char *kind, const void *body, size_t len)
{
    int found = word_find(&submission_kinds, kind, strlen(kind));

    return found < 0 || !body_records[found] ? NULL : to_json(body_records[found], body, len);
}
