#include "agents/agency/front/answer.h"

#include <stdio.h>
#include <string.h>

#include "schema/json.h"

enum { REASON = 300 };

char *
front_later(struct arena *arena, const char *reason)
{
    struct answer said = {.later = text_of(reason)};

    said.has.later = 1;
    struct text json = record_to_json(arena, &answer_record, &said);
    return text_string(arena, json);
}

static struct board_answer
read_answer(const struct front_boards *f, struct arena *arena, unsigned board, const char *said)
{
    struct board_answer out = {.board = text_of(f->at[board].board->name)};
    struct answer answer = {0};
    struct fault fault;

    if (!record_from_json(arena, &answer_record, &answer, said, strlen(said), &fault)) {
        answer = (struct answer){.later = text_of("its agent's answer can't be read")};
        answer.has.later = 1;
    }
    out.has.board = 1;
    KEEP(&out, &answer, queued);
    KEEP(&out, &answer, accepted);
    KEEP(&out, &answer, refused);
    KEEP(&out, &answer, later);
    KEEP(&out, &answer, status);
    return out;
}

/* That it can't be taken now, and who has it nevertheless. */
static struct text
say_later(struct arena *arena, const struct board_answer *list, unsigned count, unsigned which)
{
    char reason[REASON + 1];
    size_t len = (size_t)snprintf(
        reason, sizeof reason, "%.*s: %.*s", (int)list[which].board.len, list[which].board.at,
        (int)(list[which].later.len < REASON / 2 ? list[which].later.len : REASON / 2),
        list[which].later.at);

    for (unsigned i = 0; i < count && len < REASON; i++)
        if (list[i].has.queued)
            len += (size_t)snprintf(reason + len, sizeof reason - len,
                                    "; %.*s has it, where the same once more changes nothing",
                                    (int)list[i].board.len, list[i].board.at);
    return text_of(arena_string(arena, reason, len < REASON ? len : REASON));
}

/* How the others are is told whoever is absent. */
static bool
tells_status(const struct board_answer *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i].has.status)
            return true;
    return false;
}

static void
sum_up(struct arena *arena, const struct board_answer *list, unsigned count, struct answer *out)
{
    unsigned accepted = 0;

    for (unsigned i = count; i-- > 0;) {
        const struct board_answer *one = &list[i];
        accepted += one->has.accepted;
        if (one->has.queued)
            KEEP(out, one, queued);
        if (one->has.refused)
            KEEP(out, one, refused);
        if (one->has.later && !tells_status(list, count)) {
            out->later = say_later(arena, list, count, i);
            out->has.later = 1;
        }
    }
    if (accepted == count) {
        out->accepted = list[0].accepted;
        out->has.accepted = 1;
    }
    if (out->has.later)
        out->has.queued = out->has.refused = 0;
}

struct text
front_answer(const struct front_boards *f, struct arena *arena, unsigned boards,
             char *const said[SETTINGS_GROUPS])
{
    struct board_answer *list = arena_take(arena, SETTINGS_GROUPS * sizeof *list);
    struct answer out = {0};
    unsigned count = 0;

    for (unsigned i = 0; i < f->count; i++)
        if (boards >> i & 1)
            list[count++] = read_answer(f, arena, i, said[i]);
    sum_up(arena, list, count, &out);
    out.boards.at = list;
    out.boards.count = count;
    out.has.boards = 1;
    return record_to_json(arena, &answer_record, &out);
}
