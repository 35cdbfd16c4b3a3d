/* Lines of JSON, and what is wrong with them. */
#include "schema/json.h"
#include "schema/submission_line.h"

#include "tests/t.h"

/* "accepted", or the fault's code, field and reason. */
static const char *
line_says(struct arena *arena, const char *line, size_t len)
{
    static char said[400];
    struct submission_line sub;
    struct fault fault;

    arena_reset(arena);
    if (submission_from_json(arena, &sub, line, len, &fault))
        return sub.wait ? "accepted, and waits" : "accepted";
    snprintf(said, sizeof said, "%s %s: %s", word_text(&fault_codes, (int)fault.code), fault.field,
             fault.reason);
    return said;
}

/* clang-format off */

#define PROGRESS(more) "{\"kind\": \"progress\", \"action\": \"p/1\", \"on\": \"2016-04-01\"" more "}"
#define VALUE(amount) PROGRESS(", \"value\": {\"amount\": " amount ", \"date\": \"2016-04-01\"}")
#define BOARD(key) "{\"kind\": \"board\", \"what\": \"found\", \"key\": " key "}"
#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
#define NOT_AMOUNT "must be an integer, or a string of digits with up to three places, as \"12.5\""

TEST(json_names_what_is_wrong)
{
    static const struct { const char *line, *want; } rows[] = {
        {PROGRESS(""), "accepted"},
        {PROGRESS(", \"wait\": true"), "accepted, and waits"},
        {PROGRESS(", \"wait\": false"), "accepted"},
        {PROGRESS(", \"wait\": 1"), "invalid-field wait: must be true or false"},
        {"", "malformed : is not JSON (at byte 0)"},
        {"{", "malformed : is not JSON (at byte 1)"},
        {PROGRESS("") "x", "malformed : is not JSON (at byte 58)"},
        {"[]", "malformed : must be a JSON object"},
        {"7", "malformed : is not JSON (at byte 1)"},
        {"{\"kind\": \"board\", \"kind\": \"board\"}", "malformed : gives a key twice (at byte 24)"},
        {PROGRESS(", \"evidence\": {\"title\": \"a\", \"title\": \"b\"}"), "malformed : gives a key twice (at byte 92)"},
        {"{}", "missing-field kind: is missing: \"progress\", \"action\" ..."},
        {"{\"kind\": 1}", "invalid-field kind: is not a kind of submission"},
        {"{\"kind\": \"Progress\"}", "invalid-field kind: is not a kind of submission"},
        {"{\"kind\": \"strike\"}", "invalid-field kind: is not a kind of submission"},
        {PROGRESS(", \"kinds\": 1"), "unknown-field kinds: is not a field of this record"},
        {PROGRESS(", \"note\": null"), "invalid-field note: must be a string"},
        {PROGRESS(", \"note\": \"\\u0000\""), "malformed : is not JSON (at byte 74)"},
        {PROGRESS(", \"note\": \"\\ud800\""), "malformed : is not JSON (at byte 74)"},
        {PROGRESS(", \"note\": \"\xff\""), "malformed : is not JSON (at byte 67)"},
        {PROGRESS(", \"percent\": 50"), "accepted"},
        {PROGRESS(", \"percent\": 50.0"), "invalid-field percent: must be an integer"},
        {PROGRESS(", \"percent\": \"50\""), "invalid-field percent: must be an integer"},
        {PROGRESS(", \"evidence\": {\"title\": \"a\", \"kind\": \"audit\"}"), "missing-field evidence.held: is missing"},
        {PROGRESS(", \"evidence\": []"), "malformed evidence: must be a map"},
        /* amounts */
        {VALUE("12"), "accepted"}, {VALUE("12.5"), "accepted"}, {VALUE("-0.001"), "accepted"}, {VALUE("\"12.5\""), "accepted"},
        {VALUE("999999999999.999"), "accepted"},
        {VALUE("12.0005"), "invalid-field value.amount: " NOT_AMOUNT},
        {VALUE("1e300"), "invalid-field value.amount: " NOT_AMOUNT},
        {VALUE("1000000000000000"), "accepted"},
        {VALUE("1000000000000001"), "invalid-field value.amount: is too large"},
        {VALUE("true"), "invalid-field value.amount: " NOT_AMOUNT},
        /* bytes */
        {BOARD("\"" DIGITS "f\""), "accepted"},
        {BOARD("\"" DIGITS "F\""), "invalid-field key: must be a bin"},
        {BOARD("\"" DIGITS "g\""), "invalid-field key: must be a bin"},
        {BOARD("\"" DIGITS "\""), "invalid-field key: must be a bin"},
        {BOARD("\"" DIGITS "fff\""), "invalid-field key: must be 32 bytes long"},
        {BOARD("\"\""), "invalid-field key: must be 32 bytes long"},
        /* nested as deep as may be, and deeper: the object is the first */
        {PROGRESS(", \"note\": [[[[[[[]]]]]]]"), "invalid-field note: must be a string"},
        {PROGRESS(", \"note\": [[[[[[[[]]]]]]]]"), "malformed : is nested too deep"},
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = line_says(arena, rows[i].line, strlen(rows[i].line));
        if (strcmp(rows[i].want, got) != 0)
            FAIL_WITH("%s: want \"%s\", got \"%s\"", rows[i].line, rows[i].want, got);
    }
    arena_destroy(&arena);
}
/* clang-format on */

static const char *
json_of_amount(struct arena *arena, int64_t thousandths)
{
    struct value v = {.amount = thousandths};

    v.has.amount = 1;
    return record_to_json(arena, &value_record, &v).at;
}

/* Numbers as far as a double is exact, then texts. */
TEST(json_amounts_lose_nothing)
{
    struct arena *arena = arena_new();

    CHECK_STR("{\"amount\":12.5}", json_of_amount(arena, 12500));
    CHECK_STR("{\"amount\":-12}", json_of_amount(arena, -12000));
    CHECK_STR("{\"amount\":999999999999.999}", json_of_amount(arena, 999999999999999));
    CHECK_STR("{\"amount\":\"1000000000000.001\"}", json_of_amount(arena, 1000000000000001));
    CHECK_STR("{\"amount\":\"-1000000000000.001\"}", json_of_amount(arena, -1000000000000001));
    CHECK_STR("{\"amount\":1000000000000000}", json_of_amount(arena, AMOUNT_MAX));
    arena_destroy(&arena);
}

/* "0 unseen", or the `seen` that it said, or "refused". */
static const char *
seen_of(struct arena *arena, const char *line)
{
    static char said[40];
    struct submission_line sub;
    struct fault fault;

    arena_reset(arena);
    if (!submission_from_json_unseen(arena, 0, &sub, line, strlen(line), &fault))
        return "refused";
    snprintf(said, sizeof said, "%" PRId64 "%s",
             sub.kind == KIND_DECISION ? sub.body.decision.seen : 0, sub.unseen ? " unseen" : "");
    return said;
}

#define DECISION(more) "{\"kind\": \"decision\", \"action\": \"p/1\", \"what\": \"void\"" more "}"

TEST(json_line_may_leave_out_what_was_seen_where_that_is_allowed)
{
    struct arena *arena = arena_new();

    CHECK_STR("0 unseen", seen_of(arena, DECISION("")));
    CHECK_STR("7", seen_of(arena, DECISION(", \"seen\": 7, \"epoch\": 0")));
    CHECK_STR("refused", seen_of(arena, DECISION(", \"seen\": 7")));
    CHECK_STR("refused", seen_of(arena, DECISION(", \"epoch\": 1")));
    CHECK_STR("0", seen_of(arena, "{\"kind\": \"progress\", \"action\": \"p/1\", \"percent\": 1}"));
    CHECK_STR("refused", seen_of(arena, "{\"kind\": \"strike\"}"));
    CHECK_STR("refused", seen_of(arena, "[]"));
    CHECK_STR("missing-field seen: is missing",
              line_says(arena, DECISION(""), strlen(DECISION(""))));
    arena_destroy(&arena);
}
