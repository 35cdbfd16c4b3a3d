#include "agents/agency/commands/new_agent.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/options.h"

enum { PATH_ROOM = 4096, SOCKET_MOST = 107 };

__attribute__((format(printf, 2, 3))) static const char *
path_of(struct arena *arena, const char *format, ...)
{
    char *path = arena_take(arena, PATH_ROOM);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(path, PATH_ROOM, format, args);
    va_end(args);
    return path;
}

static bool
make_folder(const char *path, struct fault *fault)
{
    return mkdir(path, 0750) == 0 || errno == EEXIST
           || fault_set(fault, FAULT_NOT_FOUND, "", "the folder %.150s can't be made: %s", path,
                        strerror(errno));
}

/* The configuration names paths from the root: it may be read from anywhere. */
static bool
find_in_folder(struct new_agent *a, struct arena *arena, const struct text *folder,
               struct fault *fault)
{
    const char *named = text_string(arena, *folder);

    if (!make_folder(named, fault))
        return false;
    char *dir = realpath(named, NULL);
    if (!dir)
        return fault_set(fault, FAULT_NOT_FOUND, "", "the folder %.150s can't be used: %s", named,
                         strerror(errno));
    *a = (struct new_agent){.config = path_of(arena, "%s/maat-agent.zpl", dir),
                            .key = path_of(arena, "%s/agency.zpl", dir),
                            .outbox = path_of(arena, "%s/outbox", dir),
                            .refused = path_of(arena, "%s/refused", dir),
                            .spool = path_of(arena, "%s/spool", dir),
                            .socket = path_of(arena, "%s/socket", dir)};
    free(dir);
    if (strlen(a->socket) > SOCKET_MOST)
        return fault_set(fault, FAULT_LIMIT, "folder",
                         "is too far down: the path of its socket would have %zu bytes, and may "
                         "have %d",
                         strlen(a->socket), (int)SOCKET_MOST);
    return make_folder(a->spool, fault);
}

/* As it is, where there is none: that is told when something is written there. */
static const char *
find_whole(struct arena *arena, const char *folder)
{
    char *dir = realpath(folder, NULL);
    const char *whole = dir ? path_of(arena, "%s", dir) : folder;

    free(dir);
    return whole;
}

static void
find_of_host(struct new_agent *a, struct arena *arena, const char *folder)
{
    a->key = path_of(arena, "%s/agency.zpl", folder);
    a->outbox = "/var/lib/maat-agent/outbox";
    a->refused = "/var/lib/maat-agent/refused";
    a->spool = "/var/spool/maat";
    a->socket = "/run/maat-agent/agent.sock";
}

/* As maat-agent@NAME.service has it: /etc/maat/agents/NAME.zpl, /etc/maat/keys/NAME.zpl. */
static void
find_of_name(struct new_agent *a, struct arena *arena, const char *folder, const char *name)
{
    const char *above = dirname(arena_string(arena, folder, strlen(folder)));
    const char *last = basename(arena_string(arena, folder, strlen(folder)));

    a->key = strcmp(last, "agents") == 0 ? path_of(arena, "%s/keys/%s.zpl", above, name)
                                         : path_of(arena, "%s/%s-key.zpl", folder, name);
    a->outbox = path_of(arena, "/var/lib/maat-agents/%s/outbox", name);
    a->refused = path_of(arena, "/var/lib/maat-agents/%s/refused", name);
    a->spool = path_of(arena, "/var/spool/maat-agents/%s", name);
    a->socket = path_of(arena, "/run/maat-agents/%s/agent.sock", name);
}

/* Several agents of a host are told apart by the names of their configurations. */
static void
find_in_system(struct new_agent *a, struct arena *arena, const char *config)
{
    const char *folder = find_whole(arena, dirname(arena_string(arena, config, strlen(config))));
    const char *file = basename(arena_string(arena, config, strlen(config)));

    *a = (struct new_agent){.config = config};
    if (strcmp(file, "maat-agent.zpl") == 0)
        find_of_host(a, arena, folder);
    else
        find_of_name(a, arena, folder, arena_string(arena, file, strcspn(file, ".")));
}

/* Of several boards in it, that which --at names. */
static bool
read_configured(struct new_agent *a, struct arena *arena, const struct option_values *typed,
                bool named, struct fault *fault)
{
    struct option_values common = *typed, own = {0};
    struct agent_option o;

    if (!named && !option_values_add(&common, OPTION_FROM_FLAG, "config", a->config, fault))
        return false;
    if (!agent_settings(arena, &common, &own, &o, fault))
        return false;
    a->key = text_string(arena, o.key);
    return true;
}

bool
new_agent_find(struct new_agent *a, struct arena *arena, const struct option_values *common,
               const struct text *folder, struct fault *fault)
{
    struct config_option config;

    if (!options_decode(arena, &config_option_record, common, &config, fault))
        return false;
    const char *named = config.has.config ? text_string(arena, config.config) : AGENT_CONFIG;
    if (!folder)
        find_in_system(a, arena, named);
    else if (!find_in_folder(a, arena, folder, fault))
        return false;
    else if (config.has.config)
        a->config = named;
    a->configured = access(a->config, F_OK) == 0;
    a->at = config.has.at ? path_of(arena, " --at %.*s", (int)config.at.len, config.at.at) : "";
    return !a->configured || read_configured(a, arena, common, config.has.config, fault);
}

static int
print(FILE *to, const struct new_agent *a)
{
    return fprintf(to,
                   "# Configuration of maat-agent, as maat-agent init made it. Every line may also "
                   "be\n# given as a flag: `maat-agent run --help` explains them all.\n\n"
                   "# This agent's key, and where its board is; mode 0600.\n"
                   "key = \"%s\"\n\n"
                   "# Where submissions wait until the broker has them. Not to be restored from a\n"
                   "# copy: that would be a fork, and the agent says so.\n"
                   "outbox = \"%s\"\n\n"
                   "# What the broker refused, a file each, for a person.\n"
                   "refused = \"%s\"\n\n"
                   "# Files are renamed into this folder; results lie beside them.\n"
                   "spool = \"%s\"\n\n"
                   "# Callers of this host: one line of JSON in, one out.\n"
                   "socket = \"%s\"\n",
                   a->key, a->outbox, a->refused, a->spool, a->socket);
}

bool
new_agent_configure(const struct new_agent *a, struct fault *fault)
{
    if (a->configured)
        return true;
    FILE *to = fopen(a->config, "wxe");
    bool ok = to && print(to, a) > 0;
    if (to && fclose(to) != 0)
        ok = false;
    return ok
           || fault_set(fault, FAULT_NOT_FOUND, "", "the configuration %.150s can't be written: %s",
                        a->config, strerror(errno));
}
