#include "schema/copy.h"

#include <string.h>

/* The next field that is present, from a set of bits of which it is taken. */
static const struct field *
take_field(const struct record *r, uint64_t *present)
{
    const struct field *f = &r->fields[__builtin_ctzll(*present)];
    *present &= *present - 1;
    return f;
}

static uint64_t
present_in(const void *rec)
{
    uint64_t present;
    memcpy(&present, rec, sizeof present);
    return present;
}

/* So that whatever comes next is aligned: no member of a record is wider. */
static size_t
rounded(size_t size)
{
    return (size + _Alignof(int64_t) - 1) & ~(_Alignof(int64_t) - 1);
}

/* --- room ---------------------------------------------------------------------- */

static size_t
room_of_texts(const struct texts *texts)
{
    size_t room = rounded(texts->count * sizeof *texts->at);

    for (uint32_t i = 0; i < texts->count; i++)
        room += rounded(texts->at[i].len);
    return room;
}

static size_t
room_of_many(const struct record *r, const struct list *list)
{
    size_t room = rounded(list->count * r->size);

    for (uint32_t i = 0; i < list->count; i++)
        room += record_room(r, (const char *)list->at + i * r->size);
    return room;
}

static size_t
room_of_value(const struct field *f, const void *value)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: return rounded(((const struct text *)value)->len);
    case TYPE_BIN: return rounded(((const struct bytes *)value)->len);
    case TYPE_IDS:
    case TYPE_TEXTS: return room_of_texts(value);
    case TYPE_NUMBERS: return rounded(((const struct numbers *)value)->count * sizeof(int64_t));
    case TYPE_WHO: return room_of_texts(&((const struct who *)value)->list);
    case TYPE_ONE: return record_room(f->record, value);
    case TYPE_MANY: return room_of_many(f->record, value);
    case TYPE_INT:
    case TYPE_AMOUNT:
    case TYPE_FLAG:
    case TYPE_DAY:
    case TYPE_WORD:
    case TYPE_SET: break;
    }
    return 0;
}

size_t
record_room(const struct record *r, const void *rec)
{
    size_t room = 0;

    for (uint64_t present = present_in(rec); present;) {
        const struct field *f = take_field(r, &present);
        room += room_of_value(f, (const char *)rec + f->offset);
    }
    return room;
}

/* --- copying --------------------------------------------------------------------- */

struct copying {
    char *room; /* what is left of it */
    size_t left;
    bool full; /* it was too little */
};

static void copy_record(struct copying *c, const struct record *r, void *to, const void *from);

/* NULL: it does not fit. */
static void *
take_room(struct copying *c, size_t size)
{
    void *to = c->room;

    size = rounded(size);
    if (size > c->left) {
        c->full = true;
        return NULL;
    }
    c->room += size;
    c->left -= size;
    return to;
}

static void *
carry(struct copying *c, const void *from, size_t size)
{
    void *to = take_room(c, size);

    if (to && size)
        memcpy(to, from, size);
    return to;
}

static void
copy_texts(struct copying *c, struct texts *to, const struct texts *from)
{
    struct text *items = carry(c, from->at, from->count * sizeof *items);

    for (uint32_t i = 0; i < from->count && !c->full; i++)
        items[i].at = carry(c, items[i].at, items[i].len);
    *to = (struct texts){items, from->count};
}

static void
copy_many(struct copying *c, const struct record *r, struct list *to, const struct list *from)
{
    char *items = take_room(c, from->count * r->size);

    for (uint32_t i = 0; i < from->count && !c->full; i++)
        copy_record(c, r, items + i * r->size, (const char *)from->at + i * r->size);
    *to = (struct list){items, from->count};
}

static void
copy_text(struct copying *c, struct text *to, const struct text *from)
{
    *to = (struct text){carry(c, from->at, from->len), from->len};
}

static void
copy_bytes(struct copying *c, struct bytes *to, const struct bytes *from)
{
    *to = (struct bytes){carry(c, from->at, from->len), from->len};
}

static void
copy_numbers(struct copying *c, struct numbers *to, const struct numbers *from)
{
    *to = (struct numbers){carry(c, from->at, from->count * sizeof *from->at), from->count};
}

static void
copy_who(struct copying *c, struct who *to, const struct who *from)
{
    copy_texts(c, &to->list, &from->list);
    to->all = from->all;
}

static void
copy_value(struct copying *c, const struct field *f, void *to, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: copy_text(c, to, from); break;
    case TYPE_BIN: copy_bytes(c, to, from); break;
    case TYPE_IDS:
    case TYPE_TEXTS: copy_texts(c, to, from); break;
    case TYPE_NUMBERS: copy_numbers(c, to, from); break;
    case TYPE_WHO: copy_who(c, to, from); break;
    case TYPE_ONE: copy_record(c, f->record, to, from); break;
    case TYPE_MANY: copy_many(c, f->record, to, from); break;
    case TYPE_INT:
    case TYPE_AMOUNT: memcpy(to, from, sizeof(int64_t)); break;
    case TYPE_FLAG: memcpy(to, from, sizeof(bool)); break;
    case TYPE_DAY: memcpy(to, from, sizeof(int32_t)); break;
    case TYPE_WORD: memcpy(to, from, sizeof(int)); break;
    case TYPE_SET: memcpy(to, from, sizeof(uint32_t)); break;
    }
}

static void
copy_record(struct copying *c, const struct record *r, void *to, const void *from)
{
    uint64_t present = present_in(from);

    memset(to, 0, r->size);
    memcpy(to, &present, sizeof present);
    while (present && !c->full) {
        const struct field *f = take_field(r, &present);
        copy_value(c, f, (char *)to + f->offset, (const char *)from + f->offset);
    }
}

bool
record_copy_within(const struct record *r, void *to, const void *from, void *room, size_t cap,
                   size_t *used)
{
    struct copying c = {.room = room, .left = cap};

    copy_record(&c, r, to, from);
    *used = cap - c.left;
    return !c.full;
}

void
record_copy(const struct record *r, void *to, const void *from, void *room)
{
    size_t used;

    (void)record_copy_within(r, to, from, room, SIZE_MAX, &used);
}
