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

int
client_key_load(struct text from, const char *client, uint8_t key[MAAT_KEY_SIZE])
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
