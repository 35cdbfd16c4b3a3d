/* maat watch: how everything stands, and each change as it comes, for as long as one
   likes; what was missed in between is caught up with. */
#ifndef AGENTS_CLI_WATCH_WATCH_H
#define AGENTS_CLI_WATCH_WATCH_H

#include "agents/cli/config.h"
#include "agents/cli/feed.h"
#include "schema/commands.h"

/* clang-format off */
#define WATCH_OPTION_FIELDS(F, S)                                                                  \
    F(S, agency,  OPTIONAL, IDS(LIST_MAX),          "with a part of this agency; again for more of them") \
    F(S, theme,   OPTIONAL, IDS(LIST_MAX),          "with this theme; again for more of them")     \
    F(S, rag,     OPTIONAL, WORD(rating, ratings),  "rated so, before or after")                   \
    F(S, silent_since, OPTIONAL, DAY,               "with a lead unheard since")                   \
    F(S, since,   OPTIONAL, TEXT(1, 20),            "from this entry on, or from this day on; 0: all there is. A state file that is there says better") \
    F(S, once,    OPTIONAL, FLAG,                   "print how it stands, as status does, and end") \
    F(S, state,   OPTIONAL, TEXT(1, CONFIG_PATH - 20), "keep in this file how far it came, and go on from there the next time") \
    F(S, exec,    OPTIONAL, TEXT(1, CONFIG_PATH - 1), "run this program for each event, instead of printing it") \
    F(S, exec_seconds, OPTIONAL, INT(1, 86400),     "a run that takes longer is killed, and has failed [60]") \
    F(S, exec_tries, OPTIONAL, INT(1, 100),         "so often an event is tried, 1 s later, 2 s, 4 s ... [5]")
#define WATCH_OPTIONS(X) X(watch_option, WATCH_OPTION_FIELDS, CLOSED, "maat watch")
/* clang-format on */

WATCH_OPTIONS(RECORD_STRUCT)
WATCH_OPTIONS(RECORD_EXTERN)

/* What the command's help says after its options. */
extern const char watch_help[];

int watch(const struct invocation *in, struct arena *arena);

#endif
