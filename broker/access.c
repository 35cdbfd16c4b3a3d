#include "broker/access.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "broker/events.h"
#include "schema/ids.h"
#include "schema/must.h"

static bool
same_client(const struct session *s, struct text id)
{
    return s->author.client.len == 0 || text_equal(s->author.client, id);
}

/* The row's texts end with the arena; the session's do not. */
static void
become(struct session *s, struct limits_table *limits, const struct client_row *row)
{
    memcpy(s->client, row->id.at, row->id.len);
    s->author = (struct author){.client = {s->client, row->id.len}, .role = row->role};
    s->author.agency = path_first(s->author.client);
    if (!s->limits)
        s->limits = limits_of(limits, s->author.client);
}

int
access_know(struct ledger *l, struct limits_table *limits, struct session *s)
{
    struct client_row row;

    if (s->registry == l->registry)
        return 1;
    int rc = state_find_key(l->state, l->arena, (struct bytes){s->key, CURVE_KEY}, &row);
    if (rc != 1 || !row.has.role || !same_client(s, row.id))
        return rc < 0 ? rc : 0;
    become(s, limits, &row);
    s->registry = l->registry;
    return 1;
}

static void
log_use(const struct session *s, int rc, const struct fault *fault)
{
    struct log_line line =
        broker_event(rc == 1 ? BROKER_CLIENT_KEY_CHANGED : BROKER_CLIENT_KEY_NOT_CHANGED);

    log_text(&line, "client", s->author.client);
    if (rc == 0)
        log_word(&line, "code", word_text(&fault_codes, (int)fault->code));
    log_write(&line);
}

int
access_use_next_key(struct ledger *l, const struct outgoing *out, const struct session *s,
                    int64_t host)
{
    struct client_row row;
    struct board_row board;
    struct fault fault;
    int rc = state_get_client(l->state, l->arena, s->author.client, &row);

    if (rc != 1 || !row.has.next_key || memcmp(row.next_key.at, s->key, CURVE_KEY) != 0)
        return rc < 0 ? rc : 0;
    if ((rc = state_get_board(l->state, l->arena, &board)) != 1)
        return rc < 0 ? rc : -EBADMSG;
    union body body = {.client = {.id = row.id, .key = row.next_key}};
    body.client.seen = row.changed;
    body.client.epoch = board.epoch;
    body.client.has.id = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    outgoing_part_from(out, &l->pending);
    rc = ledger_say(l, KIND_CLIENT, &body, host, &fault);
    if (rc >= 0)
        log_use(s, rc, &fault);
    return rc;
}

/* --- the table ---------------------------------------------------------------- */

struct key_list {
    struct zap_key *at;
    size_t count, cap;
};

static void
add_key(struct key_list *list, const struct state_key *key, struct bytes client)
{
    if (key->len != CURVE_KEY || client.len >= sizeof list->at->client)
        return; /* no key that a fold wrote */
    if (list->count == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 64;
        list->at = must(realloc(list->at, list->cap * sizeof *list->at));
    }
    struct zap_key *k = &list->at[list->count++];
    memcpy(k->key, key->at, CURVE_KEY);
    memcpy(k->client, client.at, client.len);
    k->client[client.len] = '\0';
}

int
access_build_table(struct ledger *l, struct zap_table **out)
{
    struct key_list list = {0};
    struct state_key at = {.len = 0};
    struct bytes client;
    int rc;

    *out = NULL;
    while ((rc = state_next(l->state, TABLE_KEYS, &at, false, &client)) == 1)
        add_key(&list, &at, client);
    if (rc == 0)
        rc = zap_table_new(out, list.at, list.count);
    free(list.at);
    return rc;
}
