#include "schema/reader.h"

/* What the first byte of a value says: its type; the size that is in it (of a
   text, the members of a map, the bytes of a number), or in how many bytes after
   it the size is. */
struct head {
    uint8_t type, size, size_bytes;
};

enum {
    NIL = MSGPACK_OBJECT_NIL,
    BOOL = MSGPACK_OBJECT_BOOLEAN,
    UINT = MSGPACK_OBJECT_POSITIVE_INTEGER,
    SINT = MSGPACK_OBJECT_NEGATIVE_INTEGER,
    HALF = MSGPACK_OBJECT_FLOAT32,
    REAL = MSGPACK_OBJECT_FLOAT64,
    TEXT = MSGPACK_OBJECT_STR,
    BYTES = MSGPACK_OBJECT_BIN,
    ARRAY = MSGPACK_OBJECT_ARRAY,
    MAP = MSGPACK_OBJECT_MAP,
    WRONG = MSGPACK_OBJECT_EXT, /* also c1, which is nothing */
};

/* clang-format off */
static const struct head heads[32] = {
    /* c0 */ {NIL, 0, 0},   {WRONG, 0, 0}, {BOOL, 0, 0},  {BOOL, 0, 0},
    /* c4 */ {BYTES, 0, 1}, {BYTES, 0, 2}, {BYTES, 0, 4}, {WRONG, 0, 0},
    /* c8 */ {WRONG, 0, 0}, {WRONG, 0, 0}, {HALF, 4, 0},  {REAL, 8, 0},
    /* cc */ {UINT, 1, 0},  {UINT, 2, 0},  {UINT, 4, 0},  {UINT, 8, 0},
    /* d0 */ {SINT, 1, 0},  {SINT, 2, 0},  {SINT, 4, 0},  {SINT, 8, 0},
    /* d4 */ {WRONG, 0, 0}, {WRONG, 0, 0}, {WRONG, 0, 0}, {WRONG, 0, 0},
    /* d8 */ {WRONG, 0, 0}, {TEXT, 0, 1},  {TEXT, 0, 2},  {TEXT, 0, 4},
    /* dc */ {ARRAY, 0, 2}, {ARRAY, 0, 4}, {MAP, 0, 2},   {MAP, 0, 4},
};
/* clang-format on */

static inline struct head
classify(uint8_t first)
{
    if (first < 0x80)
        return (struct head){UINT, 0, 0};
    if (first < 0x90)
        return (struct head){MAP, first & 15, 0};
    if (first < 0xa0)
        return (struct head){ARRAY, first & 15, 0};
    if (first < 0xc0)
        return (struct head){TEXT, first & 31, 0};
    if (first < 0xe0)
        return heads[first - 0xc0];
    return (struct head){SINT, 0, 0};
}

/* Big-endian, `n` bytes; the caller has seen that they are there. */
static inline uint64_t
take_number(struct reader *r, unsigned n)
{
    uint64_t number = 0;
    while (n--)
        number = number << 8 | *r->at++;
    return number;
}

/* The sign is that of the first of `n` bytes. As msgpack-c has it, a number that
   is not negative is a positive one, however it was written. */
static inline void
take_signed(struct reader *r, unsigned n, msgpack_object *out)
{
    unsigned above = 64 - 8 * n;
    out->via.i64 = (int64_t)(take_number(r, n) << above) >> above;
    if (out->via.i64 >= 0)
        out->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
}

/* What comes before a value's content, or its members: with the size of the one, or how many
   there are of the other. Each of these is a byte at least. */
static inline enum reading
take_head(struct reader *r, struct head *head, uint64_t *size)
{
    if (r->at == r->end)
        return READING_SHORT;
    *head = classify(*r->at++);
    if (head->type == WRONG)
        return READING_WRONG;
    if (head->size_bytes > (size_t)(r->end - r->at))
        return READING_SHORT;
    *size = head->size_bytes ? take_number(r, head->size_bytes) : head->size;
    return *size > (size_t)(r->end - r->at) ? READING_SHORT : READING_DONE;
}

enum reading
reader_take(struct reader *r, msgpack_object *out)
{
    const uint8_t *first = r->at;
    struct head head;
    uint64_t size;
    enum reading rc = take_head(r, &head, &size);

    if (rc)
        return rc;
    out->type = (msgpack_object_type)head.type;
    switch (head.type) {
    case TEXT:
    case BYTES: /* laid out as a text is */
        out->via.str.ptr = (const char *)r->at;
        out->via.str.size = (uint32_t)size;
        r->at += size;
        break;
    case ARRAY:
    case MAP: /* likewise */
        out->via.array.ptr = NULL;
        out->via.array.size = (uint32_t)size;
        break;
    case UINT: out->via.u64 = size ? take_number(r, (unsigned)size) : *first; break;
    case SINT:
        if (size)
            take_signed(r, (unsigned)size, out);
        else
            out->via.i64 = (int64_t)*first - 256; /* a fixint of 5 bits below zero */
        break;
    case BOOL: out->via.boolean = *first & 1; break;
    default: r->at += size; break; /* nil, and numbers that no field has */
    }
    return READING_DONE;
}

enum reading
reader_skip(struct reader *r)
{
    struct reader in = *r;
    enum reading rc = READING_DONE;

    for (uint64_t left = 1; left; left--) {
        struct head head;
        uint64_t size;
        if ((rc = take_head(&in, &head, &size)))
            break;
        if (head.type == ARRAY)
            left += size;
        else if (head.type == MAP)
            left += 2 * size;
        else
            in.at += size;
    }
    *r = in;
    return rc;
}
