#include "agents/agency/commands/rotate.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/commands/own_key.h"
#include "agents/agency/commands/running.h"
#include "agents/agency/watched.h"
#include "schema/codec.h"
#include "schema/messages.h"
#include "schema/wire/program.h"
#include "version.h"

enum { PATIENCE_SECONDS = 30, ROTATE_PATH = AGENT_PATH + 20, OUTBOX_MOST = 16 * 1024 * 1024 };

ROTATE_OPTION_RECORDS(RECORD_TABLE)

/* How it came out, where no exit code says it yet. */
enum { ROTATE_AGAIN = -1 };

struct rotation {
    struct own_key own;
    struct maat_key *next;
    char next_path[ROTATE_PATH], folder[ROTATE_PATH];
    const char **addresses, *heads; /* as the agent has them */
    struct arena *arena;
    int ms;
    bool runs; /* an agent, beside this command */
    struct maat_outbox *outbox;
    struct maat *broker;
    struct welcome welcome;
};

/* --- what is kept ------------------------------------------------------------------- */

static bool
same_key(const struct maat_key *a, const struct maat_key *b)
{
    return memcmp(maat_key_public(a), maat_key_public(b), MAAT_KEY_SIZE) == 0;
}

/* The key of a run that was cut off, or a new one. */
static int
make_next(struct rotation *r)
{
    struct maat_fault why;

    r->next = maat_key_load(r->next_path, MAAT_KEY_ALL, &why);
    if (r->next || strcmp(why.code, "not-found") != 0)
        return r->next ? EXIT_DONE : own_key_complain_of(r->next_path, &why);
    r->next = maat_key_new(maat_key_client(r->own.key), r->own.key, &why);
    if (!r->next)
        return own_key_complain(EXIT_MACHINE, "%s", why.reason);
    return maat_key_save(r->next, r->next_path, &why) ? EXIT_DONE
                                                      : own_key_complain_of(r->next_path, &why);
}

static int
remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

static void
remove_outbox(struct rotation *r)
{
    maat_close(&r->broker);
    maat_outbox_close(&r->outbox);
    (void)nftw(r->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int
open_outbox(struct rotation *r)
{
    struct maat_fault why;
    int rc = maat_outbox_open(&r->outbox, r->folder, OUTBOX_MOST, true, &why);

    if (rc == -EWOULDBLOCK)
        return own_key_complain(EXIT_REFUSED, "%s: another maat-agent rotate is at it", r->folder);
    return rc ? own_key_complain(EXIT_MACHINE, "%s", why.reason) : EXIT_DONE;
}

/* --- the conversation ------------------------------------------------------------------ */

static void
on_welcome(void *context, const struct maat_record *said)
{
    struct rotation *r = context;
    const void *map = arena_copy(r->arena, said->map, said->len);
    struct fault fault;

    if (!record_decode(r->arena, &welcome_record, &r->welcome, map, said->len, &fault))
        abort(); /* the library made it by the same table */
}

static const struct maat_events events = {.welcome = on_welcome};

static enum maat_outcome
connect_by(struct rotation *r, const struct maat_key *key, struct maat_fault *why)
{
    const struct maat_settings settings = {.key = key,
                                           .addresses = r->addresses,
                                           .software = "maat-agent " VERSION,
                                           .outbox = r->outbox,
                                           .heads = r->heads,
                                           .forget = "maat-agent forget-head",
                                           .events = &events,
                                           .context = r};

    maat_close(&r->broker);
    enum maat_outcome outcome = maat_open(&r->broker, &settings, why);
    return outcome == MAAT_DONE ? maat_connect(r->broker, r->ms) : outcome;
}

static int
complain_of_broker(const struct rotation *r, enum maat_outcome outcome)
{
    return own_key_complain(maat_exit_code(outcome),
                            "%s (%s). Nothing was changed: the same command goes on later",
                            maat_outcome_text(outcome), r->broker ? maat_link_text(r->broker) : "");
}

/* Its own next key, under the old one: what it has seen is all that the broker had when
   it said WELCOME. */
static int
submit(struct rotation *r)
{
    char key[2 * MAAT_KEY_SIZE + 1], json[400];
    struct maat_fault why;
    int64_t n;

    for (size_t i = 0; i < MAAT_KEY_SIZE; i++)
        (void)snprintf(key + 2 * i, 3, "%02x", maat_key_public(r->next)[i]);
    int len = snprintf(json, sizeof json,
                       "{\"kind\":\"client\",\"id\":\"%s\",\"key\":\"%s\",\"seen\":%" PRId64
                       ",\"epoch\":%" PRId64 "}",
                       maat_key_client(r->own.key), key, r->welcome.number, r->welcome.epoch);
    enum maat_outcome outcome = maat_submit(r->broker, NULL, json, (size_t)len, &n, &why);
    return outcome == MAAT_DONE ? EXIT_DONE
                                : own_key_complain(maat_exit_code(outcome), "%s", why.reason);
}

/* --- the agent that runs -------------------------------------------------------------- */

/* It must have taken up the key that is to be replaced: the first use of that one, which
   enrols the next, ends the one before it. */
static int
wait_for_agent(struct rotation *r)
{
    struct agent_status s;
    struct why why;
    int rc = watched_ask(r->arena, r->own.settings.outbox, &s, &why);

    r->runs = rc == 0;
    if (rc || same_key(r->next, r->own.key) || !running_uses_another(&s, r->own.key)
        || running_await_key(r->own.settings.outbox, r->own.key, r->ms))
        return EXIT_DONE;
    return own_key_complain(
        EXIT_REFUSED,
        "the agent that runs has another key than %s, and would be shut out by this. Nothing was "
        "changed: restart the agent (systemctl restart maat-agent), then type this again",
        r->own.path);
}

/* By itself where it sees the file, else by a restart that its supervisor sees to. */
static void
say_taken(const struct rotation *r)
{
    if (!r->runs)
        printf("An agent takes it up when it is started.\n");
    else if (running_await_key(r->own.settings.outbox, r->next, r->ms))
        printf("The agent that runs has taken it up.\n");
    else
        printf("The agent that runs has not taken it up: restart it (systemctl restart "
               "maat-agent).\n");
}

/* --- one after the other ------------------------------------------------------------------ */

/* Where nobody knows any more whether it was enrolled: the broker does. */
static int
try_next(struct rotation *r)
{
    struct maat_fault why;
    enum maat_outcome outcome = connect_by(r, r->next, &why);

    if (outcome == MAAT_DONE)
        return EXIT_DONE;
    if (outcome != MAAT_UNKNOWN_KEY)
        return complain_of_broker(r, outcome);
    return own_key_complain(maat_exit_code(outcome),
                            "the broker knows neither %s nor %s: they were shut out. The board's "
                            "operator lets a new one in: maat client renew",
                            r->own.path, r->next_path);
}

/* Not of one whose file somebody took away since. */
static bool
is_of_next(const struct rotation *r, const struct maat_kept *kept)
{
    union body body;
    struct fault fault;

    return record_decode(r->arena, &client_record, &body, kept->body, kept->body_len, &fault)
           && body.client.key.len == MAAT_KEY_SIZE
           && memcmp(body.client.key.at, maat_key_public(r->next), MAAT_KEY_SIZE) == 0;
}

static int
read_verdict(struct rotation *r, const struct maat_kept *kept)
{
    if (kept->state == MAAT_ACCEPTED)
        return EXIT_DONE;
    if (strcmp(kept->code, "stale") == 0) {
        remove_outbox(r);
        return ROTATE_AGAIN;
    }
    if (strcmp(kept->field, "key") == 0) /* in use: by a run whose outbox is lost */
        return try_next(r);
    int rc = own_key_complain(EXIT_REFUSED, "the broker refused the new key: %s %s %s", kept->code,
                              kept->field, kept->reason);
    remove_outbox(r);
    (void)unlink(r->next_path);
    return rc;
}

/* The broker knows the new key when this is EXIT_DONE. */
static int
enrol_next(struct rotation *r)
{
    struct maat_outbox_id id;
    struct maat_kept kept;
    struct maat_fault why;
    int rc = open_outbox(r);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = maat_outbox_current(r->outbox, false, &id)) < 0
        || (rc = maat_outbox_get(r->outbox, &id, 1, &kept)) < 0)
        return own_key_complain(EXIT_MACHINE, "%s: %s", r->folder, maat_error_text(rc));
    if (rc == 1 && !is_of_next(r, &kept)) {
        remove_outbox(r);
        return ROTATE_AGAIN;
    }
    if (rc == 1 && (kept.state == MAAT_ACCEPTED || kept.state == MAAT_NOT_ACCEPTED))
        return read_verdict(r, &kept);
    bool submitted = rc == 1;
    enum maat_outcome outcome = connect_by(r, r->own.key, &why);
    if (outcome == MAAT_UNKNOWN_KEY)
        return try_next(r);
    if (outcome != MAAT_DONE)
        return complain_of_broker(r, outcome);
    if (!submitted && (rc = submit(r)) != EXIT_DONE)
        return rc;
    if ((outcome = maat_settle(r->broker, r->ms)) != MAAT_DONE)
        return complain_of_broker(r, outcome);
    if ((rc = maat_outbox_get(r->outbox, &id, 1, &kept)) != 1)
        return own_key_complain(EXIT_MACHINE, "%s: %s", r->folder, maat_error_text(rc));
    return read_verdict(r, &kept);
}

/* The new key's file goes last: as long as it is there, the same command goes on. */
static int
switch_over(struct rotation *r)
{
    struct maat_fault why;

    if (!same_key(r->next, r->own.key) && !maat_key_replace(r->next, r->own.path, &why))
        return own_key_complain_of(r->own.path, &why);
    remove_outbox(r);
    if (unlink(r->next_path) != 0)
        return own_key_complain(EXIT_MACHINE, "%s can't be removed: %s", r->next_path,
                                strerror(errno));
    printf("%s has a new key now, in %s. Its first use ends the old one.\n",
           maat_key_client(r->next), r->own.path);
    say_taken(r);
    return EXIT_DONE;
}

static int
rotate(struct rotation *r)
{
    int rc = make_next(r);

    if (rc == EXIT_DONE)
        rc = wait_for_agent(r);
    if (rc == EXIT_DONE && !same_key(r->next, r->own.key))
        do
            rc = enrol_next(r);
        while (rc == ROTATE_AGAIN);
    return rc == EXIT_DONE ? switch_over(r) : rc;
}

static void
find_places(struct rotation *r)
{
    const struct agent_option *o = &r->own.settings;

    (void)snprintf(r->next_path, sizeof r->next_path, "%s.next", r->own.path);
    (void)snprintf(r->folder, sizeof r->folder, "%s.rotation", r->own.path);
    r->heads = text_string(r->arena, o->outbox);
    if (access(r->heads, W_OK) != 0)
        r->heads = NULL; /* the agent never ran: nothing was seen of the board's journal */
    r->addresses = text_strings(r->arena, o->broker);
}

int
rotate_key(const struct invocation *in, struct arena *arena)
{
    struct rotation r = {.arena = arena};
    struct rotate_option o;
    struct fault fault;

    if (!options_decode(arena, &rotate_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = own_key_load(&r.own, in, arena);
    if (rc != EXIT_DONE)
        return rc;
    r.ms = 1000 * (o.has.timeout ? (int)o.timeout : PATIENCE_SECONDS);
    find_places(&r);
    if (maat_key_knows_board(r.own.key))
        rc = rotate(&r);
    else
        rc = own_key_complain(EXIT_USAGE,
                              "%s: its board is not known yet (maat-agent accept): there is "
                              "nothing to rotate",
                              r.own.path);
    maat_close(&r.broker);
    maat_outbox_close(&r.outbox);
    maat_key_free(&r.next);
    maat_key_free(&r.own.key);
    return rc;
}
