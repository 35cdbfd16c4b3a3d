/* A connection, as programs see it: a session (client.h), and what it tells in plain C. */
#include "agents/libmaat/maat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/libmaat/maat_inside.h"
#include "schema/must.h"

_Static_assert((int)MAAT_LINK_DOWN == (int)LINK_DOWN
                   && (int)MAAT_LINK_GREETING == (int)LINK_GREETING
                   && (int)MAAT_LINK_PROVING == (int)LINK_PROVING
                   && (int)MAAT_LINK_OPEN == (int)LINK_OPEN
                   && (int)MAAT_LINK_WAITING == (int)LINK_WAITING
                   && (int)MAAT_LINK_STOPPED == (int)LINK_STOPPED,
               "the states are the same");
_Static_assert(sizeof((struct maat_shared *)0)->address == SHARER_ADDRESS + 1, "all of it");

/* --- what the session tells ------------------------------------------------------------- */

static void
keep_mailboxes(struct maat *m, struct texts list)
{
    m->guard = (struct guard){m->mailboxes, 0};
    for (uint32_t i = 0; i < list.count && i < LIST_MAX; i++) {
        (void)snprintf(m->mailbox[i], sizeof m->mailbox[i], "%.*s", (int)list.at[i].len,
                       list.at[i].at);
        m->mailboxes[i] = m->mailbox[i];
        m->guard.count++;
    }
}

static void
on_welcome(void *context, const struct welcome *w)
{
    struct maat *m = context;

    keep_mailboxes(m, w->mailboxes);
    if (!m->events.welcome)
        return;
    arena_reset(m->told);
    const struct maat_record said = inside_record(m->told, "WELCOME", &welcome_record, w);
    m->events.welcome(m->context, &said);
}

static void
on_settled(void *context, int64_t n, const struct kept *kept)
{
    struct maat *m = context;

    if (!m->events.settled)
        return;
    arena_reset(m->told);
    const struct maat_kept said = inside_kept(m->told, n, kept);
    m->events.settled(m->context, &said);
}

static void
on_error(void *context, const struct error *e)
{
    struct maat *m = context;

    if (!m->events.error)
        return;
    arena_reset(m->told);
    const struct maat_record said = inside_record(m->told, "ERROR", &error_record, e);
    m->events.error(m->context, &said);
}

static void
on_forked(void *context, int64_t n, const struct outbox_id *to)
{
    struct maat *m = context;

    (void)to;
    if (m->events.forked)
        m->events.forked(m->context, n, maat_outbox_in_use(m));
}

static void
on_restored(void *context, const struct link_restored *r)
{
    struct maat *m = context;
    struct maat_restored said = {.seen = r->seen, .last = r->last, .again = r->again};

    if (!m->events.restored)
        return;
    (void)snprintf(said.journal, sizeof said.journal, "%s", r->journal);
    m->events.restored(m->context, &said);
}

static void
on_shared(void *context, const struct link_shared *s)
{
    struct maat *m = context;
    struct maat_shared said = {.is = s->is, .since = s->since};

    if (!m->events.shared)
        return;
    (void)snprintf(said.address, sizeof said.address, "%s", s->address);
    m->events.shared(m->context, &said);
}

static const struct link_events link_events = {.welcome = on_welcome,
                                               .settled = on_settled,
                                               .error = on_error,
                                               .forked = on_forked,
                                               .restored = on_restored,
                                               .shared = on_shared};

/* --- opening ---------------------------------------------------------------------------- */

bool
inside_take_addresses(struct identity *identity, const char *const *list, struct maat_fault *why)
{
    size_t count = 0;

    for (; list && list[count]; count++) {
        if (count == IDENTITY_ADDRESSES || !identity_is_address(list[count])) {
            inside_say(why, "invalid-field",
                       "%.200s is no address: tcp://HOST:PORT or "
                       "ipc://PATH is meant, and up to 8",
                       list[count]);
            return false;
        }
        (void)snprintf(identity->address[count], sizeof identity->address[count], "%s",
                       list[count]);
    }
    if (count) {
        identity->address_count = count;
        identity->has |= HAS_ADDRESS;
    }
    return true;
}

static bool
take_key(struct identity *identity, const struct maat_key *key, const char *const *addresses,
         bool waits, struct maat_fault *why)
{
    const unsigned needs = HAS_ALL & ~HAS_CLIENT;

    *identity = key->identity;
    if (!inside_take_addresses(identity, addresses, why))
        return false;
    if ((waits && !(identity->has & HAS_SERVER)) || (identity->has & needs) == needs)
        return true;
    inside_say(why, "missing-field",
               identity->has & HAS_ADDRESS ? "the key file lacks a key"
                                           : "the key file does not say where the broker is");
    return false;
}

/* What is kept of this board's journal, if there is a place for it, and a board. */
static bool
keep_head(struct maat *m, const struct identity *identity, struct maat_fault *why)
{
    struct head_keeper head;
    char said[HEAD_WHY];

    if (!m->heads || !(identity->has & HAS_SERVER))
        return true;
    if (head_open(&head, m->heads, identity, m->forget, said)) {
        inside_say(why, "", "%s", said);
        return false;
    }
    m->head = head;
    client_keep_head(m->client, &m->head);
    return true;
}

static void
find_heads(struct maat *m, const struct maat_settings *settings)
{
    const char *folder = settings->heads    ? settings->heads
                         : settings->outbox ? settings->outbox->folder
                                            : NULL;

    m->forget = settings->forget ? settings->forget : "maat_forget_head";
    m->heads = folder ? strdup(folder) : NULL;
    if (folder && !m->heads)
        abort();
}

static enum maat_outcome
open_session(struct maat *m, const struct maat_settings *settings, const struct identity *identity,
             struct maat_fault *why)
{
    struct maat_outbox *o = settings->outbox;
    struct maat_outbox_id current = {{0}};
    int rc = o ? maat_outbox_current(o, false, &current) : 0;

    if (rc) {
        inside_say(why, "", "the outbox can't be used: %s", maat_error_text(rc));
        return MAAT_MACHINE;
    }
    const struct outbox_id id = inside_id(&current);
    m->client =
        client_open(identity, o ? o->outboxes : NULL, &id, settings->software, &link_events, m);
    if (!m->client) {
        inside_say(why, "", "there is no memory, or no descriptor left");
        return MAAT_MACHINE;
    }
    if (settings->alone)
        client_stand_alone(m->client);
    return keep_head(m, identity, why) ? MAAT_DONE : MAAT_MACHINE;
}

enum maat_outcome
maat_open(struct maat **out, const struct maat_settings *settings, struct maat_fault *why)
{
    struct identity identity;

    *out = NULL;
    if (!take_key(&identity, settings->key, settings->addresses, settings->waits, why))
        return MAAT_WRONG;
    struct maat *m = must(calloc(1, sizeof *m));
    m->outbox = settings->outbox;
    m->context = settings->context;
    m->arena = arena_new();
    m->told = arena_new();
    find_heads(m, settings);
    if (settings->events)
        m->events = *settings->events;
    enum maat_outcome outcome = open_session(m, settings, &identity, why);
    identity_wipe(&identity);
    if (outcome != MAAT_DONE)
        maat_close(&m);
    *out = m;
    return outcome;
}

void
maat_close(struct maat **m)
{
    if (*m) {
        client_close(&(*m)->client);
        arena_destroy(&(*m)->arena);
        arena_destroy(&(*m)->told);
        free((*m)->heads);
        free(*m);
    }
    *m = NULL;
}

enum maat_outcome
maat_use_key(struct maat *m, const struct maat_key *key, const char *const *addresses,
             struct maat_fault *why)
{
    enum maat_outcome outcome = MAAT_DONE;
    struct identity identity;

    if (!take_key(&identity, key, addresses, false, why))
        return MAAT_WRONG;
    if (keep_head(m, &identity, why))
        client_use(m->client, &identity);
    else
        outcome = MAAT_MACHINE;
    identity_wipe(&identity);
    return outcome;
}

/* --- the board's journal ---------------------------------------------------------------- */

bool
maat_head(const struct maat *m, struct maat_head *out)
{
    const struct checkpoint *kept = &m->head.kept;

    if (!head_is_kept(&m->head))
        return false;
    (void)snprintf(out->journal, sizeof out->journal, "%s", kept->origin);
    memcpy(out->root, kept->head.root.bytes, sizeof out->root);
    checkpoint_print_root(&kept->head.root, out->printed);
    out->number = (int64_t)kept->head.size;
    return true;
}

int
maat_forget_head(struct maat *m, bool anyway)
{
    int rc = client_forget_head(m->client);

    if (rc == 0 && anyway)
        rc = head_is_kept(&m->head) ? head_forget(&m->head) : 0;
    client_wake(m->client);
    return rc;
}

/* --- how it is ------------------------------------------------------------------------------ */

enum maat_link
maat_link(const struct maat *m)
{
    return (enum maat_link)client_link(m->client)->state;
}

const char *
maat_link_text(const struct maat *m)
{
    return client_state(m->client);
}

const char *
maat_link_reason(const struct maat *m)
{
    return client_link(m->client)->reason;
}

const struct maat_outbox_id *
maat_outbox_in_use(const struct maat *m)
{
    return (const struct maat_outbox_id *)&client_link(m->client)->outbox;
}

enum maat_outcome
maat_hopeless(const struct maat *m)
{
    return inside_outcome(client_hopeless(m->client));
}

/* --- driving it ------------------------------------------------------------------------------ */

int
maat_fd(const struct maat *m)
{
    return client_descriptor(m->client);
}

int
maat_step(struct maat *m)
{
    return client_step(m->client);
}

void
maat_begin_again(struct maat *m)
{
    client_begin_again(m->client);
}

enum maat_outcome
maat_connect(struct maat *m, int ms)
{
    return inside_outcome(client_connect(m->client, ms));
}

enum maat_outcome
maat_settle(struct maat *m, int ms)
{
    return m->outbox ? inside_outcome(client_settle(m->client, ms)) : MAAT_DONE;
}

enum maat_outcome
maat_rest(struct maat *m, int ms)
{
    return inside_outcome(client_rest(m->client, ms));
}

void
maat_use_outbox(struct maat *m, struct maat_outbox *o, const struct maat_outbox_id *id)
{
    m->outbox = o;
    if (!o) {
        client_finish(m->client);
        return;
    }
    const struct outbox_id begun = inside_id(id);
    client_begin(m->client, o->outboxes, &begun);
}
