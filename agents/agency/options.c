#include "agents/agency/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "schema/days.h"
#include "schema/wire/listening.h"
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

/* --- several boards ------------------------------------------------------------------------ */

static const char *const of_each[] = {"key",    "outbox",  "refused",
                                      "broker", "metrics", "metrics-open"};
static const char *const of_all[] = {"spool", "spool-group", "socket", "socket-mode",
                                     "socket-group"};

static const char *const folders[] = {"taking", "taken"};

static bool
is_among(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static const char *
join_names(struct arena *arena, const struct settings_groups *groups)
{
    char names[SETTINGS_GROUPS * 32] = "";
    size_t len = 0;

    for (unsigned i = 0; i < groups->count; i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", i ? ", " : "",
                                groups->at[i].name);
    return arena_string(arena, names, len);
}

/* What is each board's own is not said for all; but a flag may say it of the one that --at
   names. */
static bool
check_lines_for_all(const char *path, const struct option_values *values, bool names_one,
                    struct fault *fault)
{
    for (unsigned i = 0; i < values->count; i++)
        if (!(names_one && values->at[i].source == OPTION_FROM_FLAG)
            && is_among(values->at[i].name, of_each, sizeof of_each / sizeof *of_each))
            return fault_set(fault, FAULT_RULE, "",
                             "%s: %s is each board's own, where there are several: say it under "
                             "boards/NAME",
                             path, values->at[i].name);
    return true;
}

static bool
decode_group(struct arena *arena, const char *path, const struct settings_group *group,
             struct agent_board *out, struct fault *fault)
{
    struct fault why;
    char typed[64];

    out->name = group->name;
    if (options_decode(arena, &board_option_record, &group->values, &out->option, &why))
        return true;
    option_name(why.field, typed);
    return fault_set(fault, why.code, "", "%s: boards/%s/%s: %s", path, group->name, typed,
                     why.reason);
}

static bool
decode_groups(struct arena *arena, const char *path, const struct settings_groups *groups,
              struct agent_boards *out, struct fault *fault)
{
    out->count = groups->count;
    out->config = path;
    for (unsigned i = 0; i < groups->count; i++) {
        if (!decode_group(arena, path, &groups->at[i], &out->at[i], fault))
            return false;
        if (is_among(groups->at[i].name, folders, sizeof folders / sizeof *folders))
            return fault_set(fault, FAULT_FIELD_INVALID, "",
                             "%s: boards/%s: is the name of a folder of the spool: say another",
                             path, groups->at[i].name);
        for (unsigned k = 0; k < i; k++)
            if (text_equal(out->at[i].option.outbox, out->at[k].option.outbox))
                return fault_set(fault, FAULT_RULE, "",
                                 "%s: boards/%s/outbox: is that of boards/%s too: each has its own",
                                 path, out->at[i].name, out->at[k].name);
    }
    return true;
}

/* --- the file ------------------------------------------------------------------------------- */

struct config {
    struct config_option option;
    const char *path;
    struct settings_groups *groups;
    struct agent_boards boards;
};

static bool
read_config(struct arena *arena, const struct option_values *common, struct option_values *values,
            struct config *out, struct fault *fault)
{
    struct settings_groups *groups = arena_take(arena, sizeof *groups);
    struct config_option *o = &out->option;

    *groups = (struct settings_groups){.word = "boards", .record = &board_option_record};
    out->groups = groups;
    out->boards.count = 0;
    if (!options_decode(arena, &config_option_record, common, o, fault))
        return false;
    out->path = o->has.config ? text_string(arena, o->config) : AGENT_CONFIG;
    if (o->has.config && access(out->path, F_OK) && errno == ENOENT)
        return fault_set(fault, FAULT_NOT_FOUND, "",
                         "%s is not there: maat-agent init --agency ID --config %s makes it",
                         out->path, out->path);
    if ((o->has.config || access(out->path, F_OK) == 0)
        && !settings_read_groups(arena, out->path, &agent_option_record, values, groups, fault))
        return false;
    return groups->count == 0
           || (check_lines_for_all(out->path, values, o->has.at, fault)
               && decode_groups(arena, out->path, groups, &out->boards, fault));
}

static bool
decode(struct arena *arena, struct option_values *values, struct agent_option *out,
       struct fault *fault)
{
    struct why why;

    if (!options_decode(arena, &agent_option_record, values, out, fault))
        return false;
    set_defaults(arena, out);
    if (out->has.metrics
        && !listening_may(text_string(arena, out->metrics), out->metrics_open, &why))
        return fault_set(fault, FAULT_FIELD_INVALID, "metrics", "%s", why.text);
    return is_mode(out->socket_mode)
           || fault_set(fault, FAULT_FIELD_INVALID, "socket_mode", "must be octal, as 0660");
}

static bool
add(struct option_values *values, const char *name, const char *value, struct fault *fault)
{
    return option_values_add(values, OPTION_FROM_FILE, name, value, fault);
}

/* The one that is meant; NULL with a fault. */
static const struct settings_group *
group_meant(struct arena *arena, const struct config *c, struct fault *fault)
{
    const char *names = join_names(arena, c->groups);

    for (unsigned i = 0; i < c->groups->count; i++)
        if (text_is(c->option.at, c->groups->at[i].name))
            return &c->groups->at[i];
    fault_set(fault, c->option.has.at ? FAULT_NOT_FOUND : FAULT_FIELD_MISSING, "at",
              c->groups->count ? "names one of the configuration's boards: %s"
                               : "is for several boards, and the configuration has but one",
              names);
    return NULL;
}

/* One board of several as if it were the only one. */
static bool
take_group(struct arena *arena, const struct settings_group *group, struct option_values *values,
           struct fault *fault)
{
    static const char name[] = "/agent.sock";
    const struct option_values *own = &group->values;
    unsigned kept = 0;
    bool ok = true;

    for (unsigned i = 0; i < values->count; i++)
        if (values->at[i].source == OPTION_FROM_FLAG
            || !is_among(values->at[i].name, of_all, sizeof of_all / sizeof *of_all))
            values->at[kept++] = values->at[i];
    values->count = kept;
    for (unsigned i = 0; i < own->count && ok; i++) {
        if (strcmp(own->at[i].name, "plans") != 0)
            ok = add(values, own->at[i].name, own->at[i].value, fault);
        if (strcmp(own->at[i].name, "outbox") == 0) {
            char *socket = arena_take(arena, strlen(own->at[i].value) + sizeof name);
            (void)sprintf(socket, "%s%s", own->at[i].value, name);
            ok = ok && add(values, "socket", socket, fault);
        }
    }
    return ok && add(values, "socket-mode", "0600", fault);
}

bool
agent_settings(struct arena *arena, const struct option_values *common,
               struct option_values *values, struct agent_option *out, struct fault *fault)
{
    const struct settings_group *group = NULL;
    struct config c;

    if (!read_config(arena, common, values, &c, fault))
        return false;
    if (c.groups->count || c.option.has.at) {
        group = group_meant(arena, &c, fault);
        if (!group || !take_group(arena, group, values, fault))
            return false;
    }
    return decode(arena, values, out, fault);
}

bool
agent_boards(struct arena *arena, const struct option_values *common, struct option_values *values,
             struct agent_option *out, struct agent_boards *boards, struct fault *fault)
{
    struct config c;

    if (!read_config(arena, common, values, &c, fault))
        return false;
    *boards = c.boards;
    if (c.option.has.at)
        boards->count = 0;
    if (boards->count == 0)
        return true;
    if (!add(values, "key", "-", fault) || !add(values, "outbox", "-", fault)
        || !decode(arena, values, out, fault))
        return false;
    out->key = out->outbox = text_of("");
    return true;
}

const char *
agent_at(struct arena *arena, const struct option_values *common)
{
    struct config_option config;
    struct fault fault;

    if (!options_decode(arena, &config_option_record, common, &config, &fault) || !config.has.at)
        return NULL;
    return text_string(arena, config.at);
}

const char *
agent_socket(struct arena *arena, const struct option_values *common, struct text given,
             struct fault *fault)
{
    struct option_values values = {0}, again = {0};
    struct agent_boards boards;
    struct agent_option o = {0};

    if (given.len)
        return text_string(arena, given);
    if (!agent_boards(arena, common, &values, &o, &boards, fault)
        || (boards.count == 0 && !agent_settings(arena, common, &again, &o, fault)))
        return NULL;
    if (o.has.socket)
        return text_string(arena, o.socket);
    fault_set(fault, FAULT_FIELD_MISSING, "socket",
              boards.count ? "is given neither here nor in the configuration file; --at NAME "
                             "asks one of its boards"
                           : "is given neither here nor in the configuration file");
    return NULL;
}
