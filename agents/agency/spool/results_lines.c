#include "agents/agency/spool/results_lines.h"

#include <string.h>
#include <time.h>

#include "schema/json.h"
#include "schema/records_of.h"

enum { MOMENT = 32, SECOND = 1000000 };

/* clang-format off */
#define DONE_LINE_FIELDS(F, S)                                                                     \
    F(S, file,   REQUIRED, TEXT(1, 300),  "the file, as it is named in taken/")                    \
    F(S, line,   REQUIRED, NUMBER,        "the line on which the row begins")                      \
    F(S, n,      OPTIONAL, NUMBER,        "under which n it was queued")                           \
    F(S, number, OPTIONAL, NUMBER,        "its journal number")                                    \
    F(S, unchanged, OPTIONAL, FLAG,       "the row says nothing, so nothing was sent")             \
    F(S, at,     REQUIRED, TEXT(1, 32),   "when the broker's verdict came, or it was looked at; UTC")

#define REFUSED_LINE_FIELDS(F, S)                                                                  \
    F(S, file,   REQUIRED, TEXT(1, 300),  "the file, as it is named in taken/")                    \
    F(S, line,   REQUIRED, NUMBER,        "the line on which the row begins; 0: the file as a whole") \
    F(S, code,   REQUIRED, WORD(fault_code, fault_codes), "why")                                   \
    F(S, field,  REQUIRED, TEXT(0, 64),   "which field; empty for the whole line")                 \
    F(S, reason, REQUIRED, TEXT(0, 300),  "a sentence")                                            \
    F(S, n,      OPTIONAL, NUMBER,        "by the broker: under which n it was queued")            \
    F(S, number, OPTIONAL, NUMBER,        "by the broker: its journal number")                     \
    F(S, at,     REQUIRED, TEXT(1, 32),   "when the broker's verdict came, or the agent's; UTC")

/* What is read again of either. */
#define SAID_LINE_FIELDS(F, S)                                                                     \
    F(S, file,   REQUIRED, TEXT(1, 300),  "the file")                                              \
    F(S, line,   REQUIRED, NUMBER,        "its line")                                              \
    F(S, n,      OPTIONAL, NUMBER,        "its n")

#define RESULT_LINE_RECORDS(X)                                                                     \
    X(done_line, DONE_LINE_FIELDS, CLOSED, "A line of NAME.done.")                                 \
    X(refused_line, REFUSED_LINE_FIELDS, CLOSED, "A line of NAME.refused.")                        \
    X(said_line, SAID_LINE_FIELDS, OPEN, "A line of either.")
/* clang-format on */

RESULT_LINE_RECORDS(RECORD_STRUCT)
RESULT_LINE_RECORDS(RECORD_TABLE)

static struct text
moment(struct arena *arena, int64_t wall)
{
    time_t seconds = (time_t)(wall / SECOND);
    char *text = arena_take(arena, MOMENT);
    struct tm tm;
    size_t len = strftime(text, MOMENT, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &tm));

    return (struct text){text, (uint32_t)len};
}

static struct text
say_refused(struct arena *arena, struct refused_line *said, const char *file, int64_t line,
            int64_t wall)
{
    said->file = text_of(file);
    said->line = line;
    said->at = moment(arena, wall);
    said->has.file = said->has.line = said->has.code = said->has.field = said->has.reason = 1;
    said->has.at = 1;
    return record_to_json(arena, &refused_line_record, said);
}

static struct text
say_done(struct arena *arena, struct done_line *said, const char *file, int64_t line, int64_t wall)
{
    said->file = text_of(file);
    said->line = line;
    said->at = moment(arena, wall);
    said->has.file = said->has.line = said->has.at = 1;
    return record_to_json(arena, &done_line_record, said);
}

struct text
results_line_refused(struct arena *arena, const char *file, int64_t line, const struct fault *why,
                     int64_t wall)
{
    struct refused_line said = {
        .code = why->code, .field = text_of(why->field), .reason = text_of(why->reason)};

    return say_refused(arena, &said, file, line, wall);
}

struct text
results_line_unchanged(struct arena *arena, const char *file, int64_t line, int64_t wall)
{
    struct done_line said = {.has.unchanged = 1, .unchanged = true};

    return say_done(arena, &said, file, line, wall);
}

struct text
results_line_settled(struct arena *arena, const char *file, int64_t line,
                     const struct maat_kept *kept)
{
    if (kept->state == MAAT_NOT_ACCEPTED) {
        int code = word_find(&fault_codes, kept->code, strlen(kept->code));
        struct refused_line said = {.has.n = 1,
                                    .has.number = 1,
                                    .n = kept->n,
                                    .number = kept->number,
                                    .code = (enum fault_code)code,
                                    .field = text_of(kept->field),
                                    .reason = text_of(kept->reason)};
        return say_refused(arena, &said, file, line, kept->settled);
    }
    struct done_line said = {.has.n = 1, .has.number = 1, .n = kept->n, .number = kept->number};
    return say_done(arena, &said, file, line, kept->settled);
}

bool
results_line_read(struct arena *arena, const char *file, struct text line, int64_t *what)
{
    struct said_line said;
    struct fault fault;

    if (!record_from_json(arena, &said_line_record, &said, line.at, line.len, &fault)
        || !text_is(said.file, file))
        return false;
    *what = said.has.n ? said.n : -said.line;
    return true;
}
