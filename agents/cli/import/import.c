#include "agents/cli/import/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/fetch.h"
#include "agents/cli/import/complete.h"
#include "agents/cli/import/show.h"
#include "agents/cli/sending/sending.h"
#include "schema/days.h"

IMPORT_RECORDS(RECORD_TABLE)

/* --- the file -------------------------------------------------------------------------- */

static int
read_table(const char *file, struct table **out)
{
    bool standard = strcmp(file, "-") == 0;
    FILE *in = standard ? stdin : fopen(file, "re");
    struct fault why;

    if (!in)
        return talk_complain(EXIT_REFUSED, "%s: %s", file, strerror(errno));
    int rc = table_read(out, in, &why);
    if (!standard)
        (void)fclose(in);
    if (rc == 1)
        return EXIT_DONE;
    return rc == 0 ? talk_complain(EXIT_REFUSED, "%s: %s", file, why.reason)
                   : talk_complain(EXIT_MACHINE, "%s: %s", file, strerror(-rc));
}

/* --- the plan ---------------------------------------------------------------------------- */

static int
complain_of_plan(const struct import *im, const char *what)
{
    const struct text id = im->options.plan;
    return talk_complain(EXIT_REFUSED,
                         "the plan %.*s exists, with another %s: leave the option away, or change "
                         "the plan with maat plan amend",
                         (int)id.len, id.at, what);
}

static bool
same_members(const struct who *who, const struct plan_row *row)
{
    if (who->all || row->has.all)
        return who->all && row->has.all;
    if (who->list.count != row->members.count)
        return false;
    for (uint32_t i = 0; i < row->members.count; i++)
        if (!texts_hold(who->list, row->members.at[i].agency))
            return false;
    return true;
}

/* What was said of a plan that exists must be true of it. */
static int
check_plan(const struct import *im)
{
    const struct plan_import_option *o = &im->options;
    const struct plan_row *row = &im->board.plan;

    if (o->has.title && !text_equal(o->title, row->title))
        return complain_of_plan(im, "title");
    if (o->has.type && o->type != row->type)
        return complain_of_plan(im, "type");
    if (o->has.marking && o->marking != row->marking)
        return complain_of_plan(im, "marking");
    if (o->has.members && !same_members(&o->members, row))
        return complain_of_plan(im, "list of members");
    if (o->has.published && row->has.published && o->published != row->published)
        return complain_of_plan(im, "day of publication");
    return EXIT_DONE;
}

/* The row that the new plan will have, as far as reading needs it. */
static int
make_plan(struct import *im)
{
    const struct plan_import_option *o = &im->options;
    struct plan_row *row = &im->board.plan;

    if (!o->has.title || !o->has.type || !o->has.marking || !o->has.members)
        return talk_complain(EXIT_REFUSED,
                             "there is no plan %.*s, or you may not see it; a new one needs "
                             "--title, --type, --marking and --members",
                             (int)o->plan.len, o->plan.at);
    struct joined *members =
        arena_take(im->talk->arena, (o->members.list.count + 1) * sizeof *members);
    for (uint32_t i = 0; i < o->members.list.count; i++)
        members[i] = (struct joined){.agency = o->members.list.at[i]};
    *row = (struct plan_row){.id = o->plan,
                             .title = o->title,
                             .members = {members, o->members.list.count},
                             .published = o->published};
    row->has.all = o->members.all;
    row->has.published = o->has.published;
    return EXIT_DONE;
}

static struct plan
new_plan(const struct import *im)
{
    const struct plan_import_option *o = &im->options;
    const struct view nothing = {0, im->talk->welcome.epoch};
    struct plan plan = {.id = o->plan};

    plan.has.id = 1;
    KEEP(&plan, o, title);
    KEEP(&plan, o, type);
    KEEP(&plan, o, marking);
    KEEP(&plan, o, members);
    KEEP(&plan, o, published);
    FETCH_SEEN(&plan, &nothing);
    return plan;
}

/* --- what it says ------------------------------------------------------------------------- */

static bool
is_published(const struct import *im)
{
    return im->options.has.published || im->rules.plan->has.published;
}

/* The day that the document is of: of its publication, else of its import. */
static int32_t
document_day(const struct import *im)
{
    const int32_t today = im->talk->welcome.today;
    int32_t day = im->options.has.published ? im->options.published : im->rules.plan->published;
    return is_published(im) && day < today ? day : today;
}

int32_t
import_done(const struct import *im, const struct printed_action *a)
{
    if (a->progress == PROGRESS_COMPLETE && a->done != DAY_UNSAID)
        return a->done < im->talk->welcome.today ? a->done : im->talk->welcome.today;
    return document_day(im);
}

/* A title as long as a title may be is cut, so that the rest fits. */
struct text
import_says_complete(const struct import *im)
{
    static const char before[] = "complete in ";
    const char *after = is_published(im) ? ", " : ", imported on ";
    struct text title = im->rules.plan->title;
    char *said = arena_take(im->talk->arena, TITLE_MAX + 1);
    uint32_t room = TITLE_MAX - (uint32_t)(strlen(before) + strlen(after) + DAY_TEXT - 1);
    char day[DAY_TEXT];

    if (title.len > room)
        for (title.len = room; title.len && (title.at[title.len] & 0xc0) == 0x80;)
            title.len--;
    day_format(document_day(im), day);
    int len =
        snprintf(said, TITLE_MAX + 1, "%s%.*s%s%s", before, (int)title.len, title.at, after, day);
    return (struct text){said, (uint32_t)len};
}

/* --- against what the board has -------------------------------------------------------------- */

static int
compare_row(struct import *im, size_t i)
{
    const struct printed_action *a = &im->plan.actions[i];
    struct import_row *row = &im->rows[i];
    struct shown shown;
    struct view seen;

    *row = (struct import_row){.state = a->stopped ? IMPORT_STOPPED : IMPORT_NEW, .differs = ""};
    if (a->stopped || !import_board_has(&im->board, a->action.id))
        return EXIT_DONE;
    int rc = fetch_action(im->talk, a->action.id, &shown, &seen);
    if (rc != EXIT_DONE)
        return rc;
    row->differs = import_difference(im->talk->arena, &a->action, &shown.action);
    row->state = *row->differs ? IMPORT_DIFFERS : IMPORT_SAME;
    return EXIT_DONE;
}

static int
understand(struct import *im, const struct table *table)
{
    struct talk *t = im->talk;
    const struct plan_import_option *o = &im->options;
    struct fault why;
    int rc = import_board_ask(t, o->plan, &im->board);

    if (rc != EXIT_DONE || (rc = im->board.exists ? check_plan(im) : make_plan(im)) != EXIT_DONE)
        return rc;
    im->guard = talk_guard(t);
    im->rules = (struct printed_rules){.agencies = im->board.agencies,
                                       .registry = im->board.registry,
                                       .agency_count = im->board.agency_count,
                                       .plan = &im->board.plan,
                                       .source = o->has.source ? o->source : o->plan,
                                       .guard = &im->guard,
                                       .fill_down = o->fill_down,
                                       .skip_leads = o->skip_unknown_leads};
    if (!printed_plan_read(&im->plan, t->arena, table, &im->rules, &why))
        return talk_complain(EXIT_REFUSED, "%s: %s", im->file, why.reason);
    im->rows = arena_take(t->arena, im->plan.count * sizeof *im->rows);
    for (size_t i = 0; i < im->plan.count && rc == EXIT_DONE; i++)
        rc = compare_row(im, i);
    return rc;
}

/* --- sending ------------------------------------------------------------------------------ */

static int
gather(struct import *im, struct sending *s)
{
    const struct view nothing = {0, im->talk->welcome.epoch};
    const union body plan = {.plan = new_plan(im)};
    char label[PATH_MAX_LEN + 32];
    int rc = EXIT_DONE;

    if (!im->board.exists) {
        (void)snprintf(label, sizeof label, "plan %.*s", (int)plan.plan.id.len, plan.plan.id.at);
        rc = sending_add(s, KIND_PLAN, &plan, label);
    }
    for (size_t i = 0; i < im->plan.count && rc == EXIT_DONE; i++) {
        const struct printed_action *a = &im->plan.actions[i];
        union body body = {.action = a->action};
        if (im->rows[i].state != IMPORT_NEW)
            continue;
        FETCH_SEEN(&body.action, &nothing);
        (void)snprintf(label, sizeof label, "%.*s (line %zu)", (int)a->action.id.len,
                       a->action.id.at, a->line);
        im->rows[i].sent = s->count;
        rc = sending_add(s, KIND_ACTION, &body, label);
    }
    return rc;
}

static int
send_all(struct import *im, struct sending *s)
{
    bool *there = arena_take(im->talk->arena, im->plan.count * sizeof *there);
    int rc = sending_run(s);

    if (rc != EXIT_DONE && rc != EXIT_REFUSED)
        return rc;
    for (size_t i = 0; i < im->plan.count; i++) {
        const struct import_row *row = &im->rows[i];
        there[i] = row->state == IMPORT_SAME
                   || (row->state == IMPORT_NEW && sending_accepted(s, row->sent));
        if (row->state == IMPORT_DIFFERS)
            rc = EXIT_REFUSED;
    }
    int completed = import_complete(im, there);
    return completed == EXIT_DONE ? rc : completed;
}

/* Nothing goes while a row can't: half a plan looks like a whole one. */
static int
refuse(const struct import *im)
{
    bool leads = false;

    for (size_t i = 0; i < im->plan.odd_count; i++)
        leads = leads || im->plan.odd[i].kind == ODD_LEAD;
    return talk_complain(EXIT_REFUSED, "nothing was sent: mend what is marked with ! in %s%s",
                         im->file,
                         leads ? "; add agencies that are missing, or leave them out with "
                                 "--skip-unknown-leads"
                               : "");
}

static int
import(struct import *im, const struct table *table)
{
    struct sending s;
    int rc = understand(im, table);

    if (rc != EXIT_DONE)
        return rc;
    import_show(im);
    (void)fflush(stdout);
    if (im->plan.stopped || im->plan.unread)
        return refuse(im);
    sending_begin(&s, im->talk);
    rc = gather(im, &s);
    if (rc != EXIT_DONE)
        (void)talk_complain(rc, "nothing was sent");
    else if (im->options.yes && !im->talk->options.dry_run)
        rc = send_all(im, &s);
    else if (!im->talk->options.json)
        printf("nothing was sent: the same with --yes sends it\n");
    sending_end(&s);
    return rc;
}

int
plan_import(const struct invocation *in, struct arena *arena)
{
    struct import im = {.file = in->words.at[0]};
    struct table *table = NULL;
    struct talk t;
    int rc = talk_options(in, arena, &im.options);

    if (rc != EXIT_DONE || (rc = read_table(im.file, &table)) != EXIT_DONE)
        return rc;
    rc = talk_begin(&t, in, arena);
    if (rc == EXIT_DONE) {
        im.talk = &t;
        rc = t.welcome.role == ROLE_LEAD
                 ? import(&im, table)
                 : talk_complain(EXIT_REFUSED, "only the board's leads import plans");
        talk_close(&t);
    }
    table_free(&table);
    return rc;
}
