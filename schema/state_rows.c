/* Rows of the state by their names. */
#include <errno.h>
#include <string.h>

#include "schema/state.h"

int
state_get_board(struct state *s, struct arena *arena, struct board_row *row)
{
    struct state_key key = {.len = 0};
    return state_get(s, arena, TABLE_BOARD, &key, row);
}

static int
get_by_id(struct state *s, struct arena *arena, enum state_table table, struct text id, void *row)
{
    struct state_key key = state_key_of(id);
    return state_get(s, arena, table, &key, row);
}

int
state_get_agency(struct state *s, struct arena *arena, struct text id, struct agency_row *row)
{
    return get_by_id(s, arena, TABLE_AGENCIES, id, row);
}

int
state_get_client(struct state *s, struct arena *arena, struct text id, struct client_row *row)
{
    return get_by_id(s, arena, TABLE_CLIENTS, id, row);
}

int
state_get_plan(struct state *s, struct arena *arena, struct text id, struct plan_row *row)
{
    return get_by_id(s, arena, TABLE_PLANS, id, row);
}

int
state_get_action(struct state *s, struct arena *arena, struct text id, struct action_row *row)
{
    return get_by_id(s, arena, TABLE_ACTIONS, id, row);
}

int
state_get_part(struct state *s, struct arena *arena, struct text action, struct text agency,
               struct part *row)
{
    struct state_key key = state_key_pair(action, agency);
    return state_get(s, arena, TABLE_PARTS, &key, row);
}

int
state_get_chain(struct state *s, struct arena *arena, const struct state_key *key,
                struct chain *row)
{
    int rc = state_get(s, arena, TABLE_CHAINS, key, row);
    if (rc == 0)
        memset(row, 0, sizeof *row);
    return rc;
}

int
state_see_plan(struct state *s, struct arena *arena, struct text id, const struct plan_row **row)
{
    struct state_key key = state_key_of(id);
    const void *seen;
    int rc = state_see(s, arena, TABLE_PLANS, &key, &seen);

    *row = seen;
    return rc;
}

int
state_see_agency(struct state *s, struct arena *arena, struct text id,
                 const struct agency_row **row)
{
    struct state_key key = state_key_of(id);
    const void *seen;
    int rc = state_see(s, arena, TABLE_AGENCIES, &key, &seen);

    *row = seen;
    return rc;
}

int
state_see_action(struct state *s, struct arena *arena, struct text id,
                 const struct action_row **row)
{
    struct state_key key = state_key_of(id);
    const void *seen;
    int rc = state_see(s, arena, TABLE_ACTIONS, &key, &seen);

    *row = seen;
    return rc;
}

int
state_see_part(struct state *s, struct arena *arena, const struct state_key *key,
               const struct part **row)
{
    const void *seen;
    int rc = state_see(s, arena, TABLE_PARTS, key, &seen);

    *row = seen;
    return rc;
}

int
state_see_chain(struct state *s, struct arena *arena, const struct state_key *key,
                const struct chain **row)
{
    const void *seen;
    int rc = state_see(s, arena, TABLE_CHAINS, key, &seen);

    *row = seen;
    return rc;
}

int
state_find_key(struct state *s, struct arena *arena, struct bytes key, struct client_row *row)
{
    struct state_key at = state_key_of((struct text){(const char *)key.at, key.len});
    struct bytes client = {0};
    int rc = state_get_bytes(s, TABLE_KEYS, &at, &client);

    if (rc != 1)
        return rc;
    return state_get_client(s, arena, (struct text){(const char *)client.at, client.len}, row);
}

int
state_get_mark(struct state *s, const struct state_key *chain, int64_t position, int64_t *number)
{
    struct state_key key = state_key_of_mark(chain, position);
    struct bytes value = {0};
    uint64_t v = 0;
    int rc = state_get_bytes(s, TABLE_MARKS, &key, &value);

    if (rc != 1)
        return rc;
    if (value.len != 8)
        return -EBADMSG;
    for (int i = 0; i < 8; i++)
        v = v << 8 | value.at[i];
    *number = (int64_t)v;
    return 1;
}
