#include "tests/hearing.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/days.h"
#include "schema/entry.h"
#include "schema/fold.h"
#include "schema/guard.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/submission_line.h"
#include "store/state_memory.h"
#include "tests/states.h"
#include "tests/t.h"

enum { LINE = 70000 };

static const struct guard no_mailboxes;

static int32_t
day_of(const char *text)
{
    int32_t day;
    CHECK(day_parse(text, strlen(text), &day));
    return day;
}

void
hearing_day(struct hearing *h, const char *day)
{
    h->day = day_of(day);
}

/* Quotes as JSON has them; SEEN becomes the newest number, with the epoch. */
static void
fill_in(const struct hearing *h, char *line, char *out, size_t cap)
{
    const char *seen = strstr(line, "SEEN");

    for (char *c = line; *c; c++)
        if (*c == '\'')
            *c = '"';
    if (seen)
        snprintf(out, cap, "%.*s%lld, \"epoch\": 0%s", (int)(seen - line), line,
                 (long long)h->number, seen + 4);
    else
        snprintf(out, cap, "%s", line);
}

static struct author
author_of(struct hearing *h, const char *client)
{
    struct author who = {.client = text_of(client), .broker = strcmp(client, "broker") == 0};
    struct client_row row;

    if (!who.broker) {
        CHECK_INT(1, state_get_client(h->state, h->arena, who.client, &row));
        who.agency = path_first(who.client);
        who.role = row.role;
    }
    return who;
}

void
hearing_keep(struct hearing *h, struct bytes entry)
{
    if ((size_t)h->number == h->cap) {
        h->cap = 2 * h->cap + 64;
        h->entries = realloc(h->entries, h->cap * sizeof *h->entries);
    }
    h->entries[h->number].at = malloc(entry.len);
    h->entries[h->number].len = entry.len;
    memcpy(h->entries[h->number].at, entry.at, entry.len);
    h->number++;
}

int64_t
hearing_time(const struct hearing *h)
{
    return (int64_t)h->day * 86400000000;
}

/* Accepted: into the journal and the state, as the broker does it. */
static void
record(struct hearing *h, const char *client, enum submission_kind kind, const union body *body,
       const struct findings *found)
{
    static uint8_t bytes[BODY_MAX];
    uint8_t outbox[OUTBOX_SIZE] = {0};
    size_t len = record_encode(body_records[kind], body, bytes, sizeof bytes);
    struct state_key key;
    struct chain chain;

    CHECK(len > 0);
    snprintf((char *)outbox, sizeof outbox, "%s", client);
    key = state_key_of_outbox((struct bytes){outbox, sizeof outbox});
    CHECK(state_get_chain(h->state, h->arena, &key, &chain) >= 0);
    struct entry_origin from = {.number = h->number + 1,
                                .time = hearing_time(h),
                                .day = h->day,
                                .client = text_of(client),
                                .outbox = {outbox, sizeof outbox},
                                .n = chain.n + 1,
                                .kind = kind,
                                .nonce = {outbox, NONCE_SIZE},
                                .body = {bytes, (uint32_t)len}};
    static uint8_t stored[BODY_MAX + 2048];
    struct entry e;
    entry_accepted(&e, &from, found);
    CHECK_INT(0, fold(h->state, h->arena, &e, body));
    len = record_encode(&entry_record, &e, stored, sizeof stored);
    CHECK(len > 0);
    hearing_keep(h, (struct bytes){stored, (uint32_t)len});
}

const char *
hearing_say(struct hearing *h, const char *client, const char *line, ...)
{
    static char text[LINE];
    static char filled[LINE + 64];
    struct submission_line sub;
    struct findings found;
    va_list args;

    va_start(args, line);
    vsnprintf(text, sizeof text, line, args);
    va_end(args);
    arena_reset(h->arena);
    fill_in(h, text, filled, sizeof filled);
    int rc = submission_from_json(h->arena, &sub, filled, strlen(filled), &h->fault);
    if (rc) {
        static uint8_t bytes[BODY_MAX];
        size_t len = record_encode(body_records[sub.kind], &sub.body, bytes, sizeof bytes);
        union body again;
        rc = submission_decode(h->arena, &no_mailboxes, sub.kind,
                               (struct bytes){bytes, (uint32_t)len}, &again, &h->fault);
    }
    if (rc) {
        struct author who = author_of(h, client);
        const struct present present = {h->day, h->number};
        rc = judge(h->state, h->arena, &who, sub.kind, &sub.body, &present, &found, &h->fault);
        CHECK(rc >= 0);
    }
    if (rc)
        record(h, client, sub.kind, &sub.body, &found);
    snprintf(h->said, sizeof h->said, "%s%s%s",
             rc ? "accepted" : word_text(&fault_codes, (int)h->fault.code),
             rc || !*h->fault.field ? "" : " ", rc ? "" : h->fault.field);
    return h->said;
}

void
hearing_run(struct hearing *h, const struct hearing_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = hearing_say(h, lines[i].client, "%s", lines[i].line);
        if (strcmp(got, lines[i].want) != 0)
            FAIL_WITH("line %zu, %s says %s: want \"%s\", got \"%s\" (%s)", i + 1, lines[i].client,
                      lines[i].line, lines[i].want, got, h->fault.reason);
    }
}

/* --- the board ------------------------------------------------------------------ */

static void
must(struct hearing *h, const char *said)
{
    if (strcmp(said, "accepted") != 0)
        FAIL_WITH("the hearing can't begin: %s (%s)", said, h->fault.reason);
}

static void
add_client(struct hearing *h, const char *id, const char *role)
{
    char key[65];

    for (int i = 0; i < 64; i += 2)
        snprintf(key + i, 3, "%02x", (unsigned)id[(size_t)i / 2 % strlen(id)] ^ (unsigned)(i / 2));
    must(h, hearing_say(h, "broker",
                        "{\"kind\": \"client\", \"id\": \"%s\", \"key\": \"%s\", \"role\": \"%s\", "
                        "\"seen\": SEEN}",
                        id, key, role));
}

struct hearing *
hearing_found(const char *day)
{
    static const struct {
        const char *id, *sector;
    } agencies[] = {{"police", "police"},     {"health", "health"},     {"schools", "education"},
                    {"housing", "voluntary"}, {"board", "partnership"}, {"ofsted", "oversight"}};
    struct hearing *h = calloc(1, sizeof *h);

    h->state = state_memory_open();
    h->arena = arena_new();
    hearing_day(h, day);
    must(h, hearing_say(h, "broker",
                        "{\"kind\": \"board\", \"what\": \"found\", \"name\": \"test\", \"title\": "
                        "\"Test board\","
                        " \"key\": \"%064d\"}",
                        0));
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++)
        must(h, hearing_say(h, "broker",
                            "{\"kind\": \"agency\", \"id\": \"%s\", \"name\": \"%s\", \"sector\": "
                            "\"%s\", \"seen\": SEEN}",
                            agencies[i].id, agencies[i].id, agencies[i].sector));
    add_client(h, "board/operator", "operator");
    return h;
}

struct hearing *
hearing_open(const char *day)
{
    struct hearing *h = hearing_found(day);

    add_client(h, "board/lead", "lead");
    add_client(h, "board/chair", "lead");
    add_client(h, "police/crm", "agency");
    add_client(h, "health/crm", "agency");
    add_client(h, "schools/crm", "agency");
    add_client(h, "housing/crm", "agency");
    add_client(h, "ofsted/inspector", "observer");
    return h;
}

void
hearing_plan(struct hearing *h, const char *due)
{
    must(h, hearing_say(
                h, "board/lead",
                "{\"kind\": \"plan\", \"id\": \"p\", \"title\": \"P\", \"type\": \"action-plan\","
                " \"marking\": \"OFFICIAL\", \"members\": \"all\", \"seen\": SEEN}"));
    must(h, hearing_say(h, "board/lead",
                        "{\"kind\": \"action\", \"id\": \"p/1\", \"ref\": \"1\", \"title\": \"A\","
                        " \"leads\": [\"police\", \"health\"], \"due\": \"%s\", \"seen\": SEEN}",
                        due));
}

/* Everything that was accepted, folded anew, gives the same rows. */
static void
check_refold(struct hearing *h)
{
    struct state *again = state_memory_open();

    for (int64_t i = 0; i < h->number; i++) {
        arena_reset(h->arena);
        CHECK_INT(
            0, fold_stored(again, h->arena, (struct bytes){h->entries[i].at, h->entries[i].len}));
    }
    const char *table = states_differ(h->state, again);
    if (table)
        FAIL_WITH("folded anew, %s are others", table);
    state_memory_close(&again);
}

void
hearing_close(struct hearing *h)
{
    check_refold(h);
    for (int64_t i = 0; i < h->number; i++)
        free(h->entries[i].at);
    free(h->entries);
    state_memory_close(&h->state);
    arena_destroy(&h->arena);
    free(h);
}

/* --- looking ---------------------------------------------------------------------- */

const char *
hearing_rating(struct hearing *h, const char *action)
{
    struct rated_action rated;
    struct action_row row;
    struct plan_row plan;
    struct picture pic;

    arena_reset(h->arena);
    CHECK_INT(1, state_get_action(h->state, h->arena, text_of(action), &row));
    CHECK_INT(1, state_get_plan(h->state, h->arena, path_first(row.id), &plan));
    CHECK_INT(0, picture_load(h->state, h->arena, &plan, &row, &pic));
    rating_on(&pic, h->day, &rated);
    int len = snprintf(h->said, sizeof h->said, "%s", word_text(&ratings, (int)rated.rating));
    for (int i = 0; i < REASON_COUNT; i++)
        if (rated.reasons >> i & 1)
            len += snprintf(h->said + len, sizeof h->said - (size_t)len, " %s",
                            word_text(&reasons, i));
    return h->said;
}

const char *
hearing_action(struct hearing *h, const char *action)
{
    struct action_row row;

    arena_reset(h->arena);
    if (state_get_action(h->state, h->arena, text_of(action), &row) != 1)
        return "";
    return record_to_json(h->arena, &action_row_record, &row).at;
}

const char *
hearing_part(struct hearing *h, const char *action, const char *agency)
{
    struct part row;

    arena_reset(h->arena);
    if (state_get_part(h->state, h->arena, text_of(action), text_of(agency), &row) != 1)
        return "";
    return record_to_json(h->arena, &part_record, &row).at;
}
