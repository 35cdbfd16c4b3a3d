/* What holds of any submissions whatever, in any order: a refused one changes
   nothing; what was accepted, folded by another, gives the same state; and what
   is said twice counts once.                                                  */
#include <stdlib.h>

#include "schema/fold.h"
#include "store/state_memory.h"
#include "tests/hearing.h"
#include "tests/states.h"
#include "tests/t.h"

enum { WALKS = 12, STEPS = 150 };

/* What clients say; %d stands for a day, or part of one. */
/* clang-format off */
static const char *const lines[] = {
    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-0%d', 'status': 'in-progress', 'note': 'n'}",
    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-0%d', 'status': 'claimed-complete', 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}}",
    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-0%d', 'status': 'paused', 'note': 'm', 'opinion': 'red', 'forecast': '2016-12-01'}",
    "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'reported': 'r', 'on': '2016-04-0%d', 'status': 'claimed-complete', 'percent': 100}",
    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-0%d', 'value': {'amount': 5, 'date': '2016-04-01', 'label': 'a'}}",
    "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-0%d', 'value': {'amount': 5, 'date': '2016-04-02'}}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'accept', 'agencies': ['police'], 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'assure', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'embed', 'override': true, 'reason': 'r', 'check': '2016-06-0%d', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'close', 'override': true, 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'return', 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'reopen', 'reason': 'r', 'due': '2016-10-0%d', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'withdraw', 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'decision', 'action': 'p/1', 'what': 'note', 'reason': 'r', 'reply_by': '2016-05-0%d', 'seen': SEEN}",
    "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': 'all', 'except': [{'agency': 'schools', 'reason': 'r'}], 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'action', 'id': 'p/1', 'ref': '1', 'title': 'A', 'leads': ['police', 'health'], 'contributors': ['schools'], 'due': '2016-09-0%d', 'themes': ['t'], 'measure': {'counted': 'c', 'unit': 'count', 'comparator': '>', 'target': 4}, 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': [], 'outcome': 'o', 'seen': SEEN}",
    "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'review', 'marking': 'OFFICIAL', 'members': ['police', 'health'], 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': SEEN}",
    "{'kind': 'plan', 'id': 'p', 'title': 'P', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'closed': true, 'seen': SEEN}",
    "{'kind': 'agency', 'id': 'fire', 'name': 'Fire', 'sector': 'other', 'seen': SEEN}",
    "{'kind': 'agency', 'id': 'schools', 'name': 'S', 'sector': 'education', 'succeeded_by': 'health', 'seen': SEEN}",
    "{'kind': 'agency', 'id': 'schools', 'name': 'S', 'sector': 'education', 'reason': 'r', 'seen': SEEN}",
    "{'kind': 'client', 'id': 'housing/crm', 'revoked': true, 'seen': SEEN}",
    "{'kind': 'client', 'id': 'housing/crm', 'revoked': false, 'role': 'observer', 'key': 'abababababababababababababababababababababababababababababababab', 'seen': SEEN}",
    "{'kind': 'client', 'id': 'housing/crm', 'confirm': true, 'seen': SEEN}",
    "{'kind': 'board', 'what': 'confirm-clock', 'day': '2016-04-05'}",
};
/* clang-format on */

static const char *const clients[] = {"police/crm",     "health/crm",      "schools/crm",
                                      "housing/crm",    "board/lead",      "board/lead",
                                      "board/operator", "ofsted/inspector"};

static const char *
say_something(struct hearing *h)
{
    const char *client = clients[random_below(sizeof clients / sizeof *clients)];
    const char *line = lines[random_below(sizeof lines / sizeof *lines)];
    const char *day = strstr(line, "%d");
    int digit = 1 + (int)random_below(9);

    if (!day)
        return hearing_say(h, client, "%s", line);
    return hearing_say(h, client, "%.*s%d%s", (int)(day - line), line, digit, day + 2);
}

static void
follow(struct hearing *h, struct state *twin, int64_t *number)
{
    for (; *number < h->number; ++*number) {
        arena_reset(h->arena);
        CHECK_INT(0, fold_stored(twin, h->arena,
                                 (struct bytes){h->entries[*number].at, h->entries[*number].len}));
    }
}

static void
check_twin(struct hearing *h, struct state *twin)
{
    const char *table = states_differ(h->state, twin);

    if (table)
        FAIL_WITH("after entry %" PRId64 " and \"%s\" %s are others", h->number, h->said, table);
}

/* The twin folds only what was accepted: it would differ from a state that a
   refusal had changed. */
TEST(property_rules_leave_refused_and_refolded_states_alone)
{
    int accepted = 0;
    int refused = 0;

    for (int walk = 0; walk < WALKS; walk++) {
        struct hearing *h = hearing_open("2016-04-05");
        struct state *twin = state_memory_open();
        int64_t number = 0;

        hearing_plan(h, "2016-09-30");
        for (int i = 0; i < STEPS; i++) {
            strcmp(say_something(h), "accepted") == 0 ? accepted++ : refused++;
            follow(h, twin, &number);
            check_twin(h, twin);
        }
        state_memory_close(&twin);
        hearing_close(h);
    }
    CHECK(accepted > WALKS * STEPS / 20 && refused > WALKS * STEPS / 20);
}

/* A part, or an action, without the numbers of its chain. */
static void
copy_row(const char *json, char out[8000])
{
    const char *last = strstr(json, "\"last\"");

    snprintf(out, 8000, "%.*s", (int)(last ? last - json : (long)strlen(json)), json);
}

/* What only describes what is so, said again, moves nothing; what replaces a whole
   or decides, made from the same view, is refused as stale. */
TEST(property_rules_count_what_is_said_twice_once)
{
    /* clang-format off */
    static const struct {
        const char *client, *line, *again;
    } rows[] = {
        {"police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '2016-04-05', 'status': 'paused', 'note': 'n', 'percent': 7, 'opinion': 'red', 'forecast': '2016-12-01'}", "accepted"},
        {"board/lead", "{'kind': 'progress', 'action': 'p/1', 'agency': 'health', 'reported': 'r', 'on': '2016-04-05', 'status': 'claimed-complete'}", "accepted"},
        {"board/lead", "{'kind': 'action', 'id': 'p/2', 'ref': '2', 'title': 'B', 'leads': [], 'seen': 0, 'epoch': 0}", "stale seen"},
        {"board/lead", "{'kind': 'plan', 'id': 'q', 'title': 'Q', 'type': 'review', 'marking': 'OFFICIAL', 'members': 'all', 'seen': 0, 'epoch': 0}", "stale seen"},
        {"board/lead", "{'kind': 'decision', 'action': 'p/1', 'what': 'not-implement', 'reason': 'r', 'seen': %d, 'epoch': 0}", "stale seen"},
        {"board/operator", "{'kind': 'agency', 'id': 'fire', 'name': 'F', 'sector': 'other', 'seen': 0, 'epoch': 0}", "stale seen"},
        {"board/operator", "{'kind': 'client', 'id': 'police/two', 'role': 'agency', 'key': 'abababababababababababababababababababababababababababababababab', 'seen': 0, 'epoch': 0}", "stale seen"},
    };
    /* clang-format on */
    struct hearing *h = hearing_open("2016-04-05");
    char before[3][8000];
    char after[8000];

    hearing_plan(h, "2016-09-30");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[400];
        const char *seen = strstr(rows[i].line, "%d");
        snprintf(line, sizeof line, "%s", rows[i].line);
        if (seen)
            snprintf(line, sizeof line, "%.*s%d%s", (int)(seen - rows[i].line), rows[i].line,
                     (int)h->number, seen + 2);
        CHECK_STR("accepted", hearing_say(h, rows[i].client, "%s", line));
        copy_row(hearing_part(h, "p/1", "police"), before[0]);
        copy_row(hearing_part(h, "p/1", "health"), before[1]);
        copy_row(hearing_action(h, "p/1"), before[2]);
        CHECK_STR(rows[i].again, hearing_say(h, rows[i].client, "%s", line));
        copy_row(hearing_part(h, "p/1", "police"), after);
        CHECK_STR(before[0], after);
        copy_row(hearing_part(h, "p/1", "health"), after);
        CHECK_STR(before[1], after);
        copy_row(hearing_action(h, "p/1"), after);
        CHECK_STR(before[2], after);
    }
    hearing_close(h);
}
