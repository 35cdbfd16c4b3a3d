#include "agents/agency/commands/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agents/agency/commands/each_board.h"
#include "agents/agency/commands/running.h"
#include "agents/agency/options.h"
#include "agents/agency/spool/modes.h"
#include "agents/agency/watched.h"
#include "agents/libmaat/maat.h"
#include "schema/codec.h"
#include "schema/local.h"
#include "schema/messages.h"
#include "schema/wire/checkup.h"
#include "schema/wire/host_clock.h"
#include "version.h"

enum { WELCOME_MS = 10000 };
#define DISK_LEAST (INT64_C(256) << 20)
#define SOFTWARE "maat-agent " VERSION

struct visit {
    struct checkup checkup;
    struct arena *arena;
    struct agent_option options;
    struct maat_key *key;
    struct maat *broker;
    bool lags; /* the agent that runs has not taken up the key of the file */
    bool welcomed;
    struct welcome welcome;
    int64_t welcomed_at; /* by this host's clock */
};

/* --- what is on this host ------------------------------------------------------------------ */

static bool
look_at_settings(struct visit *v, const struct invocation *in)
{
    struct option_values values = {0};
    struct config_option config;
    struct fault fault;

    bool named = options_decode(v->arena, &config_option_record, &in->common, &config, &fault)
                 && config.has.config;
    const char *path = named ? text_string(v->arena, config.config) : AGENT_CONFIG;
    if (!named && access(path, F_OK))
        return checkup_line(&v->checkup, false, "settings", "%s: %s: name another file by --config",
                            path, strerror(errno));
    if (agent_settings(v->arena, &in->common, &values, &v->options, &fault))
        return checkup_line(&v->checkup, true, "settings", "%s", path);
    return checkup_line(&v->checkup, false, "settings", "%s%s%s", fault.field,
                        fault.field[0] ? ": " : "", fault.reason);
}

static bool
look_at_key(struct visit *v)
{
    const char *path = text_string(v->arena, v->options.key);
    struct maat_fault why;
    char text[MAAT_KEY_TEXT + 1];

    v->key = maat_key_load(path, MAAT_KEY_OWN, &why);
    if (!v->key)
        return checkup_line(&v->checkup, false, "key", "%s: %s%s%s%s", path, why.field,
                            why.field[0] ? " " : "", why.reason,
                            strcmp(why.code, "not-found") ? "" : ": maat-agent init makes it");
    if (!maat_key_knows_board(v->key))
        return checkup_line(&v->checkup, false, "key",
                            "%s: its board is not known yet: take the line that the board's "
                            "operator sends back by maat-agent accept",
                            path);
    maat_key_print(maat_key_public(v->key), text);
    return checkup_line(&v->checkup, true, "key", "%s, public key %s", path, text);
}

/* Whoever owns the outbox is the agent's user. */
static void
look_at_spool(struct visit *v, const char *outbox)
{
    const char *spool = text_string(v->arena, v->options.spool);
    struct stat st, own;
    struct why why;

    if (stat(spool, &st) == 0 && S_ISDIR(st.st_mode) && !(st.st_mode & S_IWOTH)
        && stat(outbox, &own) == 0 && !spool_modes_will_do(spool, &st, own.st_uid, &why))
        (void)checkup_line(&v->checkup, false, "spool", "%s", why.text);
    else
        (void)checkup_folder(&v->checkup, "spool", spool);
}

/* The agent makes what is not there yet, but for its spool. */
static void
look_at_folders(struct visit *v)
{
    const char *outbox = text_string(v->arena, v->options.outbox);
    const char *refused = text_string(v->arena, v->options.refused);

    if (access(outbox, F_OK) == 0 || errno != ENOENT) {
        if (checkup_folder(&v->checkup, "outbox", outbox))
            (void)checkup_disk(&v->checkup, outbox, DISK_LEAST);
    } else {
        (void)checkup_line(&v->checkup, true, "outbox", "%s is made at the first start", outbox);
    }
    if (access(refused, F_OK) == 0)
        (void)checkup_folder(&v->checkup, "refused", refused);
    if (v->options.has.spool)
        look_at_spool(v, outbox);
}

/* --- the agent that runs -------------------------------------------------------------------- */

/* As the agent was told; nothing where there never was another. */
static void
look_at_shared(struct visit *v, const struct agent_status *s)
{
    char moment[CLOCK_TEXT];

    if (!s->has.shared)
        return;
    clock_print(s->shared_since, moment);
    (void)checkup_line(
        &v->checkup, !s->shared, "shared",
        "another program %s by this key, which came at %s%s%.*s%s", s->shared ? "works" : "worked",
        moment, s->has.shared_from ? " from " : "", (int)s->shared_from.len, s->shared_from.at,
        s->shared ? ": end it if you set it up; if not, somebody has your key: call the "
                    "board's operator (maat-agent explain key-shared)"
                  : ", and is gone");
}

static void
look_at_agent(struct visit *v)
{
    struct agent_status s;
    struct why why;
    int rc = watched_ask(v->arena, v->options.outbox, &s, &why);

    v->lags = rc == 0 && v->key && running_uses_another(&s, v->key);
    if (rc == -ENOENT || rc == -ECONNREFUSED)
        (void)checkup_line(&v->checkup, false, "running",
                           "no: start it with `maat-agent run`, or see its log for why it ended");
    else if (rc)
        (void)checkup_line(&v->checkup, false, "running", "%s", why.text);
    else if (!text_is(s.software, SOFTWARE))
        (void)checkup_line(&v->checkup, false, "version", "%.*s runs, and this is %s: restart it",
                           (int)s.software.len, s.software.at, SOFTWARE);
    else if (v->lags)
        (void)checkup_line(&v->checkup, false, "running",
                           "%.*s, with another key than the file's, which is not tried here, as "
                           "that would end the other: restart it",
                           (int)s.software.len, s.software.at);
    else {
        (void)checkup_line(&v->checkup, s.room && s.link != LINK_STOPPED, "running", "%.*s, %.*s",
                           (int)s.software.len, s.software.at, (int)s.connection.len,
                           s.connection.at);
        look_at_shared(v, &s);
    }
}

/* --- the way to the broker ------------------------------------------------------------------- */

static void
on_welcome(void *context, const struct maat_record *said)
{
    struct visit *v = context;
    const char *map = arena_copy(v->arena, said->map, said->len);
    struct fault fault;

    v->welcomed_at = clock_microseconds(CLOCK_REALTIME);
    v->welcomed = record_decode(v->arena, &welcome_record, &v->welcome, map, said->len, &fault);
}

static const struct maat_events events = {.welcome = on_welcome};

static const char *
what_to_do(enum maat_outcome outcome)
{
    switch (outcome) {
    case MAAT_UNKNOWN_KEY:
        return "send the board's operator the line that `maat-agent request` prints, who lets it "
               "in; "
               "a key that was revoked never comes back: make another (maat-agent init)";
    case MAAT_STRANGER:
        return "the key file is of another board, or somebody else answers at that address: is the "
               "address right? If so, ask the board's operator for the board's line (maat board "
               "line), and compare its words";
    case MAAT_STOPPED: return "a person must look: see maat-agent status";
    case MAAT_UNREACHABLE:
        return "see the lines above; a proxy or a firewall may let no more than "
               "the connection through";
    case MAAT_DONE:
    case MAAT_ABSENT:
    case MAAT_REFUSED:
    case MAAT_WRONG:
    case MAAT_MACHINE: break;
    }
    return "see this host's memory and open files";
}

static void
shake_hands(struct visit *v, const char *address)
{
    const char *const addresses[] = {address, NULL};
    const struct maat_settings settings = {.key = v->key,
                                           .addresses = addresses,
                                           .software = SOFTWARE " doctor",
                                           .events = &events,
                                           .context = v};
    struct maat_fault why;
    enum maat_outcome outcome = maat_open(&v->broker, &settings, &why);

    if (outcome == MAAT_DONE)
        outcome = maat_connect(v->broker, WELCOME_MS);
    if (outcome == MAAT_DONE && v->welcomed)
        (void)checkup_line(&v->checkup, true, "handshake", "%.*s, of %.*s, by %.*s",
                           (int)v->welcome.client.len, v->welcome.client.at,
                           (int)v->welcome.title.len, v->welcome.title.at,
                           (int)v->welcome.software.len, v->welcome.software.at);
    else
        (void)checkup_line(&v->checkup, false, "handshake", "%s: %s: %s", address,
                           maat_outcome_text(outcome), what_to_do(outcome));
    maat_close(&v->broker);
}

static void
look_at_address(struct visit *v, const char *address)
{
    if (checkup_resolve(&v->checkup, address) && checkup_reach(&v->checkup, address) && v->key
        && maat_key_knows_board(v->key) && !v->lags)
        shake_hands(v, address);
}

/* Each that is tried in turn; one that answers is enough for the agent, and not for us. */
static void
look_at_broker(struct visit *v)
{
    const struct texts *given = &v->options.broker;
    const char *address = NULL;

    for (uint32_t i = 0; i < given->count; i++)
        look_at_address(v, text_string(v->arena, given->at[i]));
    for (size_t i = 0; !given->count && v->key && (address = maat_key_address(v->key, i)); i++)
        look_at_address(v, address);
    if (!given->count && v->key && maat_key_knows_board(v->key) && !maat_key_address(v->key, 0))
        (void)checkup_line(&v->checkup, false, "address",
                           "neither the key file nor the settings say where the broker is: write "
                           "broker = \"tcp://HOST:PORT\"");
    if (v->welcomed && v->welcome.has.clock)
        (void)checkup_clock(&v->checkup, v->welcome.clock, v->welcomed_at);
}

static int
look_at_board(const struct invocation *in, struct arena *arena, void *context)
{
    struct visit *v = context;

    *v = (struct visit){.checkup = v->checkup, .arena = arena};
    if (look_at_settings(v, in)) {
        (void)look_at_key(v);
        look_at_folders(v);
        look_at_agent(v);
        look_at_broker(v);
        maat_key_free(&v->key);
    }
    return EXIT_DONE;
}

/* What several boards have in common. */
static void
look_at_all(struct visit *v, const struct invocation *in)
{
    struct option_values none = {0};
    struct agent_boards boards;
    struct fault fault;

    if (agent_boards(v->arena, &in->common, &none, &v->options, &boards, &fault) && boards.count
        && v->options.has.spool)
        look_at_spool(v, text_string(v->arena, boards.at[0].option.outbox));
}

int
agent_doctor(const struct invocation *in, struct arena *arena)
{
    struct visit *v = arena_take(arena, sizeof *v);
    const struct option_values none = {0};

    *v = (struct visit){.arena = arena};
    look_at_all(v, in);
    (void)each_board(in, arena, &none, true, look_at_board, v);
    return checkup_end(&v->checkup);
}
