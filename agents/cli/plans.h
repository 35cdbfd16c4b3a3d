/* maat plan list and plan show: reading plans. */
#ifndef AGENTS_CLI_PLANS_H
#define AGENTS_CLI_PLANS_H

#include "schema/commands.h"
#include "schema/messages.h"

/* clang-format off */
#define PLAN_READ_OPTION_FIELDS(F, S)                                                              \
    F(S, as_at, OPTIONAL, DAY, "as the journal held it at this day's end, rated on that day")
#define PLAN_READ_OPTIONS(X) X(plan_read_option, PLAN_READ_OPTION_FIELDS, CLOSED, "maat plan list, plan show")
/* clang-format on */

PLAN_READ_OPTIONS(RECORD_STRUCT)
PLAN_READ_OPTIONS(RECORD_EXTERN)

int plan_list(const struct invocation *in, struct arena *arena);
int plan_show(const struct invocation *in, struct arena *arena);

#endif
