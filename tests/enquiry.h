/* Questions to a small board, without broker and wire: what a client asks is JSON, and
   of what it hears the record is there. For those that need no past (tests/heard.h has
   the others). */
#ifndef TESTS_ENQUIRY_H
#define TESTS_ENQUIRY_H

#include "schema/messages.h"
#include "tests/small_board.h"

struct enquiry {
    struct small_board board;
    struct arena *arena; /* of the answer */
    uint8_t *frame;
    union message answer;
};

void enquiry_open(struct enquiry *r);
void enquiry_close(struct enquiry *r);

/* A submission as JSON with single quotes, accepted; printf's arguments. */
void enquiry_say(struct enquiry *r, const char *client, const char *line, ...)
    __attribute__((format(printf, 3, 4)));

/* Asks, and wants a RESULT or an ERROR: it is r->answer until the next. */
void enquiry_ask(struct enquiry *r, const char *client, enum message_kind want, const char *query,
                 ...) __attribute__((format(printf, 4, 5)));

#endif
