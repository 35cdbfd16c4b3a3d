/* maat update: what an agency says of its part of an action. */
#ifndef AGENTS_CLI_UPDATE_H
#define AGENTS_CLI_UPDATE_H

#include "agents/cli/given_text.h"
#include "schema/commands.h"
#include "schema/records.h"

/* clang-format off */
#define UPDATE_OPTION_FIELDS(F, S)                                                                 \
    F(S, status,       OPTIONAL, WORD(claim, claims),      "the agency's claim")                   \
    F(S, percent,      OPTIONAL, INT(0, 100),              "how much of it is done")               \
    F(S, note,         OPTIONAL, TEXT(1, TEXT_MAX),        "for readers; no person's data" GIVEN_TEXT) \
    F(S, opinion,      OPTIONAL, WORD(opinion, opinions),  "the agency's own colour")              \
    F(S, forecast,     OPTIONAL, DAY,                      "when it expects to be done")           \
    F(S, forecast_reason, OPTIONAL, TEXT(1, TEXT_MAX),     "why then" GIVEN_TEXT)                           \
    F(S, evidence,     OPTIONAL, TEXT(1, TITLE_MAX),       "the title of one piece of evidence; with it --evidence-kind and --evidence-held") \
    F(S, evidence_kind, OPTIONAL, WORD(evidence_kind, evidence_kinds), "what kind of evidence it is") \
    F(S, evidence_held, OPTIONAL, TEXT(1, TITLE_MAX),      "where it is held; the document itself is never sent") \
    F(S, evidence_date, OPTIONAL, DAY,                     "the document's own date")              \
    F(S, withdraw_evidence, OPTIONAL, INT(1, INT64_MAX),   "the entry whose evidence no longer holds") \
    F(S, measure,      OPTIONAL, AMOUNT,                   "the agency's total of what the action counts") \
    F(S, measure_date, OPTIONAL, DAY,                      "the day up to which it was counted [--date]") \
    F(S, label,        OPTIONAL, ID,                       "of the measured value: e-learning")    \
    F(S, withdraw_value, OPTIONAL, INT(1, INT64_MAX),      "the entry whose measured value no longer holds") \
    F(S, date,         OPTIONAL, DAY,                      "the day described [today]")            \
    F(S, post,         OPTIONAL, TEXT(1, TITLE_MAX),       "the job title answerable, never a name") \
    F(S, on_behalf_of, OPTIONAL, ID,                       "leads: the agency spoken for")         \
    F(S, reported,     OPTIONAL, TEXT(1, TITLE_MAX),       "leads: how that agency reported it")

#define UPDATE_OPTIONS(X) X(update_option, UPDATE_OPTION_FIELDS, CLOSED, "maat update")
/* clang-format on */

UPDATE_OPTIONS(RECORD_STRUCT)
UPDATE_OPTIONS(RECORD_EXTERN)

int update(const struct invocation *in, struct arena *arena);

#endif
