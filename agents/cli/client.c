#include "agents/cli/client.h"

#include <stdio.h>

#include "agents/cli/board_line.h"
#include "agents/cli/fetch.h"
#include "agents/cli/sending/sending.h"
#include "agents/cli/showing/listing.h"
#include "agents/cli/showing/rows.h"

CLIENT_OPTIONS(RECORD_TABLE)

static int
send_client(struct talk *t, const struct client *client, const char *label)
{
    const union body body = {.client = *client};

    return sending_one(t, KIND_CLIENT, &body, label);
}

/* --- enrolling --------------------------------------------------------------------- */

/* What stands in the way is nearly always that it is enrolled. */
static int
send_enrolment(struct talk *t, const struct client *client, const char *label)
{
    const union body body = {.client = *client};
    struct sending s;

    sending_begin(&s, t);
    int rc = sending_add(&s, KIND_CLIENT, &body, label);
    if (rc == EXIT_DONE)
        rc = sending_run(&s);
    if (rc == EXIT_REFUSED && s.count && sending_refusal(&s, 0) == FAULT_STALE)
        rc = talk_complain(rc,
                           "%s: is enrolled already. Another key is given to it by maat client "
                           "renew; the board's line is printed again by maat board line",
                           label);
    sending_end(&s);
    return rc;
}

int
client_enrol(const struct invocation *in, struct arena *arena)
{
    const struct view nothing = {0};
    struct client_enrol_option o;
    struct client c = {.id = text_of(in->words.at[0])};
    uint8_t key[MAAT_KEY_SIZE];
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    const struct client_key_given given = CLIENT_KEY_GIVEN(&o);
    if ((rc = client_key_load(arena, &given, in->words.at[0], key)) != EXIT_DONE
        || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    c.has.id = c.has.key = c.has.role = 1;
    c.key = (struct bytes){key, MAAT_KEY_SIZE};
    KEEP(&c, &o, name);
    c.role = o.has.role ? o.role : ROLE_AGENCY;
    FETCH_SEEN(&c, &nothing);
    c.epoch = t.welcome.epoch;
    rc = send_enrolment(&t, &c, in->words.at[0]);
    if (rc == EXIT_DONE && given.request.len && !t.options.dry_run)
        rc = board_line_print(&t, o.address);
    talk_close(&t);
    return rc;
}

/* --- confirming, revoking ------------------------------------------------------------ */

static void
print_words(const struct client_row *row)
{
    char client[PATH_MAX_LEN + 1], line[MAAT_LINE], phrase[MAAT_PHRASE];

    (void)snprintf(client, sizeof client, "%.*s", (int)row->id.len, row->id.at);
    struct maat_key *key = maat_key_of(client, row->waiting_key.at);
    maat_key_request(key, line, phrase);
    printf("whose words are\n\n    %s\n\n", phrase);
    maat_key_free(&key);
}

/* So that a lead can hold it to what was told by telephone. */
static void
print_waiting(const struct client_row *row)
{
    char key[MAAT_KEY_TEXT + 1];

    if (row->has.waiting_role)
        printf("%.*s becomes %s, as %.*s asks\n", (int)row->id.len, row->id.at,
               word_text(&roles, (int)row->waiting_role), (int)row->waiting_by.len,
               row->waiting_by.at);
    if (row->has.waiting_key) {
        maat_key_print(row->waiting_key.at, key);
        printf("%.*s has the key %s\n", (int)row->id.len, row->id.at, key);
        print_words(row);
    }
}

int
client_confirm(const struct invocation *in, struct arena *arena)
{
    struct client c = {.id = text_of(in->words.at[0]), .confirm = true};
    struct client_row row;
    struct view seen;
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    rc = fetch_client(&t, c.id, &row, &seen);
    if (rc == EXIT_DONE) {
        c.has.id = c.has.confirm = 1;
        FETCH_SEEN(&c, &seen);
        if (!t.options.json)
            print_waiting(&row);
        rc = send_client(&t, &c, in->words.at[0]);
    }
    talk_close(&t);
    return rc;
}

int
client_revoke(const struct invocation *in, struct arena *arena)
{
    struct client c = {.id = text_of(in->words.at[0]), .revoked = true};
    struct client_revoke_option o;
    struct client_row row;
    struct view seen;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = talk_begin(&t, in, arena)) != EXIT_DONE)
        return rc;
    rc = fetch_client(&t, c.id, &row, &seen);
    if (rc == EXIT_DONE) {
        c.has.id = c.has.revoked = 1;
        KEEP(&c, &o, reason);
        FETCH_SEEN(&c, &seen);
        rc = send_client(&t, &c, in->words.at[0]);
    }
    talk_close(&t);
    return rc;
}

/* --- listing --------------------------------------------------------------------------- */

static void
list_client(struct listing *l, const void *row)
{
    const struct client_row *c = row;
    const char *key = c->has.waiting_key ? " with a new key" : "";

    listing_text(l, c->id);
    listing_cell(l, "%s", c->has.role ? word_text(&roles, (int)c->role) : "");
    if (c->has.waiting_by)
        listing_cell(l, "%swaits for a lead: %s%s, asked for by %.*s",
                     c->revoked ? "revoked; " : "",
                     c->has.waiting_role ? word_text(&roles, (int)c->waiting_role) : "the same",
                     key, (int)c->waiting_by.len, c->waiting_by.at);
    else if (c->has.next_key)
        listing_cell(l, "%s", c->revoked ? "revoked" : "has a next key");
    else
        listing_cell(l, "%s", c->revoked ? "revoked" : "");
    listing_text(l, c->name);
}

static struct list
clients_of(const struct result *page)
{
    return (struct list){page->clients.at, page->clients.count};
}

int
client_list(const struct invocation *in, struct arena *arena)
{
    static const char *const headings[] = {"client", "role", "state", "name", NULL};
    static const struct rows rows = {&client_row_record, clients_of, headings, list_client,
                                     "There are no clients yet: maat client enrol."};
    const struct query q = {.what = QUERY_CLIENTS};

    return rows_list(in, arena, &q, "clients", &rows);
}
