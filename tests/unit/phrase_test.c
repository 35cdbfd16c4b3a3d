#include "agents/cli/printed/phrase.h"
#include "tests/t.h"

/* The tokens with a space between them; marks as they are. */
static const char *
spelled(const char *cell)
{
    static char buf[2 * PHRASE_BYTES];
    struct phrase p;
    size_t len = 0;

    phrase_read(&p, cell);
    buf[0] = '\0';
    for (size_t i = 0; i < p.count; i++) {
        const struct token *t = &p.tokens[i];
        char mark[2] = {(char)t->mark, '\0'};
        len += (size_t)snprintf(buf + len, sizeof buf - len, "%s%s", i ? " " : "",
                                t->kind == TOKEN_MARK ? mark : t->text);
    }
    return buf;
}

TEST(phrase_makes_what_people_wrote_comparable)
{
    /* clang-format off */
    static const struct { const char *cell, *want; } rows[] = {
        {"", ""},
        {" \t ", ""},
        {"Police", "police"},
        {"31st March", "31 st march"},
        {"Q2 2016/17", "q 2 2016 / 17"},
        {"Children’s Social Care", "childrens social care"},
        {"Children's  Social\u00a0Care", "childrens social care"},
        {"partners' views", "partners views"},
        {"Mar ’15", "mar ' 15"},
        {"O\ufb03cer", "officer"},                       /* a ligature, as a PDF gives it */
        {"multi\u00adagency", "multiagency"},            /* a soft hyphen */
        {"2015\u20132016", "2015 - 2016"},               /* an en dash */
        {"Nov\u2014Jan \u2212 \u2010", "nov - jan - -"}, /* em dash, minus, hyphen */
        {"\uff11\uff12", "12"},                          /* full-width digits */
        {"one\ntwo\r\nthree", "one \n two \n three"},
        {"A&B", "a & b"},
        {"Caf\u00e9", "cafe\u0301"}, /* as two characters, however it was written */
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(rows[i].want, spelled(rows[i].cell));
}

TEST(phrase_knows_where_a_token_stood_and_its_capitals)
{
    static const char cell[] = " CSC’s Head";
    struct phrase p;

    phrase_read(&p, cell);
    CHECK_INT(2, p.count);
    CHECK_INT(1, p.tokens[0].start);
    CHECK_INT(7, p.tokens[0].len);
    CHECK(!p.tokens[0].capitals); /* for its "s" */
    CHECK(memcmp("Head", cell + p.tokens[1].start, p.tokens[1].len) == 0);
    phrase_read(&p, "CSC Csc");
    CHECK(p.tokens[0].capitals);
    CHECK(!p.tokens[1].capitals);
}

TEST(phrase_takes_a_byte_that_is_not_utf8_as_a_mark)
{
    struct phrase p;

    phrase_read(&p, "a\xff\xc3");
    CHECK_INT(3, p.count);
    CHECK_INT(TOKEN_MARK, p.tokens[1].kind);
    CHECK_INT(TOKEN_MARK, p.tokens[2].kind);
}

TEST(phrase_says_when_it_is_cut)
{
    static char cell[2 * PHRASE_BYTES];
    struct phrase p;

    for (size_t i = 0; i < 2 * (size_t)PHRASE_TOKENS; i++)
        cell[i] = i % 2 ? ' ' : 'a';
    cell[2 * PHRASE_TOKENS - 1] = '\0';
    phrase_read(&p, cell);
    CHECK_INT(PHRASE_TOKENS, p.count);
    CHECK(!p.cut);
    strcat(cell, " a");
    phrase_read(&p, cell);
    CHECK_INT(PHRASE_TOKENS, p.count);
    CHECK(p.cut);

    memset(cell, 'a', sizeof cell);
    cell[PHRASE_BYTES - 1] = '\0';
    phrase_read(&p, cell);
    CHECK_INT(PHRASE_BYTES - 1, strlen(p.tokens[0].text));
    CHECK(!p.cut);
    cell[PHRASE_BYTES - 1] = 'a';
    cell[PHRASE_BYTES] = '\0';
    phrase_read(&p, cell);
    CHECK(p.cut);
}

TEST(phrase_match_steps_over_the_and_dashes)
{
    /* clang-format off */
    static const struct { const char *cell; size_t at; const char *words; size_t want; } rows[] = {
        {"in progress", 0, "in progress", 2},
        {"in progress", 1, "in progress", 0},
        {"in progress", 0, "in", 1},
        {"in", 0, "in progress", 0},
        {"On-going", 0, "on going", 3},
        {"end of the year", 0, "end of year", 4},
        {"the end", 0, "end", 0}, /* not before the first */
        {"w/c 6 March", 0, "w c", 3},
        {"100 things", 0, "100 things", 2},
        {"in, progress", 0, "in progress", 0},
        {"inn progress", 0, "in", 0},
        {"", 0, "in", 0},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phrase p;
        phrase_read(&p, rows[i].cell);
        CHECK_INT(rows[i].want, phrase_match(&p, rows[i].at, rows[i].words));
    }
}

TEST(phrase_match_any_takes_the_longest)
{
    static const char *const choices[] = {"end", "end of", "by", NULL};
    struct phrase p;

    phrase_read(&p, "end of March");
    CHECK_INT(2, phrase_match_any(&p, 0, choices));
    CHECK_INT(0, phrase_match_any(&p, 2, choices));
}

TEST(phrase_token_number_minds_its_digits)
{
    struct phrase p;

    phrase_read(&p, "07 2015 x");
    CHECK_INT(7, token_number(phrase_token(&p, 0), 1, 2));
    CHECK_INT(-1, token_number(phrase_token(&p, 0), 1, 1));
    CHECK_INT(-1, token_number(phrase_token(&p, 0), 3, 4));
    CHECK_INT(2015, token_number(phrase_token(&p, 1), 4, 4));
    CHECK_INT(-1, token_number(phrase_token(&p, 2), 1, 9));
    CHECK_INT(-1, token_number(phrase_token(&p, 3), 0, 9));
    CHECK_INT(TOKEN_END, phrase_token(&p, 3)->kind);
}
