#include "tests/rows.h"

#include "tests/t.h"

static void
require(const struct field *f, char *at)
{
    if (f->type == TYPE_TEXT || f->type == TYPE_ID || f->type == TYPE_PATH) {
        struct text text;
        memcpy(&text, at, sizeof text);
        if (text.len == 0)
            text = text_of(f->type == TYPE_PATH ? "x/x" : "x");
        memcpy(at, &text, sizeof text);
    } else if (f->type == TYPE_INT) {
        int64_t number;
        memcpy(&number, at, sizeof number);
        if (number < f->min)
            number = f->min;
        memcpy(at, &number, sizeof number);
    }
}

int
rows_try(struct state *s, enum state_table table, struct state_key key, void *row)
{
    const struct record *r = state_tables[table].record;
    uint64_t present;

    memcpy(&present, row, sizeof present);
    for (unsigned i = 0; i < r->count; i++)
        if (r->fields[i].need == REQUIRED) {
            present |= UINT64_C(1) << i;
            require(&r->fields[i], (char *)row + r->fields[i].offset);
        }
    memcpy(row, &present, sizeof present);
    return state_put(s, table, &key, row);
}

void
rows_put(struct state *s, enum state_table table, struct state_key key, void *row)
{
    CHECK_INT(0, rows_try(s, table, key, row));
}

struct joined
rows_joined(const char *agency, int32_t since)
{
    struct joined joined = {.agency = text_of(agency), .since = since, .number = since * 10};
    joined.has.agency = joined.has.since = joined.has.number = 1;
    return joined;
}

void
rows_put_agency(struct state *s, const char *id, enum sector sector, int32_t since)
{
    struct agency_row row = {
        .id = text_of(id), .sector = sector, .since = since, .added = since * 10};
    rows_put(s, TABLE_AGENCIES, state_key_of(row.id), &row);
}
