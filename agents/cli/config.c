#include "agents/cli/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "schema/fault.h"
#include "schema/ids.h"
#include "schema/wire/zpl.h"

COMMON_OPTIONS(RECORD_TABLE)

enum { CONFIG_BYTES = 64 * 1024, CONFIG_BOARDS = 64 };

/* What the file says of one board. */
struct named {
    char name[ZPL_PATH + 1];
    struct config config;
};

struct reading {
    const char *path;
    char meant[ZPL_PATH + 1]; /* `board` */
    struct named boards[CONFIG_BOARDS];
    unsigned count;
    bool is_config; /* else a key file */
};

/* Into `out`, CONFIG_PATH bytes. */
static bool
join(char *out, const char *folder, const char *name, struct fault *fault)
{
    int len = snprintf(out, CONFIG_PATH, "%s/%s", folder, name);
    return (len > 0 && len < CONFIG_PATH)
           || fault_set(fault, FAULT_FIELD_INVALID, "config", "the path %.100s... is too long",
                        folder);
}

static bool
in_home(char *out, const char *variable, const char *otherwise, const char *name,
        struct fault *fault)
{
    const char *base = getenv(variable);
    const char *home = getenv("HOME");
    char folder[CONFIG_PATH];

    if (base && *base)
        return join(out, base, name, fault);
    if (!home || !*home)
        return fault_set(fault, FAULT_FIELD_MISSING, "config",
                         "HOME is not set: name a file with -c or MAAT_CONFIG");
    return join(folder, home, otherwise, fault) && join(out, folder, name, fault);
}

bool
config_state_folder(char out[CONFIG_PATH], struct fault *fault)
{
    if (!in_home(out, "XDG_STATE_HOME", ".local/state", "maat", fault))
        return false;
    for (char *slash = strchr(out + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        if (mkdir(out, 0700) && errno != EEXIST)
            return fault_set(fault, FAULT_FIELD_INVALID, "", "%s can't be made: %s", out,
                             strerror(errno));
        if (!slash)
            return true;
        *slash = '/';
    }
}

/* --- reading the file --------------------------------------------------------------- */

static bool
read_text(const char *path, char text[CONFIG_BYTES], size_t *len, struct fault *fault)
{
    FILE *in = fopen(path, "re");

    if (!in)
        return fault_set(fault, FAULT_NOT_FOUND, "config",
                         "%s can't be read: %s. Name a key file with -c or MAAT_CONFIG", path,
                         strerror(errno));
    *len = fread(text, 1, CONFIG_BYTES, in);
    bool whole = !ferror(in) && *len < CONFIG_BYTES;
    (void)fclose(in);
    return whole || fault_set(fault, FAULT_FIELD_INVALID, "config", "%s is too long", path);
}

/* Beside the configuration, unless it says from the root. */
static bool
beside(const struct reading *r, const char *value, char *out, struct fault *fault)
{
    const char *slash = strrchr(r->path, '/');
    char folder[CONFIG_PATH];

    if (value[0] == '/' || !slash) {
        (void)snprintf(out, CONFIG_PATH, "%s", value);
        return true;
    }
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - r->path), r->path);
    return join(out, folder, value, fault);
}

static struct named *
board_named(struct reading *r, const char *name, size_t len)
{
    for (unsigned i = 0; i < r->count; i++)
        if (strlen(r->boards[i].name) == len && memcmp(r->boards[i].name, name, len) == 0)
            return &r->boards[i];
    if (r->count == CONFIG_BOARDS)
        return NULL;
    (void)snprintf(r->boards[r->count].name, sizeof r->boards->name, "%.*s", (int)len, name);
    return &r->boards[r->count++];
}

static bool
take_item(struct reading *r, const struct zpl_item *item, struct fault *fault)
{
    if (strcmp(item->path, "board") == 0) {
        r->is_config = true;
        (void)snprintf(r->meant, sizeof r->meant, "%.*s", ZPL_PATH, item->value);
        return true;
    }
    if (strncmp(item->path, "boards", 6) != 0)
        return true; /* a key file's */
    r->is_config = true;
    if (item->path[6] != '/')
        return true;
    const char *name = item->path + 7;
    const char *slash = strchr(name, '/');
    struct named *board = board_named(r, name, slash ? (size_t)(slash - name) : strlen(name));
    if (!board)
        return fault_set(fault, FAULT_LIMIT, "config", "%s: line %d: more than %d boards", r->path,
                         item->line, (int)CONFIG_BOARDS);
    if (!slash)
        return true;
    if (strcmp(slash, "/key") == 0)
        return beside(r, item->value, board->config.key, fault);
    if (strcmp(slash, "/agent") == 0)
        return beside(r, item->value, board->config.agent, fault);
    return fault_set(fault, FAULT_FIELD_UNKNOWN, "config",
                     "%s: line %d: a board has `key` and `agent`, nothing else", r->path,
                     item->line);
}

static bool
read_config(struct reading *r, struct fault *fault)
{
    static char text[CONFIG_BYTES];
    struct zpl_item item;
    struct fault inner;
    size_t len = 0;
    int rc;

    if (!read_text(r->path, text, &len, fault))
        return false;
    struct zpl zpl = zpl_begin(text, len);
    while ((rc = zpl_next(&zpl, &item, &inner)) == 1)
        if (!take_item(r, &item, fault))
            return false;
    return rc == 0
           || fault_set(fault, FAULT_MALFORMED, "config", "%.120s: %.100s", r->path, inner.reason);
}

/* --- choosing -------------------------------------------------------------------------- */

static bool
choose(struct reading *r, const struct common_option *options, struct config *out,
       struct fault *fault)
{
    char wanted[ZPL_PATH + 1];

    (void)snprintf(wanted, sizeof wanted, "%s", r->meant);
    if (options->has.board)
        (void)snprintf(wanted, sizeof wanted, "%.*s", (int)options->board.len, options->board.at);
    for (unsigned i = 0; i < r->count; i++)
        if (strcmp(r->boards[i].name, wanted) == 0 || (!*wanted && r->count == 1)) {
            *out = r->boards[i].config;
            return true;
        }
    return fault_set(fault, FAULT_NOT_FOUND, "board", "%.120s names %u boards%s%.60s: say which",
                     r->path, r->count, *wanted ? ", but no " : "", wanted);
}

bool
config_find(struct config *out, const struct common_option *options, struct fault *fault)
{
    static struct reading reading;
    char path[CONFIG_PATH];
    const char *named = getenv("MAAT_CONFIG");

    *out = (struct config){{0}, {0}};
    if (options->has.config)
        (void)snprintf(path, sizeof path, "%.*s", (int)options->config.len, options->config.at);
    else if (named && *named)
        (void)snprintf(path, sizeof path, "%s", named);
    else if (!in_home(path, "XDG_CONFIG_HOME", ".config", "maat/maat.zpl", fault))
        return false;
    reading = (struct reading){.path = path};
    bool can_do_without = options->has.agent && !options->has.config && !(named && *named);
    if (!read_config(&reading, fault)) {
        if (!can_do_without || fault->code != FAULT_NOT_FOUND)
            return false;
    } else if (reading.is_config) {
        if (!choose(&reading, options, out, fault))
            return false;
    } else {
        (void)snprintf(out->key, sizeof out->key, "%s", path);
    }
    if (options->has.agent)
        (void)snprintf(out->agent, sizeof out->agent, "%.*s", (int)options->agent.len,
                       options->agent.at);
    return true;
}
