#include "tests/caller.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "schema/json.h"
#include "tests/line.h"
#include "tests/t.h"

enum { LINE = 70064, ANSWER = 1 << 20 };

static void
must(enum client_outcome outcome, const struct caller *c)
{
    if (outcome != CLIENT_DONE)
        FAIL_WITH("%s (%s)", client_outcome_text(outcome), client_state(c->session));
}

void
caller_identity(struct rig *r, const char *key_file, struct identity *out)
{
    struct fault fault;

    if (!identity_load(out, rig_path(r, key_file), HAS_SECRET | HAS_SERVER, &fault))
        FAIL_WITH("%s: %s", fault.field, fault.reason);
    snprintf(out->address[0], sizeof out->address[0], "%.250s", r->address);
    out->address_count = 1;
    out->has |= HAS_ADDRESS;
}

struct caller *
caller_begin(struct rig *r, const char *key_file)
{
    struct caller *c = calloc(1, sizeof *c);
    char dir[RIG_PATH * 2];
    char why[OUTBOX_WHY];

    caller_identity(r, key_file, &c->identity);
    snprintf(dir, sizeof dir, "%s.outbox", rig_path(r, key_file));
    if (outboxes_open(&c->outboxes, dir, 64 << 20, why))
        FAIL_WITH("%s", why);
    CHECK_INT(0, outbox_current(c->outboxes, false, &c->outbox));
    c->session = client_open(&c->identity, c->outboxes, &c->outbox, "test", NULL, NULL);
    c->arena = arena_new();
    c->json = malloc(ANSWER);
    return c;
}

struct caller *
caller_open(struct rig *r, const char *key_file)
{
    struct caller *c = caller_begin(r, key_file);

    must(client_connect(c->session, RIG_PATIENCE), c);
    return c;
}

void
caller_close(struct caller **c)
{
    client_close(&(*c)->session);
    outboxes_close(&(*c)->outboxes);
    arena_destroy(&(*c)->arena);
    free((*c)->json);
    free(*c);
    *c = NULL;
}

/* SEEN is the newest number, with the epoch. */
__attribute__((format(printf, 2, 0))) static const char *
fill_in(const struct caller *c, const char *format, va_list args)
{
    static char filled[LINE];
    const char *line = line_fill(format, args);
    const char *seen = strstr(line, "SEEN");

    if (!seen)
        return line;
    snprintf(filled, sizeof filled, "%.*s%" PRId64 ", \"epoch\": 0%s", (int)(seen - line), line,
             c->seen, seen + 4);
    return filled;
}

static int64_t
queue(struct caller *c, const char *line)
{
    static uint8_t body[BODY_MAX];
    uint8_t nonce[NONCE_SIZE];
    enum submission_kind kind;
    int64_t n;

    arena_reset(c->arena);
    size_t len = line_encode(c->arena, line, &kind, body);
    CHECK(getrandom(nonce, sizeof nonce, 0) == sizeof nonce);
    struct kept kept = {.state = KEPT_QUEUED,
                        .kind = kind,
                        .nonce = {nonce, sizeof nonce},
                        .body = {body, (uint32_t)len}};
    kept.has.state = kept.has.kind = kept.has.nonce = kept.has.body = kept.has.taken = 1;
    CHECK_INT(0,
              outbox_queue(c->outboxes, &client_link(c->session)->outbox, &kept, 1, NULL, 0, &n));
    return n;
}

void
caller_queue(struct caller *c, const char *line, ...)
{
    va_list args;
    va_start(args, line);
    queue(c, fill_in(c, line, args));
    va_end(args);
}

/* Submits the line in c->line, and waits for its verdict. */
static const char *
say(struct caller *c, const char *line)
{
    struct kept kept;

    int64_t n = queue(c, line);
    must(client_settle(c->session, RIG_PATIENCE), c);
    CHECK_INT(1, outbox_get(c->outboxes, c->arena, &client_link(c->session)->outbox, n, &kept));
    if (kept.number > c->seen)
        c->seen = kept.number;
    if (kept.state == KEPT_ACKNOWLEDGED)
        snprintf(c->said, sizeof c->said, "accepted %" PRId64, kept.number);
    else
        snprintf(c->said, sizeof c->said, "%s%s%.*s", word_text(&fault_codes, (int)kept.code),
                 kept.field.len ? " " : "", (int)kept.field.len, kept.field.at);
    return c->said;
}

const char *
caller_say(struct caller *c, const char *line, ...)
{
    va_list args;

    va_start(args, line);
    const char *filled = fill_in(c, line, args);
    va_end(args);
    return say(c, filled);
}

void
caller_must(struct caller *c, const char *line, ...)
{
    va_list args;

    va_start(args, line);
    const char *filled = fill_in(c, line, args);
    va_end(args);
    if (strncmp(say(c, filled), "accepted", 8) != 0)
        FAIL_WITH("%s: %s", filled, c->said);
}

static bool
take_page(void *context, const struct result *page)
{
    struct caller *c = context;
    struct text json = record_to_json(c->arena, &result_record, page);

    snprintf(c->json, ANSWER, "%.*s", (int)json.len, json.at);
    c->seen = page->number;
    return true;
}

const char *
caller_ask(struct caller *c, const char *query, ...)
{
    char why[LINK_REASON];
    struct fault fault;
    struct query q;
    va_list args;

    va_start(args, query);
    const char *line = fill_in(c, query, args);
    va_end(args);
    arena_reset(c->arena);
    if (!record_from_json(c->arena, &query_record, &q, line, strlen(line), &fault))
        FAIL_WITH("%s: %s %s", line, fault.field, fault.reason);
    enum client_outcome outcome = client_ask(c->session, &q, RIG_PATIENCE, take_page, c, why);
    if (outcome == CLIENT_ABSENT)
        return "not-found";
    if (outcome == CLIENT_REFUSED) {
        snprintf(c->said, sizeof c->said, "%s", why);
        return c->said;
    }
    must(outcome, c);
    return c->json;
}

void
caller_enrol(struct rig *r, struct caller *operator, const char * id, const char *role,
             const char *key_file)
{
    struct identity new = operator->identity;
    char hex[2 * CURVE_KEY + 1];
    struct fault fault;

    CHECK_INT(0, curve_generate(new.public, new.secret));
    snprintf(new.client, sizeof new.client, "%s", id);
    CHECK(identity_save(&new, rig_path(r, key_file), &fault));
    for (int i = 0; i < CURVE_KEY; i++)
        snprintf(hex + 2 * (size_t)i, 3, "%02x", new.public[i]);
    caller_must(operator, "{'kind': 'client', 'id': '%s', 'role': '%s', 'key': '%s', 'seen': SEEN}",
                id, role, hex);
}
