#include "schema/options.h"

#include <assert.h>
#include <errno.h>
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"

enum { NAME_MAX_LEN = 64, OPTIONS_MAX = 128, USAGE_WIDTH = 79, USAGE_INDENT = 28 };

void
option_name(const char *field, char name[64])
{
    size_t i = 0;
    for (; i < NAME_MAX_LEN - 1 && field[i]; i++)
        name[i] = (char)(field[i] == '_' ? '-' : field[i]);
    name[i] = '\0';
}

static const struct field *
find_option(const struct record *r, const char *typed, size_t len)
{
    char name[NAME_MAX_LEN];

    for (unsigned i = 0; i < r->count; i++) {
        option_name(r->fields[i].name, name);
        if (strlen(name) == len && memcmp(name, typed, len) == 0)
            return &r->fields[i];
    }
    return NULL;
}

/* --- the nearest word --------------------------------------------------------------- */

/* Insertions, deletions and changes that make one of the other. */
static unsigned
distance(const char *a, const char *b)
{
    unsigned row[NAME_MAX_LEN];
    size_t len = strlen(b);

    if (len >= NAME_MAX_LEN)
        return NAME_MAX_LEN;
    for (unsigned j = 0; j <= len; j++)
        row[j] = j;
    for (unsigned i = 1; a[i - 1]; i++) {
        unsigned corner = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= len; j++) {
            unsigned best = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[len];
}

const char *
option_nearest(const char *typed, const char *const *words, unsigned count)
{
    unsigned best = ((unsigned)strlen(typed) + 3) / 2; /* farther is another word */
    const char *nearest = NULL;

    for (unsigned i = 0; i < count; i++) {
        unsigned d = distance(typed, words[i]);
        if (d < best) {
            best = d;
            nearest = words[i];
        }
    }
    return nearest;
}

static bool
unknown_option(const struct option_set *sets, unsigned count, const char *typed,
               struct fault *fault)
{
    static _Thread_local char names[OPTIONS_MAX][NAME_MAX_LEN];
    const char *words[OPTIONS_MAX];
    unsigned known = 0;

    for (unsigned s = 0; s < count; s++)
        for (unsigned i = 0; sets[s].record && i < sets[s].record->count; i++) {
            option_name(sets[s].record->fields[i].name, names[known]);
            words[known] = names[known];
            known++;
        }
    const char *nearest = option_nearest(typed, words, known);
    return fault_set(fault, FAULT_FIELD_UNKNOWN, typed, "is no option%s%s%s",
                     nearest ? ": did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
}

bool
option_known(const struct record *r, const char *name, struct fault *fault)
{
    const struct option_set set = {r, NULL};
    return find_option(r, name, strlen(name)) || unknown_option(&set, 1, name, fault);
}

/* --- taking ---------------------------------------------------------------------------- */

bool
option_values_add(struct option_values *v, enum option_source source, const char *name,
                  const char *value, struct fault *fault)
{
    if (v->count == OPTION_VALUES)
        return fault_set(fault, FAULT_LIMIT, name, "is one option too many");
    v->at[v->count].name = name;
    v->at[v->count].value = value;
    v->at[v->count++].source = source;
    return true;
}

/* The options that have a letter too. */
static const struct {
    char letter;
    const char *name;
} letters[] = {{'c', "config"}, {'f', "follow"}};

/* "-c" is "config"; what follows "--" is itself. */
static const char *
name_of(const char *flag)
{
    if (flag[1] == '-')
        return flag + 2;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (flag[1] == letters[i].letter && !flag[2])
            return letters[i].name;
    return flag + 1;
}

bool
options_take_flag(const struct option_set *sets, unsigned count, int argc, const char *const *argv,
                  int *i, struct fault *fault)
{
    const char *name = name_of(argv[*i]);
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_set *set = sets;
    const struct field *f = NULL;

    for (unsigned s = 0; s < count && !f; s++)
        if (sets[s].record && (f = find_option(sets[s].record, name, len)))
            set = &sets[s];
    if (!f)
        return unknown_option(sets, count, name, fault);
    if (equals)
        return option_values_add(set->values, OPTION_FROM_FLAG, f->name, equals + 1, fault);
    if (f->type == TYPE_FLAG)
        return option_values_add(set->values, OPTION_FROM_FLAG, f->name, "true", fault);
    if (*i + 1 == argc)
        return fault_set(fault, FAULT_FIELD_MISSING, f->name, "needs a value");
    return option_values_add(set->values, OPTION_FROM_FLAG, f->name, argv[++*i], fault);
}

bool
option_is_flag(const char *word)
{
    return word[0] == '-' && word[1];
}

bool
options_take_args(const struct option_set *sets, unsigned count, int argc, const char *const *argv,
                  struct option_words *words, struct fault *fault)
{
    bool ended = false;

    for (int i = 0; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (!ended && option_is_flag(argv[i])) {
            if (!options_take_flag(sets, count, argc, argv, &i, fault))
                return false;
        } else if (words->count == OPTION_WORDS) {
            return fault_set(fault, FAULT_LIMIT, "", "too many words");
        } else {
            words->at[words->count++] = argv[i];
        }
    }
    return true;
}

/* --- decoding: as the MessagePack that it stands for -------------------------------------- */

static void
pack_text(msgpack_packer *pk, const char *text, size_t len)
{
    msgpack_pack_str(pk, len);
    msgpack_pack_str_body(pk, text, len);
}

static void
pack_option(msgpack_packer *pk, const struct field *f, const char *value)
{
    char *end;

    errno = 0;
    long long number = strtoll(value, &end, 10);
    bool is_number = *value && !*end && !errno;
    if (f->type == TYPE_INT && is_number)
        msgpack_pack_int64(pk, number);
    else if (f->type == TYPE_FLAG && strcmp(value, "true") == 0)
        msgpack_pack_true(pk);
    else if (f->type == TYPE_FLAG && strcmp(value, "false") == 0)
        msgpack_pack_false(pk);
    else
        pack_text(pk, value, strlen(value));
}

static bool
is_list(const struct field *f, const char *value)
{
    return f->type == TYPE_TEXTS || f->type == TYPE_IDS || f->type == TYPE_SET
           || (f->type == TYPE_WHO && strcmp(value, "all") != 0);
}

bool
option_repeats(const struct record *r, const char *name)
{
    const struct field *f = find_option(r, name, strlen(name));
    return f && is_list(f, "");
}

/* The values of a field that count: those of the strongest source; the last one
   where the field is no list. Their number. Names are the fields' own by now. */
static unsigned
values_of(const struct option_values *v, const struct field *f, const char *out[OPTION_VALUES])
{
    enum option_source source = OPTION_FROM_FILE;
    unsigned count = 0;

    for (unsigned i = 0; i < v->count; i++) {
        if (v->at[i].name != f->name || v->at[i].source < source)
            continue;
        if (v->at[i].source > source)
            count = 0;
        source = v->at[i].source;
        out[count++] = v->at[i].value;
    }
    if (count && !is_list(f, out[count - 1])) {
        out[0] = out[count - 1];
        count = 1;
    }
    return count;
}

static const struct field *
find_by_name(const struct record *r, const char *name)
{
    for (const struct field *f = r->fields; f < r->fields + r->count; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

/* Lines of a file come by the name that is typed. */
static bool
resolve_names(const struct record *r, struct option_values *v, struct fault *fault)
{
    for (unsigned i = 0; i < v->count; i++) {
        const struct field *f = find_option(r, v->at[i].name, strlen(v->at[i].name));
        const struct option_set set = {r, v};
        if (!f)
            f = find_by_name(r, v->at[i].name);
        if (!f)
            return unknown_option(&set, 1, v->at[i].name, fault);
        v->at[i].name = f->name;
    }
    return true;
}

static void
pack_field(msgpack_packer *pk, const struct field *f, const char *const *values, unsigned count)
{
    pack_text(pk, f->name, f->name_len);
    if (is_list(f, values[count - 1]))
        msgpack_pack_array(pk, count);
    for (unsigned i = 0; i < count; i++)
        pack_option(pk, f, values[i]);
}

static void
pack_values(msgpack_packer *pk, const struct record *r, const struct option_values *v)
{
    static _Thread_local const char *values[OPTION_VALUES];
    unsigned given = 0;

    for (unsigned i = 0; i < r->count; i++)
        given += values_of(v, &r->fields[i], values) > 0;
    msgpack_pack_map(pk, given);
    for (unsigned i = 0; i < r->count; i++) {
        unsigned count = values_of(v, &r->fields[i], values);
        if (count)
            pack_field(pk, &r->fields[i], values, count);
    }
}

bool
options_decode(struct arena *arena, const struct record *r, const struct option_values *v,
               void *out, struct fault *fault)
{
    struct option_values *named = arena_copy(arena, v, sizeof *v);
    msgpack_sbuffer packed;
    msgpack_packer pk;

    if (!resolve_names(r, named, fault))
        return false;
    msgpack_sbuffer_init(&packed);
    msgpack_packer_init(&pk, &packed, msgpack_sbuffer_write);
    pack_values(&pk, r, named);
    const void *copy = arena_copy(arena, packed.data, packed.size);
    bool ok = record_decode(arena, r, out, copy, packed.size, fault);
    msgpack_sbuffer_destroy(&packed);
    return ok;
}

bool
option_takes(struct arena *arena, const struct record *r, const char *name, const char *value,
             struct fault *fault)
{
    const struct field *f = find_option(r, name, strlen(name));
    msgpack_sbuffer packed;
    msgpack_packer pk;

    assert(f);
    msgpack_sbuffer_init(&packed);
    msgpack_packer_init(&pk, &packed, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 1);
    pack_field(&pk, f, &value, 1);
    const void *copy = arena_copy(arena, packed.data, packed.size);
    bool ok = record_decode(arena, r, arena_take(arena, r->size), copy, packed.size, fault);
    msgpack_sbuffer_destroy(&packed);
    return ok || fault->code == FAULT_FIELD_MISSING; /* one that is said elsewhere */
}

/* --- help ------------------------------------------------------------------------------------ */

struct sheet {
    char *buf;
    size_t cap, len; /* len goes on counting past cap, as snprintf's does */
    size_t column;
};

static void
put(struct sheet *s, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (s->len + 1 < s->cap)
            s->buf[s->len] = text[i];
        s->len++;
        s->column = text[i] == '\n' ? 0 : s->column + 1;
    }
}

static void
put_spaces(struct sheet *s, size_t to)
{
    while (s->column < to)
        put(s, " ", 1);
}

/* Words, wrapped at the sheet's width. */
static void
put_wrapped(struct sheet *s, const char *text)
{
    while (*text) {
        size_t word = strcspn(text, " ");
        if (s->column + 1 + word > USAGE_WIDTH) {
            put(s, "\n", 1);
            put_spaces(s, USAGE_INDENT - 1);
        }
        put(s, " ", 1);
        put(s, text, word);
        text += word;
        text += strspn(text, " ");
    }
}

const char *
option_placeholder(const struct field *f)
{
    switch (f->type) {
    case TYPE_INT:
    case TYPE_AMOUNT:
    case TYPE_NUMBERS: return "NUMBER";
    case TYPE_DAY: return "DAY";
    case TYPE_FLAG: return "";
    case TYPE_WORD:
    case TYPE_SET: return "WORD";
    case TYPE_ID:
    case TYPE_PATH: return "ID";
    case TYPE_IDS: return "ID...";
    case TYPE_WHO: return "all|ID...";
    case TYPE_TEXT:
    case TYPE_TEXTS:
    case TYPE_BIN:
    case TYPE_ONE:
    case TYPE_MANY: return "TEXT";
    }
    return "";
}

size_t
options_usage(const struct record *r, char *buf, size_t cap)
{
    struct sheet s = {buf, cap, 0, 0};
    char name[NAME_MAX_LEN];

    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        option_name(f->name, name);
        put(&s, "  --", 4);
        put(&s, name, strlen(name));
        if (*option_placeholder(f))
            put(&s, " ", 1);
        put(&s, option_placeholder(f), strlen(option_placeholder(f)));
        if (s.column >= USAGE_INDENT)
            put(&s, "\n", 1);
        put_spaces(&s, USAGE_INDENT - 1);
        put_wrapped(&s, f->doc);
        for (int k = 0; f->words && k < f->words->count; k++) {
            put_wrapped(&s, k ? "|" : ":");
            put_wrapped(&s, f->words->text[k]);
        }
        put(&s, "\n", 1);
    }
    if (cap)
        buf[s.len < cap ? s.len : cap - 1] = '\0';
    return s.len;
}
