#include "broker/feeds/sheet.h"

#include <errno.h>
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

#include "schema/days.h"
#include "schema/must.h"

enum {
    SHEET_FRAME = 256, /* bytes of keys and numbers around the heaps, at most */
    ENTRY_MOST = BODY_MAX + 4096,
};
_Static_assert(PAGE_SHORT - SHEET_FRAME >= PAGE_ROW && PAGE_SHORT - SHEET_FRAME >= ENTRY_MOST,
               "a page that is short holds any row, and any entry");

static const char *const heap_field[SHEET_HEAPS] = {
    [SHEET_PLANS] = "plans",
    [SHEET_ACTIONS] = "actions",
    [SHEET_GONE] = "gone",
    [SHEET_ENTRIES] = "entries",
};

void
sheet_free(struct sheet *s)
{
    for (int i = 0; i < SHEET_HEAPS; i++)
        free(s->heap[i].at);
    *s = (struct sheet){0};
}

void
sheet_clear(struct sheet *s, int64_t most)
{
    for (int i = 0; i < SHEET_HEAPS; i++)
        s->heap[i].len = s->heap[i].count = 0;
    s->used = 0;
    int64_t room = (most < PAGE_MOST ? most : PAGE_MOST) - SHEET_FRAME;
    s->most = room > 0 ? (size_t)room : 0;
}

bool
sheet_is_empty(const struct sheet *s)
{
    return s->used == 0;
}

/* The heap's end, with so much room behind it. */
static uint8_t *
end_with_room(struct sheet *s, enum sheet_heap to, size_t len)
{
    if (s->heap[to].len + len > s->heap[to].cap) {
        size_t cap = s->heap[to].cap ? s->heap[to].cap : 4096;
        while (cap < s->heap[to].len + len)
            cap *= 2;
        s->heap[to].at = must(realloc(s->heap[to].at, cap));
        s->heap[to].cap = cap;
    }
    return s->heap[to].at + s->heap[to].len;
}

/* So many items more in a page that is not too long. */
static bool
fits(const struct sheet *s, enum sheet_heap to, size_t len, uint32_t count)
{
    return s->used + len <= s->most && s->heap[to].count + count <= FEED_ROWS_MAX;
}

static void
count_in(struct sheet *s, enum sheet_heap to, size_t len, uint32_t count)
{
    s->heap[to].len += len;
    s->heap[to].count += count;
    s->used += len;
}

/* Room for items in a heap; NULL where they do not fit. */
static uint8_t *
make_room(struct sheet *s, enum sheet_heap to, size_t len, uint32_t count)
{
    if (!fits(s, to, len, count))
        return NULL;
    uint8_t *at = end_with_room(s, to, len);
    count_in(s, to, len, count);
    return at;
}

bool
sheet_add(struct sheet *s, enum sheet_heap to, struct bytes item)
{
    return sheet_add_all(s, to, item.at, item.len, 1);
}

bool
sheet_add_all(struct sheet *s, enum sheet_heap to, const void *items, size_t len, uint32_t count)
{
    uint8_t *at = make_room(s, to, len, count);

    if (at)
        memcpy(at, items, len);
    return at != NULL;
}

uint8_t *
sheet_room(struct sheet *s, enum sheet_heap to)
{
    return end_with_room(s, to, PAGE_ROW);
}

int
sheet_take(struct sheet *s, enum sheet_heap to, size_t len)
{
    if (!len)
        return -EBADMSG;
    if (!fits(s, to, len, 1))
        return 0;
    count_in(s, to, len, 1);
    return 1;
}

/* --- MessagePack -------------------------------------------------------------------- */

static int
append(void *data, const char *bytes, size_t n)
{
    struct page *p = data;

    memcpy(p->at + p->len, bytes, n);
    p->len += n;
    return 0;
}

static void
pack_text(msgpack_packer *pk, struct text text)
{
    msgpack_pack_str(pk, text.len);
    msgpack_pack_str_body(pk, text.at, text.len);
}

static void
pack_number(msgpack_packer *pk, const char *field, int64_t value)
{
    pack_text(pk, text_of(field));
    msgpack_pack_int64(pk, value);
}

bool
sheet_add_gone(struct sheet *s, struct text action)
{
    uint8_t head[8];
    size_t len = 0;

    if (action.len < 32) {
        head[len++] = (uint8_t)(0xa0 | action.len);
    } else {
        head[len++] = 0xd9;
        head[len++] = (uint8_t)action.len;
    }
    uint8_t *at = make_room(s, SHEET_GONE, len + action.len, 1);
    if (!at)
        return false;
    memcpy(at, head, len);
    memcpy(at + len, action.at, action.len);
    return true;
}

/* Empty heaps are left out. */
static struct page *
begin(const struct sheet *s, enum message_kind kind, uint32_t fields, msgpack_packer *pk)
{
    for (int i = 0; i < SHEET_HEAPS; i++)
        fields += s->heap[i].count > 0;
    struct page *p = page_new(kind, fields, s->used + SHEET_FRAME);
    msgpack_packer_init(pk, p, append);
    return p;
}

static void
pack_rows(const struct sheet *s, int64_t number, int32_t day, struct page *p, msgpack_packer *pk)
{
    char text[DAY_TEXT];

    day_format(day, text);
    pack_number(pk, "number", number);
    pack_text(pk, text_of("day"));
    pack_text(pk, text_of(text));
    for (int i = 0; i < SHEET_HEAPS; i++) {
        if (!s->heap[i].count)
            continue;
        pack_text(pk, text_of(heap_field[i]));
        msgpack_pack_array(pk, s->heap[i].count);
        append(p, (const char *)s->heap[i].at, s->heap[i].len);
    }
}

struct page *
sheet_state(const struct sheet *s, int64_t number, int32_t day)
{
    msgpack_packer pk;
    struct page *p = begin(s, SAY_STATE, 2, &pk);

    pack_rows(s, number, day, p, &pk);
    return p;
}

struct page *
sheet_event(const struct sheet *s, int64_t number, int32_t day, int64_t upto)
{
    msgpack_packer pk;
    struct page *p = begin(s, SAY_EVENT, 3, &pk);

    pack_rows(s, number, day, p, &pk);
    pack_number(&pk, "upto", upto);
    p->upto = upto;
    return p;
}

struct page *
page_of_live(int64_t upto)
{
    struct page *p = page_new(SAY_LIVE, 1, SHEET_FRAME);
    msgpack_packer pk;

    msgpack_packer_init(&pk, p, append);
    pack_number(&pk, "upto", upto);
    p->upto = upto;
    return p;
}

struct page *
page_of_plans(const struct text *ids, uint32_t count, bool more)
{
    struct page *p = page_new(SAY_PLANS, more ? 2 : 1, SHEET_FRAME + count * (ID_MAX + 2));
    msgpack_packer pk;

    msgpack_packer_init(&pk, p, append);
    pack_text(&pk, text_of("plans"));
    msgpack_pack_array(&pk, count);
    for (uint32_t i = 0; i < count; i++)
        pack_text(&pk, ids[i]);
    if (more) {
        pack_text(&pk, text_of("more"));
        msgpack_pack_true(&pk);
    }
    return p;
}
