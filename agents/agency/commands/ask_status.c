/* `maat-agent status`: at the agent's socket; or, where it has none for callers, at the one
   in its outbox, for whoever may read that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agents/agency/commands/ask_inside.h"
#include "agents/agency/watched.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/program.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, SECOND = 1000000 };

/* --- for a person ------------------------------------------------------------------------- */

static void
print_row(const char *name, struct text value)
{
    printf("%-11s %.*s\n", name, (int)value.len, value.at);
}

/* As an operator types it who accepts a gap in it. */
static void
print_outbox(struct bytes outbox)
{
    printf("%-11s ", "outbox");
    for (uint32_t i = 0; i < outbox.len; i++)
        printf("%02x", outbox.at[i]);
    printf("\n");
}

static void
print_queue(const struct agent_status *s)
{
    char moment[CLOCK_TEXT];
    int64_t age = (int64_t)time(NULL) - s->oldest / SECOND;

    if (!s->queued) {
        printf("%-11s empty; %" PRId64 " taken so far\n", "queue", s->last);
        return;
    }
    clock_print(s->oldest, moment);
    printf("%-11s %" PRId64 " wait, the oldest since %s", "queue", s->queued, moment);
    if (age >= DAY)
        printf(" (%" PRId64 " days)\n", age / DAY);
    else if (age >= HOUR)
        printf(" (%" PRId64 " hours)\n", age / HOUR);
    else
        printf(" (%" PRId64 " minutes)\n", age < 0 ? 0 : age / MINUTE);
}

/* Only where it is off: by which a day may be another. */
static void
print_clock(const struct agent_status *s)
{
    int64_t seconds = s->clock_ahead / SECOND;

    if (seconds >= -MINUTE && seconds <= MINUTE)
        return;
    printf("%-11s %" PRId64 " seconds %s the broker's: have this host's clock kept by NTP\n",
           "clock", seconds < 0 ? -seconds : seconds, seconds < 0 ? "behind" : "ahead of");
}

static void
print_since(const struct agent_status *s)
{
    char moment[CLOCK_TEXT];

    if (!s->has.started)
        return;
    clock_print(s->started, moment);
    printf("%-11s %s, %" PRId64 " accepted since\n", "started", moment, s->accepted);
}

static void
print_disk(const struct agent_status *s)
{
    enum { MIB = 1 << 20 };

    if (!s->room)
        printf("%-11s full: nothing is taken until there is room\n", "disk");
    else if (s->has.disk_free)
        printf("%-11s %" PRId64 " MiB free\n", "disk", s->disk_free / MIB);
}

/* Only where there ever was another. */
static void
print_shared(const struct agent_status *s)
{
    char moment[CLOCK_TEXT];

    if (!s->has.shared)
        return;
    clock_print(s->shared_since, moment);
    printf("%-11s another program %s by it, which came at %s", "key",
           s->shared ? "works" : "worked", moment);
    if (s->has.shared_from)
        printf(" from %.*s", (int)s->shared_from.len, s->shared_from.at);
    printf("%s\n", s->shared ? ": see maat-agent explain key-shared" : ", and is gone");
}

static void
print_status(const struct agent_status *s)
{
    print_row("agent", s->software);
    if (s->has.client)
        printf("%-11s %.*s, of %.*s\n", "client", (int)s->client.len, s->client.at,
               (int)s->board.len, s->board.at);
    print_shared(s);
    print_row("connection", s->connection);
    print_since(s);
    print_outbox(s->outbox);
    print_queue(s);
    printf("%-11s %" PRId64 "%s\n", "refused", s->refused,
           s->refused ? ": see maat-agent refused" : "");
    printf("%-11s %" PRId64 " files wait", "spool", s->spool);
    if (s->has.taking)
        printf("; taking %.*s, line %" PRId64, (int)s->taking.len, s->taking.at, s->line);
    printf("\n");
    print_disk(s);
    print_clock(s);
}

/* Of several boards, one after the other. */
static void
print_boards(const struct answer *answer)
{
    for (uint32_t i = 0; i < answer->boards.count; i++) {
        const struct board_answer *one = &answer->boards.at[i];
        printf("%s%-11s %.*s\n", i ? "\n" : "", "board", (int)one->board.len, one->board.at);
        if (one->has.status)
            print_status(&one->status);
        else
            print_row("agent", one->later);
    }
}

/* --- asking ------------------------------------------------------------------------------ */

static int
ask_at_outbox(struct arena *arena, struct text outbox, struct agent_status *out)
{
    struct why why;

    if (watched_ask(arena, outbox, out, &why) == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: %s\n", why.text);
    return EXIT_UNREACHABLE;
}

/* Of several boards: how the others are is told whoever is absent. */
static int
ask_at_outboxes(struct arena *arena, const struct agent_boards *boards, struct answer *out)
{
    struct board_answer *list = arena_take(arena, SETTINGS_GROUPS * sizeof *list);
    int rc = EXIT_UNREACHABLE;
    struct why why;

    for (unsigned i = 0; i < boards->count; i++) {
        list[i] = (struct board_answer){.board = text_of(boards->at[i].name), .has.board = 1};
        list[i].has.status =
            watched_ask(arena, boards->at[i].option.outbox, &list[i].status, &why) == 0;
        list[i].has.later = !list[i].has.status;
        if (list[i].has.later)
            list[i].later = text_of(arena_string(arena, why.text, strlen(why.text)));
        else
            rc = EXIT_DONE;
    }
    out->boards.at = list;
    out->boards.count = boards->count;
    out->has.boards = 1;
    return rc;
}

/* Is an agent configured that has no socket for callers? */
static bool
has_no_socket(const struct invocation *in, struct arena *arena, struct agent_option *agent,
              struct agent_boards *boards)
{
    struct option_values none = {0}, again = {0};
    struct ask_option o;
    struct fault fault;

    return options_decode(arena, &ask_option_record, &in->own, &o, &fault) && !o.has.socket
           && agent_boards(arena, &in->common, &none, agent, boards, &fault)
           && (boards->count || agent_settings(arena, &in->common, &again, agent, &fault))
           && !agent->has.socket;
}

int
ask_status(const struct invocation *in, struct arena *arena)
{
    struct answer answer = {0};
    struct agent_boards boards;
    struct agent_option agent;
    struct ask_option o;
    struct fault fault;
    int rc;

    if (!options_decode(arena, &ask_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    if (!has_no_socket(in, arena, &agent, &boards))
        rc = ask_once(in, arena, ASK_STATUS, &o, &answer);
    else if (boards.count)
        rc = ask_at_outboxes(arena, &boards, &answer);
    else
        rc = ask_at_outbox(arena, agent.outbox, &answer.status);
    if (answer.has.boards && o.json)
        ask_print_json(arena, &answer_record, &answer);
    else if (answer.has.boards)
        print_boards(&answer);
    else if (rc == EXIT_DONE && o.json)
        ask_print_json(arena, &agent_status_record, &answer.status);
    else if (rc == EXIT_DONE)
        print_status(&answer.status);
    return rc;
}
