#include "agents/cli/import/board.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/fetch.h"
#include "agents/cli/printed/title.h"
#include "schema/codec.h"

enum { FIRST = 64, DIFFERENCES = 400 };

struct asking {
    struct talk *talk;
    struct text plan;
    struct import_board *board;
};

/* Room for one more of `count` things: the same place, or a larger one. */
static void *
room(struct arena *arena, void *list, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return list;
    *cap = *cap ? 2 * *cap : FIRST;
    void *more = arena_take(arena, *cap * size);
    if (count)
        memcpy(more, list, count * size);
    return more;
}

static bool
take_agencies(void *context, const struct result *page)
{
    const struct asking *a = context;
    struct import_board *b = a->board;
    struct arena *arena = a->talk->arena;

    for (uint32_t i = 0; i < page->agencies.count; i++) {
        b->agencies =
            room(arena, b->agencies, b->agency_count, &b->agency_cap, sizeof *b->agencies);
        fetch_keep(arena, &agency_row_record, &page->agencies.at[i], &b->agencies[b->agency_count]);
        b->agency_count++;
    }
    return true;
}

static bool
take_plan(void *context, const struct result *page)
{
    const struct asking *a = context;

    for (uint32_t i = 0; i < page->plans.count && !a->board->exists; i++)
        if ((a->board->exists = text_equal(page->plans.at[i].plan.id, a->plan)))
            fetch_keep(a->talk->arena, &plan_row_record, &page->plans.at[i].plan, &a->board->plan);
    return !a->board->exists;
}

static bool
take_actions(void *context, const struct result *page)
{
    const struct asking *a = context;
    struct import_board *b = a->board;
    struct arena *arena = a->talk->arena;

    for (uint32_t i = 0; i < page->actions.count; i++) {
        struct text id = page->actions.at[i].id;
        b->actions = room(arena, b->actions, b->action_count, &b->action_cap, sizeof *b->actions);
        b->actions[b->action_count++] = (struct text){arena_copy(arena, id.at, id.len), id.len};
    }
    return true;
}

static void
make_registry(struct arena *arena, struct import_board *b)
{
    b->registry = arena_take(arena, b->agency_count * sizeof *b->registry);
    for (size_t i = 0; i < b->agency_count; i++)
        b->registry[i] = (struct registered){printed_terminated(arena, b->agencies[i].id),
                                             printed_terminated(arena, b->agencies[i].name)};
}

int
import_board_ask(struct talk *t, struct text plan, struct import_board *out)
{
    struct asking a = {t, plan, out};
    const struct query agencies = {.what = QUERY_AGENCIES};
    const struct query plans = {.what = QUERY_PLANS};
    struct query actions = {.what = QUERY_STATUS, .plan = plan};
    int rc;

    *out = (struct import_board){0};
    actions.has.plan = 1;
    if ((rc = talk_ask(t, &agencies, "agencies", take_agencies, &a)) != EXIT_DONE
        || (rc = talk_ask(t, &plans, "plans", take_plan, &a)) != EXIT_DONE)
        return rc;
    make_registry(t->arena, out);
    return out->exists ? talk_ask(t, &actions, "actions", take_actions, &a) : EXIT_DONE;
}

bool
import_board_has(const struct import_board *b, struct text action)
{
    for (size_t i = 0; i < b->action_count; i++)
        if (text_equal(b->actions[i], action))
            return true;
    return false;
}

/* The fields that both begin with are the same, in the same places
   (ACTION_TEXT_FIELDS), so that what one encodes to can be held to the other. */
static bool
same_field(unsigned i, const struct action *printed, const struct action_row *row)
{
    static uint8_t a[BODY_MAX], b[BODY_MAX];
    struct action left = *printed;
    struct action_row right = *row;

    left.present &= UINT64_C(1) << i;
    right.present &= UINT64_C(1) << i;
    size_t len = record_encode(&action_record, &left, a, sizeof a);
    return len == record_encode(&action_row_record, &right, b, sizeof b) && memcmp(a, b, len) == 0;
}

const char *
import_difference(struct arena *arena, const struct action *printed, const struct action_row *row)
{
    char *said = arena_take(arena, DIFFERENCES);
    int len = 0;

    said[0] = '\0';
    for (unsigned i = 0; strcmp(action_record.fields[i].name, "reason") != 0; i++)
        if (!same_field(i, printed, row))
            len += snprintf(said + len, (size_t)(DIFFERENCES - len), "%s%s", len ? ", " : "",
                            action_record.fields[i].name);
    return said;
}
