#include "agents/cli/action.h"

#include <string.h>

#include "agents/cli/change.h"
#include "agents/cli/fetch.h"
#include "agents/cli/sending/sending.h"
#include "schema/days.h"
#include "schema/ids.h"
#include "schema/wire/program.h"

ACTION_OPTIONS(RECORD_TABLE)

/* The action that is named, "plan/ref". */
static int
read_id(const struct invocation *in, struct text *id)
{
    *id = text_of(in->words.at[0]);
    if (path_valid(*id))
        return EXIT_DONE;
    return talk_complain(EXIT_USAGE, "%s: is no action: PLAN/REF, as in da-2016/1.1",
                         in->words.at[0]);
}

/* The broker would find the same; here it is a slip of the fingers. */
static bool
agrees(const struct action *a, struct fault *fault)
{
    char id[ID_MAX + 1];
    unsigned len = id_from_printed(a->ref, id);

    return text_equal(path_second(a->id), (struct text){id, len})
           || fault_set(fault, FAULT_RULE, "ref",
                        "as printed it belongs to the id %s: name that, or say --ref",
                        len ? id : "(none)");
}

int
action_add(const struct invocation *in, struct arena *arena)
{
    const struct view nothing = {0};
    struct action_add_option o;
    struct action_said said = {0};
    struct action a = {0};
    struct fault fault;
    struct talk t;
    int rc = read_id(in, &a.id);

    if (rc != EXIT_DONE || (rc = talk_options(in, arena, &o)) != EXIT_DONE)
        return rc;
    const struct {
        struct action_said *to;
        const struct action_add_option *from;
    } given = {&said, &o};
    ACTION_SAID_FIELDS(GIVEN_FIELD, given)
    KEEP(&a, &o, title);
    a.ref = path_second(a.id);
    a.has.id = a.has.ref = a.has.leads = 1;
    if (!given_action_say(arena, &a, &said, &fault) || !agrees(&a, &fault))
        return program_usage(in, &fault);
    if ((rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    FETCH_SEEN(&a, &nothing);
    a.epoch = t.welcome.epoch;
    const union body body = {.action = a};
    rc = sending_one(&t, KIND_ACTION, &body, in->words.at[0]);
    talk_close(&t);
    return rc;
}

/* --- amending ---------------------------------------------------------------------- */

#define FROM_ROW(pair, name, need, type, doc) KEEP_ANY((pair).to, (pair).from, name);
#define KEEP_ANY(to, from, name) \
    (memcpy(&(to)->name, &(from)->name, sizeof(to)->name), (to)->has.name = (from)->has.name)

static struct action
action_of_row(const struct action_row *row, const struct view *seen)
{
    struct action a = {0};
    const struct {
        struct action *to;
        const struct action_row *from;
    } pair = {&a, row};

    ACTION_TEXT_FIELDS(FROM_ROW, pair)
    FETCH_SEEN(&a, seen);
    return a;
}

/* What the options say, of the action as its row says it. */
static bool
amend(struct arena *arena, struct action *a, const struct action_amend_option *o,
      struct fault *fault)
{
    struct action_said said = {0};
    struct action_taken taken = {0};
    const struct {
        struct action_said *to;
        const struct action_amend_option *from;
    } given = {&said, o};
    const struct {
        struct action_taken *to;
        const struct action_amend_option *from;
    } gone = {&taken, o};

    ACTION_SAID_FIELDS(GIVEN_FIELD, given)
    ACTION_TAKEN_FIELDS(GIVEN_FIELD, gone)
    if (o->has.title)
        KEEP(a, o, title);
    if (o->has.seen)
        KEEP(a, o, seen);
    KEEP(a, o, reason);
    given_action_take(a, &taken);
    return given_action_say(arena, a, &said, fault) && agrees(a, fault);
}

int
action_amend(const struct invocation *in, struct arena *arena)
{
    struct action_amend_option o;
    struct fault fault;
    struct shown shown;
    struct view seen;
    struct text id;
    struct talk t;
    int rc = read_id(in, &id);

    if (rc != EXIT_DONE || (rc = talk_options(in, arena, &o)) != EXIT_DONE
        || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    if ((rc = fetch_action(&t, id, &shown, &seen)) == EXIT_DONE) {
        const union body from = {.action = action_of_row(&shown.action, &seen)};
        union body to = from;
        struct change change = {KIND_ACTION, in->words.at[0], &from, &to, false};
        rc = amend(arena, &to.action, &o, &fault) ? change_send(&t, &change)
                                                  : program_usage(in, &fault);
    }
    talk_close(&t);
    return rc;
}
