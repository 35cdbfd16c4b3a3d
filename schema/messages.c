#include "schema/messages.h"

#include "schema/days.h"

#define TEXT_OF(symbol, text, doc) [symbol] = (text),
#define DOC_OF(symbol, text, doc) [symbol] = (doc),
static const char *const query_text[] = {QUERIES(TEXT_OF)};
static const char *const query_doc[] = {QUERIES(DOC_OF)};
static const char *const want_text[] = {FEED_WANTS(TEXT_OF)};
static const char *const want_doc[] = {FEED_WANTS(DOC_OF)};
static const char *const error_text[] = {WIRE_ERRORS(TEXT_OF)};
static const char *const error_doc[] = {WIRE_ERRORS(DOC_OF)};
const struct vocabulary queries = {"query", query_text, query_doc, QUERY_COUNT};
const struct vocabulary feed_wants = {"want", want_text, want_doc, FEED_WANT_COUNT};
const struct vocabulary wire_errors = {"error", error_text, error_doc, WIRE_ERROR_COUNT};

MESSAGE_RECORDS(RECORD_TABLE)

#define WORD_OF(symbol, word, tag) [symbol] = (word),
#define RECORD_OF(symbol, word, tag) [symbol] = &tag##_record,
const char *const message_words[MESSAGE_COUNT] = {MESSAGES(WORD_OF)};
const struct record *const message_records[MESSAGE_COUNT] = {MESSAGES(RECORD_OF)};
