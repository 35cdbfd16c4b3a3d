#include "agents/cli/key.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/sending/sending.h"
#include "schema/json.h"
#include "schema/wire/program.h"

KEY_OPTIONS(RECORD_TABLE)

static int
complain(const char *path, const struct maat_fault *why)
{
    return talk_complain(strcmp(why->code, "not-found") == 0 ? EXIT_REFUSED : EXIT_USAGE,
                         "%s: %s%s%s", path, why->field, *why->field ? ": " : "", why->reason);
}

static void
print_public(struct arena *arena, const struct maat_key *key, bool json)
{
    struct key_shown shown = {.client = text_of(maat_key_client(key))};
    char text[MAAT_KEY_TEXT + 1];

    maat_key_print(maat_key_public(key), text);
    if (!json) {
        printf("%s\n", text);
        return;
    }
    shown.key = text_of(text);
    shown.has.client = shown.client.len > 0;
    shown.has.key = true;
    struct text line = record_to_json(arena, &key_shown_record, &shown);
    printf("%.*s\n", (int)line.len, line.at);
}

/* Whether it is to be said as JSON; no board is spoken with. EXIT_DONE or EXIT_USAGE. */
static int
read_common(const struct invocation *in, struct arena *arena, bool *json)
{
    struct common_option o;
    struct fault fault;

    if (!options_decode(arena, &common_option_record, &in->common, &o, &fault))
        return program_usage(in, &fault);
    *json = o.json;
    return EXIT_DONE;
}

/* Where the broker is, if that is known already. */
static int
load_board(struct text from, struct maat_key **out)
{
    struct maat_fault why;
    char path[4096];

    (void)snprintf(path, sizeof path, "%.*s", (int)from.len, from.at);
    *out = maat_key_load(path, MAAT_KEY_BROKER, &why);
    return *out ? EXIT_DONE : complain(path, &why);
}

static int
make_and_save(struct arena *arena, const char *client, const struct maat_key *board,
              const char *path, bool json)
{
    struct maat_fault why;
    struct maat_key *key = maat_key_new(client, board, &why);

    if (!key)
        return talk_complain(EXIT_MACHINE, "%s", why.reason);
    bool saved = maat_key_save(key, path, &why);
    if (saved)
        print_public(arena, key, json);
    maat_key_free(&key);
    return saved ? EXIT_DONE : complain(path, &why);
}

int
key_new(const struct invocation *in, struct arena *arena)
{
    struct maat_key *board = NULL;
    struct key_new_option o;
    bool json = false;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = read_common(in, arena, &json)) != EXIT_DONE)
        return rc;
    const char *client = o.has.client ? text_string(arena, o.client) : NULL;
    if (!o.has.broker || (rc = load_board(o.broker, &board)) == EXIT_DONE)
        rc = make_and_save(arena, client, board, in->words.at[0], json);
    maat_key_free(&board);
    return rc;
}

int
key_show(const struct invocation *in, struct arena *arena)
{
    struct maat_fault why;
    bool json = false;
    int rc = read_common(in, arena, &json);

    if (rc != EXIT_DONE)
        return rc;
    struct maat_key *key = maat_key_load(in->words.at[0], MAAT_KEY_PUBLIC, &why);
    if (!key)
        return complain(in->words.at[0], &why);
    print_public(arena, key, json);
    maat_key_free(&key);
    return EXIT_DONE;
}

/* --- one's own next key ---------------------------------------------------------------- */

/* The key of the file, where a run before this one was cut off after it was made;
   a new one where it is not there. */
static int
make_next(const struct talk *t, const char *path, struct maat_key **next)
{
    const char *own = maat_key_client(t->key);
    struct maat_fault why;

    if ((*next = maat_key_load(path, MAAT_KEY_ALL, &why))) {
        if (strcmp(maat_key_client(*next), own) != 0)
            return talk_complain(EXIT_USAGE, "%s: is there already, the key of %s", path,
                                 maat_key_client(*next));
        if (memcmp(maat_key_public(*next), maat_key_public(t->key), MAAT_KEY_SIZE) == 0)
            return talk_complain(EXIT_USAGE, "%s: is the key that you have: name a new file", path);
        return EXIT_DONE;
    }
    if (strcmp(why.code, "not-found") != 0)
        return complain(path, &why);
    if (!(*next = maat_key_new(own, t->key, &why)))
        return talk_complain(EXIT_MACHINE, "%s", why.reason);
    if (!t->options.dry_run && !maat_key_save(*next, path, &why))
        return complain(path, &why);
    return EXIT_DONE;
}

/* A client reads no row of clients, not even its own: its view is all that the broker
   had when it said WELCOME. */
static int
send_next(struct talk *t, const struct maat_key *next)
{
    union body body = {.client = {.id = t->welcome.client,
                                  .key = {maat_key_public(next), MAAT_KEY_SIZE},
                                  .seen = t->welcome.number,
                                  .epoch = t->welcome.epoch}};

    body.client.has.id = body.client.has.key = 1;
    body.client.has.seen = body.client.has.epoch = 1;
    t->config.agent[0] = '\0'; /* it must come under the old key itself */
    return sending_one(t, KIND_CLIENT, &body, maat_key_client(t->key));
}

int
key_renew(const struct invocation *in, struct arena *arena)
{
    const char *path = in->words.at[0];
    struct maat_key *next = NULL;
    struct talk t;
    int rc = talk_begin(&t, in, arena);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = make_next(&t, path, &next)) == EXIT_DONE)
        rc = send_next(&t, next);
    if (rc == EXIT_DONE && !t.options.dry_run && !t.options.json)
        printf("%s is valid beside %s from now on. Its first use ends the old key.\n", path,
               t.config.key);
    maat_key_free(&next);
    talk_close(&t);
    return rc;
}
