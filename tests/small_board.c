#include "tests/small_board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/ledger/catch_up.h"
#include "schema/codec.h"
#include "schema/ids.h"
#include "schema/judge.h"
#include "schema/submission_line.h"
#include "store/state_memory.h"
#include "tests/states.h"

enum { ROOM = 64 << 20 };

#define BEGINS INT64_C(1459468800000000) /* 2016-04-01 */

const char *const small_board_clients[] = {"board/operator", "board/lead", "police/crm"};

/* clang-format off */
static const char *const lines[] = {
    "{\"kind\":\"board\",\"what\":\"found\",\"name\":\"small\",\"title\":\"Small\",\"key\":\"00000000000000000000000000000000ffffffffffffffffffffffffffffffff\"}",
    "{\"kind\":\"agency\",\"id\":\"board\",\"name\":\"Board\",\"sector\":\"partnership\",\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"agency\",\"id\":\"police\",\"name\":\"Police\",\"sector\":\"police\",\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"board/operator\",\"role\":\"operator\",\"key\":\"0101010101010101010101010101010101010101010101010101010101010101\",\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"board/lead\",\"role\":\"lead\",\"key\":\"0202020202020202020202020202020202020202020202020202020202020202\",\"seen\":0,\"epoch\":0}",
    "{\"kind\":\"client\",\"id\":\"police/crm\",\"role\":\"agency\",\"key\":\"0303030303030303030303030303030303030303030303030303030303030303\",\"seen\":0,\"epoch\":0}",
};
/* clang-format on */

static void
must(bool holds)
{
    if (!holds)
        abort();
}

void
small_board_key(unsigned client, uint8_t key[CURVE_KEY])
{
    memset(key, (int)client + 1, CURVE_KEY);
}

static struct author
author_of(struct small_board *b, const char *client)
{
    struct author who = {.client = text_of(client), .broker = strcmp(client, "broker") == 0};
    struct client_row row;

    if (!who.broker) {
        must(state_get_client(b->ledger.state, b->arena, who.client, &row) == 1);
        who.agency = path_first(who.client);
        who.role = row.role;
    }
    return who;
}

/* Its outbox is its name. The broker's is the ledger's. */
static void
accept(struct small_board *b, const struct author *who, const struct submission_line *sub,
       const struct findings *found)
{
    uint8_t *outbox = arena_take(b->arena, OUTBOX_SIZE);
    uint8_t *body = arena_take(b->arena, BODY_MAX);
    struct chain chain;

    memset(outbox, 0, OUTBOX_SIZE);
    memcpy(outbox, who->client.at, who->client.len < OUTBOX_SIZE ? who->client.len : OUTBOX_SIZE);
    struct state_key key = state_key_of_outbox((struct bytes){outbox, OUTBOX_SIZE});
    must(state_get_chain(b->ledger.state, b->arena, &key, &chain) >= 0);
    struct entry_origin from = {.client = who->client,
                                .outbox = {outbox, OUTBOX_SIZE},
                                .n = chain.n + 1,
                                .kind = sub->kind,
                                .nonce = {outbox, NONCE_SIZE},
                                .body.at = body};
    from.body.len = (uint32_t)record_encode(body_records[sub->kind], &sub->body, body, BODY_MAX);
    must(from.body.len > 0);
    must(ledger_accept(&b->ledger, &from, &sub->body, found, b->host) == 0);
}

void
small_board_say(struct small_board *b, const char *client, const char *line)
{
    struct submission_line sub;
    struct findings found;
    struct fault fault;

    arena_reset(b->arena);
    must(submission_from_json(b->arena, &sub, line, strlen(line), &fault));
    struct author who = author_of(b, client);
    const struct present present = ledger_present(&b->ledger, b->host);
    must(judge(b->ledger.state, b->arena, &who, sub.kind, &sub.body, &present, &found, &fault)
         == 1);
    accept(b, &who, &sub, &found);
}

void
small_board_open(struct small_board *b)
{
    *b = (struct small_board){.arena = arena_new(), .host = BEGINS};
    must(journal_open_memory(&b->journal, ROOM) == 0);
    must(journal_begin_generation(b->journal, &b->generation) == 0);
    b->keeping = keeping_in_memory();
    must(ledger_open(&b->ledger, &b->keeping, b->journal, b->arena, NULL) == 0);
    clock_begin(&b->ledger.clock, b->host);
    memcpy(b->ledger.outbox, "broker\0\0\0\0\0\0\0\0\0", OUTBOX_SIZE);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        small_board_say(b, "broker", lines[i]);
    b->ledger.n = b->ledger.number;
    small_board_say(b, "board/lead",
                    "{\"kind\":\"plan\",\"id\":\"p\",\"title\":\"P\",\"type\":\"review\","
                    "\"marking\":\"OFFICIAL\",\"members\":\"all\",\"seen\":0,\"epoch\":0}");
    small_board_say(b, "board/lead",
                    "{\"kind\":\"action\",\"id\":\"p/1\",\"ref\":\"1\",\"title\":\"A\",\"leads\":"
                    "[\"police\"],\"due\":\"2016-09-30\",\"measure\":{\"counted\":\"c\",\"unit\":"
                    "\"count\",\"comparator\":\">\"},\"seen\":0,\"epoch\":0}");
    small_board_say(b, "police/crm",
                    "{\"kind\":\"progress\",\"action\":\"p/1\",\"on\":\"2016-04-01\",\"status\":"
                    "\"in-progress\",\"note\":\"begun\"}");
    small_board_settle(b);
}

void
small_board_close(struct small_board *b)
{
    ledger_close(&b->ledger);
    state_memory_close(&b->keeping.state);
    journal_close(&b->journal);
    arena_destroy(&b->arena);
}

void
small_board_settle(struct small_board *b)
{
    struct pending *p = &b->ledger.pending;

    pending_seal(p);
    while (pending_next(p)) {
        const struct batch *batch = pending_next(p);
        must(journal_append(b->journal, (uint64_t)batch->first, b->generation, batch->entries,
                            batch->count)
             == 0);
        ledger_made_durable(&b->ledger, batch->first + batch->count - 1);
        pending_done(p);
    }
}

const char *
small_board_refold(struct small_board *b)
{
    struct state *again = state_memory_open();
    int64_t number = 0;
    int rc = catch_up(b->journal, again, b->arena, &number, NULL, NULL);

    const char *table =
        rc || number != b->ledger.number ? "entries" : states_differ(b->ledger.state, again);
    state_memory_close(&again);
    return table;
}
