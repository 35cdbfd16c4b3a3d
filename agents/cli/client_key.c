#include "agents/cli/client_key.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/talk.h"
#include "schema/wire/identity.h"

/* A public key on standard input, as `maat key show` prints it. */
static int
read_key(uint8_t key[CURVE_KEY])
{
    char line[2 * CURVE_TEXT] = "";

    if (fgets(line, sizeof line, stdin))
        line[strcspn(line, " \t\r\n")] = '\0';
    if (curve_parse(line, key))
        return EXIT_DONE;
    return talk_complain(EXIT_USAGE, "--key -: standard input holds no public key (40 characters, "
                                     "as maat key show prints it)");
}

int
client_key_load(struct text from, const char *client, uint8_t key[CURVE_KEY])
{
    struct identity identity;
    struct fault fault;
    char path[4096];
    int rc = EXIT_DONE;

    if (text_is(from, "-"))
        return read_key(key);
    (void)snprintf(path, sizeof path, "%.*s", (int)from.len, from.at);
    if (!identity_load(&identity, path, HAS_PUBLIC, &fault))
        return talk_complain(EXIT_USAGE, "--key %s: %s%s%s", path, fault.field,
                             *fault.field ? ": " : "", fault.reason);
    if ((identity.has & HAS_CLIENT) && strcmp(identity.client, client) != 0)
        rc = talk_complain(EXIT_USAGE, "--key %s: is the key of %s", path, identity.client);
    memcpy(key, identity.public, CURVE_KEY);
    identity_wipe(&identity);
    return rc;
}
