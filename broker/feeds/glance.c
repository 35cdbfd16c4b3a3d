#include "broker/feeds/glance.h"

#include "schema/reader.h"

/* --- members of a map ------------------------------------------------------------------ */

struct members {
    struct reader in;
    uint32_t left;
};

static bool
begin(struct bytes map, struct members *m)
{
    msgpack_object value;

    m->in = (struct reader){map.at, map.at + map.len};
    if (reader_take(&m->in, &value) || value.type != MSGPACK_OBJECT_MAP)
        return false;
    m->left = value.via.map.size;
    return true;
}

/* The next key, with its value ahead; false at the end. */
static bool
next_key(struct members *m, struct text *key)
{
    msgpack_object value;

    if (!m->left || reader_take(&m->in, &value) || value.type != MSGPACK_OBJECT_STR)
        return false;
    m->left--;
    *key = (struct text){value.via.str.ptr, value.via.str.size};
    return true;
}

static bool
take_text(struct members *m, struct text *out)
{
    msgpack_object value;

    if (reader_take(&m->in, &value) || value.type != MSGPACK_OBJECT_STR)
        return false;
    *out = (struct text){value.via.str.ptr, value.via.str.size};
    return true;
}

static bool
take_word(struct members *m, const struct vocabulary *words, int *out)
{
    struct text text;

    if (!take_text(m, &text))
        return false;
    *out = word_find(words, text.at, text.len);
    return *out >= 0;
}

static bool
take_number(struct members *m, int64_t *out)
{
    msgpack_object value;

    if (reader_take(&m->in, &value) || value.type != MSGPACK_OBJECT_POSITIVE_INTEGER)
        return false;
    *out = (int64_t)value.via.u64;
    return true;
}

static bool
take_bin(struct members *m, struct bytes *out)
{
    msgpack_object value;

    if (reader_take(&m->in, &value) || value.type != MSGPACK_OBJECT_BIN)
        return false;
    *out = (struct bytes){(const uint8_t *)value.via.bin.ptr, value.via.bin.size};
    return true;
}

/* --- the entry and its body --------------------------------------------------------------- */

static bool
take_member(struct members *m, struct text key, struct glance *out)
{
    int word = 0;
    bool good = true;

    if (text_is(key, "number")) {
        good = take_number(m, &out->number);
    } else if (text_is(key, "client")) {
        good = take_text(m, &out->client);
    } else if (text_is(key, "kind")) {
        good = take_word(m, &submission_kinds, &word);
        out->kind = (enum submission_kind)word;
    } else if (text_is(key, "outcome")) {
        good = take_word(m, &outcomes, &word);
        out->outcome = (enum outcome)word;
    } else if (text_is(key, "body")) {
        good = take_bin(m, &out->body);
    } else {
        good = reader_skip(&m->in) == READING_DONE;
    }
    return good;
}

/* The field by which a body of this kind names its plan or action. */
static const char *
naming_field(enum submission_kind kind)
{
    switch (kind) {
    case KIND_PLAN:
    case KIND_ACTION: return "id";
    case KIND_PROGRESS:
    case KIND_DECISION: return "action";
    case KIND_RATING: return "plan";
    case KIND_BOARD:
    case KIND_AGENCY:
    case KIND_CLIENT:
    case KIND_STRIKE:
    case SUBMISSION_KIND_COUNT: break;
    }
    return NULL;
}

static bool
look_into_body(struct glance *out)
{
    const char *field = naming_field(out->kind);
    struct members m;
    struct text key;

    if (!field)
        return true;
    if (!begin(out->body, &m))
        return false;
    while (next_key(&m, &key)) {
        if (text_is(key, field))
            return take_text(&m, &out->named);
        if (reader_skip(&m.in) != READING_DONE)
            return false;
    }
    return out->kind == KIND_RATING;
}

bool
glance_at(struct bytes entry, struct glance *out)
{
    struct members m;
    struct text key;

    *out = (struct glance){.named = {"", 0}};
    if (!begin(entry, &m))
        return false;
    while (m.left)
        if (!next_key(&m, &key) || !take_member(&m, key, out))
            return false;
    return out->number > 0 && (out->outcome == REFUSED || look_into_body(out));
}
