/* What an operator changes of a client that there is: all of it is sent, as its row
   says it, with what was seen. */
#include "agents/cli/board_line.h"
#include "agents/cli/change.h"
#include "agents/cli/client.h"
#include "agents/cli/fetch.h"

/* What waits for a lead is said again with it, or it would wait no longer. */
static struct client
client_of_row(const struct client_row *row, const struct view *seen)
{
    struct client c = {0};

    KEEP(&c, row, id);
    KEEP(&c, row, name);
    KEEP(&c, row, role);
    if (row->has.waiting_role) {
        c.role = row->waiting_role;
        c.has.role = 1;
    }
    c.key = row->waiting_key;
    c.has.key = row->has.waiting_key;
    FETCH_SEEN(&c, seen);
    return c;
}

/* The client that is named, as its row says it. */
static int
read_client(struct talk *t, struct text id, struct client_row *row, struct client *out)
{
    struct view seen;
    int rc = fetch_client(t, id, row, &seen);

    if (rc == EXIT_DONE)
        *out = client_of_row(row, &seen);
    return rc;
}

static int
send_change(struct talk *t, const char *id, const struct client *from, const struct client *to)
{
    const union body was = {.client = *from}, is = {.client = *to};
    struct change change = {KIND_CLIENT, id, &was, &is, false};

    return change_send(t, &change);
}

int
client_amend(const struct invocation *in, struct arena *arena)
{
    struct client_amend_option o;
    struct client_row row;
    struct client from;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = read_client(&t, text_of(in->words.at[0]), &row, &from);
    if (rc == EXIT_DONE) {
        struct client to = from;
        if (o.has.role)
            KEEP(&to, &o, role);
        if (o.has.name)
            KEEP(&to, &o, name);
        KEEP(&to, &o, reason);
        rc = send_change(&t, in->words.at[0], &from, &to);
    }
    talk_close(&t);
    return rc;
}

/* Who was shut out comes back by it. */
static int
renew(struct talk *t, const char *id, const struct client_renew_option *o, struct bytes key)
{
    struct client_row row;
    struct client from;
    int rc = read_client(t, text_of(id), &row, &from);

    if (rc != EXIT_DONE)
        return rc;
    if (text_is(t->welcome.client, id))
        return talk_complain(EXIT_USAGE, "%s: is who you are: maat key renew", id);
    struct client to = from;
    to.key = key;
    to.has.key = 1;
    to.revoked = false;
    to.has.revoked = row.revoked;
    KEEP(&to, o, reason);
    from.key = row.key;
    from.has.key = row.has.key;
    return send_change(t, id, &from, &to);
}

int
client_renew(const struct invocation *in, struct arena *arena)
{
    struct client_renew_option o;
    uint8_t key[MAAT_KEY_SIZE];
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    const struct client_key_given given = CLIENT_KEY_GIVEN(&o);
    if ((rc = client_key_load(arena, &given, in->words.at[0], key)) != EXIT_DONE
        || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = renew(&t, in->words.at[0], &o, (struct bytes){key, MAAT_KEY_SIZE});
    if (rc == EXIT_DONE && given.request.len && !t.options.dry_run)
        rc = board_line_print(&t, o.address);
    talk_close(&t);
    return rc;
}
