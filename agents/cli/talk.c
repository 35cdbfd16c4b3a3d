#include "agents/cli/talk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/cli/given_text.h"
#include "schema/codec.h"
#include "schema/wire/program.h"
#include "version.h"

enum { PATIENCE_SECONDS = 30, QUERY_BYTES = 4096 };

/* --- what is wrong ------------------------------------------------------------------ */

int
talk_complain(int exit_code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int rc = program_complain("maat", exit_code, format, args);
    va_end(args);
    return rc;
}

int
talk_ended(const struct talk *t, enum maat_outcome outcome, const char *more)
{
    const char *link = maat_link_text(t->broker);

    if (outcome == MAAT_STOPPED)
        return talk_complain(maat_exit_code(outcome), "%s%s", link, more);
    return talk_complain(maat_exit_code(outcome), "%s (%s)%s", maat_outcome_text(outcome), link,
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

void
talk_read(struct arena *arena, const struct record *r, const struct maat_record *from, void *out)
{
    struct fault fault;

    if (!record_decode(arena, r, out, from->map, from->len, &fault))
        abort(); /* the library made it by the same table */
}

static void
on_welcome(void *context, const struct maat_record *said)
{
    struct talk *t = context;
    const struct maat_record kept = {said->name, arena_copy(t->arena, said->map, said->len),
                                     said->len};

    talk_read(t->arena, &welcome_record, &kept, &t->welcome);
}

static void
on_restored(void *context, const struct maat_restored *r)
{
    (void)context;
    if (r->seen > r->last)
        (void)talk_complain(EXIT_DONE,
                            "the board was restored from a backup, and lacks what came after entry "
                            "%" PRId64 "; seen was %s up to entry %" PRId64
                            ". `maat sent --after %" PRId64
                            "` prints what you had sent since: look through it, and send again "
                            "what is missing",
                            r->last, r->journal, r->seen, r->last);
    else
        (void)talk_complain(EXIT_DONE,
                            "the board was restored from a backup of entry %" PRId64
                            "; nothing that was seen is missing",
                            r->last);
}

static const struct maat_events events = {.welcome = on_welcome, .restored = on_restored};

int
talk_open(struct talk *t, const struct invocation *in, struct arena *arena)
{
    struct fault fault;

    *t = (struct talk){.in = in, .arena = arena};
    if (!options_decode(arena, &common_option_record, &in->common, &t->options, &fault)
        || !config_find(&t->config, &t->options, &fault))
        return program_usage(in, &fault);
    t->ms = 1000 * (t->options.has.timeout ? (int)t->options.timeout : PATIENCE_SECONDS);
    if (!t->config.key[0])
        return EXIT_DONE;
    struct maat_fault why;
    t->key = maat_key_load(t->config.key, MAAT_KEY_ALL, &why);
    return t->key ? EXIT_DONE
                  : talk_complain(EXIT_USAGE, "the key file %s: %s%s%s", t->config.key, why.field,
                                  *why.field ? ": " : "", why.reason);
}

int
talk_open_broker(struct talk *t)
{
    char folder[CONFIG_PATH];
    struct maat_fault why;
    struct fault fault;

    if (!config_state_folder(folder, &fault))
        return talk_complain(EXIT_MACHINE, "%s", fault.reason);
    const struct maat_settings settings = {.key = t->key,
                                           .software = "maat " VERSION,
                                           .heads = folder,
                                           .forget = "maat board forget-head",
                                           .events = &events,
                                           .context = t};
    enum maat_outcome outcome = maat_open(&t->broker, &settings, &why);
    return outcome == MAAT_DONE ? EXIT_DONE
                                : talk_complain(maat_exit_code(outcome), "%s", why.reason);
}

int
talk_connect(struct talk *t)
{
    int rc;

    if (!t->key)
        return talk_complain(EXIT_USAGE,
                             "this needs a key of your own: the board's configuration names an "
                             "agent only");
    if ((rc = talk_open_broker(t)) != EXIT_DONE)
        return rc;
    enum maat_outcome outcome = maat_connect(t->broker, t->ms);
    return outcome == MAAT_DONE ? EXIT_DONE : talk_ended(t, outcome, "");
}

void
talk_close(struct talk *t)
{
    maat_close(&t->broker);
    maat_key_free(&t->key);
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

static bool
take_page(void *context, const struct maat_record *said)
{
    struct talk *t = context;
    struct arena *arena = arena_new();
    struct result page;

    talk_read(arena, &result_record, said, &page);
    bool goes_on = t->each(t->context, &page);
    arena_destroy(&arena);
    return goes_on;
}

int
talk_ask(struct talk *t, const struct query *q, const char *what, talk_page *each, void *context)
{
    uint8_t encoded[QUERY_BYTES];
    struct query query = *q;
    struct maat_fault why;

    query.has.id = query.has.what = 1;
    size_t len = record_encode(&query_record, &query, encoded, sizeof encoded);
    t->each = each;
    t->context = context;
    enum maat_outcome outcome = maat_query(t->broker, encoded, len, t->ms, take_page, t, &why);
    switch (outcome) {
    case MAAT_DONE: return EXIT_DONE;
    case MAAT_ABSENT:
        return talk_complain(EXIT_REFUSED, "%s: there is none such, or you may not see it", what);
    case MAAT_REFUSED: return talk_complain(EXIT_REFUSED, "%s: %s", what, why.reason);
    case MAAT_WRONG: return talk_complain(EXIT_USAGE, "%s: %s: %s", what, why.field, why.reason);
    case MAAT_UNREACHABLE:
    case MAAT_UNKNOWN_KEY:
    case MAAT_STRANGER:
    case MAAT_STOPPED:
    case MAAT_MACHINE: break;
    }
    return talk_ended(t, outcome, "");
}
