#include "tests/heard.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/json.h"
#include "schema/wire/frame.h"
#include "tests/line.h"
#include "tests/t.h"

struct query
heard_query(struct arena *arena, const char *line, ...)
{
    struct query query;
    struct fault fault;
    va_list args;

    va_start(args, line);
    const char *json = line_fill(line, args);
    va_end(args);
    if (!record_from_json(arena, &query_record, &query, json, strlen(json), &fault))
        FAIL_WITH("%s: %s %s", json, fault.field, fault.reason);
    return query;
}

static void
hear_row(struct heard *heard, const struct record *record, const void *row)
{
    CHECK(heard->count < HEARD_ROWS);
    struct text json = record_to_json(heard->arena, record, row);
    heard->rows[heard->count++] = json.at;
}

static void
hear_page(struct heard *heard, const struct result *page)
{
    for (uint32_t i = 0; i < page->actions.count; i++)
        hear_row(heard, &listed_record, &page->actions.at[i]);
    for (uint32_t i = 0; i < page->plans.count; i++)
        hear_row(heard, &plan_line_record, &page->plans.at[i]);
    for (uint32_t i = 0; i < page->counts.count; i++)
        hear_row(heard, &counted_record, &page->counts.at[i]);
    for (uint32_t i = 0; i < page->entries.count; i++)
        hear_row(heard, &entry_record, &page->entries.at[i]);
    for (uint32_t i = 0; i < page->agencies.count; i++)
        hear_row(heard, &agency_row_record, &page->agencies.at[i]);
    for (uint32_t i = 0; i < page->clients.count; i++)
        hear_row(heard, &client_row_record, &page->clients.at[i]);
    if (page->has.shown)
        hear_row(heard, &shown_record, &page->shown);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static atomic_bool go_on;

/* One page, as the loop does it: with the past where the answer needs one. */
size_t
heard_page(struct querying *q, const struct query *query, uint8_t *frame)
{
    struct past past = {0};
    int rc = queries_need(q, query, &past.of);

    CHECK(rc >= 0);
    if (rc) {
        CHECK_INT(0, past_fold(q->ledger->journal, &past.of, &go_on, &past));
        q->past = &past;
        CHECK_INT(0, queries_need(q, query, &past.of));
    }
    rc = queries_answer(q, query, frame);
    q->past = NULL;
    past_free(&past);
    CHECK(rc > 0);
    return (size_t)rc;
}

void
heard_ask(struct querying *q, struct query query, struct heard *heard)
{
    static uint8_t frame[FRAME_OUT_MAX];
    static char after[200];
    enum message_kind kind;
    union message m;
    struct fault fault;

    heard->count = heard->pages = 0;
    heard->refused = false;
    for (;;) {
        size_t len = heard_page(q, &query, frame);
        CHECK(frame_decode(q->ledger->arena, frame, len, &kind, &m, &fault));
        if (kind == SAY_ERROR) {
            heard->refused = true;
            heard->error = m.error.code;
            break;
        }
        CHECK(!query.has.credit || len <= (size_t)query.credit);
        hear_page(heard, &m.result);
        heard->pages++;
        if (!m.result.has.next)
            break;
        snprintf(after, sizeof after, "%.*s", (int)m.result.next.len, m.result.next.at);
        query.after = text_of(after);
        query.has.after = 1;
    }
    qsort(heard->rows, heard->count, sizeof *heard->rows, by_text);
}
