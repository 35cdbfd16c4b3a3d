#include "schema/days.h"
#include "schema/options.h"
#include "schema/records_of.h"
#include "schema/words.h"
#include "tests/t.h"

/* clang-format off */
#define SAMPLE_FIELDS(F, S)                                                                        \
    F(S, listen,      REQUIRED, TEXTS(4),               "where clients connect; may be given often") \
    F(S, review_days, OPTIONAL, INT(1, 366),            "longest silence")                         \
    F(S, rating,      OPTIONAL, WORD(rating, ratings),  "only these")                              \
    F(S, loud,        OPTIONAL, FLAG,                   "say more")                                \
    F(S, members,     OPTIONAL, WHO,                    "who")
#define SAMPLE(X) X(sample, SAMPLE_FIELDS, CLOSED, "Sample.")
/* clang-format on */
SAMPLE(RECORD_STRUCT)
SAMPLE(RECORD_EXTERN)
SAMPLE(RECORD_TABLE)

static bool
parse(struct arena *arena, struct sample *out, struct option_words *words, struct fault *fault,
      const char *file_days, int argc, const char *const *argv)
{
    struct option_values v = {0};
    *words = (struct option_words){0};
    if (file_days && !option_values_add(&v, OPTION_FROM_FILE, "review-days", file_days, fault))
        return false;
    const struct option_set set = {&sample_record, &v};
    return options_take_args(&set, 1, argc, argv, words, fault)
           && options_decode(arena, &sample_record, &v, out, fault);
}

#define PARSE(file_days, ...)                     \
    parse(arena, &out, &words, &fault, file_days, \
          (int)(sizeof argv_of(__VA_ARGS__) / sizeof(char *)), argv_of(__VA_ARGS__))
#define argv_of(...) ((const char *[]){__VA_ARGS__})

TEST(options_come_from_flags_and_file)
{
    struct arena *arena = arena_new();
    struct option_words words;
    struct sample out;
    struct fault fault;

    CHECK(PARSE("30", "run", "--listen", "tcp://a", "--listen=ipc://b", "--loud", "--", "--word"));
    CHECK_INT(2, out.listen.count);
    CHECK(text_is(out.listen.at[1], "ipc://b"));
    CHECK_INT(30, out.review_days);
    CHECK(out.loud && out.has.loud && !out.has.rating);
    CHECK_INT(2, words.count);
    CHECK_STR("--word", words.at[1]);
    CHECK(PARSE("30", "--listen", "x", "--review-days", "60", "--rating", "red"));
    CHECK_INT(60, out.review_days);
    CHECK_INT(RED, out.rating);
    arena_destroy(&arena);
}

TEST(options_name_what_is_wrong)
{
    struct arena *arena = arena_new();
    struct option_words words;
    struct sample out;
    struct fault fault;

    CHECK(!PARSE(NULL, "--lsten", "x"));
    CHECK_STR("lsten", fault.field);
    CHECK_STR("is no option: did you mean listen?", fault.reason);
    CHECK(!PARSE(NULL, "--quiet"));
    CHECK_STR("is no option", fault.reason);
    CHECK(!PARSE(NULL, "--listen"));
    CHECK_STR("needs a value", fault.reason);
    CHECK(!PARSE(NULL, "--loud"));
    CHECK_STR("listen", fault.field);
    CHECK_STR("is missing", fault.reason);
    CHECK(!PARSE(NULL, "--listen", "x", "--review-days", "367"));
    CHECK_STR("review_days", fault.field);
    CHECK(!PARSE("ten", "--listen", "x"));
    CHECK_STR("must be an integer", fault.reason);
    CHECK(!PARSE("10 days", "--listen", "x"));
    CHECK_STR("must be an integer", fault.reason);
    CHECK(!PARSE("99999999999999999999", "--listen", "x"));
    CHECK_STR("must be an integer", fault.reason);
    CHECK(!PARSE(NULL, "--listen", "x", "--loud=yes"));
    CHECK_STR("must be true or false", fault.reason);
    CHECK(!PARSE(NULL, "--listen", "x", "--rating", "pink"));
    CHECK_STR("rating", fault.field);
    arena_destroy(&arena);
}

/* A flag wins over the file, whichever comes first, and as a whole: lists are not
   joined. */
TEST(options_flags_win_over_the_file)
{
    static const struct {
        enum option_source source;
        const char *name, *value;
    } given[] = {
        {OPTION_FROM_FILE, "listen", "tcp://file"}, {OPTION_FROM_FLAG, "listen", "tcp://one"},
        {OPTION_FROM_FLAG, "listen", "tcp://two"},  {OPTION_FROM_FILE, "listen", "tcp://file"},
        {OPTION_FROM_FLAG, "review_days", "60"},    {OPTION_FROM_FILE, "review-days", "30"},
        {OPTION_FROM_FILE, "members", "all"},       {OPTION_FROM_FLAG, "members", "police"},
    };
    struct arena *arena = arena_new();
    struct option_values v = {0};
    struct sample out;
    struct fault fault;

    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        CHECK(option_values_add(&v, given[i].source, given[i].name, given[i].value, &fault));
    CHECK(options_decode(arena, &sample_record, &v, &out, &fault));
    CHECK_INT(2, out.listen.count);
    CHECK(text_is(out.listen.at[0], "tcp://one") && text_is(out.listen.at[1], "tcp://two"));
    CHECK_INT(60, out.review_days);
    CHECK(!out.members.all && text_is(out.members.list.at[0], "police"));
    CHECK(option_values_add(&v, OPTION_FROM_FLAG, "members", "all", &fault));
    CHECK(options_decode(arena, &sample_record, &v, &out, &fault));
    CHECK(out.members.all);
    arena_destroy(&arena);
}

TEST(options_have_limits)
{
    static struct option_values v;
    static const char *argv[OPTION_WORDS + 1];
    struct option_words words = {0};
    const struct option_set set = {&sample_record, &v};
    struct fault fault;

    for (int i = 0; i <= OPTION_WORDS; i++)
        argv[i] = "word";
    CHECK(options_take_args(&set, 1, OPTION_WORDS, argv, &words, &fault));
    words.count = 0;
    CHECK(!options_take_args(&set, 1, OPTION_WORDS + 1, argv, &words, &fault));
    CHECK_INT(FAULT_LIMIT, fault.code);
    for (int i = 0; i < OPTION_VALUES; i++)
        CHECK(option_values_add(&v, OPTION_FROM_FILE, "listen", "x", &fault));
    CHECK(!option_values_add(&v, OPTION_FROM_FILE, "listen", "x", &fault));
    CHECK_INT(FAULT_LIMIT, fault.code);
}

TEST(options_usage_tells_of_each)
{
    char text[2000];
    size_t len = options_usage(&sample_record, text, sizeof text);

    CHECK_INT(strlen(text), len);
    CHECK(strstr(text, "  --review-days NUMBER "));
    CHECK(strstr(text, "--loud "));
    CHECK_INT(len, options_usage(&sample_record, text, 10));
    CHECK_INT(9, strlen(text));
}
