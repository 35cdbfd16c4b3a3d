#include "agents/agency/commands/own_key.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "schema/wire/program.h"

int
own_key_complain(int exit_code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int rc = program_complain("maat-agent", exit_code, format, args);
    va_end(args);
    return rc;
}

int
own_key_complain_of(const char *path, const struct maat_fault *why)
{
    return own_key_complain(EXIT_USAGE, "%s: %s%s%s", path, why->field, *why->field ? ": " : "",
                            why->reason);
}

static int
refuse(struct own_key *own, const struct maat_fault *why)
{
    if (own->key) {
        maat_key_free(&own->key);
        return own_key_complain(
            EXIT_USAGE, "%s: does not say whose it is (client = \"AGENCY/NAME\")", own->path);
    }
    if (strcmp(why->code, "not-found") == 0)
        return own_key_complain(EXIT_USAGE, "%s: %s. maat-agent init makes it", own->path,
                                why->reason);
    return own_key_complain_of(own->path, why);
}

int
own_key_load(struct own_key *own, const struct invocation *in, struct arena *arena)
{
    struct option_values *none = arena_take(arena, sizeof *none);
    struct maat_fault why;
    struct fault fault;

    none->count = 0;
    *own = (struct own_key){.key = NULL};
    if (!agent_settings(arena, &in->common, none, &own->settings, &fault))
        return program_usage(in, &fault);
    own->path = text_string(arena, own->settings.key);
    own->key = maat_key_load(own->path, MAAT_KEY_OWN, &why);
    return own->key && *maat_key_client(own->key) ? EXIT_DONE : refuse(own, &why);
}
