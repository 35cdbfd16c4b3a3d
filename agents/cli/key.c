#include "agents/cli/key.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/sending.h"
#include "schema/wire/identity.h"

KEY_OPTIONS(RECORD_TABLE)

static int
complain(const char *path, const struct fault *fault)
{
    return talk_complain(fault->code == FAULT_NOT_FOUND ? EXIT_REFUSED : EXIT_USAGE, "%s: %s%s%s",
                         path, fault->field, *fault->field ? ": " : "", fault->reason);
}

/* Where the broker is, if that is known already. */
static int
take_broker(struct identity *key, struct text from)
{
    struct identity other;
    struct fault fault;
    char path[4096];

    (void)snprintf(path, sizeof path, "%.*s", (int)from.len, from.at);
    if (!identity_load(&other, path, HAS_SERVER | HAS_ADDRESS, &fault))
        return complain(path, &fault);
    key->has |= HAS_SERVER | HAS_ADDRESS | (other.has & HAS_SIGNING);
    memcpy(key->server, other.server, CURVE_KEY);
    memcpy(key->signing, other.signing, CURVE_KEY);
    memcpy(key->address, other.address, sizeof key->address);
    key->address_count = other.address_count;
    identity_wipe(&other);
    return EXIT_DONE;
}

static void
print_public(const struct identity *key)
{
    char text[CURVE_TEXT + 1];

    curve_print(key->public, text);
    printf("%s\n", text);
}

int
key_new(const struct invocation *in, struct arena *arena)
{
    struct identity key = {.has = HAS_PUBLIC | HAS_SECRET};
    struct key_new_option o;
    struct fault fault;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if (curve_generate(key.public, key.secret))
        return talk_complain(EXIT_MACHINE, "no key could be made: libzmq has no CURVE");
    if (o.has.client) {
        key.has |= HAS_CLIENT;
        (void)snprintf(key.client, sizeof key.client, "%.*s", (int)o.client.len, o.client.at);
    }
    if (!o.has.broker || (rc = take_broker(&key, o.broker)) == EXIT_DONE) {
        if (!identity_save(&key, in->words.at[0], &fault))
            rc = complain(in->words.at[0], &fault);
        else
            print_public(&key);
    }
    identity_wipe(&key);
    return rc;
}

int
key_show(const struct invocation *in, struct arena *arena)
{
    struct identity key;
    struct fault fault;

    (void)arena;
    if (!identity_load(&key, in->words.at[0], HAS_PUBLIC, &fault))
        return complain(in->words.at[0], &fault);
    print_public(&key);
    identity_wipe(&key);
    return EXIT_DONE;
}

/* --- one's own next key ---------------------------------------------------------------- */

/* The key of the file, where a run before this one was cut off after it was made;
   a new one where it is not there. */
static int
make_next(const struct talk *t, const char *path, struct identity *next)
{
    struct fault fault;

    if (identity_load(next, path, HAS_ALL, &fault)) {
        if (strcmp(next->client, t->identity.client) != 0)
            return talk_complain(EXIT_USAGE, "%s: is there already, the key of %s", path,
                                 next->client);
        if (memcmp(next->public, t->identity.public, CURVE_KEY) == 0)
            return talk_complain(EXIT_USAGE, "%s: is the key that you have: name a new file", path);
        return EXIT_DONE;
    }
    if (fault.code != FAULT_NOT_FOUND)
        return complain(path, &fault);
    *next = t->identity;
    if (curve_generate(next->public, next->secret))
        return talk_complain(EXIT_MACHINE, "no key could be made: libzmq has no CURVE");
    if (!t->options.dry_run && !identity_save(next, path, &fault))
        return complain(path, &fault);
    return EXIT_DONE;
}

/* A client reads no row of clients, not even its own: its view is all that the broker
   had when it said WELCOME. */
static int
send_next(struct talk *t, const struct identity *next)
{
    union body body = {.client = {.id = t->welcome.client,
                                  .key = {next->public, CURVE_KEY},
                                  .seen = t->welcome.number,
                                  .epoch = t->welcome.epoch}};

    body.client.has.id = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    t->config.agent[0] = '\0'; /* it must come under the old key itself */
    return sending_one(t, KIND_CLIENT, &body, t->identity.client);
}

int
key_renew(const struct invocation *in, struct arena *arena)
{
    const char *path = in->words.at[0];
    struct identity next = {0};
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = make_next(&t, path, &next)) == EXIT_DONE)
        rc = send_next(&t, &next);
    if (rc == EXIT_DONE && !t.options.dry_run && !t.options.json)
        printf("%s is valid beside %s from now on. Its first use ends the old key.\n", path,
               t.config.key);
    identity_wipe(&next);
    talk_close(&t);
    return rc;
}
