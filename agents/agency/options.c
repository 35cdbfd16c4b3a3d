#include "agents/agency/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/days.h"
#include "schema/wire/settings.h"

AGENT_OPTION_RECORDS(RECORD_TABLE)

static void
set_defaults(struct arena *arena, struct agent_option *o)
{
    if (!o->has.refused) {
        char *path = arena_take(arena, o->outbox.len + sizeof "/refused");
        (void)sprintf(path, "%.*s/refused", (int)o->outbox.len, o->outbox.at);
        o->refused = text_of(path);
    }
    if (!o->has.socket_mode)
        o->socket_mode = text_of("0660");
    if (!o->has.callers)
        o->callers = 256;
    if (!o->has.outbox_mib)
        o->outbox_mib = 16384;
    if (!o->has.taken_days)
        o->taken_days = 30;
    if (!o->has.settle_ms)
        o->settle_ms = 2000;
}

static bool
is_mode(struct text mode)
{
    for (uint32_t i = 0; i < mode.len; i++)
        if (mode.at[i] < '0' || mode.at[i] > '7')
            return false;
    return true;
}

bool
agent_settings(struct arena *arena, const struct option_values *common,
               struct option_values *values, struct agent_option *out, struct fault *fault)
{
    struct config_option config;

    if (!options_decode(arena, &config_option_record, common, &config, fault))
        return false;
    const char *path =
        config.has.config ? arena_string(arena, config.config.at, config.config.len) : AGENT_CONFIG;
    if ((config.has.config || access(path, F_OK) == 0)
        && !settings_read(arena, path, &agent_option_record, values, fault))
        return false;
    if (!options_decode(arena, &agent_option_record, values, out, fault))
        return false;
    set_defaults(arena, out);
    return is_mode(out->socket_mode)
           || fault_set(fault, FAULT_FIELD_INVALID, "socket_mode", "must be octal, as 0660");
}

const char *
agent_socket(struct arena *arena, const struct option_values *common, struct text given,
             struct fault *fault)
{
    struct option_values values = {0};
    struct agent_option o;

    if (given.len)
        return arena_string(arena, given.at, given.len);
    if (!agent_settings(arena, common, &values, &o, fault))
        return NULL;
    if (o.has.socket)
        return arena_string(arena, o.socket.at, o.socket.len);
    fault_set(fault, FAULT_FIELD_MISSING, "socket",
              "is given neither here nor in the configuration file");
    return NULL;
}
