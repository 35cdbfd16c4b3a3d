#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/codec.h"
#include "schema/json.h"
#include "schema/reader.h"

/* A frame that was heard and read: an array of the command word and the map. */
struct maat_message
inside_message(struct bytes frame)
{
    struct reader in = {frame.at, frame.at + frame.len};
    msgpack_object array;
    msgpack_object word;

    (void)reader_take(&in, &array);
    (void)reader_take(&in, &word);
    struct maat_message message = {.map = in.at, .len = (size_t)(in.end - in.at)};
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (text_is((struct text){word.via.str.ptr, word.via.str.size}, message_words[i]))
            message.word = message_words[i];
    return message;
}

bool
inside_is_json(const void *given, size_t len)
{
    const char *at = given;

    while (len && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++, len--;
    return len && *at == '{';
}

bool
inside_read(struct arena *arena, const struct record *r, void *out, const void *given, size_t len,
            struct fault *fault)
{
    return inside_is_json(given, len) ? record_from_json(arena, r, out, given, len, fault)
                                      : record_decode(arena, r, out, given, len, fault);
}

/* --- JSON of it ------------------------------------------------------------------------- */

union any {
    union message message;
    union body body;
};

static char *
to_json(const struct record *r, const void *map, size_t len)
{
    struct arena *arena = arena_new();
    union any *any = arena_take(arena, sizeof *any);
    char *json = NULL;
    struct fault fault;

    if (record_decode(arena, r, any, map, len, &fault)) {
        struct text text = record_to_json(arena, r, any);
        json = strndup(text.at, text.len);
        if (!json)
            abort();
    }
    arena_destroy(&arena);
    return json;
}

char *
maat_json(const struct maat_message *message)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (strcmp(message_words[i], message->word) == 0)
            return to_json(message_records[i], message->map, message->len);
    return NULL;
}

char *
maat_json_body(const char *kind, const void *body, size_t len)
{
    int found = word_find(&submission_kinds, kind, strlen(kind));

    return found < 0 || !body_records[found] ? NULL : to_json(body_records[found], body, len);
}
