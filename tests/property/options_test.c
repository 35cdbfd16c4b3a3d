/* What is given as flags, or as lines of a file, is what an options record says,
   for every option of the programs. */
#include <stdlib.h>

#include "schema/amount.h"
#include "schema/codec.h"
#include "schema/days.h"
#include "schema/options.h"
#include "tests/gen.h"
#include "tests/option_records.h"
#include "tests/t.h"

enum { ROUNDS = 200, ROOM = 1 << 16, VALUE = 10000 };

/* The words of a command line. */
struct line {
    struct arena *arena;
    const char *at[OPTION_VALUES];
    int count;
};

static void
add_flag(struct line *line, const char *field, const char *value)
{
    char *word = arena_take(line->arena, VALUE);
    char name[64];

    option_name(field, name);
    CHECK(line->count + 2 <= OPTION_VALUES);
    if (random_below(2)) {
        snprintf(word, VALUE, "--%s=%s", name, value);
        line->at[line->count++] = word;
        return;
    }
    snprintf(word, VALUE, "--%s", name);
    line->at[line->count++] = word;
    line->at[line->count++] = value;
}

static const char *
as_word(struct arena *arena, struct text text)
{
    char *word = arena_take(arena, text.len + 1);
    memcpy(word, text.at, text.len);
    word[text.len] = '\0';
    return word;
}

static void
add_texts(struct line *line, const struct field *f, const struct texts *texts)
{
    for (uint32_t i = 0; i < texts->count; i++)
        add_flag(line, f->name, as_word(line->arena, texts->at[i]));
}

static void
add_set(struct line *line, const struct field *f, uint32_t set)
{
    for (int i = 0; i < f->words->count; i++)
        if (set >> i & 1)
            add_flag(line, f->name, f->words->text[i]);
}

/* `--loud`, or `--loud=true`. */
static void
add_switch(struct line *line, const struct field *f, bool on)
{
    char word[80];
    char name[64];

    option_name(f->name, name);
    snprintf(word, sizeof word, "--%s%s", name, !on ? "=false" : random_below(2) ? "=true" : "");
    line->at[line->count++] = as_word(line->arena, text_of(word));
}

static void
add_value(struct line *line, const struct field *f, const void *from)
{
    char text[32];

    switch (f->type) {
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH:
        add_flag(line, f->name, as_word(line->arena, *(const struct text *)from));
        return;
    case TYPE_INT: snprintf(text, sizeof text, "%" PRId64, *(const int64_t *)from); break;
    case TYPE_AMOUNT: amount_format(*(const int64_t *)from, text); break;
    case TYPE_DAY: day_format(*(const int32_t *)from, text); break;
    case TYPE_FLAG: add_switch(line, f, *(const bool *)from); return;
    case TYPE_WORD: add_flag(line, f->name, f->words->text[*(const int *)from]); return;
    case TYPE_SET: add_set(line, f, *(const uint32_t *)from); return;
    case TYPE_IDS:
    case TYPE_TEXTS: add_texts(line, f, from); return;
    case TYPE_WHO:
        if (((const struct who *)from)->all)
            add_flag(line, f->name, "all");
        else
            add_texts(line, f, &((const struct who *)from)->list);
        return;
    case TYPE_BIN:
    case TYPE_NUMBERS:
    case TYPE_ONE:
    case TYPE_MANY: FAIL_WITH("%s can't be typed", f->name);
    }
    add_flag(line, f->name, as_word(line->arena, text_of(text)));
}

/* A list of nothing can't be typed: it is not given. */
static bool
is_given(const struct field *f, const void *at)
{
    const struct who *who = at;

    switch (f->type) {
    case TYPE_IDS:
    case TYPE_TEXTS: return ((const struct texts *)at)->count > 0;
    case TYPE_SET: return *(const uint32_t *)at != 0;
    case TYPE_WHO: return who->all || who->list.count > 0;
    case TYPE_TEXT:
    case TYPE_ID:
    case TYPE_PATH:
    case TYPE_INT:
    case TYPE_AMOUNT:
    case TYPE_FLAG:
    case TYPE_DAY:
    case TYPE_WORD:
    case TYPE_BIN:
    case TYPE_NUMBERS:
    case TYPE_ONE:
    case TYPE_MANY: break;
    }
    return true;
}

static void
try_record(struct arena *arena, const struct record *r)
{
    static uint8_t want[ROOM];
    static uint8_t got[ROOM];
    static struct option_words words;
    static struct option_values v;
    char *in = arena_take(arena, r->size);
    char *out = arena_take(arena, r->size);
    struct line line = {.arena = arena};
    struct fault fault;
    uint64_t present;

    gen_record(arena, r, GEN_SMALL, in);
    memcpy(&present, in, sizeof present);
    for (unsigned i = 0; i < r->count; i++) {
        const void *at = in + r->fields[i].offset;
        if (!is_given(&r->fields[i], at))
            present &= ~(UINT64_C(1) << i);
        else if (present >> i & 1)
            add_value(&line, &r->fields[i], at);
    }
    memcpy(in, &present, sizeof present);
    v.count = words.count = 0;
    const struct option_set set = {r, &v};
    if (!options_take_args(&set, 1, line.count, line.at, &words, &fault)
        || !options_decode(arena, r, &v, out, &fault))
        FAIL_WITH("%s: %s %s", r->name, fault.field, fault.reason);
    CHECK_INT(0, words.count);
    size_t len = record_encode(r, in, want, sizeof want);
    CHECK(len > 0);
    CHECK_INT(len, record_encode(r, out, got, sizeof got));
    CHECK(memcmp(want, got, len) == 0);
}

TEST(options_typed_are_options_read)
{
    struct arena *arena = arena_new();

    for (unsigned i = 0; i < option_record_count * ROUNDS; i++) {
        arena_reset(arena);
        try_record(arena, option_records[i % option_record_count]);
    }
    arena_destroy(&arena);
}

/* Each option can be typed, and each is told of in --help. */
TEST(options_all_have_their_usage)
{
    char usage[10000];
    char name[64];

    for (unsigned i = 0; i < option_record_count; i++) {
        CHECK(options_usage(option_records[i], usage, sizeof usage) < sizeof usage);
        for (unsigned k = 0; k < option_records[i]->count; k++) {
            option_name(option_records[i]->fields[k].name, name);
            CHECK(strstr(usage, name));
        }
    }
}
