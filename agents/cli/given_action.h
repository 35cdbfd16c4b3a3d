/* What options say of an action, put into it: what is said replaces what was there, a
   list as a whole; what is not said stays. */
#ifndef AGENTS_CLI_GIVEN_ACTION_H
#define AGENTS_CLI_GIVEN_ACTION_H

#include "agents/cli/given_text.h"
#include "schema/records.h"

/* clang-format off */
#define ACTION_SAID_FIELDS(F, S)                                                                   \
    F(S, ref,         OPTIONAL, TEXT(1, ID_MAX),        "its reference as printed [what stands after the plan's / in its id]") \
    F(S, text,        OPTIONAL, TEXT(1, TEXT_MAX),      "the same in full" GIVEN_TEXT)             \
    F(S, outcome,     OPTIONAL, TEXT(1, TEXT_MAX),      "what should be different for children" GIVEN_TEXT) \
    F(S, theme,       OPTIONAL, IDS(LIST_MAX),          "neglect, domestic-abuse ...; may be repeated") \
    F(S, lead,        OPTIONAL, WHO,                    "who carries it out: all, or an agency; may be repeated") \
    F(S, except,      OPTIONAL, TEXTS(AGENCIES_MAX),    "AGENCY=REASON: excepted from --lead all; may be repeated") \
    F(S, contributor, OPTIONAL, IDS(LIST_MAX),          "an agency that helps; may be repeated")   \
    F(S, due,         OPTIONAL, DAY,                    "when it is to be done")                   \
    F(S, due_printed, OPTIONAL, TEXT(1, TITLE_MAX),     "the date as written: \"June/July 2012\"") \
    F(S, measure,     OPTIONAL, TEXT(1, TITLE_MAX),     "what is counted: \"training places\"")    \
    F(S, how,         OPTIONAL, TEXT(1, TITLE_MAX),     "and how: booked, filled, attended")       \
    F(S, unit,        OPTIONAL, WORD(unit, units),      "of the measure [count]")                  \
    F(S, comparator,  OPTIONAL, WORD(comparator, comparators), "how values are held to the target [>=]") \
    F(S, target,      OPTIONAL, AMOUNT,                 "the measure's target [unknown]")          \
    F(S, recommendation, OPTIONAL, TEXTS(LIST_MAX),     "SOURCE:NUMBER[:PRINTED]: a recommendation that it answers, as in \"scr-child-o:3:Child O, 3\"; may be repeated") \
    F(S, recommended, OPTIONAL, TEXTS(LIST_MAX),        "SOURCE:NUMBER=TEXT: what that one recommends" GIVEN_TEXT) \
    F(S, response,    OPTIONAL, TEXTS(LIST_MAX),        "SOURCE:NUMBER=accepted|partly|not[:WHY]: the board's answer to it; why not whole" GIVEN_TEXT) \
    F(S, cell,        OPTIONAL, TEXTS(LIST_MAX),        "HEADING=TEXT: what the original document prints besides" GIVEN_TEXT "; may be repeated")

#define ACTION_TAKEN_FIELDS(F, S)                                                                  \
    F(S, no_text,     OPTIONAL, FLAG,                   "it has no text")                          \
    F(S, no_outcome,  OPTIONAL, FLAG,                   "... no outcome")                          \
    F(S, no_theme,    OPTIONAL, FLAG,                   "... no theme")                            \
    F(S, no_lead,     OPTIONAL, FLAG,                   "... no lead")                             \
    F(S, no_except,   OPTIONAL, FLAG,                   "... no agency excepted")                  \
    F(S, no_contributor, OPTIONAL, FLAG,                "... no contributor")                      \
    F(S, no_due,      OPTIONAL, FLAG,                   "... no due date")                         \
    F(S, no_due_printed, OPTIONAL, FLAG,                "... no date as written")                  \
    F(S, no_measure,  OPTIONAL, FLAG,                   "... no measure")                          \
    F(S, no_how,      OPTIONAL, FLAG,                   "... a measure that does not say how it counts") \
    F(S, no_target,   OPTIONAL, FLAG,                   "... a measure whose target is unknown")   \
    F(S, no_recommendation, OPTIONAL, FLAG,             "... no recommendation")                   \
    F(S, no_cell,     OPTIONAL, FLAG,                   "... no cell of the original document")

#define GIVEN_ACTIONS(X)                                                                           \
    X(action_said, ACTION_SAID_FIELDS, CLOSED, "What options say of an action.")                   \
    X(action_taken, ACTION_TAKEN_FIELDS, CLOSED, "What options take from it.")
/* clang-format on */

GIVEN_ACTIONS(RECORD_STRUCT)

/* Takes away first, then says. False with a fault of the option that can't be. */
void given_action_take(struct action *a, const struct action_taken *taken);
bool given_action_say(struct arena *arena, struct action *a, const struct action_said *said,
                      struct fault *fault);

/* The fields of one of both from a command's own options, which hold them too. */
#define GIVEN_FIELD(pair, name, need, type, doc) KEEP((pair).to, (pair).from, name);

#endif
