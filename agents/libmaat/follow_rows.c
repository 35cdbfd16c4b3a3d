#include "agents/libmaat/follow_rows.h"

#include <stdlib.h>
#include <string.h>

#include "schema/copy.h"
#include "schema/ids.h"
#include "schema/must.h"

void *
follow_rows_copy(const struct record *r, const void *rec)
{
    char *block = must(malloc(r->size + record_room(r, rec)));

    record_copy(r, block, rec, block + r->size);
    return block;
}

static void
free_row(struct follow_row *row)
{
    free(row->now);
    free(row->before);
    free(row);
}

void
follow_rows_free(struct follow_rows *r)
{
    for (size_t i = 0; i < r->all.count; i++)
        free_row(r->all.at[i]);
    roll_end(&r->all);
    free(r->moved);
    *r = (struct follow_rows){0};
}

struct follow_row *
follow_rows_find(const struct follow_rows *r, struct text id)
{
    return roll_find(&r->all, id);
}

/* The id lies behind the row. */
static struct follow_row *
add(struct follow_rows *r, struct text id)
{
    struct follow_row *row = must(calloc(1, sizeof *row + id.len));

    memcpy(row + 1, id.at, id.len);
    row->id = (struct text){(const char *)(row + 1), id.len};
    roll_add(&r->all, row);
    return row;
}

/* The first move since the last turn keeps what was there before. */
static void
move(struct follow_rows *r, struct follow_row *row)
{
    if (row->moved)
        return;
    if (r->count == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 64;
        r->moved = must(realloc(r->moved, r->cap * sizeof(struct follow_row *)));
    }
    r->moved[r->count++] = row;
    row->moved = true;
    row->before = row->now;
    row->before_number = row->number;
    row->now = NULL;
}

static void
replace(struct follow_row *row, struct listed *now, int64_t number)
{
    free(row->now);
    row->now = now;
    row->number = number;
}

void
follow_rows_put(struct follow_rows *r, const struct listed *row, int64_t number, bool moves)
{
    struct follow_row *held = follow_rows_find(r, row->id);

    if (!held)
        held = add(r, row->id);
    if (number < held->number)
        return;
    if (moves)
        move(r, held);
    replace(held, follow_rows_copy(&listed_record, row), number);
}

void
follow_rows_take(struct follow_rows *r, struct text id, int64_t number)
{
    struct follow_row *held = follow_rows_find(r, id);

    if (!held || number < held->number)
        return;
    move(r, held);
    replace(held, NULL, number);
}

static bool
is_of(const struct follow_row *row, struct text plan)
{
    return text_equal(path_first(row->id), plan);
}

void
follow_rows_drop(struct follow_rows *r, struct text plan)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++)
        if (!is_of(r->moved[i], plan))
            r->moved[kept++] = r->moved[i];
    r->count = kept;
    kept = 0;
    for (size_t i = 0; i < r->all.count; i++) {
        struct follow_row *row = r->all.at[i];
        if (is_of(row, plan))
            free_row(row);
        else
            r->all.at[kept++] = row;
    }
    r->all.count = kept;
}

void
follow_rows_settle(struct follow_rows *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct follow_row *row = r->moved[i];
        free(row->before);
        row->before = NULL;
        row->moved = false;
        if (row->now)
            continue;
        roll_remove(&r->all, row);
        free_row(row);
    }
    r->count = 0;
}
