/* maat plan import: the CSV of a published plan becomes a plan and its actions.

       read the table -> ask what the board has -> printed_plan_read -> compare
           -> show -> (with --yes) send plan and actions -> import_complete

   Without --yes it ends after showing. Nothing is sent while a row can't be; what
   the board has already is not sent again, and what differs is not overwritten. */
#ifndef AGENTS_CLI_IMPORT_IMPORT_H
#define AGENTS_CLI_IMPORT_IMPORT_H

#include "agents/cli/import/board.h"
#include "agents/cli/printed/plan.h"
#include "schema/commands.h"

/* clang-format off */
#define PLAN_IMPORT_OPTION_FIELDS(F, S)                                                            \
    F(S, plan,      REQUIRED, ID,                         "the plan that the actions are of; a new one needs --title, --type, --marking and --members") \
    F(S, title,     OPTIONAL, TEXT(1, TITLE_MAX),         "a new plan's title as printed")         \
    F(S, type,      OPTIONAL, WORD(plan_kind, plan_kinds), "what kind of plan it is")              \
    F(S, marking,   OPTIONAL, WORD(marking, markings),    "its security classification")           \
    F(S, members,   OPTIONAL, WHO,                        "who may see it: all, or agencies, each with the option again") \
    F(S, published, OPTIONAL, DAY,                        "the day on which it was published; what is printed as complete is complete from then, unless it says when") \
    F(S, source,    OPTIONAL, ID,                         "where its recommendations come from, as in scr-child-o [the plan's id]") \
    F(S, fill_down, OPTIONAL, FLAG,                       "cells were merged: a blank recommendation or theme is the one above") \
    F(S, skip_unknown_leads, OPTIONAL, FLAG,              "leave out leads that the board does not have, and send their actions without them; they stay in the cell as printed") \
    F(S, yes,       OPTIONAL, FLAG,                       "send it; without, it is only shown how each row is understood")

/* What --json prints: a line for each action, then one for each thing that is odd. */
#define IMPORTED_FIELDS(F, S)                                                                      \
    F(S, line,      REQUIRED, NUMBER,                     "of the file, where its row begins")     \
    F(S, state,     REQUIRED, TEXT(1, TITLE_MAX),         "new, same, differs or stopped")         \
    F(S, differs,   OPTIONAL, TEXT(1, TITLE_MAX),         "in which fields the board's differs")   \
    F(S, due_read,  OPTIONAL, TEXT(1, TITLE_MAX),         "how the due date was read")             \
    F(S, complete,  OPTIONAL, DAY,                        "it is printed as complete, since then") \
    F(S, action,    REQUIRED, ONE(action),                "as it would be sent")
#define IMPORT_ODD_FIELDS(F, S)                                                                    \
    F(S, line,      REQUIRED, NUMBER,                     "of the file")                           \
    F(S, column,    OPTIONAL, TEXT(1, TITLE_MAX),         "its heading")                           \
    F(S, stops,     OPTIONAL, FLAG,                       "its row can't be sent")                 \
    F(S, said,      REQUIRED, TEXT(1, TITLE_MAX),         "what is odd")

#define IMPORT_RECORDS(X)                                                                          \
    X(plan_import_option, PLAN_IMPORT_OPTION_FIELDS, CLOSED, "maat plan import")                   \
    X(imported, IMPORTED_FIELDS, CLOSED, "An action that is imported.")                            \
    X(import_odd, IMPORT_ODD_FIELDS, CLOSED, "What is odd in a printed plan.")
/* clang-format on */

IMPORT_RECORDS(RECORD_STRUCT)
IMPORT_RECORDS(RECORD_EXTERN)

enum import_state {
    IMPORT_NEW,
    IMPORT_SAME,    /* the board has it so: it is not sent again */
    IMPORT_DIFFERS, /* the board has it otherwise: it is not overwritten */
    IMPORT_STOPPED, /* it can't be sent */
};

struct import_row {
    enum import_state state;
    const char *differs; /* "due, leads" */
    size_t sent;         /* if IMPORT_NEW: its place among what is sent */
};

struct import {
    struct talk *talk;
    const char *file;
    struct plan_import_option options;
    struct import_board board;
    struct guard guard;
    struct printed_rules rules;
    struct printed_plan plan;
    struct import_row *rows; /* of the plan's actions, in their order */
};

/* When it was done, as printed; else when the plan was published; else today. */
int32_t import_done(const struct import *im, const struct printed_action *a);

/* Where it says so: "complete in Domestic abuse action plan, 2016-09-30", the day of
   its publication, or "imported on" where that is not known. */
struct text import_says_complete(const struct import *im);

int plan_import(const struct invocation *in, struct arena *arena);

#endif
