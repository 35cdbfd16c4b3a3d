#include "tests/gen.h"

#include "schema/days.h"
#include "schema/messages.h"
#include "tests/t.h"

#define ADDRESS(tag, FIELDS, open, doc) &tag##_record,
const struct record *const gen_records[] = {RECORDS(ADDRESS) MESSAGE_RECORDS(ADDRESS)};
const unsigned gen_record_count = sizeof gen_records / sizeof *gen_records;

struct making {
    struct arena *arena;
    int64_t left; /* of the size */
};

static void make_record(struct making *m, const struct record *r, void *out);

/* From `min` to `max`, each of the two one time in four, and no more than there
   is room for. */
static int64_t
length(struct making *m, int64_t min, int64_t max, int64_t cost)
{
    uint64_t ends = random_below(4);
    int64_t room = m->left / cost;

    if (max > room)
        max = room > min ? room : min;
    int64_t n = ends == 0   ? min
                : ends == 1 ? max
                            : min + (int64_t)random_below((uint64_t)(max - min) + 1);
    m->left -= n * cost;
    return n;
}

static int64_t
number(int64_t min, int64_t max)
{
    uint64_t ends = random_below(4);
    uint64_t range = (uint64_t)max - (uint64_t)min;

    if (ends < 2)
        return ends ? max : min;
    return (int64_t)((uint64_t)min
                     + (range == UINT64_MAX ? random_u64() : random_below(range + 1)));
}

/* Exactly `len` bytes of any UTF-8 but NUL. */
static struct text
make_text(struct making *m, uint32_t len)
{
    static const char *const characters[] = {"\x01",
                                             "\"",
                                             "\\",
                                             "/",
                                             "\n",
                                             "\x7f",
                                             "\xc2\x80",
                                             "\xdf\xbf",
                                             "\xe0\xa0\x80",
                                             "\xef\xbf\xbf",
                                             "\xf0\x90\x80\x80",
                                             "\xf4\x8f\xbf\xbf"};
    char *at = arena_take(m->arena, len);

    for (uint32_t i = 0; i < len;) {
        const char *c = characters[random_below(sizeof characters / sizeof *characters)];
        size_t bytes = strlen(c);
        if (random_below(2) || bytes > len - i)
            at[i++] = (char)(' ' + random_below('~' - ' '));
        else {
            memcpy(at + i, c, bytes);
            i += (uint32_t)bytes;
        }
    }
    return (struct text){at, len};
}

static struct text
make_id(struct making *m)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    uint32_t len = (uint32_t)length(m, 1, ID_MAX, 1);
    char *at = arena_take(m->arena, len);

    for (uint32_t i = 0; i < len; i++)
        at[i] = characters[random_below(sizeof characters - 1)];
    return (struct text){at, len};
}

static struct text
make_path(struct making *m)
{
    struct text a = make_id(m);
    struct text b = make_id(m);
    char *at = arena_take(m->arena, a.len + b.len + 1);

    memcpy(at, a.at, a.len);
    at[a.len] = '/';
    memcpy(at + a.len + 1, b.at, b.len);
    return (struct text){at, a.len + b.len + 1};
}

static struct bytes
make_bytes(struct making *m, const struct field *f)
{
    uint32_t len = (uint32_t)length(m, f->min, f->max, 1);
    uint8_t *at = arena_take(m->arena, len);

    for (uint32_t i = 0; i < len; i++)
        at[i] = (uint8_t)random_u64();
    return (struct bytes){at, len};
}

/* Where ids must differ, one that was there already is left out. */
static struct texts
make_texts(struct making *m, const struct field *f)
{
    uint32_t count = (uint32_t)length(m, 0, f->max, 16);
    struct text *at = arena_take(m->arena, count * sizeof *at);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++) {
        struct text one =
            f->type == TYPE_TEXTS ? make_text(m, (uint32_t)length(m, 0, 100, 1)) : make_id(m);
        if (f->type == TYPE_TEXTS || !texts_hold((struct texts){at, kept}, one))
            at[kept++] = one;
    }
    return (struct texts){at, kept};
}

static struct numbers
make_numbers(struct making *m, const struct field *f)
{
    uint32_t count = (uint32_t)length(m, 0, f->max, 8);
    int64_t *at = arena_take(m->arena, count * sizeof *at);

    for (uint32_t i = 0; i < count; i++)
        at[i] = number(0, INT64_MAX);
    return (struct numbers){at, count};
}

static struct who
make_who(struct making *m, const struct field *f)
{
    if (random_below(3) == 0)
        return (struct who){.all = true};
    return (struct who){.list = make_texts(m, f)};
}

static struct list
make_list(struct making *m, const struct field *f)
{
    uint32_t count = (uint32_t)length(m, 0, f->max, 20 * (int64_t)f->record->count);
    char *at = arena_take(m->arena, count * f->record->size);

    for (uint32_t i = 0; i < count; i++)
        make_record(m, f->record, at + i * f->record->size);
    return (struct list){at, count};
}

#define PUT(type, ...)                  \
    do {                                \
        type made = __VA_ARGS__;        \
        memcpy(to, &made, sizeof made); \
    } while (0)

static void
make_value(struct making *m, const struct field *f, void *to)
{
    switch (f->type) {
    case TYPE_TEXT: PUT(struct text, make_text(m, (uint32_t)length(m, f->min, f->max, 1))); break;
    case TYPE_ID: PUT(struct text, make_id(m)); break;
    case TYPE_PATH: PUT(struct text, make_path(m)); break;
    case TYPE_INT:
    case TYPE_AMOUNT: PUT(int64_t, number(f->min, f->max)); break;
    case TYPE_FLAG: PUT(bool, random_below(2)); break;
    case TYPE_DAY: PUT(int32_t, (int32_t)number(DAY_MIN, DAY_MAX)); break;
    case TYPE_WORD: PUT(int, (int)random_below((uint64_t)f->words->count)); break;
    case TYPE_SET: PUT(uint32_t, (uint32_t)random_below(UINT64_C(1) << f->words->count)); break;
    case TYPE_BIN: PUT(struct bytes, make_bytes(m, f)); break;
    case TYPE_IDS:
    case TYPE_TEXTS: PUT(struct texts, make_texts(m, f)); break;
    case TYPE_NUMBERS: PUT(struct numbers, make_numbers(m, f)); break;
    case TYPE_WHO: PUT(struct who, make_who(m, f)); break;
    case TYPE_ONE: make_record(m, f->record, to); break;
    case TYPE_MANY: PUT(struct list, make_list(m, f)); break;
    }
}

static void
make_record(struct making *m, const struct record *r, void *out)
{
    uint64_t present = 0;

    memset(out, 0, r->size);
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (f->need == OPTIONAL && random_below(2))
            continue;
        present |= UINT64_C(1) << i;
        make_value(m, f, (char *)out + f->offset);
    }
    memcpy(out, &present, sizeof present);
}

void
gen_record(struct arena *arena, const struct record *r, int64_t size, void *out)
{
    struct making m = {arena, size};
    make_record(&m, r, out);
}
