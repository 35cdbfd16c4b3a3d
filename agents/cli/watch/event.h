/* What is told of an entry: who said what, and what it moved, from which rating to
   which, and why; as a line for people or as an object for programs. */
#ifndef AGENTS_CLI_WATCH_EVENT_H
#define AGENTS_CLI_WATCH_EVENT_H

#include "agents/cli/feed.h"
#include "agents/cli/watch/only.h"

/* clang-format off */
#define WATCH_MOVE_FIELDS(F, S)                                                                    \
    F(S, action,    REQUIRED, PATH,                  "an action that the entry names or moved")    \
    F(S, before,    OPTIONAL, WORD(rating, ratings), "its rating before; not given where that is not known") \
    F(S, before_reasons, OPTIONAL, SET(reasons),     "and why")                                    \
    F(S, after,     OPTIONAL, WORD(rating, ratings), "its rating after; not given where it left the filter") \
    F(S, reasons,   OPTIONAL, SET(reasons),          "and why")                                    \
    F(S, number,    OPTIONAL, NUMBER,                "the row is complete to this entry")          \
    F(S, row,       OPTIONAL, ONE(listed),           "its row, as `maat status --json` has it")
#define WATCH_TOLD_FIELDS(F, S)                                                                    \
    F(S, marking,   OPTIONAL, WORD(marking, markings), "of the plan")                              \
    F(S, actions,   REQUIRED, MANY(watch_move, FEED_ROWS_MAX), "what it names or moved")
#define WATCH_RECORDS(X)                                                                           \
    X(watch_move, WATCH_MOVE_FIELDS, CLOSED, "What an entry moved of an action.")                  \
    X(watch_told, WATCH_TOLD_FIELDS, CLOSED, "What an entry moved.")
/* clang-format on */

WATCH_RECORDS(RECORD_STRUCT)
WATCH_RECORDS(RECORD_EXTERN)

struct watch_event {
    const struct entry *entry;
    int32_t began; /* a new day's entry: that day, which may have been missed */
    struct watch_told told;
};

/* Views of what is handed over, and in the arena. */
void watch_event_make(struct watch_event *out, struct arena *arena, const struct feed *f,
                      const struct feed_happening *h);

/* It is of such an action: rated so before or after. Any is where all are wanted. */
bool watch_event_is(const struct watch_event *e, const struct watch_only *only);

/* "    17  2016-04-03 10:15  police/crm        da-2016/1.1: status paused  [green -> amber
   (paused)]  OFFICIAL", and the line's end. In the arena. */
struct text watch_event_line(struct arena *arena, const struct watch_event *e);

/* The same for a screen that is narrow: what it moved before what was said. */
struct text watch_event_brief(struct arena *arena, const struct watch_event *e, bool coloured);

/* {"number":17,"entry":{...},"body":{...},"marking":...,"actions":[...]}, and the
   line's end. In the arena. */
struct text watch_event_json(struct arena *arena, const struct watch_event *e);

#endif
