/* maat status: the actions that one may see, how each is rated and why. */
#ifndef AGENTS_CLI_STATUS_H
#define AGENTS_CLI_STATUS_H

#include "agents/cli/showing/rows.h"
#include "schema/commands.h"
#include "schema/messages.h"

/* clang-format off */
#define STATUS_OPTION_FIELDS(F, S)                                                                 \
    F(S, agency,       OPTIONAL, ID,                     "with a part of this agency")             \
    F(S, theme,        OPTIONAL, ID,                     "with this theme")                        \
    F(S, rag,          OPTIONAL, WORD(rating, ratings),  "rated so")                               \
    F(S, silent_since, OPTIONAL, DAY,                    "with a lead unheard since")              \
    F(S, as_at,        OPTIONAL, DAY,                    "as the journal held it at this day's end, rated on that day")
#define STATUS_OPTIONS(X) X(status_option, STATUS_OPTION_FIELDS, CLOSED, "maat status")
/* clang-format on */

STATUS_OPTIONS(RECORD_STRUCT)
STATUS_OPTIONS(RECORD_EXTERN)

/* Why it is rated so: what the board decided, and the reasons. */
enum { STATUS_WHY = 400 };
void status_why(const struct listed *a, char why[STATUS_WHY]);

/* Its table; and the same with the one action of a QUERY_SHOW. */
extern const struct rows status_rows, status_of_shown;

int status(const struct invocation *in, struct arena *arena);

#endif
