/* maat plan ...: a plan as a whole, kept by leads. What is in it: plan list, show. */
#ifndef AGENTS_CLI_PLAN_H
#define AGENTS_CLI_PLAN_H

#include "agents/cli/fetch.h"
#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define PLAN_SAID_FIELDS(F, S)                                                                     \
    F(S, members,     OPTIONAL, WHO,                    "who may see it: all, or agencies; none is the board's leads only") \
    F(S, review_days, OPTIONAL, INT(1, 366),            "the longest that a lead agency may be silent [90]") \
    F(S, published,   OPTIONAL, DAY,                    "when it was published")                   \
    F(S, unpublished, OPTIONAL, TEXT(1, TEXT_MAX),      "why it is never published" GIVEN_TEXT)

#define PLAN_ADD_OPTION_FIELDS(F, S)                                                               \
    F(S, title,       REQUIRED, TEXT(1, TITLE_MAX),     "its title as printed")                    \
    F(S, type,        REQUIRED, WORD(plan_kind, plan_kinds), "what kind of plan it is")            \
    F(S, marking,     REQUIRED, WORD(marking, markings), "its security classification")            \
    PLAN_SAID_FIELDS(F, S)

#define PLAN_AMEND_OPTION_FIELDS(F, S)                                                             \
    F(S, title,       OPTIONAL, TEXT(1, TITLE_MAX),     "its title as printed")                    \
    F(S, type,        OPTIONAL, WORD(plan_kind, plan_kinds), "what kind of plan it is")            \
    F(S, marking,     OPTIONAL, WORD(marking, markings), "its security classification")            \
    PLAN_SAID_FIELDS(F, S)                                                                         \
    F(S, no_published, OPTIONAL, FLAG,                  "it is neither published nor said why not") \
    F(S, no_members,  OPTIONAL, FLAG,                   "nobody but the board's leads may see it") \
    F(S, reason,      OPTIONAL, TEXT(1, TEXT_MAX),      "why; must be said where a member goes" GIVEN_TEXT)

#define PLAN_REASON_OPTION_FIELDS(F, S)                                                            \
    F(S, reason,      REQUIRED, TEXT(1, TEXT_MAX),      "why" GIVEN_TEXT)

#define PLAN_OPTIONS(X)                                                                            \
    X(plan_add_option, PLAN_ADD_OPTION_FIELDS, CLOSED, "maat plan add")                            \
    X(plan_amend_option, PLAN_AMEND_OPTION_FIELDS, CLOSED, "maat plan amend")                      \
    X(plan_reason_option, PLAN_REASON_OPTION_FIELDS, CLOSED, "maat plan close, reopen, member remove")
/* clang-format on */

PLAN_OPTIONS(RECORD_STRUCT)
PLAN_OPTIONS(RECORD_EXTERN)

int plan_add(const struct invocation *in, struct arena *arena);
int plan_amend(const struct invocation *in, struct arena *arena);
int plan_close(const struct invocation *in, struct arena *arena);
int plan_reopen(const struct invocation *in, struct arena *arena);

/* --- for whoever edits a plan --------------------------------------------------- */

/* The plan as its row says it, with what was seen; in the arena. */
void plan_of_row(struct arena *arena, const struct plan_row *row, const struct view *seen,
                 struct plan *out);

/* Sends the plan, unless it is as it was, which *unchanged then says; where it is
   stale, prints what others changed. `id` is the plan's, as typed. */
int plan_send_change(struct talk *t, const char *id, const struct plan *from, const struct plan *to,
                     bool *unchanged);

#endif
