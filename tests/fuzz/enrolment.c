/* What reads as a line of enrolment prints, and reads again to the same; what does not
   gives a reason. Chance never hits on a checksum, so the input is also laid over lines
   that are right. */
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct identity board = {.has = HAS_SERVER | HAS_SIGNING | HAS_ADDRESS,
                                   .address_count = 1,
                                   .address = {"tcp://board.example.org:5570"}};
    const struct identity client = {.has = HAS_CLIENT | HAS_PUBLIC, .client = "police/crm"};
    char line[ENROLMENT_LINE], text[ENROLMENT_LINE];
    struct fault fault;

    if (len < 2 || len >= sizeof text)
        return 0;
    memcpy(text, data, len);
    text[len] = '\0';
    check(text);
    enrolment_print_request(&client, line);
    overlay(line, data, len);
    if (!enrolment_print_board(&board, line, &fault))
        abort();
    overlay(line, data, len);
    return 0;
}
