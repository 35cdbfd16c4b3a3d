#include "agents/cli/import/complete.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/fetch.h"
#include "agents/cli/sending/sending.h"
#include "schema/ids.h"
#include "schema/picture.h"

/* One action that is printed as complete, and its place on the board now. */
struct completing {
    const struct import *im;
    const struct printed_action *printed;
    struct shown shown;
    struct view seen;
};

static const struct part *
part_of(const struct completing *c, struct text agency)
{
    for (uint32_t i = 0; i < c->shown.parts.count; i++)
        if (text_equal(c->shown.parts.at[i].agency, agency))
            return &c->shown.parts.at[i];
    return NULL;
}

static bool
leads(const struct completing *c, const struct agency_row *agency)
{
    const struct action_row *action = &c->shown.action;
    int32_t since;
    int64_t number;

    return action->leads.all ? part_by_all(&c->shown.plan, action, agency, &since, &number)
                             : texts_hold(action->leads.list, agency->id);
}

/* A lead's own group: what it says of that is its own word, and another decides. */
static bool
is_own(const struct completing *c, const struct agency_row *agency)
{
    return agency->sector == SECTOR_PARTNERSHIP
           && text_equal(agency->id, path_first(c->im->talk->welcome.client));
}

static void
say(const struct completing *c, struct text agency, const char *what)
{
    const struct text id = c->printed->action.id;
    (void)talk_complain(EXIT_DONE, "%.*s: %.*s%s", (int)id.len, id.at, (int)agency.len, agency.at,
                        what);
}

/* --- claims ------------------------------------------------------------------------------ */

static int
claim(struct completing *c, const struct agency_row *agency, struct sending *s)
{
    union body body = {.progress = {.action = c->printed->action.id,
                                    .agency = agency->id,
                                    .on = import_done(c->im, c->printed),
                                    .status = CLAIM_COMPLETE}};
    struct progress *p = &body.progress;
    char label[2 * PATH_MAX_LEN];

    p->has.action = p->has.agency = p->has.on = p->has.status = 1;
    if (!is_own(c, agency)) {
        p->reported = import_says_complete(c->im);
        p->has.reported = 1;
    }
    (void)snprintf(label, sizeof label, "%.*s on behalf of %.*s", (int)p->action.len, p->action.at,
                   (int)agency->id.len, agency->id.at);
    return sending_add(s, KIND_PROGRESS, &body, label);
}

static int
add_claims(struct completing *c, struct sending *s)
{
    const struct import_board *b = &c->im->board;
    int rc = EXIT_DONE;

    for (size_t i = 0; i < b->agency_count && rc == EXIT_DONE; i++) {
        if (!leads(c, &b->agencies[i]))
            continue;
        const struct part *part = part_of(c, b->agencies[i].id);
        if (!part || !part->has.status)
            rc = claim(c, &b->agencies[i], s);
    }
    return rc;
}

/* --- the assurance --------------------------------------------------------------------------- */

/* Every lead's claim is what was printed, or the agency says the same itself. */
static bool
may_assure(const struct completing *c)
{
    const struct import_board *b = &c->im->board;

    for (size_t i = 0; i < b->agency_count; i++) {
        const struct agency_row *agency = &b->agencies[i];
        if (!leads(c, agency))
            continue;
        const struct part *part = part_of(c, agency->id);
        if (!part || part_claim(part) != CLAIM_COMPLETE) {
            say(c, agency->id, " does not say that it is complete: it is not assured");
            return false;
        }
        if (is_own(c, agency) && text_equal(part->claimed_by, c->im->talk->welcome.client)) {
            say(c, agency->id, " is your own, so another lead decides: maat decide assure");
            return false;
        }
    }
    return true;
}

static int
add_decision(struct completing *c, struct sending *s)
{
    union body body = {.decision = {.action = c->printed->action.id,
                                    .what = DECIDE_ASSURE,
                                    .override = true,
                                    .reason = import_says_complete(c->im)}};
    struct decision *d = &body.decision;
    char label[2 * PATH_MAX_LEN];

    if (!may_assure(c))
        return EXIT_DONE;
    d->has.action = d->has.what = d->has.override = d->has.reason = 1;
    FETCH_SEEN(d, &c->seen);
    (void)snprintf(label, sizeof label, "%.*s assure", (int)d->action.len, d->action.at);
    return sending_add(s, KIND_DECISION, &body, label);
}

/* --- a round over all --------------------------------------------------------------------- */

typedef int step(struct completing *c, struct sending *s);

static int
gather(const struct import *im, const bool *there, step *add, struct sending *s)
{
    int rc = EXIT_DONE;

    for (size_t i = 0; i < im->plan.count && rc == EXIT_DONE; i++) {
        struct completing c = {.im = im, .printed = &im->plan.actions[i]};
        if (!there[i] || c.printed->progress != PROGRESS_COMPLETE)
            continue;
        rc = fetch_action(im->talk, c.printed->action.id, &c.shown, &c.seen);
        if (rc == EXIT_DONE && c.shown.action.standing == STANDING_OPEN
            && !c.shown.action.has.decided)
            rc = add(&c, s);
    }
    return rc;
}

/* Claims must be in the journal before a view of them can be decided on. */
int
import_complete(const struct import *im, const bool *there)
{
    static step *const steps[] = {add_claims, add_decision};
    int worst = EXIT_DONE;

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct sending s;
        sending_begin(&s, im->talk);
        int rc = gather(im, there, steps[i], &s);
        if (rc == EXIT_DONE)
            rc = sending_run(&s);
        sending_end(&s);
        if (rc != EXIT_DONE && rc != EXIT_REFUSED)
            return rc;
        worst = rc == EXIT_DONE ? worst : rc;
    }
    return worst;
}
