#include "agents/agency/commands/question.h"

#include <stdio.h>
#include <stdlib.h>

#include "agents/agency/options.h"
#include "schema/codec.h"
#include "schema/wire/program.h"

enum { PATIENCE = 30000, QUERY_BYTES = 4096, SOFTWARE = 100 };

/* --- what went wrong ------------------------------------------------------------------ */

/* The broker's answer, or why there is none. */
static int
complain(const struct question *q, enum maat_outcome outcome, const struct maat_fault *answer)
{
    if (answer && (outcome == MAAT_ABSENT || outcome == MAAT_REFUSED || outcome == MAAT_WRONG))
        (void)fprintf(stderr, "maat-agent: %s%s%s\n", answer->field, *answer->field ? ": " : "",
                      answer->reason);
    else
        (void)fprintf(stderr, "maat-agent: %s (%s)\n", maat_outcome_text(outcome),
                      maat_link_text(q->broker));
    return maat_exit_code(outcome);
}

static int
complain_of_key(const char *path, const struct maat_fault *why)
{
    (void)fprintf(stderr, "maat-agent: the key file %s: %s%s%s\n", path, why->field,
                  *why->field ? ": " : "", why->reason);
    return EXIT_USAGE;
}

/* --- opening ---------------------------------------------------------------------------- */

/* The library has read it by the same table. */
static void
read_record(struct arena *arena, const struct record *r, const struct maat_record *from, void *out)
{
    struct fault fault;

    if (!record_decode(arena, r, out, from->map, from->len, &fault))
        abort();
}

static void
on_welcome(void *context, const struct maat_record *said)
{
    struct question *q = context;
    struct welcome w;

    read_record(q->arena, &welcome_record, said, &w);
    q->client = (struct text){arena_copy(q->arena, w.client.at, w.client.len), w.client.len};
}

static const struct maat_events events = {.welcome = on_welcome};

static int
connect_by(struct question *q, const struct agent_option *o, const struct program *p)
{
    char *software = arena_take(q->arena, SOFTWARE);
    struct maat_settings settings = {
        .key = q->key, .software = software, .events = &events, .context = q};
    struct maat_fault why;

    (void)snprintf(software, SOFTWARE, "%s %s", p->name, p->version);
    if (o->broker.count)
        settings.addresses = text_strings(q->arena, o->broker);
    enum maat_outcome outcome = maat_open(&q->broker, &settings, &why);
    if (outcome != MAAT_DONE) {
        (void)fprintf(stderr, "maat-agent: %s\n", why.reason);
        return maat_exit_code(outcome);
    }
    outcome = maat_connect(q->broker, PATIENCE);
    return outcome == MAAT_DONE ? EXIT_DONE : complain(q, outcome, NULL);
}

int
question_open(struct question *q, const struct invocation *in, struct arena *arena)
{
    struct option_values values = {0};
    struct agent_option o;
    struct maat_fault why;
    struct fault fault;

    *q = (struct question){.arena = arena};
    if (!agent_settings(arena, &in->common, &values, &o, &fault))
        return program_usage(in, &fault);
    const char *path = text_string(arena, o.key);
    q->key = maat_key_load(path, o.broker.count ? MAAT_KEY_PAIR : MAAT_KEY_ALL, &why);
    return q->key ? connect_by(q, &o, in->program) : complain_of_key(path, &why);
}

void
question_close(struct question *q)
{
    if (q->broker)
        maat_close(&q->broker);
    maat_key_free(&q->key);
}

/* --- asking ------------------------------------------------------------------------------- */

static bool
take_page(void *context, const struct maat_record *said)
{
    struct question *q = context;
    struct arena *arena = arena_new();
    struct result page;

    read_record(arena, &result_record, said, &page);
    bool goes_on = q->each(q->context, &page);
    arena_destroy(&arena);
    return goes_on;
}

int
question_ask(struct question *q, const struct query *said,
             bool (*each)(void *context, const struct result *page), void *context)
{
    uint8_t encoded[QUERY_BYTES];
    struct query whole = *said;
    struct maat_fault why;

    whole.has.id = whole.has.what = 1;
    size_t len = record_encode(&query_record, &whole, encoded, sizeof encoded);
    q->each = each;
    q->context = context;
    enum maat_outcome outcome = maat_query(q->broker, encoded, len, PATIENCE, take_page, q, &why);
    return outcome == MAAT_DONE ? EXIT_DONE : complain(q, outcome, &why);
}
