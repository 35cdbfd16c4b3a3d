#include <string.h>

#include "schema/codec.h"
#include "schema/field_path.h"

struct walk {
    bool (*each)(void *context, const char *field, struct text text);
    void *context;
    struct field_path path;
};

static bool walk_record(struct walk *w, const struct record *r, const void *rec);

static bool
walk_texts(struct walk *w, const struct texts *texts)
{
    bool ok = true;
    for (uint32_t i = 0; i < texts->count && ok; i++) {
        size_t before = field_path_enter_item(&w->path, i);
        ok = w->each(w->context, w->path.text, texts->at[i]);
        field_path_leave(&w->path, before);
    }
    return ok;
}

static bool
walk_many(struct walk *w, const struct record *r, const struct list *list)
{
    bool ok = true;
    for (uint32_t i = 0; i < list->count && ok; i++) {
        size_t before = field_path_enter_item(&w->path, i);
        ok = walk_record(w, r, (const char *)list->at + i * r->size);
        field_path_leave(&w->path, before);
    }
    return ok;
}

static bool
walk_value(struct walk *w, const struct field *f, const void *from)
{
    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH: return w->each(w->context, w->path.text, *(const struct text *)from);
    case TYPE_IDS:
    case TYPE_TEXTS: return walk_texts(w, from);
    case TYPE_WHO: return walk_texts(w, &((const struct who *)from)->list);
    case TYPE_ONE: return walk_record(w, f->record, from);
    case TYPE_MANY: return walk_many(w, f->record, from);
    case TYPE_INT:
    case TYPE_AMOUNT:
    case TYPE_FLAG:
    case TYPE_DAY:
    case TYPE_WORD:
    case TYPE_SET:
    case TYPE_NUMBERS:
    case TYPE_BIN: return true;
    }
    return true;
}

/* Types that hold no text, a bit for each. */
enum {
    TEXTLESS = 1 << TYPE_INT | 1 << TYPE_AMOUNT | 1 << TYPE_FLAG | 1 << TYPE_DAY | 1 << TYPE_WORD
               | 1 << TYPE_SET | 1 << TYPE_BIN | 1 << TYPE_NUMBERS,
};

static bool
walk_record(struct walk *w, const struct record *r, const void *rec)
{
    uint64_t present;
    bool ok = true;

    memcpy(&present, rec, sizeof present);
    for (; present && ok; present &= present - 1) {
        const struct field *f = &r->fields[__builtin_ctzll(present)];
        if (TEXTLESS >> f->type & 1)
            continue;
        size_t before = field_path_enter(&w->path, f->name);
        ok = walk_value(w, f, (const char *)rec + f->offset);
        field_path_leave(&w->path, before);
    }
    return ok;
}

bool
record_each_text(const struct record *r, const void *rec,
                 bool (*each)(void *context, const char *field, struct text text), void *context)
{
    struct walk w = {.each = each, .context = context};
    return walk_record(&w, r, rec);
}
