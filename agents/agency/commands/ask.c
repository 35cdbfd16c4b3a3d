#include "agents/agency/commands/ask.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agents/agency/commands/ask_inside.h"
#include "agents/agency/commands/each_board.h"
#include "agents/agency/options.h"
#include "agents/libmaat/maat.h"
#include "schema/json.h"
#include "schema/local.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/program.h"

enum { SECOND = 1000000 };

/* --- one question -------------------------------------------------------------------- */

/* Opens the socket of these options: EXIT_DONE, or what to exit with. */
static int
connect_to(const struct invocation *in, struct arena *arena, struct text socket,
           struct maat_agent **out)
{
    struct fault fault;
    struct maat_fault why;
    const char *path = agent_socket(arena, &in->common, socket, &fault);

    if (!path)
        return program_usage(in, &fault);
    if (maat_agent_open(out, path, &why) == MAAT_DONE)
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: %s\n", why.reason);
    return EXIT_UNREACHABLE;
}

static int
say_and_hear(struct maat_agent *l, struct arena *arena, const struct request *request,
             struct answer *out)
{
    struct text said = record_to_json(arena, &request_record, request);
    struct fault fault;
    const char *line;
    size_t len;
    int rc = maat_agent_say(l, said.at, said.len);

    if (rc || (rc = maat_agent_hear(l, &line, &len)))
        return rc;
    return record_from_json(arena, &answer_record, out, line, len, &fault) ? 0 : -EPROTO;
}

static int
ask(struct maat_agent *l, struct arena *arena, const struct request *request, struct answer *out)
{
    int rc = say_and_hear(l, arena, request, out);

    if (rc) {
        (void)fprintf(stderr, "maat-agent: the agent went away: %s\n", strerror(-rc));
        return EXIT_UNREACHABLE;
    }
    if (out->has.refused) {
        (void)fprintf(stderr, "maat-agent: %.*s\n", (int)out->refused.reason.len,
                      out->refused.reason.at);
        return EXIT_REFUSED;
    }
    if (out->has.later) {
        (void)fprintf(stderr, "maat-agent: not now: %.*s\n", (int)out->later.len, out->later.at);
        return EXIT_MACHINE;
    }
    return EXIT_DONE;
}

void
ask_print_json(struct arena *arena, const struct record *r, const void *row)
{
    struct text json = record_to_json(arena, r, row);
    printf("%.*s\n", (int)json.len, json.at);
}

int
ask_once(const struct invocation *in, struct arena *arena, enum local_ask what,
         struct ask_option *o, struct answer *answer)
{
    struct request request = {.ask = what, .has.ask = 1};
    struct fault fault;
    struct maat_agent *l = NULL;

    *answer = (struct answer){0};
    if (!options_decode(arena, &ask_option_record, &in->own, o, &fault))
        return program_usage(in, &fault);
    int rc = connect_to(in, arena, o->socket, &l);
    if (rc)
        return rc;
    rc = ask(l, arena, &request, answer);
    maat_agent_close(&l);
    return rc;
}

/* --- the broker's journal -------------------------------------------------------------- */

int
ask_forget_head(const struct invocation *in, struct arena *arena)
{
    struct answer answer;
    struct ask_option o;
    int rc = ask_once(in, arena, ASK_FORGET_HEAD, &o, &answer);

    if (rc == EXIT_DONE && o.json)
        ask_print_json(arena, &answer_record, &answer);
    else if (rc == EXIT_DONE)
        printf("the broker's journal is taken as it is now; what it lacks is sent again: see "
               "maat-agent status\n");
    return rc;
}

/* --- refusals ---------------------------------------------------------------------------- */

static void
print_refusal(const struct refused_item *r)
{
    char moment[CLOCK_TEXT];

    clock_print(r->refused, moment);
    printf("%-6.*s %s  %s %s%s%.*s: %.*s\n       from %.*s, journal number %" PRId64 "\n",
           (int)r->which.len, r->which.at, moment, word_text(&submission_kinds, (int)r->kind),
           word_text(&fault_codes, (int)r->code), r->field.len ? " " : "", (int)r->field.len,
           r->field.at, (int)r->reason.len, r->reason.at, (int)r->source.len, r->source.at,
           r->number);
}

static void
show_refusal(struct arena *arena, struct refused_item *r, const char *board, bool json)
{
    if (!json) {
        print_refusal(r);
        return;
    }
    r->has.board = board != NULL;
    if (board)
        r->board = text_of(board);
    ask_print_json(arena, &refused_item_record, r);
}

/* Page after page. */
static int
list_refusals(struct maat_agent *l, struct arena *arena, const char *board, bool json)
{
    struct request request = {.ask = ASK_REFUSED};
    struct answer answer;
    int rc;

    request.has.ask = 1;
    do {
        if ((rc = ask(l, arena, &request, &answer)))
            return rc;
        for (uint32_t i = 0; i < answer.list.count; i++) {
            struct refused_item one = answer.list.at[i];
            show_refusal(arena, &one, board, json);
            request.after = answer.list.at[i].which;
            request.has.after = 1;
        }
    } while (answer.more);
    if (!json && !request.has.after)
        printf("nothing was refused that no person has dealt with\n");
    return EXIT_DONE;
}

/* Named, or all, but said so: EXIT_DONE or EXIT_USAGE. */
static int
check_named(const struct invocation *in, bool all)
{
    if (all != (in->words.count > 0))
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: name refusals as `maat-agent refused` does, or say --all\n");
    return EXIT_USAGE;
}

static int
deal_with(const struct invocation *in, struct maat_agent *l, struct arena *arena,
          enum local_ask what, bool json)
{
    struct text *which = arena_take(arena, (in->words.count + 1) * sizeof *which);
    struct request request = {.ask = what, .which = {which, in->words.count}};
    struct answer answer;
    int rc;

    for (unsigned i = 0; i < in->words.count; i++)
        which[i] = text_of(in->words.at[i]);
    request.has.ask = 1;
    request.has.which = in->words.count > 0;
    if ((rc = ask(l, arena, &request, &answer)))
        return rc;
    if (json)
        ask_print_json(arena, &answer_record, &answer);
    else
        printf("%" PRId64 " %s\n", answer.done,
               what == ASK_RETRY ? "queued again" : "listed no more");
    return EXIT_DONE;
}

static int
list_at_board(const struct invocation *in, struct arena *arena, void *context)
{
    const struct refused_option *o = context;
    struct maat_agent *l = NULL;
    int rc = connect_to(in, arena, o->socket, &l);

    if (rc)
        return rc;
    rc = list_refusals(l, arena, agent_at(arena, &in->common), o->json);
    maat_agent_close(&l);
    return rc;
}

static int
list_each(const struct invocation *in, struct arena *arena, struct refused_option *o)
{
    const struct option_values none = {0};

    return o->has.socket ? list_at_board(in, arena, o)
                         : each_board(in, arena, &none, !o->json, list_at_board, o);
}

int
ask_refused(const struct invocation *in, struct arena *arena)
{
    struct refused_option o;
    struct fault fault;
    struct maat_agent *l = NULL;

    if (!options_decode(arena, &refused_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    if (!o.seen && (in->words.count || o.all)) {
        fault_set(&fault, FAULT_FIELD_MISSING, "seen", "is what names and --all go with");
        return program_usage(in, &fault);
    }
    if (!o.seen)
        return list_each(in, arena, &o);
    int rc = check_named(in, o.all);
    if (rc || (rc = connect_to(in, arena, o.socket, &l)))
        return rc;
    rc = deal_with(in, l, arena, ASK_SEEN, o.json);
    maat_agent_close(&l);
    return rc;
}

int
ask_retry(const struct invocation *in, struct arena *arena)
{
    struct retry_option o;
    struct fault fault;
    struct maat_agent *l = NULL;

    if (!options_decode(arena, &retry_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = check_named(in, o.all);
    if (rc || (rc = connect_to(in, arena, o.socket, &l)))
        return rc;
    rc = deal_with(in, l, arena, ASK_RETRY, o.json);
    maat_agent_close(&l);
    return rc;
}
