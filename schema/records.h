/* Every record of the system, one line a field. This file is the definition:
   the C structs, the decoder and its limits, the encoder, the JSON form, the
   random records of the tests and FIELDS.md all follow from it.

   F(S, name, need, type, meaning), where S stands for the struct and type is one of
     TEXT(min, max)  ID  PATH  INT(min, max)  AMOUNT  FLAG  DAY
     WORD(enum tag, vocabulary)  SET(vocabulary)  BIN(min, max)
     IDS(max)  TEXTS(max)  NUMBERS(max)  WHO  ONE(record)  MANY(record, max)
   described in record.h. Limits: DESIGN, "What bad input gets".             */
#ifndef SCHEMA_RECORDS_H
#define SCHEMA_RECORDS_H

#include "schema/records_of.h"

/* clang-format off */

enum {
    TITLE_MAX = 500, TEXT_MAX = 8192,
    LIST_MAX = 64, BODY_MAX = 65536,
    KEY_SIZE = 32, OUTBOX_SIZE = 16, NONCE_SIZE = 16, DIGEST_SIZE = 32,
    EVIDENCE_MAX = 64,  /* pieces of one part */
    VALUES_MAX = 64,    /* of one part, over its labels; the oldest of a label go first */
    ASKS_MAX = 64,      /* notes of one action with a reply-by day */
    RATED_MAX = 64,     /* actions in one rating entry */
};

/* --- what submissions are made of ---------------------------------------- */

#define RECOMMENDATION_FIELDS(F, S)                                                                                      \
    F(S, source,         REQUIRED, ID,                            "where it comes from: `scr-child-o`")                  \
    F(S, number,         REQUIRED, ID,                            "its number there: `3`")                               \
    F(S, printed,        OPTIONAL, TEXT(1, TITLE_MAX),            "source and number as printed")                        \
    F(S, text,           OPTIONAL, TEXT(1, TEXT_MAX),             "what is recommended")                                 \
    F(S, response,       OPTIONAL, WORD(response, responses),     "the board's answer to it")                            \
    F(S, why,            OPTIONAL, TEXT(1, TEXT_MAX),             "why only partly, or not")

#define EXCEPTION_FIELDS(F, S)                                                                                           \
    F(S, agency,         REQUIRED, ID,                            "an agency that is excepted from `all`")               \
    F(S, reason,         REQUIRED, TEXT(1, TEXT_MAX),             "why")

#define MEASURE_FIELDS(F, S)                                                                                             \
    F(S, counted,        REQUIRED, TEXT(1, TITLE_MAX),            "what is counted: training places")                    \
    F(S, how,            OPTIONAL, TEXT(1, TITLE_MAX),            "and how: booked, filled, attended")                   \
    F(S, unit,           REQUIRED, WORD(unit, units),             "count or percent")                                    \
    F(S, comparator,     REQUIRED, WORD(comparator, comparators), "how values are held to the target")                   \
    F(S, target,         OPTIONAL, AMOUNT,                        "the target; not given while unknown")

#define CELL_FIELDS(F, S)                                                                                                \
    F(S, heading,        REQUIRED, TEXT(1, TITLE_MAX),            "the column's heading as printed")                     \
    F(S, text,           REQUIRED, TEXT(1, TEXT_MAX),             "the cell as printed")

#define EVIDENCE_FIELDS(F, S)                                                                                            \
    F(S, title,          REQUIRED, TEXT(1, TITLE_MAX),            "what it is")                                          \
    F(S, kind,           REQUIRED, WORD(evidence_kind, evidence_kinds), "of what kind")                                  \
    F(S, held,           REQUIRED, TEXT(1, TITLE_MAX),            "where it is held; never the document")                \
    F(S, date,           OPTIONAL, DAY,                           "the document's own date")

#define VALUE_FIELDS(F, S)                                                                                               \
    F(S, amount,         REQUIRED, AMOUNT,                        "the agency's total up to its date")                   \
    F(S, date,           REQUIRED, DAY,                           "the day up to which it was counted")                  \
    F(S, label,          OPTIONAL, ID,                            "`e-learning`; all of an agency's values have one, or none has")

/* --- submissions ----------------------------------------------------------
   `seen` and `epoch`: the journal number to which the view was complete from
   which this was made (0 for something new), and the journal's epoch then.  */

#define SEEN_FIELDS(F, S)                                                                                                \
    F(S, seen,           REQUIRED, NUMBER,                        "journal number to which the view was complete; 0 for a new one") \
    F(S, epoch,          REQUIRED, NUMBER,                        "how often the journal had been restored")

#define BOARD_FIELDS(F, S)                                                                                               \
    F(S, what,           REQUIRED, WORD(board_act, board_acts),   "what is done")                                        \
    F(S, name,           OPTIONAL, ID,                            "found: the board's id, the log's origin")             \
    F(S, title,          OPTIONAL, TEXT(1, TITLE_MAX),            "found: its name as printed")                          \
    F(S, key,            OPTIONAL, BIN(32, 32),                   "found: its Ed25519 public key")                       \
    F(S, day,            OPTIONAL, DAY,                           "confirm-clock: the day that it is")                   \
    F(S, client,         OPTIONAL, PATH,                          "accept-gap: whose outbox")                            \
    F(S, outbox,         OPTIONAL, BIN(16, 16),                   "accept-gap: which outbox")                            \
    F(S, from,           OPTIONAL, INT(1, INT64_MAX),             "accept-gap: the first n that is lost")                \
    F(S, to,             OPTIONAL, INT(1, INT64_MAX - 1),         "accept-gap: the last n that is lost; there is always a next one")                 \
    F(S, number,         OPTIONAL, NUMBER,                        "restore: the journal's last number then")             \
    F(S, root,           OPTIONAL, BIN(32, 32),                   "restore: its root then")                              \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why")

#define AGENCY_FIELDS(F, S)                                                                                              \
    F(S, id,             REQUIRED, ID,                            "`childrens-social-care`")                             \
    F(S, name,           REQUIRED, TEXT(1, TITLE_MAX),            "its name as printed")                                 \
    F(S, sector,         REQUIRED, WORD(sector, sectors),         "what kind of organisation it is")                     \
    F(S, succeeded_by,   OPTIONAL, ID,                            "the agency that now acts for it")                     \
    F(S, closed,         OPTIONAL, FLAG,                          "it is no more, and nobody succeeds it")               \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why it changes")                                      \
    SEEN_FIELDS(F, S)

#define CLIENT_FIELDS(F, S)                                                                                              \
    F(S, id,             REQUIRED, PATH,                          "its agency and its own name: `police/crm`")           \
    F(S, name,           OPTIONAL, TEXT(1, TITLE_MAX),            "what it is: a system or a post, never a person")      \
    F(S, key,            OPTIONAL, BIN(32, 32),                   "its CURVE public key")                                \
    F(S, role,           OPTIONAL, WORD(role, roles),             "what it may do")                                      \
    F(S, revoked,        OPTIONAL, FLAG,                          "its keys are no longer valid; false, with a new key: it comes back")                        \
    F(S, confirm,        OPTIONAL, FLAG,                          "by another lead: the change that waits is right")     \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why it changes")                                      \
    SEEN_FIELDS(F, S)

#define PLAN_FIELDS(F, S)                                                                                                \
    F(S, id,             REQUIRED, ID,                            "`da-2016`")                                           \
    F(S, title,          REQUIRED, TEXT(1, TITLE_MAX),            "its title as printed")                                \
    F(S, type,           REQUIRED, WORD(plan_kind, plan_kinds),   "what kind of plan it is")                             \
    F(S, marking,        REQUIRED, WORD(marking, markings),       "its security classification")                         \
    F(S, members,        REQUIRED, WHO,                           "who may see it: `all`, or agencies; none is leads only") \
    F(S, review_days,    OPTIONAL, INT(1, 366),                   "longest silence of a lead; 90 unless said")           \
    F(S, published,      OPTIONAL, DAY,                           "when it was published")                               \
    F(S, unpublished,    OPTIONAL, TEXT(1, TEXT_MAX),             "why it is never published")                           \
    F(S, closed,         OPTIONAL, FLAG,                          "nothing is open or embedding; it is filed")           \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why a member goes, or the plan closes or opens")      \
    SEEN_FIELDS(F, S)

/* What a submission says of an action and what the state keeps of it. */
#define ACTION_TEXT_FIELDS(F, S)                                                                                         \
    F(S, id,             REQUIRED, PATH,                          "plan and ref: `neglect/2.1`")                         \
    F(S, ref,            REQUIRED, TEXT(1, ID_MAX),               "its reference as printed: `2.1`")                     \
    F(S, title,          REQUIRED, TEXT(1, TITLE_MAX),            "what is to be done, in a line")                       \
    F(S, text,           OPTIONAL, TEXT(1, TEXT_MAX),             "the same in full")                                    \
    F(S, recommendations, OPTIONAL, MANY(recommendation, LIST_MAX), "what it answers")                                   \
    F(S, outcome,        OPTIONAL, TEXT(1, TEXT_MAX),             "what should be different for children")               \
    F(S, themes,         OPTIONAL, IDS(LIST_MAX),                 "`neglect`, `domestic-abuse`")                         \
    F(S, leads,          REQUIRED, WHO,                           "who carries it out, with equal rank; `all`, or agencies") \
    F(S, except,         OPTIONAL, MANY(exception, AGENCIES_MAX), "agencies excepted from `all`")                        \
    F(S, contributors,   OPTIONAL, IDS(LIST_MAX),                 "agencies that help; their claims move nothing")       \
    F(S, due,            OPTIONAL, DAY,                           "when it is to be done")                               \
    F(S, due_printed,    OPTIONAL, TEXT(1, TITLE_MAX),            "the date as written: `June/July 2012`")               \
    F(S, measure,        OPTIONAL, ONE(measure),                  "what is counted, and the target")                     \
    F(S, cells,          OPTIONAL, MANY(cell, LIST_MAX),          "what the original document prints besides")

#define ACTION_FIELDS(F, S)                                                                                              \
    ACTION_TEXT_FIELDS(F, S)                                                                                             \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why the due date, a lead, outcome or measure changes") \
    SEEN_FIELDS(F, S)

#define PROGRESS_FIELDS(F, S)                                                                                            \
    F(S, action,         REQUIRED, PATH,                          "the action")                                          \
    F(S, agency,         OPTIONAL, ID,                            "whose part; the sender's own unless said")            \
    F(S, on,             REQUIRED, DAY,                           "the day described")                                   \
    F(S, status,         OPTIONAL, WORD(claim, claims),           "the agency's claim")                                  \
    F(S, percent,        OPTIONAL, INT(0, 100),                   "how much of it is done")                              \
    F(S, note,           OPTIONAL, TEXT(1, TEXT_MAX),             "for readers; no person's data")                       \
    F(S, opinion,        OPTIONAL, WORD(opinion, opinions),       "the agency's own colour")                             \
    F(S, forecast,       OPTIONAL, DAY,                           "when it expects to be done")                          \
    F(S, forecast_reason, OPTIONAL, TEXT(1, TEXT_MAX),             "why then")                                           \
    F(S, evidence,       OPTIONAL, ONE(evidence),                 "one piece of evidence")                               \
    F(S, withdraw_evidence, OPTIONAL, INT(1, INT64_MAX),             "the entry whose evidence no longer holds")         \
    F(S, value,          OPTIONAL, ONE(value),                    "one measured value")                                  \
    F(S, withdraw_value, OPTIONAL, INT(1, INT64_MAX),             "the entry whose value no longer holds")               \
    F(S, epoch,          OPTIONAL, NUMBER,                        "with a withdrawal: how often the journal had been restored") \
    F(S, post,           OPTIONAL, TEXT(1, TITLE_MAX),            "the job title answerable, never a name")              \
    F(S, reported,       OPTIONAL, TEXT(1, TITLE_MAX),            "by a lead, on behalf: how the agency reported it")

#define DECISION_FIELDS(F, S)                                                                                            \
    F(S, action,         REQUIRED, PATH,                          "the action")                                          \
    F(S, what,           REQUIRED, WORD(decision_kind, decisions), "what is decided")                                    \
    F(S, agencies,       OPTIONAL, IDS(AGENCIES_MAX),             "accept, return, reopen, note: of these only")         \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why; optional for accept, assure and embed only")     \
    F(S, body,           OPTIONAL, TEXT(1, TITLE_MAX),            "who decided, as written: Scrutiny, Audit and Review Group") \
    F(S, met,            OPTIONAL, DAY,                           "the day of the meeting")                              \
    F(S, check,          OPTIONAL, DAY,                           "assure, embed: when to check that it lasts")          \
    F(S, reply_by,       OPTIONAL, DAY,                           "note: when an answer is wanted")                      \
    F(S, due,            OPTIONAL, DAY,                           "reopen: the new due date")                            \
    F(S, continued_by,   OPTIONAL, PATH,                          "withdraw: the action that continues it")              \
    F(S, rescinds,       OPTIONAL, INT(1, INT64_MAX),             "rescind: the decision's entry")                       \
    F(S, override,       OPTIONAL, FLAG,                          "decided although the gate is not met; the reason says why") \
    SEEN_FIELDS(F, S)

#define RATED_FIELDS(F, S)                                                                                               \
    F(S, action,         REQUIRED, PATH,                          "the action")                                          \
    F(S, before,         REQUIRED, WORD(rating, ratings),         "its rating on the day before")                        \
    F(S, after,          REQUIRED, WORD(rating, ratings),         "its rating on this day")                              \
    F(S, reasons,        OPTIONAL, SET(reasons),                  "why, on this day")

#define RATING_FIELDS(F, S)                                                                                              \
    F(S, plan,           OPTIONAL, ID,                            "the plan; none in the last of a day: it is rated whole") \
    F(S, day,            REQUIRED, DAY,                           "the day that began")                                  \
    F(S, part,           REQUIRED, INT(1, INT64_MAX),             "part k")                                              \
    F(S, parts,          REQUIRED, INT(1, INT64_MAX),             "of m")                                                \
    F(S, changes,        OPTIONAL, MANY(rated, RATED_MAX),        "what changed because the day did")

/* --- the journal ----------------------------------------------------------- */

#define ENTRY_FIELDS(F, S)                                                                                               \
    F(S, number,         REQUIRED, INT(1, INT64_MAX),             "1, 2, 3, ... without gaps")                           \
    F(S, time,           REQUIRED, NUMBER,                        "UTC, microseconds since 1970; never decreasing")      \
    F(S, day,            REQUIRED, DAY,                           "the day of `time` in London")                         \
    F(S, client,         REQUIRED, TEXT(1, PATH_MAX_LEN),         "who sent it; `broker` for the broker's own")          \
    F(S, outbox,         REQUIRED, BIN(16, 16),                   "from which of its outboxes")                          \
    F(S, n,              REQUIRED, INT(1, INT64_MAX),             "its number there")                                    \
    F(S, kind,           REQUIRED, WORD(submission_kind, submission_kinds), "the kind of submission")                    \
    F(S, version,        REQUIRED, INT(1, INT64_MAX),             "of the rules that judged it")                         \
    F(S, outcome,        REQUIRED, WORD(outcome, outcomes),       "accepted or refused")                                 \
    F(S, outcome_changed, OPTIONAL, FLAG,                          "set by judge for the fold: the action's outcome changes") \
    F(S, measure_changed, OPTIONAL, FLAG,                          "set by judge: its measure changes")                  \
    F(S, note_changed,   OPTIONAL, FLAG,                          "set by judge: the part's note changes")               \
    F(S, previous_in_row, REQUIRED, NUMBER,                        "newest earlier entry of the same row; 0: none")      \
    F(S, previous_in_plan, REQUIRED, NUMBER,                        "of the same plan, or of the registry")              \
    F(S, previous_in_outbox, REQUIRED, NUMBER,                        "of the same outbox")                              \
    F(S, nonce,          OPTIONAL, BIN(16, 16),                   "accepted: the submission's random bytes")             \
    F(S, body,           OPTIONAL, BIN(1, BODY_MAX),              "accepted: the body as received")                      \
    F(S, code,           OPTIONAL, WORD(fault_code, fault_codes), "refused: why")                                        \
    F(S, field,          OPTIONAL, TEXT(0, 64),                   "refused: which field of our tables")                  \
    F(S, digest,         OPTIONAL, BIN(32, 32),                   "refused: SHA-256 over kind, nonce and body, each with its length before it")

/* --- the state's rows -------------------------------------------------------
   Numbers are journal numbers. `last` is the newest entry of the row's chain,
   `changed` the newest that changed what a view of it shows.                */

#define ROW_FIELDS(F, S)                                                                                                 \
    F(S, changed,        REQUIRED, NUMBER,                        "entry that last changed it")                          \
    F(S, last,           REQUIRED, NUMBER,                        "newest entry of its chain")

#define BOARD_ROW_FIELDS(F, S)                                                                                           \
    F(S, name,           REQUIRED, ID,                            "the board's id")                                      \
    F(S, title,          REQUIRED, TEXT(1, TITLE_MAX),            "its name as printed")                                 \
    F(S, key,            REQUIRED, BIN(32, 32),                   "its Ed25519 public key")                              \
    F(S, epoch,          REQUIRED, NUMBER,                        "how often the journal was restored")                  \
    F(S, restored,       OPTIONAL, FLAG,                          "intake is closed until an operator opens it")         \
    F(S, led,            OPTIONAL, FLAG,                          "there was a first lead: later ones wait for confirmation") \
    F(S, rated,          OPTIONAL, DAY,                           "the newest day that was rated whole; first the founding's") \
    ROW_FIELDS(F, S)

#define AGENCY_ROW_FIELDS(F, S)                                                                                          \
    F(S, id,             REQUIRED, ID,                            "its id")                                              \
    F(S, name,           REQUIRED, TEXT(1, TITLE_MAX),            "its name as printed")                                 \
    F(S, sector,         REQUIRED, WORD(sector, sectors),         "its sector")                                          \
    F(S, succeeded_by,   OPTIONAL, ID,                            "its successor")                                       \
    F(S, closed,         OPTIONAL, FLAG,                          "closed")                                              \
    F(S, since,          REQUIRED, DAY,                           "day on which it was added")                           \
    F(S, added,          REQUIRED, NUMBER,                        "entry that added it")                                 \
    F(S, ended,          OPTIONAL, NUMBER,                        "entry by which it was succeeded or closed")           \
    ROW_FIELDS(F, S)

#define CLIENT_ROW_FIELDS(F, S)                                                                                          \
    F(S, id,             REQUIRED, PATH,                          "its id")                                              \
    F(S, name,           OPTIONAL, TEXT(1, TITLE_MAX),            "what it is")                                          \
    F(S, key,            OPTIONAL, BIN(32, 32),                   "its key")                                             \
    F(S, next_key,       OPTIONAL, BIN(32, 32),                   "its next key: valid, and the only one from its first use") \
    F(S, role,           OPTIONAL, WORD(role, roles),             "its role")                                            \
    F(S, revoked,        OPTIONAL, FLAG,                          "its keys are not valid")                              \
    F(S, waiting_key,    OPTIONAL, BIN(32, 32),                   "a key that waits for another lead's confirmation")    \
    F(S, waiting_role,   OPTIONAL, WORD(role, roles),             "and a role")                                          \
    F(S, waiting_by,     OPTIONAL, TEXT(1, PATH_MAX_LEN),         "the client that asked for it, who can't confirm it")  \
    ROW_FIELDS(F, S)

#define JOINED_FIELDS(F, S)                                                                                              \
    F(S, agency,         REQUIRED, ID,                            "an agency")                                           \
    F(S, since,          REQUIRED, DAY,                           "the day since when")                                  \
    F(S, number,         REQUIRED, NUMBER,                        "and the entry")

#define PLAN_ROW_FIELDS(F, S)                                                                                            \
    F(S, id,             REQUIRED, ID,                            "its id")                                              \
    F(S, title,          REQUIRED, TEXT(1, TITLE_MAX),            "its title")                                           \
    F(S, type,           REQUIRED, WORD(plan_kind, plan_kinds),   "its kind")                                            \
    F(S, marking,        REQUIRED, WORD(marking, markings),       "its marking")                                         \
    F(S, all,            OPTIONAL, ONE(joined),                   "where all agencies are members: since when (agency: `all`)") \
    F(S, members,        OPTIONAL, MANY(joined, AGENCIES_MAX),    "else its members, in their order; kept, for their days, where all are members now")                    \
    F(S, review_days,    REQUIRED, INT(1, 366),                   "its review interval")                                 \
    F(S, published,      OPTIONAL, DAY,                           "when it was published")                               \
    F(S, unpublished,    OPTIONAL, TEXT(1, TEXT_MAX),             "why it never is")                                     \
    F(S, closed,         OPTIONAL, FLAG,                          "filed")                                               \
    F(S, rated,          OPTIONAL, DAY,                           "day of its newest rating entry")                      \
    F(S, rated_part,     OPTIONAL, NUMBER,                        "and which part that was")                             \
    ROW_FIELDS(F, S)

#define DECIDED_FIELDS(F, S)                                                                                             \
    F(S, number,         REQUIRED, NUMBER,                        "its entry")                                           \
    F(S, day,            REQUIRED, DAY,                           "its day")                                             \
    F(S, what,           REQUIRED, WORD(decision_kind, decisions), "what was decided")                                   \
    F(S, client,         REQUIRED, TEXT(1, PATH_MAX_LEN),         "who entered it")                                      \
    F(S, reason,         OPTIONAL, TEXT(1, TEXT_MAX),             "why")                                                 \
    F(S, body,           OPTIONAL, TEXT(1, TITLE_MAX),            "who decided")                                         \
    F(S, met,            OPTIONAL, DAY,                           "the meeting's day")                                   \
    F(S, override,       OPTIONAL, FLAG,                          "the gate was not met")

/* What a decision replaced, one level deep, for rescind. */
#define ACTION_BEFORE_FIELDS(F, S)                                                                                       \
    F(S, number,         REQUIRED, NUMBER,                        "the decision that replaced this")                     \
    F(S, standing,       REQUIRED, WORD(standing, standings),     "the standing before")                                 \
    F(S, due,            OPTIONAL, DAY,                           "the due date before")                                 \
    F(S, due_was,        OPTIONAL, DAY,                           "and what it had been moved from")                     \
    F(S, check,          OPTIONAL, DAY,                           "the check date before")                               \
    F(S, continued_by,   OPTIONAL, PATH,                          "what continued it before")                            \
    F(S, decided,        OPTIONAL, ONE(decided),                  "the decision that stood before")

#define ASK_FIELDS(F, S)                                                                                                 \
    F(S, number,         REQUIRED, NUMBER,                        "the note's entry")                                    \
    F(S, reply_by,       REQUIRED, DAY,                           "when an answer is wanted")                            \
    F(S, agencies,       OPTIONAL, IDS(AGENCIES_MAX),             "from whom; none: each lead")

#define ACTION_ROW_FIELDS(F, S)                                                                                          \
    ACTION_TEXT_FIELDS(F, S)                                                                                             \
    F(S, assigned,       OPTIONAL, MANY(joined, AGENCIES_MAX),    "its named leads, and since when (`all` as one)")      \
    F(S, standing,       REQUIRED, WORD(standing, standings),     "what the board has decided")                          \
    F(S, check,          OPTIONAL, DAY,                           "when to check that it lasts")                         \
    F(S, due_was,        OPTIONAL, DAY,                           "the due date that was moved")                         \
    F(S, due_changed,    OPTIONAL, FLAG,                          "the due date was moved, set or taken away since the action was added") \
    F(S, decided,        OPTIONAL, ONE(decided),                  "the latest decision other than a note")               \
    F(S, before,         OPTIONAL, ONE(action_before),            "what that decision replaced")                         \
    F(S, continued_by,   OPTIONAL, PATH,                          "the action that continues it")                        \
    F(S, asks,           OPTIONAL, MANY(ask, ASKS_MAX),           "notes that want an answer")                           \
    F(S, looked,         REQUIRED, DAY,                           "day of the board's latest decision or note, else of adding it") \
    F(S, aim_changed,    REQUIRED, NUMBER,                        "entry that last changed outcome or measure")          \
    F(S, added,          REQUIRED, NUMBER,                        "entry that added it")                                 \
    ROW_FIELDS(F, S)

#define EVIDENCE_HELD_FIELDS(F, S)                                                                                       \
    F(S, number,         REQUIRED, NUMBER,                        "its entry, by which it is known")                     \
    F(S, on,             REQUIRED, DAY,                           "the day described there")                             \
    F(S, behalf,         OPTIONAL, FLAG,                          "entered on the agency's behalf")                      \
    EVIDENCE_FIELDS(F, S)

#define VALUE_HELD_FIELDS(F, S)                                                                                          \
    F(S, number,         REQUIRED, NUMBER,                        "its entry, by which it is known")                     \
    VALUE_FIELDS(F, S)

#define PART_BEFORE_FIELDS(F, S)                                                                                         \
    F(S, number,         REQUIRED, NUMBER,                        "the decision that replaced this")                     \
    F(S, status,         OPTIONAL, WORD(claim, claims),           "the claim before")                                    \
    F(S, on,             OPTIONAL, DAY,                           "and the day it described")                            \
    F(S, claimed,        OPTIONAL, NUMBER,                        "and its entry")                                       \
    F(S, accepted,       OPTIONAL, NUMBER,                        "the decision that had accepted it")                   \
    F(S, evidence_from,  OPTIONAL, DAY,                           "the day from which evidence counted")                 \
    F(S, heard,          OPTIONAL, DAY,                           "when it had been heard last")

#define PART_FIELDS(F, S)                                                                                                \
    F(S, action,         REQUIRED, PATH,                          "the action")                                          \
    F(S, agency,         REQUIRED, ID,                            "whose part it is")                                    \
    F(S, status,         OPTIONAL, WORD(claim, claims),           "its claim; not-started until it makes one")           \
    F(S, percent,        OPTIONAL, INT(0, 100),                   "how much of it is done")                              \
    F(S, note,           OPTIONAL, TEXT(1, TEXT_MAX),             "the newest note")                                     \
    F(S, opinion,        OPTIONAL, WORD(opinion, opinions),       "its own colour")                                      \
    F(S, forecast,       OPTIONAL, DAY,                           "when it expects to be done")                          \
    F(S, forecast_reason, OPTIONAL, TEXT(1, TEXT_MAX),             "why then")                                           \
    F(S, post,           OPTIONAL, TEXT(1, TITLE_MAX),            "the job title answerable")                            \
    F(S, on,             OPTIONAL, DAY,                           "the day that the claim describes")                    \
    F(S, claimed,        OPTIONAL, NUMBER,                        "the claim's entry")                                   \
    F(S, claimed_by,     OPTIONAL, TEXT(1, PATH_MAX_LEN),         "the client that made it")                             \
    F(S, behalf,         OPTIONAL, FLAG,                          "the claim was entered on its behalf")                 \
    F(S, accepted,       OPTIONAL, NUMBER,                        "the decision that answered the claim: frozen until returned") \
    F(S, evidence,       OPTIONAL, MANY(evidence_held, EVIDENCE_MAX), "its evidence")                                    \
    F(S, evidence_from,  OPTIONAL, DAY,                           "evidence of days before this does not count")         \
    F(S, values,         OPTIONAL, MANY(value_held, VALUES_MAX),  "its measured values")                                 \
    F(S, heard,          OPTIONAL, DAY,                           "day of its last note, evidence, value or changed claim") \
    F(S, replied,        OPTIONAL, NUMBER,                        "entry of its last note or evidence")                  \
    F(S, shaken,         OPTIONAL, NUMBER,                        "entry that withdrew evidence on which a decision rested") \
    F(S, ended,          OPTIONAL, NUMBER,                        "entry by which its agency left the action or plan")   \
    F(S, before,         OPTIONAL, ONE(part_before),              "what the latest decision replaced")                   \
    ROW_FIELDS(F, S)

/* The newest entry of a plan or outbox, and how many there are. */
#define CHAIN_FIELDS(F, S)                                                                                               \
    F(S, last,           REQUIRED, NUMBER,                        "newest entry")                                        \
    F(S, count,          REQUIRED, NUMBER,                        "entries of it so far")                                \
    F(S, client,         OPTIONAL, TEXT(1, PATH_MAX_LEN),         "outbox: whose it is")                                 \
    F(S, n,              OPTIONAL, NUMBER,                        "outbox: the last n")

/* --- which records there are ------------------------------------------------
   X(struct tag, FIELDS, CLOSED or OPEN to unknown fields, meaning)
   A record stands after those it holds.                                      */

#define RECORDS(X)                                                                                                       \
    X(recommendation, RECOMMENDATION_FIELDS, CLOSED, "A recommendation that an action answers.")                         \
    X(exception,   EXCEPTION_FIELDS,   CLOSED, "An agency excepted from `all`.")                                         \
    X(measure,     MEASURE_FIELDS,     CLOSED, "What is counted, and the target.")                                       \
    X(cell,        CELL_FIELDS,        CLOSED, "A cell of the original document.")                                       \
    X(evidence,    EVIDENCE_FIELDS,    CLOSED, "A reference to evidence; never the document.")                           \
    X(value,       VALUE_FIELDS,       CLOSED, "A measured value.")                                                      \
    X(rated,       RATED_FIELDS,       CLOSED, "An action whose rating changed because the day did.")                    \
    X(board,       BOARD_FIELDS,       CLOSED, "Submission: of the board itself. By operators; `found` and `restore` by the broker.") \
    X(agency,      AGENCY_FIELDS,      CLOSED, "Submission: an agency as a whole. By operators.")                        \
    X(client,      CLIENT_FIELDS,      CLOSED, "Submission: a client as a whole, by operators; its next key, by itself; a confirmation, by another lead.") \
    X(plan,        PLAN_FIELDS,        CLOSED, "Submission: a plan as a whole. By leads.")                               \
    X(action,      ACTION_FIELDS,      CLOSED, "Submission: an action as a whole. By leads.")                            \
    X(progress,    PROGRESS_FIELDS,    CLOSED, "Submission: what an agency says of its part. By agencies; by leads on behalf.") \
    X(decision,    DECISION_FIELDS,    CLOSED, "Submission: what the board decides. By leads.")                          \
    X(rating_change, RATING_FIELDS,    CLOSED, "Submission: what a new day changed. By the broker.")                     \
    X(entry,       ENTRY_FIELDS,       CLOSED, "An entry of the journal.")                                               \
    X(joined,      JOINED_FIELDS,      CLOSED, "An agency, and since when.")                                             \
    X(decided,     DECIDED_FIELDS,     CLOSED, "A decision, as the state keeps it.")                                     \
    X(action_before, ACTION_BEFORE_FIELDS, CLOSED, "What a decision replaced of an action.")                             \
    X(ask,         ASK_FIELDS,         CLOSED, "A note that wants an answer.")                                           \
    X(evidence_held, EVIDENCE_HELD_FIELDS, CLOSED, "Evidence, as the state keeps it.")                                   \
    X(value_held,  VALUE_HELD_FIELDS,  CLOSED, "A measured value, as the state keeps it.")                               \
    X(part_before, PART_BEFORE_FIELDS, CLOSED, "What a decision replaced of a part.")                                    \
    X(board_row,   BOARD_ROW_FIELDS,   CLOSED, "Row: the board.")                                                        \
    X(agency_row,  AGENCY_ROW_FIELDS,  CLOSED, "Row: an agency.")                                                        \
    X(client_row,  CLIENT_ROW_FIELDS,  CLOSED, "Row: a client.")                                                         \
    X(plan_row,    PLAN_ROW_FIELDS,    CLOSED, "Row: a plan.")                                                           \
    X(action_row,  ACTION_ROW_FIELDS,  CLOSED, "Row: an action.")                                                        \
    X(part,        PART_FIELDS,        CLOSED, "Row: one agency's share of one action.")                                 \
    X(chain,       CHAIN_FIELDS,       CLOSED, "Row: the end of a chain of entries.")

/* clang-format on */

RECORDS(RECORD_STRUCT)
RECORDS(RECORD_EXTERN)

/* The record of each kind of submission's body; NULL for the reserved one. */
extern const struct record *const body_records[SUBMISSION_KIND_COUNT];

/* A decoded body, by kind. */
union body {
    struct board board;
    struct agency agency;
    struct client client;
    struct plan plan;
    struct action action;
    struct progress progress;
    struct decision decision;
    struct rating_change rating;
};

#endif
