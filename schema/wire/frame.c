#include "schema/wire/frame.h"

#include <string.h>

#include "schema/codec.h"
#include "schema/reader.h"
#include "schema/shape.h"

enum { ARRAY_OF_2 = 0x92, FIXSTR = 0xa0 };

static bool
find_command(const msgpack_object_str *word, enum message_kind *kind)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (strlen(message_words[i]) == word->size
            && memcmp(message_words[i], word->ptr, word->size) == 0) {
            *kind = (enum message_kind)i;
            return true;
        }
    return false;
}

/* The command word; NULL, or why it can't be read. */
static const char *
take_command(struct reader *in, enum message_kind *kind)
{
    msgpack_object frame;
    msgpack_object word;

    if (reader_take(in, &frame) || frame.type != MSGPACK_OBJECT_ARRAY || frame.via.array.size != 2
        || reader_take(in, &word) || word.type != MSGPACK_OBJECT_STR)
        return "must be an array of a command word and a map";
    return find_command(&word.via.str, kind) ? NULL : "begins with an unknown command word";
}

bool
frame_decode(struct arena *arena, const void *buf, size_t len, enum message_kind *kind,
             union message *message, struct fault *fault)
{
    const uint8_t *bytes = buf;
    struct reader in = {bytes, bytes + len};
    const char *wrong = take_command(&in, kind);

    if (!wrong)
        return record_decode_rest(arena, message_records[*kind], message, buf, len,
                                  (size_t)(in.at - bytes), fault);
    const char *shape = shape_fault(buf, len);
    return fault_set(fault, FAULT_MALFORMED, "", "%s", shape ? shape : wrong);
}

size_t
frame_encode(enum message_kind kind, const void *record, void *buf, size_t cap)
{
    const char *word = message_words[kind];
    size_t word_len = strlen(word); /* below 32: a fixstr */
    uint8_t *at = buf;

    if (cap < 2 + word_len)
        return 0;
    at[0] = ARRAY_OF_2;
    at[1] = (uint8_t)(FIXSTR | word_len);
    memcpy(at + 2, word, word_len);
    size_t map =
        record_encode(message_records[kind], record, at + 2 + word_len, cap - 2 - word_len);
    return map ? 2 + word_len + map : 0;
}
