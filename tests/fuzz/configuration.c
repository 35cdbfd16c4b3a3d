/* A configuration file's lines, as options: what is taken holds to the table's
   limits, and given as flags is the same; what is not names its place. The first
   byte picks the program and command. */
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/options.h"
#include "schema/wire/zpl.h"
#include "tests/option_records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { CAP = 1 << 16, RECORD_SIZE = 4096 };

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static const char *
keep(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}

/* False where it is not ZPL, or has too many lines. */
static bool
read_lines(struct arena *arena, const char *text, size_t len, struct option_values *v,
           struct fault *fault)
{
    struct zpl zpl = zpl_begin(text, len);
    struct zpl_item item;
    int line = 0;
    int rc;

    while ((rc = zpl_next(&zpl, &item, fault)) == 1) {
        check(item.line > line && *item.path);
        line = item.line;
        if (!option_values_add(v, OPTION_FROM_FILE, keep(arena, item.path), keep(arena, item.value),
                               fault))
            return false;
    }
    return rc == 0;
}

/* The same by flags, `--name=value` each. */
static void
check_flags(struct arena *arena, const struct record *r, const struct option_values *v,
            const uint8_t *want, size_t len)
{
    static uint8_t got[CAP];
    static uint64_t out[RECORD_SIZE / 8];
    static struct option_values flags;
    static struct option_words words;
    const char *args[OPTION_VALUES];
    struct fault fault;

    for (unsigned i = 0; i < v->count; i++) {
        size_t room = strlen(v->at[i].name) + strlen(v->at[i].value) + 4;
        char *arg = arena_take(arena, room);
        char name[64];
        option_name(v->at[i].name, name);
        strcpy(arg, "--");
        strcat(arg, name);
        strcat(arg, "=");
        strcat(arg, v->at[i].value);
        args[i] = arg;
    }
    flags.count = words.count = 0;
    const struct option_set set = {r, &flags};
    check(options_take_args(&set, 1, (int)v->count, args, &words, &fault));
    check(options_decode(arena, r, &flags, out, &fault) && words.count == 0);
    check(record_encode(r, out, got, sizeof got) == len && memcmp(want, got, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t encoded[CAP];
    static uint64_t out[RECORD_SIZE / 8];
    static uint64_t again[RECORD_SIZE / 8];
    static struct option_values v;
    static struct arena *arena;
    struct fault fault = {.reason = ""};

    if (!arena)
        arena = arena_new();
    if (len == 0)
        return 0;
    arena_reset(arena);
    v.count = 0;
    const struct record *r = option_records[data[0] % option_record_count];
    check(r->size <= sizeof out);
    if (!read_lines(arena, (const char *)data + 1, len - 1, &v, &fault)
        || !options_decode(arena, r, &v, out, &fault)) {
        check(*fault.reason && memchr(fault.field, '\0', sizeof fault.field));
        return 0;
    }
    size_t size = record_encode(r, out, encoded, sizeof encoded);
    check(size > 0 && record_decode(arena, r, again, encoded, size, &fault));
    check_flags(arena, r, &v, encoded, size);
    return 0;
}
