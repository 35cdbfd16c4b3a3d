#include "schema/messages.h"

#include "schema/days.h"

VOCABULARY(queries, "query", QUERIES, QUERY_COUNT);
VOCABULARY(feed_wants, "want", FEED_WANTS, FEED_WANT_COUNT);
VOCABULARY(wire_errors, "error", WIRE_ERRORS, WIRE_ERROR_COUNT);

MESSAGE_RECORDS(RECORD_TABLE)

#define WORD_OF(symbol, word, tag) [symbol] = (word),
#define RECORD_OF(symbol, word, tag) [symbol] = &tag##_record,
const char *const message_words[MESSAGE_COUNT] = {MESSAGES(WORD_OF)};
const struct record *const message_records[MESSAGE_COUNT] = {MESSAGES(RECORD_OF)};
