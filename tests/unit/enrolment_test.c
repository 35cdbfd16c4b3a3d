/* The lines and words by which an agency and its board come to know each other. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "schema/wire/enrolment.h"
#include "schema/wire/spoken.h"
#include "tests/t.h"

/* --- words ------------------------------------------------------------------ */

/* Of the list's own documents: an OpenPGP fingerprint. */
TEST(check_words_are_those_of_the_published_list)
{
    static const uint8_t bytes[] = {0xe5, 0x82, 0x94, 0xf2, 0xe9, 0xa2, 0x27, 0x48, 0x6e, 0x8b,
                                    0x06, 0x1b, 0x31, 0xcc, 0x52, 0x8f, 0xd7, 0xfa, 0x3f, 0x19};
    static const uint8_t ends[] = {0x00, 0x00, 0xff, 0xff};
    char words[400];

    check_phrase_words(bytes, sizeof bytes, words, sizeof words);
    CHECK_STR("topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa "
              "afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell "
              "bottomless",
              words);
    check_phrase_words(ends, sizeof ends, words, sizeof words);
    CHECK_STR("aardvark adroitness Zulu Yucatan", words);
}

TEST(check_phrase_is_compared_as_people_write_it)
{
    const char *phrase = "tissue Wichita rebirth Ohio Zulu fracture atlas undaunted";

    CHECK_INT(0, check_phrase_differs(phrase, phrase));
    CHECK_INT(0, check_phrase_differs(phrase, "  TISSUE-wichita, rebirth\n> ohio zulu fracture "
                                              "Atlas undaunted."));
    CHECK_INT(2, check_phrase_differs(phrase, "tissue Wichit rebirth Ohio Zulu fracture atlas "
                                              "undaunted"));
    CHECK_INT(8, check_phrase_differs(phrase, "tissue Wichita rebirth Ohio Zulu fracture atlas"));
    CHECK_INT(9, check_phrase_differs(phrase, "tissue Wichita rebirth Ohio Zulu fracture atlas "
                                              "undaunted aardvark"));
    CHECK_INT(1, check_phrase_differs(phrase, ""));
}

/* --- keys in letters and digits ------------------------------------------------ */

TEST(spoken_bytes_are_read_as_they_were_printed)
{
    uint8_t bytes[CURVE_KEY], again[CURVE_KEY];
    char text[SPOKEN_ROOM(CURVE_KEY)];
    size_t count;
    char wrong;

    for (size_t len = 1; len <= sizeof bytes; len++) {
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)random_below(256);
        spoken_print(bytes, len, text);
        CHECK(strlen(text) < SPOKEN_ROOM(len));
        CHECK(spoken_parse(text, strlen(text), again, len, &count, &wrong));
        CHECK(memcmp(bytes, again, len) == 0);
        CHECK(!spoken_parse(text, strlen(text) - 1, again, len, &count, &wrong));
    }
}

TEST(spoken_bytes_are_read_as_they_are_heard)
{
    uint8_t bytes[5];
    size_t count;
    char wrong;

    CHECK(spoken_parse("OiLo-0110", 9, bytes, 5, &count, &wrong));
    CHECK(memcmp("\x00\x42\x00\x04\x20", bytes, 5) == 0);
    CHECK(!spoken_parse("0110-011u", 9, bytes, 5, &count, &wrong));
    CHECK_INT('u', wrong);
    CHECK(!spoken_parse("0110-0110-0", 11, bytes, 5, &count, &wrong));
    CHECK_INT(9, count);
    CHECK(!spoken_parse("01", 2, bytes, 1, &count, &wrong)); /* bits that no byte has */
    CHECK(spoken_parse("00", 2, bytes, 1, &count, &wrong));
}

/* --- lines ----------------------------------------------------------------------- */

static struct identity
someone(const char *client)
{
    struct identity who = {.has = HAS_CLIENT | HAS_PUBLIC | HAS_SECRET};

    CHECK_INT(0, curve_generate(who.public, who.secret));
    (void)snprintf(who.client, sizeof who.client, "%s", client);
    return who;
}

static struct identity
some_board(void)
{
    struct identity board = {.has = HAS_SERVER | HAS_SIGNING | HAS_ADDRESS, .address_count = 2};
    uint8_t secret[CURVE_KEY];

    CHECK_INT(0, curve_generate(board.server, secret));
    CHECK_INT(0, curve_generate(board.signing, secret));
    strcpy(board.address[0], "tcp://board.example.org:5570");
    strcpy(board.address[1], "tcp://[2001:db8::1]:5570");
    return board;
}

TEST(enrolment_request_is_read_as_it_was_printed)
{
    struct identity who = someone("police/crm"), again;
    char line[ENROLMENT_LINE], mailed[2 * ENROLMENT_LINE] = "> ";
    struct fault fault;

    enrolment_print_request(&who, line);
    CHECK(strncmp(line, "maat1:request:police/crm:", 25) == 0);
    CHECK(strlen(line) < 110); /* people read it out */
    for (size_t i = 0, at = 2; line[i]; i++)
        at += (size_t)sprintf(mailed + at, "%c%s", toupper((unsigned char)line[i]),
                              i % 30 == 29 ? "\r\n> " : "");
    CHECK(enrolment_read_request(&again, line, &fault));
    CHECK(memcmp(who.public, again.public, CURVE_KEY) == 0);
    CHECK(enrolment_read_request(&again, mailed, &fault));
    (void)snprintf(mailed, sizeof mailed,
                   "From: maat@example.org\n\n> Please enrol us:\r\n> \r\n>  %.40s\r\n>  %s\r\n"
                   ">\r\n> and call us, maat1: is what it begins with\n",
                   line, line + 40);
    CHECK(enrolment_read_request(&again, mailed, &fault));
    CHECK_STR("police/crm", again.client);
    CHECK_INT(HAS_CLIENT | HAS_PUBLIC, again.has);
}

/* As letters have it: with a greeting behind it or below, broken as quoted-printable, with
   what a word processor makes of hyphens and spaces. */
TEST(enrolment_line_is_found_in_what_a_letter_makes_of_it)
{
    static const char *const around[][2] = {
        {"Our line: ", " Thanks, Records"},
        {"Our line:\n", "\nThanks,\nRecords (ring 101: we are here)\n"},
        {"(\"", "\")."},
        {"\xc2\xa0", "\xc2\xa0\n"},
        {"<b>", " </b>"},
    };
    struct identity who = someone("police/crm"), again, board = some_board();
    char line[ENROLMENT_LINE], letter[2 * ENROLMENT_LINE];
    struct fault fault;

    enrolment_print_request(&who, line);
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        (void)snprintf(letter, sizeof letter, "%s%.75s=\r\n%.4s=\n%s%s", around[i][0], line,
                       line + 75, line + 79, around[i][1]);
        if (!enrolment_read_request(&again, letter, &fault))
            FAIL_WITH("%s: %s", letter, fault.reason);
        CHECK(memcmp(who.public, again.public, CURVE_KEY) == 0);
    }
    (void)snprintf(letter, sizeof letter, "%.29s\xe2\x80\x93%s\nThanks", line, line + 30);
    CHECK(enrolment_read_request(&again, letter, &fault));
    letter[50] = letter[50] == '0' ? '2' : '0';
    CHECK(!enrolment_read_request(&again, letter, &fault));
    CHECK(strstr(fault.reason, "its checksum does not fit"));

    CHECK(enrolment_print_board(&board, line, &fault));
    (void)snprintf(letter, sizeof letter, "Hello,\n%s\nBest wishes: the operator\n", line);
    CHECK(enrolment_read_board(&again, letter, &fault));
    CHECK(memcmp(board.signing, again.signing, CURVE_KEY) == 0);
    for (size_t i = 0; i < sizeof letter - 1; i++)
        letter[i] = i % 2 ? ' ' : 'a';
    letter[sizeof letter - 1] = '\0';
    CHECK(!enrolment_read_board(&again, letter, &fault));
}

/* Each character in turn by each that may stand there. */
static void
mistype(const char *line, bool (*read)(const char *line, struct fault *fault))
{
    static const char typed[] = "0123456789abcdefghjkmnpqrstvwxyz/:.-";
    char wrong[ENROLMENT_LINE];
    struct fault fault;
    int tried = 0;

    for (size_t i = 0; line[i]; i++)
        for (const char *c = typed; *c; c++) {
            (void)snprintf(wrong, sizeof wrong, "%s", line);
            wrong[i] = *c;
            if (*c == line[i] || *c == '-' || line[i] == '-')
                continue;
            if (read(wrong, &fault))
                FAIL_WITH("taken: %s\n    for: %s", wrong, line);
            CHECK(fault.reason[0]);
            tried++;
        }
    CHECK(tried > 2000);
}

static bool
read_request(const char *line, struct fault *fault)
{
    struct identity who;
    return enrolment_read_request(&who, line, fault);
}

static bool
read_board(const char *line, struct fault *fault)
{
    struct identity who = {0};
    return enrolment_read_board(&who, line, fault);
}

TEST(enrolment_line_mistyped_by_a_character_is_never_taken)
{
    struct identity who = someone("police/crm"), board = some_board();
    char line[ENROLMENT_LINE];
    struct fault fault;

    enrolment_print_request(&who, line);
    mistype(line, read_request);
    CHECK(enrolment_print_board(&board, line, &fault));
    mistype(line, read_board);
}

static void
cut(char *line, bool (*read)(const char *line, struct fault *fault))
{
    struct fault fault;

    CHECK(read(line, &fault));
    while (*line) {
        line[strlen(line) - 1] = '\0';
        CHECK(!read(line, &fault));
    }
}

TEST(enrolment_line_cut_off_is_never_taken)
{
    struct identity who = someone("a/b"), board = some_board();
    char line[ENROLMENT_LINE];
    struct fault fault;

    enrolment_print_request(&who, line);
    cut(line, read_request);
    CHECK(enrolment_print_board(&board, line, &fault));
    cut(line, read_board);
}

TEST(enrolment_line_that_is_none_is_said_so)
{
    static const struct {
        const char *line, *reason;
        bool is_board;
    } rows[] = {
        {"", "must begin with maat1:request:", false},
        {"hello", "must begin with maat1:board:", true},
        {"maat2:request:police/crm:x:y", "another version", false},
        {"maat1:board:tcp://h:1:x:y:z", "is the board's line", false},
        {"MAAT1:REQUEST:police/crm:x:y", "is an agency's request", true},
        {"maat1:request:police/crm", "is not whole", false},
        {"maat1:board:tcp", "is not whole", true},
        {"maat1:request:police/crm:2v6n:h7k2-m0xz", "key has 4 characters, 52 is right", false},
        {"maat1:request:police/crm:2u6n:h7k2-m0xz", "neither a digit nor", false},
        {"maat1:board:udp://h:1:x:y:z", "address 1 is none", true},
    };
    struct fault fault;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!(rows[i].is_board ? read_board : read_request)(rows[i].line, &fault));
        if (!strstr(fault.reason, rows[i].reason))
            FAIL_WITH("%s: %s", rows[i].line, fault.reason);
    }
}

TEST(enrolment_of_a_board_brings_its_keys_and_what_addresses_are_new)
{
    struct identity board = some_board(), who = someone("police/crm");
    char line[ENROLMENT_LINE];
    struct fault fault;

    strcpy(who.address[0], "tcp://10.0.0.1:5570");
    strcpy(who.address[1], "tcp://board.example.org:5570");
    who.address_count = 2;
    who.has |= HAS_ADDRESS;
    CHECK(enrolment_print_board(&board, line, &fault));
    CHECK(enrolment_read_board(&who, line, &fault));
    CHECK_INT(HAS_ALL | HAS_SIGNING, who.has);
    CHECK(memcmp(board.server, who.server, CURVE_KEY) == 0);
    CHECK(memcmp(board.signing, who.signing, CURVE_KEY) == 0);
    CHECK_INT(3, who.address_count);
    CHECK_STR("tcp://10.0.0.1:5570", who.address[0]);
    CHECK_STR("tcp://[2001:db8::1]:5570", who.address[2]);

    /* One made elsewhere signs nothing, and says so. */
    board.has &= ~(unsigned)HAS_SIGNING;
    CHECK(enrolment_print_board(&board, line, &fault));
    CHECK(enrolment_read_board(&who, line, &fault));
    CHECK_INT(HAS_ALL, who.has);

    /* Another board's go: nobody is there who has the new one's key. */
    struct identity other = some_board();
    other.address_count = 1;
    strcpy(other.address[0], "tcp://other.example.org:5570");
    CHECK(enrolment_print_board(&other, line, &fault));
    CHECK(enrolment_read_board(&who, line, &fault));
    CHECK_INT(1, who.address_count);
    CHECK_STR("tcp://other.example.org:5570", who.address[0]);

    strcpy(board.address[0], "ipc:///run/my board");
    CHECK(!enrolment_print_board(&board, line, &fault));
    CHECK(strstr(fault.reason, "address 1 has a space"));
}

/* --- what is compared ------------------------------------------------------------ */

TEST(enrolment_phrase_is_of_name_and_key)
{
    struct identity who = someone("police/crm"), other = who;
    char phrase[CHECK_PHRASE], again[CHECK_PHRASE];
    unsigned words = 1;

    enrolment_request_phrase(&who, phrase);
    enrolment_request_phrase(&other, again);
    CHECK_STR(phrase, again);
    for (const char *c = phrase; *c; c++)
        words += *c == ' ';
    CHECK_INT(CHECK_WORDS, words);
    strcpy(other.client, "police/crn");
    enrolment_request_phrase(&other, again);
    CHECK(strcmp(phrase, again) != 0);
    other = who;
    other.public[31] ^= 1;
    enrolment_request_phrase(&other, again);
    CHECK(strcmp(phrase, again) != 0);
}

TEST(enrolment_phrase_of_a_board_is_of_its_keys_and_not_of_its_addresses)
{
    struct identity board = some_board();
    char phrase[CHECK_PHRASE], again[CHECK_PHRASE];

    enrolment_board_phrase(&board, phrase);
    strcpy(board.address[0], "tcp://elsewhere.example.org:5570");
    enrolment_board_phrase(&board, again);
    CHECK_STR(phrase, again);
    board.signing[0] ^= 1;
    enrolment_board_phrase(&board, again);
    CHECK(strcmp(phrase, again) != 0);
}

/* So that programs of different releases show the same. */
TEST(enrolment_phrase_stays_what_it_was)
{
    struct identity who = {.has = HAS_CLIENT | HAS_PUBLIC, .client = "police/crm"};
    char line[ENROLMENT_LINE], phrase[CHECK_PHRASE];

    for (size_t i = 0; i < CURVE_KEY; i++)
        who.public[i] = (uint8_t)i;
    enrolment_print_request(&who, line);
    CHECK_STR("maat1:request:police/"
              "crm:000g-40r4-0m30-e209-185g-r38e-1w81-24gk-2gah-c5rr-34d1-p70x-3rfg:kc58-9fbk",
              line);
    enrolment_request_phrase(&who, phrase);
    CHECK_STR("deadbolt existence preshrunk newsletter Belfast finicky drumbeat intention", phrase);
}
