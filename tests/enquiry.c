#include "tests/enquiry.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "broker/queries/queries.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/wire/frame.h"
#include "tests/line.h"
#include "tests/t.h"

void
enquiry_open(struct enquiry *r)
{
    small_board_open(&r->board);
    r->arena = arena_new();
    r->frame = malloc(FRAME_OUT_MAX);
    CHECK(r->frame != NULL);
}

void
enquiry_close(struct enquiry *r)
{
    free(r->frame);
    arena_destroy(&r->arena);
    small_board_close(&r->board);
}

void
enquiry_say(struct enquiry *r, const char *client, const char *line, ...)
{
    va_list args;

    va_start(args, line);
    small_board_say(&r->board, client, line_fill(line, args));
    va_end(args);
}

void
enquiry_ask(struct enquiry *r, const char *client, enum message_kind want, const char *query, ...)
{
    struct ledger *l = &r->board.ledger;
    struct author who = {.client = text_of(client), .agency = path_first(text_of(client))};
    struct heads heads = {0};
    const struct querying q = {l, &heads, &who, ledger_day(l, r->board.host), NULL};
    enum message_kind kind;
    struct client_row row;
    struct query asked;
    struct fault fault;
    va_list args;

    va_start(args, query);
    const char *line = line_fill(query, args);
    va_end(args);
    arena_reset(l->arena);
    arena_reset(r->arena);
    CHECK_INT(1, state_get_client(l->state, l->arena, who.client, &row));
    who.role = row.role;
    CHECK(record_from_json(r->arena, &query_record, &asked, line, strlen(line), &fault));
    int len = queries_answer(&q, &asked, r->frame);
    CHECK(len > 0);
    CHECK(frame_decode(r->arena, r->frame, (size_t)len, &kind, &r->answer, &fault));
    CHECK_INT(want, kind);
}
