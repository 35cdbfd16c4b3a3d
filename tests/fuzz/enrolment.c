/* What reads as a line of enrolment prints, and reads again to the same; what does not
   gives a reason. Chance never hits on a checksum, so the input is also laid over lines
   that are right; and these are put into letters as it says, from which they must be read. */
#include <stdlib.h>
#include <string.h>

#include "schema/wire/enrolment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(const char *text)
{
    struct identity first = {0}, again = {0};
    struct fault fault = {.reason = ""};
    char line[ENROLMENT_LINE];

    if (enrolment_read_request(&first, text, &fault)) {
        enrolment_print_request(&first, line);
        if (!enrolment_read_request(&again, line, &fault)
            || memcmp(&first, &again, sizeof first) != 0)
            abort();
    } else if (!*fault.reason) {
        abort();
    }
    first = again = (struct identity){0};
    fault.reason[0] = '\0';
    if (enrolment_read_board(&first, text, &fault)) {
        if (!enrolment_print_board(&first, line, &fault)
            || !enrolment_read_board(&again, line, &fault)
            || memcmp(&first, &again, sizeof first) != 0)
            abort();
    } else if (!*fault.reason) {
        abort();
    }
}

static void
overlay(const char *line, const uint8_t *data, size_t len)
{
    char text[ENROLMENT_LINE];
    size_t size = strlen(line);
    size_t at = (size_t)(data[0] << 8 | data[1]) % size;

    memcpy(text, line, size + 1);
    memcpy(text + at, data + 2, len - 2 < size - at ? len - 2 : size - at);
    check(text);
}

/* What a program of mail, or a person, may put between any two characters of a line, and what
   may stand before and behind it. */
static const char *const breaks[] = {"",       "",    "",      "",         " ",  "\n",
                                     "\r\n> ", "=\n", "=\r\n", "\xc2\xad", "\t", "\xe2\x80\x8b"};
static const char *const before[] = {"", "Dear all,\n\n", "> ", "the line (", "it is \"", "maat! "};
static const char *const behind[] = {"", ".", "\n\nYours", ")\n", "\". Goodbye", " =\n-- \nmaat1:"};

static const char *
pick(const char *const *list, size_t count, const uint8_t *data, size_t len, size_t *at)
{
    return list[data[(*at)++ % len] % count];
}

#define PICK(list) pick(list, sizeof(list) / sizeof *(list), data, len, &at)

static void
write_letter(const char *line, const uint8_t *data, size_t len, char *letter)
{
    size_t at = 0;

    letter = stpcpy(letter, PICK(before));
    for (size_t i = 0; line[i]; i++) {
        *letter++ = line[i];
        *letter = '\0';
        if (line[i + 1] && i > strlen("maat1:")) /* by which it is found */
            letter = stpcpy(letter, PICK(breaks));
    }
    (void)stpcpy(letter, PICK(behind));
}

static void
check_letters(const char *request, const char *board, const uint8_t *data, size_t len)
{
    char letter[8 * ENROLMENT_LINE], again[ENROLMENT_LINE];
    struct identity read = {0};
    struct fault fault;

    write_letter(request, data, len, letter);
    if (!enrolment_read_request(&read, letter, &fault))
        abort();
    enrolment_print_request(&read, again);
    if (strcmp(request, again) != 0)
        abort();
    write_letter(board, data, len, letter);
    read = (struct identity){0};
    if (!enrolment_read_board(&read, letter, &fault) || !enrolment_print_board(&read, again, &fault)
        || strcmp(board, again) != 0)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct identity board = {.has = HAS_SERVER | HAS_SIGNING | HAS_ADDRESS,
                                   .address_count = 1,
                                   .address = {"tcp://board.example.org:5570"}};
    const struct identity client = {.has = HAS_CLIENT | HAS_PUBLIC, .client = "police/crm"};
    char request[ENROLMENT_LINE], line[ENROLMENT_LINE], text[ENROLMENT_LINE];
    struct fault fault;

    if (len < 2 || len >= sizeof text)
        return 0;
    memcpy(text, data, len);
    text[len] = '\0';
    check(text);
    enrolment_print_request(&client, request);
    overlay(request, data, len);
    if (!enrolment_print_board(&board, line, &fault))
        abort();
    overlay(line, data, len);
    check_letters(request, line, data, len);
    return 0;
}
