#include "agents/cli/talk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "agents/cli/given_text.h"
#include "schema/wire/program.h"
#include "version.h"

enum { PATIENCE_SECONDS = 30 };

/* --- what is wrong ------------------------------------------------------------------ */

int
talk_complain(int exit_code, const char *format, ...)
{
    va_list args;

    (void)fputs("maat: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    return exit_code;
}

int
talk_ended(const struct talk *t, enum client_outcome outcome, const char *more)
{
    const char *text = client_outcome_text(outcome);

    if (outcome == CLIENT_STOPPED)
        return talk_complain(client_exit_code(outcome), "%s%s", client_state(t->client), more);
    return talk_complain(client_exit_code(outcome), "%s (%s)%s", text, client_state(t->client),
                         more);
}

int
talk_options(const struct invocation *in, struct arena *arena, void *out)
{
    struct fault fault;

    if (options_decode(arena, in->command->options, &in->own, out, &fault)
        && given_texts(arena, in->command->options, out, &fault))
        return EXIT_DONE;
    return program_usage(in, &fault);
}

/* --- opening and closing --------------------------------------------------------------- */

static struct text
kept(struct talk *t, struct text text)
{
    return (struct text){arena_copy(t->arena, text.at, text.len), text.len};
}

static void
on_welcome(void *context, const struct welcome *w)
{
    struct talk *t = context;
    struct text *mailboxes = arena_take(t->arena, (w->mailboxes.count + 1) * sizeof *mailboxes);

    t->welcome = *w;
    t->welcome.software = kept(t, w->software);
    t->welcome.board = kept(t, w->board);
    t->welcome.title = kept(t, w->title);
    t->welcome.client = kept(t, w->client);
    t->welcome.head = kept(t, w->head);
    for (uint32_t i = 0; i < w->mailboxes.count; i++)
        mailboxes[i] = kept(t, w->mailboxes.at[i]);
    t->welcome.mailboxes.at = mailboxes;
}

static const struct link_events events = {.welcome = on_welcome};

int
talk_open(struct talk *t, const struct invocation *in, struct arena *arena)
{
    struct fault fault;

    *t = (struct talk){.in = in, .arena = arena};
    if (!options_decode(arena, &common_option_record, &in->common, &t->options, &fault)
        || !config_find(&t->config, &t->options, &fault))
        return program_usage(in, &fault);
    t->ms = 1000 * (t->options.has.timeout ? (int)t->options.timeout : PATIENCE_SECONDS);
    if (t->config.key[0] && !identity_load(&t->identity, t->config.key, HAS_ALL, &fault))
        return talk_complain(EXIT_USAGE, "the key file %s: %s%s%s", t->config.key, fault.field,
                             *fault.field ? ": " : "", fault.reason);
    return EXIT_DONE;
}

int
talk_open_head(struct talk *t)
{
    char folder[CONFIG_PATH];
    char why[HEAD_WHY];
    struct fault fault;

    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    if (head_open(&t->head, folder, &t->identity, "maat board forget-head", why))
        return talk_complain(EXIT_MACHINE, "%s", why);
    return EXIT_DONE;
}

int
talk_connect(struct talk *t)
{
    int rc;

    if (!t->config.key[0])
        return talk_complain(EXIT_USAGE,
                             "this needs a key of your own: the board's configuration names an "
                             "agent only");
    if ((rc = talk_open_head(t)) != EXIT_DONE)
        return rc;
    t->client = client_open(&t->identity, NULL, NULL, "maat " VERSION, &events, t);
    if (!t->client)
        return talk_complain(EXIT_MACHINE, "there is no memory");
    client_keep_head(t->client, &t->head);
    enum client_outcome outcome = client_connect(t->client, t->ms);
    return outcome == CLIENT_DONE ? EXIT_DONE : talk_ended(t, outcome, "");
}

void
talk_close(struct talk *t)
{
    client_close(&t->client);
    identity_wipe(&t->identity);
}

int
talk_begin(struct talk *t, const struct invocation *in, struct arena *arena)
{
    int rc = talk_open(t, in, arena);

    if (rc == EXIT_DONE)
        rc = talk_connect(t);
    if (rc != EXIT_DONE)
        talk_close(t);
    return rc;
}

struct guard
talk_guard(struct talk *t)
{
    uint32_t count = t->welcome.mailboxes.count;
    const char **list = arena_take(t->arena, (count + 1) * sizeof *list);

    for (uint32_t i = 0; i < count; i++) {
        struct text m = t->welcome.mailboxes.at[i];
        char *copy = arena_take(t->arena, m.len + 1);
        memcpy(copy, m.at, m.len);
        copy[m.len] = '\0';
        list[i] = copy;
    }
    return (struct guard){list, count};
}

/* --- asking ------------------------------------------------------------------------------ */

int
talk_ask(struct talk *t, const struct query *q, const char *what, client_page *each, void *context)
{
    char why[LINK_REASON] = "";
    struct query query = *q;

    query.has.id = query.has.what = 1;
    enum client_outcome outcome = client_ask(t->client, &query, t->ms, each, context, why);
    switch (outcome) {
    case CLIENT_DONE: return EXIT_DONE;
    case CLIENT_ABSENT:
        return talk_complain(EXIT_REFUSED, "%s: there is none such, or you may not see it", what);
    case CLIENT_REFUSED: return talk_complain(EXIT_REFUSED, "%s: %s", what, why);
    case CLIENT_UNREACHABLE:
    case CLIENT_UNKNOWN_KEY:
    case CLIENT_STRANGER:
    case CLIENT_STOPPED:
    case CLIENT_MACHINE:
    case CLIENT_OUTCOME_COUNT: break;
    }
    return talk_ended(t, outcome, "");
}
