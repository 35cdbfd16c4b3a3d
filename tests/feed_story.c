#include "tests/feed_story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/submission_line.h"
#include "tests/t.h"

enum {
    LINE = 16 * 1024,
    KEYS_MAX = 250,
    DAY_OF_CLOCK = 24 * 3600,
    LONG_TEXT = 6000,
    LONG_TITLE = 400
};

#define ONE_OF(...)                                                                              \
    ((const char *const[]){__VA_ARGS__})[random_below(sizeof((const char *const[]){__VA_ARGS__}) \
                                                      / sizeof(const char *))]

/* --- what became of it ---------------------------------------- */

static void
make_room(struct story *s, int64_t number)
{
    while (s->cap <= number) {
        s->cap = 2 * s->cap + 256;
        s->models = realloc(s->models, (size_t)s->cap * sizeof *s->models);
        s->entries = realloc(s->entries, (size_t)s->cap * sizeof *s->entries);
    }
}

void
story_look(struct story *s)
{
    struct ledger *l = &s->broker->board.ledger;
    struct stored stored;
    struct bytes bytes;

    if (s->number > l->number)
        s->number = l->number;
    for (; s->number < l->number; s->number++) {
        make_room(s, s->number + 1);
        arena_reset(l->arena);
        CHECK_INT(1, ledger_get(l, s->number + 1, &bytes));
        CHECK(stored_decode(l->arena, bytes, &stored));
        model_entry_of(&stored, &s->entries[s->number + 1]);
        s->models[s->number + 1] = s->models[s->number];
        model_take(&s->models[s->number + 1], &stored);
    }
}

/* --- connections ---------------------------------------- */

struct hub_route
story_new_route(struct story *s)
{
    int n = ++s->routes;
    return (struct hub_route){.len = 2, .bytes = {(uint8_t)(n >> 8 | 0x80), (uint8_t)n}};
}

static struct bytes
outbox_of(int client, uint8_t room[OUTBOX_SIZE])
{
    memset(room, 0, OUTBOX_SIZE);
    memcpy(room, model_clients[client], strlen(model_clients[client]));
    return (struct bytes){room, OUTBOX_SIZE};
}

static void
say_hello(struct story *s, const struct hub_route *route, const uint8_t key[CURVE_KEY],
          struct bytes outbox)
{
    struct hello h = {
        .oldest = 1, .newest = 1, .software = text_of("feed story"), .outbox = outbox};

    h.has.oldest = h.has.newest = h.has.software = 1;
    h.has.outbox = outbox.len > 0;
    small_broker_take(s->broker, route, key, SAY_HELLO, &h);
    story_look(s);
}

bool
story_connect(struct story *s, int client, struct hub_route *route, uint8_t key[CURVE_KEY])
{
    const struct model_client *c = &story_now(s)->client[client];
    int which = c->next_key && random_below(2) ? c->next_key : c->key;

    if (!model_key_is_valid(story_now(s), client, which))
        return false;
    memset(key, which, CURVE_KEY);
    *route = story_new_route(s);
    say_hello(s, route, key, (struct bytes){0});
    return true;
}

/* --- saying -------------------------------------------------------------------------- */

/* Quotes as JSON has them; SEEN becomes the newest number, with the epoch. */
static void
fill_in(const struct story *s, const char *line, char *out)
{
    const char *seen = strstr(line, "SEEN");

    if (seen)
        snprintf(out, LINE, "%.*s'seen': %lld, 'epoch': 0%s", (int)(seen - line), line,
                 (long long)s->number, seen + 4);
    else
        snprintf(out, LINE, "%s", line);
    for (char *c = out; *c; c++)
        if (*c == '\'')
            *c = '"';
}

/* Each client submits over a connection of its own. */
static void
submit(struct story *s, int client, const struct submission_line *line)
{
    static uint8_t body[BODY_MAX];
    const struct hub_route route = {.len = 1, .bytes = {(uint8_t)(client + 1)}};
    struct ledger *l = &s->broker->board.ledger;
    uint8_t key[CURVE_KEY], room[OUTBOX_SIZE];
    struct bytes outbox = outbox_of(client, room);
    struct chain chain;

    memset(key, story_now(s)->client[client].key, CURVE_KEY);
    say_hello(s, &route, key, outbox);
    const struct state_key at = state_key_of_outbox(outbox);
    CHECK(state_get_chain(l->state, l->arena, &at, &chain) >= 0);
    struct submit m = {.n = chain.n + 1, .kind = line->kind, .nonce = outbox, .body.at = body};
    m.body.len = (uint32_t)record_encode(body_records[line->kind], &line->body, body, sizeof body);
    m.has.n = m.has.kind = m.has.nonce = m.has.body = 1;
    small_broker_take(s->broker, &route, key, SAY_SUBMIT, &m);
    story_look(s);
}

static void __attribute__((format(printf, 3, 4)))
say(struct story *s, const char *client, const char *line, ...)
{
    char text[LINE], filled[LINE];
    struct submission_line sub;
    struct fault fault;
    va_list args;

    va_start(args, line);
    vsnprintf(text, sizeof text, line, args);
    va_end(args);
    fill_in(s, text, filled);
    arena_reset(s->arena);
    if (!submission_from_json(s->arena, &sub, filled, strlen(filled), &fault))
        FAIL_WITH("%s: %s: %s", filled, fault.field, fault.reason);
    submit(s, model_client(text_of(client)), &sub);
}

/* --- at random ----------------------------------------------------------------------- */

static const char *
lead(void)
{
    return random_below(3) ? "board/lead" : "board/chair";
}

static int
some_plan(void)
{
    return (int)random_below(MODEL_PLANS);
}

static int
some_ref(void)
{
    return 1 + (int)random_below(MODEL_REFS);
}

/* Agencies as JSON, each of `of` with a chance of one in two. */
static const char *
some_agencies(unsigned of, char list[LINE])
{
    size_t len = (size_t)snprintf(list, LINE, "[");

    for (int a = 0; a < MODEL_AGENCIES; a++)
        if ((of >> a & 1) && random_below(2))
            len += (size_t)snprintf(list + len, LINE - len, "%s'%s'", len > 1 ? ", " : "",
                                    model_agencies[a]);
    snprintf(list + len, LINE - len, "]");
    return list;
}

/* A text of the greatest length or less, where the story is a talkative one. */
static const char *
some_text(const struct story *s, size_t most, char text[LINE])
{
    size_t len = s->talkative ? 1 + random_below(most) : 1;

    memset(text, 'a' + (int)random_below(26), len);
    text[len] = '\0';
    return text;
}

static unsigned
registered(const struct story *s)
{
    unsigned all = 0;

    for (int a = 0; a < MODEL_AGENCIES; a++)
        all |= (unsigned)story_now(s)->agency[a] << a;
    return all;
}

static void
say_plan(struct story *s)
{
    char list[LINE], why[LINE];
    const char *members = ONE_OF("'all'", "[]", "some", "some", "some");

    if (*members == 's')
        members = some_agencies(registered(s), list);
    say(s, lead(),
        "{'kind': 'plan', 'id': '%s', 'title': 'T%d', 'type': 'review', 'marking': '%s', "
        "'members': %s, 'unpublished': '%s', 'reason': 'r'%s, SEEN}",
        model_plans[1 + random_below(MODEL_PLANS - 1)], (int)random_below(9),
        ONE_OF("OFFICIAL", "OFFICIAL-SENSITIVE"), members, some_text(s, LONG_TEXT, why),
        ONE_OF("", "", "", "", ", 'closed': true"));
}

static void
say_action(struct story *s)
{
    char leads[LINE], contributors[LINE], title[LINE], due[DAY_TEXT];
    int plan = some_plan(), ref = some_ref();
    unsigned members =
        story_now(s)->plan[plan].all ? registered(s) : story_now(s)->plan[plan].members;
    const char *who = ONE_OF("'all'", "[]", "some", "some");

    if (*who == 's')
        who = some_agencies(members, leads);
    day_format(day_in_london(s->broker->now.host) + (int32_t)random_below(12), due);
    say(s, lead(),
        "{'kind': 'action', 'id': '%s/%d', 'ref': '%d', 'title': '%s', 'leads': %s, "
        "'contributors': %s, 'themes': ['t%d'%s], 'due': '%s', 'due_printed': '%s', 'reason': 'r', "
        "SEEN}",
        model_plans[plan], ref, ref, some_text(s, LONG_TITLE, title), who,
        random_below(2) ? "[]" : some_agencies(members, contributors), (int)random_below(3),
        random_below(3) ? "" : ", 't3'", due, title);
}

static void
say_progress(struct story *s)
{
    const char *client = ONE_OF("police/crm", "health/crm", "schools/crm", "housing/crm",
                                "health/late", "new-1/crm");
    char note[LINE], today[DAY_TEXT];

    day_format(day_in_london(s->broker->now.host), today);
    say(s, client,
        "{'kind': 'progress', 'action': '%s/%d', 'on': '%s', 'status': '%s', 'note': '%s'%s}",
        model_plans[some_plan()], some_ref(), today,
        ONE_OF("in-progress", "claimed-complete", "paused", "not-started"),
        some_text(s, LONG_TEXT, note),
        ONE_OF("", "", ", 'evidence': {'title': 't', 'kind': 'audit', 'held': 'h'}",
               ", 'opinion': 'red'", ", 'agency': 'housing'"));
}

void
story_says_more(struct story *s)
{
    char today[DAY_TEXT];

    day_format(day_in_london(s->broker->now.host), today);
    say(s, "police/crm", "{'kind': 'progress', 'action': 'p/1', 'on': '%s', 'note': 'n%d'}", today,
        (int)random_below(99));
}

static void
say_decision(struct story *s)
{
    say(s, lead(), "{'kind': 'decision', 'action': '%s/%d', 'what': %s, 'reason': 'r', SEEN}",
        model_plans[some_plan()], some_ref(),
        ONE_OF("'return'", "'reopen'", "'assure', 'override': true", "'not-implement'", "'note'"));
}

static void
say_agency(struct story *s)
{
    const char *id = model_agencies[1 + random_below(MODEL_AGENCIES - 1)];
    char other[LINE] = "";

    if (random_below(3) == 0)
        snprintf(other, sizeof other, ", 'succeeded_by': '%s'",
                 model_agencies[1 + random_below(MODEL_AGENCIES - 1)]);
    else if (random_below(4) == 0)
        snprintf(other, sizeof other, ", 'closed': true");
    say(s, "board/operator",
        "{'kind': 'agency', 'id': '%s', 'name': 'N%d', 'sector': 'health', 'reason': 'r'%s, SEEN}",
        id, (int)random_below(9), other);
}

static int
new_key(struct story *s)
{
    return s->keys < KEYS_MAX ? ++s->keys : 1; /* which is taken */
}

static void
say_client(struct story *s)
{
    int client = 2 + (int)random_below(MODEL_CLIENTS - 2); /* the first two stay */
    const char *id = model_clients[client];
    const struct model_client *c = &story_now(s)->client[client];
    char key[2 * CURVE_KEY + 1];

    int byte = new_key(s);
    for (int i = 0; i < CURVE_KEY; i++)
        snprintf(key + 2 * i, 3, "%02x", (unsigned)byte);
    if (c->revoked)
        say(s, "board/operator",
            "{'kind': 'client', 'id': '%s', 'revoked': false, 'key': '%s', SEEN}", id, key);
    else if (c->waiting_key || c->waiting_role != MODEL_NONE)
        say(s, lead(), "{'kind': 'client', 'id': '%s', 'confirm': true, SEEN}", id);
    else if (c->role == MODEL_NONE || random_below(4) == 0)
        say(s, "board/operator", "{'kind': 'client', 'id': '%s', 'key': '%s', 'role': '%s', SEEN}",
            id, key, ONE_OF("agency", "observer", "lead", "operator"));
    else if (random_below(3) == 0)
        say(s, "board/operator", "{'kind': 'client', 'id': '%s', 'revoked': true, SEEN}", id);
    else if (random_below(2))
        say(s, id, "{'kind': 'client', 'id': '%s', 'key': '%s', SEEN}", id, key);
    else
        say(s, "board/operator", "{'kind': 'client', 'id': '%s', 'role': '%s', SEEN}", id,
            ONE_OF("agency", "observer", "lead", "operator"));
}

static void
begin_day(struct story *s)
{
    s->broker->now.host += INT64_C(1000000) * DAY_OF_CLOCK * (int64_t)(1 + random_below(3));
    small_broker_day(s->broker);
    story_look(s);
}

void
story_goes_on(struct story *s)
{
    s->broker->now.host += 1000000;
    switch (random_below(24)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: say_plan(s); break;
    case 5:
    case 6:
    case 7:
    case 8:
    case 9: say_action(s); break;
    case 10: say_decision(s); break;
    case 11:
    case 12: say_agency(s); break;
    case 13:
    case 14:
    case 15: say_client(s); break;
    case 16:
    case 17: begin_day(s); break;
    default: say_progress(s);
    }
}

/* --- beginning and end --------------------------------------------------------------- */

static void
found(struct story *s, const char *kind, const char *id, const char *role, const char *sector)
{
    char line[LINE], key[2 * CURVE_KEY + 1];

    int byte = *role ? new_key(s) : 0;
    for (int i = 0; i < CURVE_KEY; i++)
        snprintf(key + 2 * i, 3, "%02x", (unsigned)byte);
    if (*role)
        snprintf(line, sizeof line,
                 "{\"kind\":\"%s\",\"id\":\"%s\",\"role\":\"%s\",\"key\":\"%s\",\"seen\":0,"
                 "\"epoch\":0}",
                 kind, id, role, key);
    else
        snprintf(line, sizeof line,
                 "{\"kind\":\"%s\",\"id\":\"%s\",\"name\":\"N\",\"sector\":\"%s\",\"seen\":0,"
                 "\"epoch\":0}",
                 kind, id, sector);
    small_board_say(&s->broker->board, *role ? "broker" : "board/operator", line);
    s->broker->board.ledger.n += *role != 0; /* the broker's own outbox has one more */
}

void
story_begin(struct story *s, struct small_broker *broker)
{
    *s = (struct story){.broker = broker, .arena = arena_new(), .keys = SMALL_BOARD_CLIENTS};
    make_room(s, 0);
    model_begin(&s->models[0]);
    for (int a = 2; a < MODEL_AGENCIES - 2; a++)
        found(s, "agency", model_agencies[a], "", "health");
    found(s, "client", "board/chair", "lead", "");
    found(s, "client", "health/crm", "agency", "");
    found(s, "client", "schools/crm", "agency", "");
    found(s, "client", "police/watch", "observer", "");
    small_broker_turn(broker);
    small_broker_sync(broker);
    story_look(s);
}

void
story_end(struct story *s)
{
    arena_destroy(&s->arena);
    free(s->models);
    free(s->entries);
}
