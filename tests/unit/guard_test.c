#include "schema/guard.h"

#include <stdbool.h>
#include <stdlib.h>

#include "tests/t.h"

static const char *const mailboxes[] = {"safeguarding@knowsley.example",
                                        "Board.Office@lscb.example"};
static const struct guard guard = {mailboxes, 2};

static const char nhs[] = "an NHS number";
static const char insurance[] = "a National Insurance number";
static const char birth[] = "a date of birth";
static const char phone[] = "a UK phone number";
static const char mail[] = "an e-mail address";

struct row {
    const char *what; /* NULL: nothing is found */
    const char *text; /* "^" stands where it begins, and is not part of it */
};

/* The numbers are the published examples, or of ranges that are kept for
   fiction: 0151 496 0xxx, 07700 900xxx, 020 7946 0xxx, 01632 960xxx. */
/* clang-format off */
static const struct row rows[] = {
    {NULL, ""},
    {NULL, "Training needs analysis is complete for front line staff."},
    {NULL, "In excess of 2,000 allocated places have been filled."},

    /* --- NHS numbers --- */
    {nhs,  "^9434765919"},
    {nhs,  "NHS no ^943 476 5919."},
    {nhs,  "NHS no.^943.476.5919"},
    {nhs,  "(^943-476-5919)"},
    {nhs,  "^943 - 476 - 5919"},
    {nhs,  "^943\t476\n5919"},
    {nhs,  "^943_476_5919"},
    {nhs,  "NHS^9434765919"},
    {nhs,  "NHSno^9434765919"},
    {nhs,  "^9434765919 and more"},
    {nhs,  "^9434765919,4010232137"},
    {nhs,  "seen with 4010232138 and ^4505577104"},
    {nhs,  "health/^9434765919"},             /* in an id */
    {nhs,  "nhs-^9434765919"},
    {nhs,  "https://records.example/patient/^9434765919/notes"},
    {nhs,  "https://records.example/find?nhs=^9434765919&x=1"},
    {nhs,  "https://records.example/find?nhs=^943+476+5919"},
    {nhs,  "https://records.example/^943%20476%205919"},
    {nhs,  "https://records.example/^943%2D476%2d5919"},
    {nhs,  "2016 ^943 476 5919"},
    {nhs,  "aged 12, ^943 476 5919"},
    {nhs,  "^4000000004"},                    /* its sum is 44 */
    {nhs,  "100%, ^9434765919"},
    {NULL, "9434765918"},                     /* the check digit is wrong */
    {NULL, "9434765910"},
    {NULL, "8434765919"},
    {NULL, "943476591"},
    {NULL, "94347659190"},
    {NULL, "19434765919"},
    {NULL, "A9434765919"},
    {NULL, "9434765919A"},
    {NULL, "XNHS9434765919"},
    {NULL, "943 476 59190"},
    {NULL, "1943 476 5919"},
    {NULL, "943 476 591"},
    {NULL, "943 47 65919"},
    {NULL, "9434 76 5919"},
    {NULL, "943476 5919"},
    {NULL, "943/476/5919"},
    {NULL, "943, 476, 5919"},
    {NULL, "943    476 5919"},                /* four spaces: columns */
    {NULL, "x943 476 5919"},
    {NULL, "943 476 5919x"},
    {NULL, "33.3333333333"},                  /* a third, as a spreadsheet prints it */
    {NULL, "0.3333333333"},
    {nhs,  "see note.^3333333333"},
    {NULL, "ISBN 0306406152"},
    {NULL, "isbn:0306406152"},
    {NULL, "ISBN-10: 0306406152"},
    {NULL, "ISBN10 0306406152"},
    {NULL, "ISBN-13: 978-0306406152"},
    {NULL, "ISBN number 0306406152"},
    {NULL, "ISBN No. 0140449132"},
    {NULL, "ISBN 0-306-40615-2"},
    {NULL, "ISBN 978-0-306-40615-7"},
    {NULL, "ISBN 9780306406157"},
    {NULL, "9780306406157"},
    {nhs,  "ISBN 0306406152, NHS ^9434765919"},
    {nhs,  "ISBN unknown: ^9434765919"},
    {nhs,  "ISBN 0306406152 ^9434765919"},
    {NULL, "SCR-0001234567"},
    {NULL, "invoice 2016123456"},
    {NULL, "invoice 1234567890"},

    /* --- National Insurance numbers --- */
    {insurance, "^AB123456C"},
    {insurance, "NI number: ^AB 12 34 56 C"},
    {insurance, "^QQ 12 34 56 C"},            /* the example that everybody tries */
    {insurance, "^ab123456a"},
    {insurance, "^ab 12 34 56 c"},
    {insurance, "^AB-12-34-56-C,"},
    {insurance, "^AB.12.34.56.C"},
    {insurance, "^AB 123456 C"},
    {insurance, "^AB 12 34 56C"},
    {insurance, "^AB 1234 56 A"},
    {insurance, "^AB123456 D and"},
    {insurance, "?ni=^AB123456B&"},
    {insurance, "^OA123456A"},
    {insurance, "^AA 12 34 56 A"},
    {insurance, "^ZA 12 34 56 A"},
    {NULL, "AB123456E"},
    {NULL, "AB123456"},
    {NULL, "AB12345C"},
    {NULL, "AB1234567C"},
    {NULL, "AB 12 34 5 C"},
    {NULL, "AB 12 34 567 C"},
    {NULL, "AB123456CC"},
    {NULL, "AB123456C1"},
    {NULL, "XAB123456C"},
    {NULL, "1AB123456C"},
    {NULL, "A123456C"},
    {NULL, "AB/123456/C"},
    {NULL, "AB    123456C"},
    {NULL, "AB123456    C"},
    {NULL, "AO123456C"}, {NULL, "DA123456C"}, {NULL, "AD123456C"}, {NULL, "FA123456C"},
    {NULL, "AF123456C"}, {NULL, "IA123456C"}, {NULL, "AI123456C"}, {NULL, "QA123456C"},
    {NULL, "AQ123456C"}, {NULL, "UA123456C"}, {NULL, "AU123456C"}, {NULL, "VA123456C"},
    {NULL, "AV123456C"}, {NULL, "BG123456C"}, {NULL, "GB123456C"}, {NULL, "KN123456C"},
    {NULL, "NK123456C"}, {NULL, "NT123456C"}, {NULL, "TN123456C"}, {NULL, "ZZ123456C"},
    {NULL, "on 311216 a review was held"},
    {insurance, "^ON 311216 A"},
    {NULL, "WA 12 34"},

    /* --- dates of birth --- */
    {birth, "born ^3.4.2010"},
    {birth, "Born: ^03/04/2010"},
    {birth, "born on ^03/04/10"},
    {birth, "born on the ^3rd of April 2010"},
    {birth, "born ^3 April 2010"},
    {birth, "born ^3 Apr 2010"},
    {birth, "born ^3-Apr-10"},
    {birth, "born ^1st Sept. 2010"},
    {birth, "born ^2nd May 2010"},
    {birth, "born ^31 december, 2010"},
    {birth, "born ^April 3, 2010"},
    {birth, "born ^April 3rd 2010"},
    {birth, "born ^April - 3, 2010"},
    {NULL,  "born April  - 3, 2010"},
    {birth, "born ^3 January 2010"}, {birth, "born ^3 February 2010"}, {birth, "born ^3 Mar 2010"},
    {birth, "born ^3 May 2010"},     {birth, "born ^3 June 2010"},     {birth, "born ^3 July 2010"},
    {birth, "born ^3 August 2010"},  {birth, "born ^3 Oct 2010"},      {birth, "born ^3 Nov 2010"},
    {birth, "born ^3 December 2010"},
    {birth, "born at 2, ^3.4.2010"},
    {birth, "born ^3april2010"},
    {birth, "born ^2010-04-03"},
    {birth, "born ^2010/4/3"},
    {birth, "born ^4/13/2010"},               /* as Americans write it */
    {birth, "born in Liverpool on ^3.4.2010"},
    {birth, "born prematurely on the ^3 April 2010"},
    {birth, "DOB ^3.4.2010"},
    {birth, "DOB^03/04/2010"},
    {birth, "dob: ^03 04 2010"},
    {birth, "DoB ^03042010"},
    {birth, "DOB ^20100403"},
    {birth, "DOB ^030410"},
    {birth, "DOB=^03%2F04%2F2010"},
    {birth, "D.O.B. ^3/4/2010"},
    {birth, "D.O.B ^3/4/2010"},
    {birth, "d o b ^3/4/2010"},
    {birth, "D - O - B ^3/4/2010"},
    {birth, "D/O/B: ^3/4/2010"},
    {birth, "date of birth ^3/4/2010"},
    {birth, "Date of Birth: ^31/12/1999"},
    {birth, "date of birth of the child: ^3/4/2010"},
    {birth, "birth date ^3/4/2010"},
    {birth, "birthday: ^3/4/2010"},
    {birth, "birthdate ^3/4/2010"},
    {birth, "birth ^3/4/2010"},
    {birth, "born ^1.1.1900"},
    {birth, "born ^1.1.2199"},
    {birth, "reviewed 5.6.2015; born ^3.4.2010"},
    {NULL, "31/12/2016"},
    {NULL, "due 31 December 2016"},
    {NULL, "born 2010"},
    {NULL, "born in April 2010"},             /* no day: as reviews are published */
    {NULL, "born 3 April"},
    {NULL, "born 3/4"},
    {NULL, "born 32.4.2010"},
    {NULL, "born 0.4.2010"},
    {NULL, "born 31.13.2010"},
    {NULL, "born 13.13.2010"},
    {NULL, "born 3.0.2010"},
    {NULL, "born 3.4.1899"},
    {NULL, "born 3.4.2200"},
    {NULL, "born 3.4.201"},
    {NULL, "born 3.4.20100"},
    {NULL, "born 3 ap 2010"},
    {NULL, "born 3 Aprill 2010"},
    {NULL, "born 3 apricots 2010"},
    {NULL, "DOB 99999999"},
    {NULL, "DOB 20100432"},
    {NULL, "DOB 99990403"},
    {NULL, "born 003.4.2010"},
    {NULL, "DOB 03132010"},
    {NULL, "DOB 991399"},
    {NULL, "stubborn 3.4.2010"},
    {NULL, "newborns 3.4.2010"},
    {NULL, "babies born between 1 April 2015 and 31 March 2016"},
    {NULL, "children born after 1.9.2015"},
    {NULL, "born before 1.9.2015"}, {NULL, "born during 1.9.2015"}, {NULL, "born from 1.9.2015"},
    {NULL, "born since 1.9.2015"},  {NULL, "born until 1.9.2015"},
    {NULL, "born on or after 1 September 2015"},
    {NULL, "born 2010, case closed 3.4.2016"},
    {birth, "born at home and then ^3.4.2016"},
    {NULL, "born at home and then on 3.4.2016"}, /* five words away */
    {NULL, "the birth mother attended on 3.4.2016"},
    {NULL, "the birth rate fell by 3.4.2016"},
    {NULL, "O.B. 3.4.2016"},

    /* --- phone numbers --- */
    {phone, "^07700900123"},
    {phone, "call ^07700 900123."},
    {phone, "call ^07700 900 123"},
    {phone, "^07700-900-123"},
    {phone, "^07700.900.123"},
    {phone, "^+447700900123"},
    {phone, "^+44 7700 900123"},
    {phone, "^+44 (0)7700 900123"},
    {phone, "^+44(0)7700900123"},
    {phone, "Tel^+447700900123"},
    {phone, "^00447700900123"},
    {phone, "^0044 7700 900123"},
    {phone, "^00 44 7700 900123"},
    {phone, "^0044 (0) 7700 900123"},
    {phone, "^0151 496 0123"},
    {phone, "(^0151) 496 0123"},
    {phone, "(^0151)496-0123"},
    {phone, "^0151 4960123"},
    {phone, "^01514960123"},
    {phone, "^+44 151 496 0123"},
    {phone, "^020 7946 0123"},
    {phone, "(^020) 7946 0123"},
    {phone, "^01632 960123"},
    {phone, "^01744 12345"},                  /* nine digits, in places */
    {phone, "^+44 1744 12345"},
    {phone, "^+44174412345"},
    {phone, "^0909 879 0123"},
    {phone, "^0845 496 0123"},
    {phone, "^0870 496 0123"},
    {phone, "^055 1234 5678"},
    {phone, "tel:^+441514960123"},
    {phone, "Tel^01514960123"},
    {phone, "Mob^07700900123"},
    {phone, "^0151 496 0123 ext 4"},
    {phone, "^0151 496 0123/4"},
    {phone, "0800 1111 or ^0151 496 0123"},
    {phone, "tel=^%2B44%20151%20496%200123"},
    {phone, "tel=^%2b44%280%29151%20496%200123"},
    {phone, "ring 101 or ^0151 496 0123"},
    {NULL, "0800 1111"},                      /* Childline */
    {NULL, "0808 800 5000"},                  /* NSPCC */
    {NULL, "08088005000"},
    {NULL, "0808 2000 247"},
    {NULL, "+44 808 800 5000"},
    {NULL, "+44 (0)808 800 5000"},
    {NULL, "0044 800 1111 222"},
    {NULL, "0800 500 005"},
    {NULL, "0800500008"},                     /* and as an NHS number it would be right */
    {NULL, "0300 123 5005"},
    {NULL, "0345 496 0123"},
    {NULL, "03001235005"},
    {NULL, "+44 300 123 5005"},
    {NULL, "101"}, {NULL, "111"}, {NULL, "999"}, {NULL, "116 000"}, {NULL, "116 123"},
    {NULL, "0845 46 47"},
    {NULL, "0151 496 012"},
    {NULL, "0151 496 01234"},
    {NULL, "015149601234"},
    {NULL, "A01514960123"},
    {NULL, "01514960123A"},
    {NULL, "+4415149601"},
    {NULL, "+353 1 496 0123"},
    {NULL, "+4 7700 900123"},
    {NULL, "44 7700 900123"},
    {NULL, "447700900123"},
    {NULL, "0441514960123"},
    {NULL, "0 151 496 0123"},
    {NULL, "01 51 496 0123"},
    {NULL, "0151/496/0123"},
    {NULL, "0151    496 0123"},
    {NULL, "0174412345"},                     /* a reference as likely */
    {NULL, "020 7946 012"},
    {NULL, "0401 234 5678"}, {NULL, "0601 234 5678"},
    {NULL, "ISBN 01514960123"},

    /* --- e-mail addresses --- */
    {mail, "^jo@example.org"},
    {mail, "mail ^jo.bloggs-smith_1+x@mail.police.example."},
    {mail, "mailto:^jo@example.org?subject=x"},
    {mail, "<^jo@example.org>"},
    {mail, "?to=^jo%40example.org"},
    {mail, "...^jo@example.org"},
    {mail, "^jo@example.org-"},
    {mail, "^1@example.org"},
    {mail, "jo@@x,^jo@example.org"},
    {mail, "^jo@a.bc"},
    {mail, "safeguarding@knowsley.example, ^jo@knowsley.example"},
    {mail, "^xsafeguarding@knowsley.example"},
    {mail, "^x.safeguarding@knowsley.example"},
    {mail, "^safeguarding@knowsley.example.org"},
    {mail, "^safeguarding@knowsley.exampl"},
    {mail, "^afeguarding@knowsley.example"},
    {mail, "^xafeguarding@knowsley.example"},
    {NULL, "safeguarding@knowsley.example"},
    {NULL, "Safeguarding@Knowsley.Example"},
    {NULL, "(safeguarding@knowsley.example)."},
    {NULL, "board.office@lscb.example"},
    {NULL, "@knowsleyboard"},
    {NULL, "@knowsley.example"},
    {NULL, "5 places @ 20.00 each"},
    {NULL, "jo@example"},
    {NULL, "jo@example.o"},
    {NULL, "jo@10.20"},
    {NULL, "jo@.org"},
    {NULL, "jo @example.org"},
    {NULL, "."}, {NULL, "@"}, {NULL, "a@"},

    /* --- what plans are full of --- */
    {NULL, "CR/2015/001234"},
    {NULL, "2016-17"},
    {NULL, "2015 - 2016"},
    {NULL, "2013/14"},
    {NULL, "14:30"},
    {NULL, "01-02-2016 14:30"},
    {NULL, "01.02.2016 12.30"},
    {NULL, "2016-07-13T10:00:00Z"},
    {NULL, "2016-07-13"},
    {NULL, "98.5%"},
    {NULL, "50%20%40%"},
    {NULL, "\xc2\xa3" "1,250,000.00"},
    {NULL, "L34 9GQ"},
    {NULL, "SW1A 2AA"},
    {NULL, "0-25 years; 5 to 19"},
    {NULL, "section 47, Working Together 2015, p. 123"},
    {NULL, "da-2016/1.1"},
    {NULL, "123e4567-e89b-12d3-a456-426614174000"},
    {NULL, "4929 1234 5678 9012"},
};
/* clang-format on */

struct marked {
    char text[256];
    size_t len;
    size_t position; /* of the mark, from 1; 0 if there was none */
};

static struct marked
unmark(const char *text)
{
    const char *mark = strchr(text, '^');
    struct marked m = {.len = 0};

    CHECK(strlen(text) < sizeof m.text);
    m.position = mark ? (size_t)(mark - text) + 1 : 0;
    for (; *text; text++)
        if (*text != '^')
            m.text[m.len++] = *text;
    return m;
}

/* In a buffer of exactly its size, so that a sanitizer sees a read past it. */
static void
check(const char *text, size_t len, const char *what, size_t position)
{
    struct guard_find find = {"", 0};
    char *exact = malloc(len + 1);

    CHECK(exact);
    memcpy(exact + 1, text, len);
    bool clean = guard_check_text(&guard, exact + 1, len, &find);
    free(exact);
    if (clean != !what || strcmp(what ? what : "", find.what) != 0 || position != find.position)
        FAIL_WITH("\"%.*s\": want %s at %zu, got %s at %zu", (int)len, text,
                  what ? what : "nothing", position, find.what, find.position);
}

TEST(guard_finds_what_has_the_form)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct marked m = unmark(rows[i].text);
        CHECK_INT(rows[i].what != NULL, m.position > 0);
        check(m.text, m.len, rows[i].what, m.position);
    }
}

/* At any distance from the start, so that looking at eight bytes at once hides
   nothing. */
TEST(guard_finds_at_any_place)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t before = 1; before <= 17; before++) {
            struct marked m = unmark(rows[i].text);
            char longer[sizeof m.text + 64];
            memset(longer, ';', sizeof longer);
            memcpy(longer + before, m.text, m.len);
            check(longer, before + m.len + before, rows[i].what,
                  m.position ? before + m.position : 0);
        }
}

/* Characters of no width change nothing, wherever they are. */
TEST(guard_sees_through_characters_of_no_width)
{
    static const char *const nothing[] = {
        "\xe2\x80\x8b", /* zero-width space */
        "\xe2\x80\x8d", /* zero-width joiner */
        "\xef\xbb\xbf", /* byte order mark */
        "\xc2\xad",     /* soft hyphen */
        "\xcc\xb2",     /* underlined */
        "\xe2\x80\xae", /* right to left */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < sizeof nothing / sizeof *nothing; k++) {
            struct marked m = unmark(rows[i].text);
            size_t width = strlen(nothing[k]);
            for (size_t at = 0; at <= m.len; at++) {
                char wider[sizeof m.text + 8];
                if (at < m.len && (m.text[at] & 0xc0) == 0x80)
                    continue; /* within a character */
                memcpy(wider, m.text, at);
                memcpy(wider + at, nothing[k], width);
                memcpy(wider + at + width, m.text + at, m.len - at);
                check(wider, m.len + width, rows[i].what,
                      m.position + (m.position > at ? width : 0));
            }
        }
}

/* Digits, letters and signs of full width are what they look like. */
TEST(guard_reads_full_width)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct marked m = unmark(rows[i].text);
        char wide[3 * sizeof m.text];
        size_t len = 0;
        size_t position = 0;

        for (size_t at = 0; at < m.len; at++) {
            unsigned c = (unsigned char)m.text[at];
            if (at + 1 == m.position)
                position = len + 1;
            if (c > 0x20 && c < 0x7f) { /* U+FF01 to U+FF5E */
                wide[len++] = (char)0xef;
                wide[len++] = (char)(0xbc + (c - 0x20) / 0x40);
                wide[len++] = (char)(0x80 + (c - 0x20) % 0x40);
            } else {
                wide[len++] = (char)c;
            }
        }
        check(wide, len, rows[i].what, position);
    }
}

/* clang-format off */
static const struct row typed[] = {
    {nhs,   "NHS \xe2\x80\x98^943\xc2\xa0" "476\xe2\x80\x89" "5919\xe2\x80\x99"}, /* kinds of space */
    {nhs,   "^943\xe2\x80\x93" "476\xe2\x80\x93" "5919"},             /* en dashes */
    {nhs,   "^943\xe2\x88\x92" "476\xe2\x80\x91" "5919"},             /* minus, no-break hyphen */
    {nhs,   "^943\xc2\xb7" "476\xc2\xb7" "5919"},                     /* middle dots */
    {nhs,   "^\xf0\x9d\x9f\x97\xf0\x9d\x9f\x92\xf0\x9d\x9f\x91" "4765919"}, /* bold digits */
    {nhs,   "caf\xc3\xa9 ^9434765919"},
    {nhs,   "\xff^9434765919"},                                       /* not UTF-8 */
    {NULL,  "\xd0\xb6" "9434765919"},                                 /* after a Cyrillic letter */
    {NULL,  "9434765919\xd0\xb6"},
    {NULL,  "\xc3\xa9" "9434765919"},
    {nhs,   "\xe2\x82\xac^9434765919"},                               /* after a euro sign */
    {birth, "n\xc3\xa9 le, b\xc3\xb3rn ^3.4.2010"},
    {mail,  "\xc2\xab^jo@example.org\xc2\xbb"},
    {mail,  "^j\xc3\xb6@example.org"},
    {mail,  "^\xd0\xb6@example.org"},
    {mail,  "^jo\xef\xb9\xab" "example.org"},                         /* a small at */
    {phone, "\xe2\x98\x8e ^0151 496 0123"},
    {phone, "Tel\xe2\x84\xa1 \xef\xbc\x88^0151\xef\xbc\x89 496 0123"},
};
/* clang-format on */

TEST(guard_reads_what_is_typed_otherwise)
{
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct marked m = unmark(typed[i].text);
        check(m.text, m.len, typed[i].what, m.position);
    }
}

TEST(guard_names_the_first_of_several)
{
    struct marked m = unmark("see ^jo@example.org, 07700 900123, 943 476 5919");
    check(m.text, m.len, mail, m.position);
    m = unmark("see ^943 476 5919, jo@example.org, 07700 900123");
    check(m.text, m.len, nhs, m.position);
}

TEST(guard_without_mailboxes_finds_them_all)
{
    static const struct guard none = {NULL, 0};
    struct guard_find find;
    CHECK(!guard_check_text(&none, mailboxes[0], strlen(mailboxes[0]), &find));
    CHECK_STR(mail, find.what);
    CHECK_INT(1, find.position);
}

TEST(guard_searches_whole_texts)
{
    static char text[GUARD_TEXT + 2];
    struct guard_find find;
    const size_t last = GUARD_TEXT - 10;

    memset(text, 'x', sizeof text);
    text[last - 1] = ' ';
    memcpy(text + last, "9434765919", 10);
    check(text, GUARD_TEXT, nhs, last + 1);
    text[last] = '8';
    check(text, GUARD_TEXT, NULL, 0);
    check(text, sizeof text, NULL, 0); /* plain ones of any length */

    memcpy(text, "\xc3\xa9", 2);
    check(text, GUARD_TEXT, NULL, 0);
    text[last] = '9';
    check(text, GUARD_TEXT, nhs, last + 1);
    CHECK(!guard_check_text(&guard, text, GUARD_TEXT + 1, &find));
    CHECK_STR("more text than can be searched", find.what);
    CHECK_INT(GUARD_TEXT + 1, find.position);

    for (size_t i = 0; i + 3 <= GUARD_TEXT; i += 3)
        memcpy(text + i, "\xef\xb7\xba", 3); /* the one that grows most */
    check(text, GUARD_TEXT / 3 * 3, NULL, 0);
}

TEST(guard_refuses_without_the_value)
{
    struct guard_find find;
    struct fault fault;

    CHECK(!guard_check_text(&guard, "NHS 9434765919", 14, &find));
    CHECK(!guard_refuse(&fault, "note", &find));
    CHECK_INT(FAULT_PERSONAL_DATA, fault.code);
    CHECK_STR("note", fault.field);
    CHECK_STR("looks as if it held an NHS number, at byte 5", fault.reason);
}
