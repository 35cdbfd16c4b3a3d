#include "agents/cli/client_key.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/talk.h"

/* A public key on standard input, as `maat key show` prints it. */
static int
read_key(uint8_t key[MAAT_KEY_SIZE])
{
    char line[2 * MAAT_KEY_TEXT] = "";

    if (fgets(line, sizeof line, stdin))
        line[strcspn(line, " \t\r\n")] = '\0';
    if (maat_key_parse(line, key))
        return EXIT_DONE;
    return talk_complain(EXIT_USAGE, "--key -: standard input holds no public key (40 characters, "
                                     "as maat key show prints it)");
}

static int
load_file(struct text from, const char *client, uint8_t key[MAAT_KEY_SIZE])
{
    struct maat_fault why;
    char path[4096];
    int rc = EXIT_DONE;

    if (text_is(from, "-"))
        return read_key(key);
    (void)snprintf(path, sizeof path, "%.*s", (int)from.len, from.at);
    struct maat_key *file = maat_key_load(path, MAAT_KEY_PUBLIC, &why);
    if (!file)
        return talk_complain(EXIT_USAGE, "--key %s: %s%s%s", path, why.field,
                             *why.field ? ": " : "", why.reason);
    const char *of = maat_key_client(file);
    if (*of && strcmp(of, client) != 0)
        rc = talk_complain(EXIT_USAGE, "--key %s: is the key of %s", path, of);
    memcpy(key, maat_key_public(file), MAAT_KEY_SIZE);
    maat_key_free(&file);
    return rc;
}

/* --- by a request ------------------------------------------------------------------ */

static int
confirm_request(struct arena *arena, const struct maat_key *asks,
                const struct client_key_given *given)
{
    char line[MAAT_LINE];
    char phrase[MAAT_PHRASE];
    const char *typed = text_string(arena, given->phrase);
    char whose[160];

    maat_key_request(asks, line, phrase);
    (void)snprintf(whose, sizeof whose, "the key of %s", maat_key_client(asks));
    const struct confirm c = {.program = "maat",
                              .whose = whose,
                              .phrase = phrase,
                              .typed = *typed,
                              .wrong = maat_phrase_differs(phrase, typed),
                              .yes = given->yes};
    return confirm_phrase(&c);
}

static int
load_request(struct arena *arena, const struct client_key_given *given, const char *client,
             uint8_t key[MAAT_KEY_SIZE])
{
    const char *line = text_string(arena, given->request);
    struct maat_fault why;
    struct maat_key *asks = maat_key_from_request(line, &why);
    int rc;

    if (!asks)
        return talk_complain(EXIT_USAGE, "--request: %s", why.reason);
    if (strcmp(maat_key_client(asks), client) != 0)
        rc = talk_complain(EXIT_USAGE,
                           "--request: is of %s, not of %s: name the right one, or have %s make a "
                           "request of its own",
                           maat_key_client(asks), client, client);
    else
        rc = confirm_request(arena, asks, given);
    memcpy(key, maat_key_public(asks), MAAT_KEY_SIZE);
    maat_key_free(&asks);
    return rc;
}

int
client_key_load(struct arena *arena, const struct client_key_given *given, const char *client,
                uint8_t key[MAAT_KEY_SIZE])
{
    if (!given->key.len == !given->request.len)
        return talk_complain(EXIT_USAGE, "say either --request LINE or --key FILE");
    return given->request.len ? load_request(arena, given, client, key)
                              : load_file(given->key, client, key);
}
