#include "agents/agency/agent_key.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "agents/agency/events.h"
#include "schema/wire/host_clock.h"

enum { SECOND = 1000000, PATIENCE_SECONDS = 8 /* longer than one attempt */ };

/* --- the file ------------------------------------------------------------------ */

static const char *
path_of(const struct agent *a, char path[AGENT_PATH + 1])
{
    (void)snprintf(path, AGENT_PATH + 1, "%.*s", (int)a->options->key.len, a->options->key.at);
    return path;
}

/* It is replaced by another of its name, never written over. False where there is none. */
static bool
find_file(const struct agent *a, struct agent_key_file *out)
{
    char path[AGENT_PATH + 1];
    struct stat status;

    if (stat(path_of(a, path), &status))
        return false;
    *out = (struct agent_key_file){status.st_ino, status.st_ctim};
    return true;
}

static bool
same_file(const struct agent_key_file *a, const struct agent_key_file *b)
{
    return a->number == b->number && a->changed.tv_sec == b->changed.tv_sec
           && a->changed.tv_nsec == b->changed.tv_nsec;
}

int
agent_key_load(struct agent *a)
{
    char path[AGENT_PATH + 1];
    struct maat_fault why;

    (void)find_file(a, &a->key_file); /* before it is read: what changes then is seen */
    a->key = maat_key_load(path_of(a, path), MAAT_KEY_OWN, &why);
    a->begun = clock_microseconds(CLOCK_MONOTONIC);
    if (a->key)
        return 0;
    /* A service that has no key is given an empty file for it. */
    bool none = strcmp(why.code, "not-found") == 0 || strcmp(why.code, "missing-field") == 0;
    return why_set(a->why, AGENT_NO_KEY, "key %s: %s%s%s%s", path, why.field, *why.field ? " " : "",
                   why.reason, none ? ". maat-agent init makes it" : "");
}

const char **
agent_key_addresses(struct agent *a)
{
    return text_strings(a->batch.arena, a->options->broker);
}

/* --- what became of it ----------------------------------------------------------- */

static void
say_key(const struct agent *a, enum agent_event event, const char *reason)
{
    struct log_line line = agent_event(event);
    char path[AGENT_PATH + 1];

    log_word(&line, "file", path_of(a, path));
    if (*reason)
        log_word(&line, "reason", reason);
    log_write(&line);
}

/* The old one goes on where the new one can't be used. */
static void
take_key(struct agent *a, struct maat_key **key)
{
    struct maat_fault why;

    if (maat_key_knows_board(*key)
        && maat_use_key(a->broker, *key, agent_key_addresses(a), &why) != MAAT_DONE) {
        say_key(a, AGENT_KEY_NOT_TAKEN, why.reason);
        maat_key_free(key);
        return;
    }
    maat_key_free(&a->key);
    a->key = *key;
    *key = NULL;
    a->begun = clock_microseconds(CLOCK_MONOTONIC);
    say_key(a, AGENT_KEY_TAKEN, "");
}

void
agent_key_look(struct agent *a)
{
    char path[AGENT_PATH + 1];
    struct agent_key_file now;
    struct maat_fault why;

    if (!find_file(a, &now) || same_file(&now, &a->key_file))
        return;
    a->key_file = now;
    struct maat_key *key = maat_key_load(path_of(a, path), MAAT_KEY_OWN, &why);
    if (!key)
        say_key(a, AGENT_KEY_NOT_TAKEN, why.reason);
    else
        take_key(a, &key);
}

/* --- what a person must do --------------------------------------------------------- */

static enum agent_need
find_need(const struct agent *a)
{
    int64_t patience = (int64_t)PATIENCE_SECONDS * SECOND;

    if (a->up || maat_link(a->broker) != MAAT_LINK_DOWN)
        return NEEDS_NOTHING;
    if (!maat_key_knows_board(a->key))
        return NEEDS_BOARD;
    enum maat_outcome hopeless = maat_hopeless(a->broker);
    if (hopeless == MAAT_UNKNOWN_KEY || hopeless == MAAT_STRANGER)
        return hopeless == MAAT_STRANGER ? NEEDS_RIGHT_BROKER : NEEDS_ENROLMENT;
    bool late = clock_microseconds(CLOCK_MONOTONIC) > a->begun + patience;
    return late ? NEEDS_ANSWER : NEEDS_NOTHING;
}

static const enum agent_event told[] = {
    [NEEDS_BOARD] = AGENT_WAITS_FOR_BOARD,
    [NEEDS_ENROLMENT] = AGENT_WAITS_FOR_ENROLMENT,
    [NEEDS_RIGHT_BROKER] = AGENT_WRONG_BROKER,
    [NEEDS_ANSWER] = AGENT_BROKER_NOT_REACHED,
};

void
agent_key_tell(struct agent *a)
{
    enum agent_need need = find_need(a);

    if (need == a->need || (need == NEEDS_NOTHING && !a->up))
        return; /* each attempt begins with hope */
    a->need = need;
    if (need == NEEDS_NOTHING)
        return;
    struct log_line line = agent_event(told[need]);
    log_word(&line, "client", maat_key_client(a->key));
    log_word(&line, "reason", maat_link_text(a->broker));
    log_write(&line);
}
