/* Values that a field may not have, each one step past what is allowed. */
#include <stdio.h>

#include "tests/gen_spoiling.h"
#include "tests/t.h"

enum { LONGEST = 70000 };

bool
spoiling_turn(struct spoiling *s, enum fault_code code, const char *name)
{
    char path[2 * GEN_PATH];

    if (s->spoilt || s->left-- > 0)
        return false;
    s->spoilt = true;
    s->want->code = code;
    snprintf(path, sizeof path, "%s%s%s", s->path, *s->path && *name ? "." : "", name);
    snprintf(s->want->field, sizeof s->want->field, "%.*s", FAULT_FIELD - 1, path);
    return true;
}

static bool
invalid(struct spoiling *s, const struct field *f)
{
    return spoiling_turn(s, FAULT_FIELD_INVALID, f->name);
}

void
gen_pack_text(msgpack_packer *pk, struct text text)
{
    msgpack_pack_str(pk, text.len);
    msgpack_pack_str_body(pk, text.at, text.len);
}

void
gen_pack_word(msgpack_packer *pk, const char *word)
{
    gen_pack_text(pk, text_of(word));
}

static const char *
filler(void)
{
    static char longest[LONGEST];
    return memset(longest, 'x', sizeof longest);
}

static void
pack_length(msgpack_packer *pk, enum field_type type, int64_t len)
{
    CHECK(len >= 0 && len <= LONGEST);
    if (type == TYPE_BIN) {
        msgpack_pack_bin(pk, (size_t)len);
        msgpack_pack_bin_body(pk, filler(), (size_t)len);
    } else {
        gen_pack_text(pk, (struct text){filler(), (uint32_t)len});
    }
}

/* Texts that a field of the type may not be. */
static const char *const not_id[] = {
    "",    "A",        "a b",
    "a/b", "\xc3\xa4", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    NULL};
static const char *const not_path[] = {
    "",
    "a",
    "/",
    "a/",
    "/a",
    "a/b/c",
    "A/b",
    "a/B",
    "a b/c",
    "a/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a",
    NULL};
static const char *const not_day[] = {"",           "1899-12-31", "2200-01-01",  "2015-02-29",
                                      "2016-02-30", "2016-04-31", "2016-13-01",  "2016-00-10",
                                      "2016-01-00", "2016-1-01",  "2016-01-01 ", "16-01-01",
                                      "2016/01/01", "ongoing",    NULL};
static const char *const not_amount[] = {"",
                                         "-",
                                         ".",
                                         ".5",
                                         "5.",
                                         "1.2345",
                                         "1e3",
                                         "1,5",
                                         "--1",
                                         "+1",
                                         " 1",
                                         "0x1",
                                         "1000000000000000.001",
                                         "-1000000000000000.001",
                                         "99999999999999999999",
                                         NULL};
static const char *const not_word[] = {"", "no-such-word", "ALL", NULL};
static const char *const not_who[] = {"", "All", "police", NULL};
static const char *const none[] = {NULL};

static const char *const *
texts_against(enum field_type type)
{
    switch (type) {
    case TYPE_ID: return not_id;
    case TYPE_PATH: return not_path;
    case TYPE_DAY: return not_day;
    case TYPE_AMOUNT: return not_amount;
    case TYPE_WORD: return not_word;
    case TYPE_WHO: return not_who;
    case TYPE_TEXT:
    case TYPE_INT:
    case TYPE_FLAG:
    case TYPE_SET:
    case TYPE_BIN:
    case TYPE_IDS:
    case TYPE_TEXTS:
    case TYPE_NUMBERS:
    case TYPE_ONE:
    case TYPE_MANY: break;
    }
    return none;
}

static bool
spoil_text(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    for (const char *const *text = texts_against(f->type); *text; text++)
        if (invalid(s, f)) {
            gen_pack_word(pk, *text);
            return true;
        }
    return false;
}

static bool
spoil_length(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    if (f->type != TYPE_TEXT && f->type != TYPE_BIN)
        return false;
    if (f->min > 0 && invalid(s, f)) {
        pack_length(pk, f->type, f->min - 1);
        return true;
    }
    if (invalid(s, f)) {
        pack_length(pk, f->type, f->max + 1);
        return true;
    }
    return false;
}

static bool
spoil_number(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    int64_t scale = f->type == TYPE_AMOUNT ? 1000 : 1;

    if (f->type != TYPE_INT && f->type != TYPE_AMOUNT)
        return false;
    if (f->min > INT64_MIN && invalid(s, f)) {
        msgpack_pack_int64(pk, f->min / scale - 1);
        return true;
    }
    if (invalid(s, f)) {
        msgpack_pack_uint64(pk, (uint64_t)(f->max / scale) + 1);
        return true;
    }
    if (invalid(s, f)) {
        msgpack_pack_uint64(pk, UINT64_MAX);
        return true;
    }
    if (invalid(s, f)) {
        msgpack_pack_double(pk, 1.0);
        return true;
    }
    return false;
}

/* One item too many; what the items are is not looked at then. */
static bool
spoil_count(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    bool counted = f->type == TYPE_IDS || f->type == TYPE_TEXTS || f->type == TYPE_NUMBERS
                   || f->type == TYPE_WHO || f->type == TYPE_MANY;

    if (!counted || !invalid(s, f))
        return false;
    msgpack_pack_array(pk, (size_t)f->max + 1);
    for (int64_t i = 0; i <= f->max; i++)
        msgpack_pack_nil(pk);
    return true;
}

static void
pack_pair(msgpack_packer *pk, const char *a, const char *b)
{
    msgpack_pack_array(pk, 2);
    gen_pack_word(pk, a);
    gen_pack_word(pk, b);
}

static bool
spoil_items(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    bool ids = f->type == TYPE_IDS || f->type == TYPE_WHO;

    if (f->type == TYPE_SET) {
        if (invalid(s, f))
            return pack_pair(pk, f->words->text[0], f->words->text[0]), true;
        if (invalid(s, f))
            return pack_pair(pk, f->words->text[0], "no-such-word"), true;
    }
    if (ids && invalid(s, f))
        return pack_pair(pk, "a", "a"), true;
    if (ids && invalid(s, f))
        return pack_pair(pk, "a", "A"), true;
    if ((ids || f->type == TYPE_TEXTS || f->type == TYPE_NUMBERS || f->type == TYPE_SET)
        && invalid(s, f)) {
        msgpack_pack_array(pk, 1);
        msgpack_pack_int64(pk, -1);
        return true;
    }
    if (f->type == TYPE_NUMBERS && invalid(s, f)) {
        msgpack_pack_array(pk, 1);
        msgpack_pack_uint64(pk, (uint64_t)INT64_MAX + 1);
        return true;
    }
    if (f->type == TYPE_MANY) {
        char item[ID_MAX];
        snprintf(item, sizeof item, "%.50s[0]", f->name);
        if (spoiling_turn(s, FAULT_MALFORMED, item)) {
            msgpack_pack_array(pk, 1);
            msgpack_pack_nil(pk);
            return true;
        }
    }
    return false;
}

/* Nil and a map that no field is; text where bytes should be, and the reverse;
   a number for a flag. */
static bool
spoil_type(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    if (f->type == TYPE_ONE) {
        if (!spoiling_turn(s, FAULT_MALFORMED, f->name))
            return false;
        return msgpack_pack_nil(pk), true;
    }
    if (invalid(s, f))
        return msgpack_pack_nil(pk), true;
    if (invalid(s, f))
        return msgpack_pack_map(pk, 0), true;
    if (f->type == TYPE_BIN || f->type == TYPE_FLAG) {
        if (invalid(s, f))
            return gen_pack_text(pk, (struct text){filler(), (uint32_t)(f->min > 0 ? f->min : 1)}),
                   true;
    } else if (invalid(s, f)) {
        return pack_length(pk, TYPE_BIN, f->min > 0 && f->min < ID_MAX ? f->min : 1), true;
    }
    if (f->type == TYPE_FLAG && invalid(s, f))
        return msgpack_pack_int64(pk, 1), true;
    return false;
}

bool
spoiling_value(struct spoiling *s, msgpack_packer *pk, const struct field *f)
{
    return spoil_type(s, pk, f) || spoil_text(s, pk, f) || spoil_length(s, pk, f)
           || spoil_number(s, pk, f) || spoil_count(s, pk, f) || spoil_items(s, pk, f);
}
