/* The closed vocabularies of the system. One list each; everything else about
   a vocabulary (C enum, text on the wire, documentation) follows from it.
   A symbol's place in its list is never stored: rows and frames hold the text.
   Order matters where the list says so. */
#ifndef SCHEMA_WORDS_H
#define SCHEMA_WORDS_H

#include <stdint.h>

/* X(symbol, wire text, meaning) */

#define SUBMISSION_KINDS(X)                                                                      \
    X(KIND_BOARD, "board", "the board itself: founded, restored, clock confirmed, gap accepted") \
    X(KIND_AGENCY, "agency", "an agency is added, renamed, succeeded or closed")                 \
    X(KIND_CLIENT, "client", "a key holder is enrolled, confirmed, renewed or revoked")          \
    X(KIND_PLAN, "plan", "a plan as a whole")                                                    \
    X(KIND_ACTION, "action", "an action as a whole")                                             \
    X(KIND_PROGRESS, "progress", "what an agency says of its part of an action")                 \
    X(KIND_DECISION, "decision", "what the board decides of an action")                          \
    X(KIND_RATING, "rating", "what a new day changed in a plan's ratings; by the broker itself") \
    X(KIND_STRIKE, "strike", "reserved")

#define OUTCOMES(X)                                             \
    X(ACCEPTED, "accepted", "judged and folded into the state") \
    X(REFUSED, "refused", "judged and refused; only a digest of it is kept")

#define FAULT_CODES(X)                                                                           \
    X(FAULT_MALFORMED, "malformed", "not the shape that a submission must have")                 \
    X(FAULT_FIELD_UNKNOWN, "unknown-field", "a field that this kind does not have")              \
    X(FAULT_FIELD_MISSING, "missing-field", "a field that must be there is not")                 \
    X(FAULT_FIELD_INVALID, "invalid-field", "a value of the wrong type, length, range or word")  \
    X(FAULT_PERSONAL_DATA, "personal-data", "a text looks as if it held a person's data")        \
    X(FAULT_NOT_FOUND, "not-found", "there is no such thing, or this client may not see it")     \
    X(FAULT_NOT_PERMITTED, "not-permitted", "this client may see it, but may not do this")       \
    X(FAULT_STALE, "stale", "made from a view that has changed since")                           \
    X(FAULT_RULE, "rule", "against a rule of the board's work; the reason says which")           \
    X(FAULT_GATE, "gate", "assure, embed or close without what they need, and without override") \
    X(FAULT_DAY, "day", "a day that can't be: in the future, or out of order")                   \
    X(FAULT_LIMIT, "limit", "more of something than one thing may hold")

#define ROLES(X)                                                               \
    X(ROLE_AGENCY, "agency", "reports progress of its own agency's parts")     \
    X(ROLE_LEAD, "lead", "the board's staff: every plan, actions, decisions")  \
    X(ROLE_OPERATOR, "operator", "agencies and clients; sees no plan content") \
    X(ROLE_OBSERVER, "observer", "reads what its agency may see")

#define SECTORS(X)                                                                                \
    X(SECTOR_POLICE, "police", "police force")                                                    \
    X(SECTOR_SOCIAL_CARE, "social-care", "children's or adults' social care")                     \
    X(SECTOR_HEALTH, "health", "health provider or commissioner")                                 \
    X(SECTOR_EDUCATION, "education", "schools, colleges, early years")                            \
    X(SECTOR_PROBATION, "probation", "probation and youth justice")                               \
    X(SECTOR_HOUSING, "housing", "housing provider or authority")                                 \
    X(SECTOR_VOLUNTARY, "voluntary", "charity or community organisation")                         \
    X(SECTOR_COUNCIL, "council", "another service of a local authority")                          \
    X(SECTOR_OTHER, "other", "any other organisation that carries out actions")                   \
    X(SECTOR_PARTNERSHIP, "partnership", "the board's groups, chair, scrutineer; never in `all`") \
    X(SECTOR_OVERSIGHT, "oversight", "inspectorates; never in `all`")

#define PLAN_KINDS(X)                                          \
    X(PLAN_STRATEGY, "strategy", "a strategy")                 \
    X(PLAN_ACTION_PLAN, "action-plan", "an action plan")       \
    X(PLAN_REVIEW, "review", "the plan that answers a review") \
    X(PLAN_PROCEDURE, "procedure", "a policy or procedure")    \
    X(PLAN_AUDIT, "audit", "the plan that answers an audit")

#define MARKINGS(X)                                                                  \
    X(MARKING_OFFICIAL, "OFFICIAL", "Government Security Classifications: OFFICIAL") \
    X(MARKING_SENSITIVE, "OFFICIAL-SENSITIVE", "OFFICIAL, with the need to know enforced")

#define RESPONSES(X)                                                   \
    X(RESPONSE_ACCEPTED, "accepted", "the recommendation is accepted") \
    X(RESPONSE_PARTLY, "partly", "accepted in part")                   \
    X(RESPONSE_NOT, "not", "not accepted")

/* From least to most advanced: a joint action is as far as its least advanced
   lead. */
#define CLAIMS(X)                                                            \
    X(CLAIM_DECLINED, "declined", "the agency will not do it; needs a note") \
    X(CLAIM_NOT_STARTED, "not-started", "nothing done yet")                  \
    X(CLAIM_PAUSED, "paused", "begun and halted; needs a note")              \
    X(CLAIM_IN_PROGRESS, "in-progress", "under way")                         \
    X(CLAIM_COMPLETE, "claimed-complete", "the agency says that its part is done")

#define STANDINGS(X)                                                                   \
    X(STANDING_OPEN, "open", "work to be done")                                        \
    X(STANDING_ASSURED, "assured", "the board is assured that it was done")            \
    X(STANDING_EMBEDDING, "embedding", "done; the board will check that it lasts")     \
    X(STANDING_CLOSED, "closed", "done, checked, ended")                               \
    X(STANDING_NOT_IMPLEMENTING, "not-implementing", "the board decided not to do it") \
    X(STANDING_WITHDRAWN, "withdrawn", "no longer an action; another may continue it") \
    X(STANDING_ENTERED_IN_ERROR, "entered-in-error", "should never have been entered")

#define DECISIONS(X)                                                                             \
    X(DECIDE_ACCEPT, "accept", "named agencies' claims are answered, and frozen until returned") \
    X(DECIDE_ASSURE, "assure", "the board is assured")                                           \
    X(DECIDE_EMBED, "embed", "assured, with a day to check that it lasts")                       \
    X(DECIDE_NOT_IMPLEMENT, "not-implement", "the board decides not to do it")                   \
    X(DECIDE_WITHDRAW, "withdraw", "no longer an action; may name the one that continues it")    \
    X(DECIDE_RETURN, "return", "claims are sent back to be worked on")                           \
    X(DECIDE_CLOSE, "close", "checked and ended; the reason says what was found")                \
    X(DECIDE_REOPEN, "reopen", "open again")                                                     \
    X(DECIDE_VOID, "void", "entered in error")                                                   \
    X(DECIDE_NOTE, "note", "a challenge, a request, a minute; nothing moves")                    \
    X(DECIDE_RESCIND, "rescind", "the latest decision is taken back")

#define BOARD_ACTS(X)                                                                        \
    X(BOARD_FOUND, "found", "the journal's first entry, by the broker")                      \
    X(BOARD_RESTORE, "restore", "the journal was restored from a backup, by the broker")     \
    X(BOARD_CONFIRM_CLOCK, "confirm-clock", "the broker's clock is right, though it jumped") \
    X(BOARD_ACCEPT_GAP, "accept-gap", "an outbox goes on past submissions that are lost")    \
    X(BOARD_OPEN, "open", "intake opens after a restore")

#define EVIDENCE_KINDS(X)                                                       \
    X(EVIDENCE_DOCUMENT, "document", "a document, policy or procedure")         \
    X(EVIDENCE_MINUTES, "minutes", "minutes of a meeting")                      \
    X(EVIDENCE_AUDIT, "audit", "an audit or dip sample")                        \
    X(EVIDENCE_DATA, "data", "figures, a report, a dashboard")                  \
    X(EVIDENCE_TRAINING, "training", "a record of training")                    \
    X(EVIDENCE_FEEDBACK, "feedback", "feedback of children, families or staff") \
    X(EVIDENCE_OBSERVATION, "observation", "observed practice")                 \
    X(EVIDENCE_OTHER, "other", "anything else")

#define UNITS(X)                                                        \
    X(UNIT_COUNT, "count", "a number of things; adds up over agencies") \
    X(UNIT_PERCENT, "percent", "a share; the worst of the agencies stands for all")

#define COMPARATORS(X)                        \
    X(AT_LEAST, ">=", "at least the target")  \
    X(MORE_THAN, ">", "more than the target") \
    X(AT_MOST, "<=", "at most the target")    \
    X(LESS_THAN, "<", "less than the target")

#define OPINIONS(X)                                                    \
    X(OPINION_GREEN, "green", "the agency thinks that it is on track") \
    X(OPINION_AMBER, "amber", "the agency thinks that it is at risk")  \
    X(OPINION_RED, "red", "the agency thinks that it is off track")

/* From calm to alarming. */
#define RATINGS(X)                                           \
    X(BLUE, "blue", "done, as far as the board has decided") \
    X(GREY, "grey", "not begun, or no longer an action")     \
    X(GREEN, "green", "on track")                            \
    X(AMBER, "amber", "at risk, or waiting for somebody")    \
    X(RED, "red", "overdue, declined or off track")

/* Why an action is rated as it is. The last two colour nothing. */
#define REASONS(X)                                                                              \
    X(WHY_OVERDUE, "overdue", "past its due date")                                              \
    X(WHY_DUE_SOON, "due-soon", "due within 28 days, and a lead not started or unheard")        \
    X(WHY_SILENT, "silent", "a lead unheard for longer than the review interval")               \
    X(WHY_SLIPPING, "slipping", "a lead forecasts after the due date, or its forecast is past") \
    X(WHY_PAUSED, "paused", "a lead has paused")                                                \
    X(WHY_DECLINED, "declined", "a lead has declined")                                          \
    X(WHY_NO_EVIDENCE, "no-evidence", "a claim of completion without evidence")                 \
    X(WHY_AWAITING_ASSURANCE, "awaiting-assurance",                                             \
      "every lead claims completion; the board has not decided")                                \
    X(WHY_NO_LEAD, "no-lead", "no agency leads it")                                             \
    X(WHY_NO_DATE, "no-date", "no due date, and the board has not looked within the interval")  \
    X(WHY_BELOW_TARGET, "below-target",                                                         \
      "every lead claims completion, but the measure is not met")                               \
    X(WHY_CHECK_DUE, "check-due", "past the day on which the board wanted to check it")         \
    X(WHY_CHANGED, "changed",                                                                   \
      "since the decision its evidence, leads, outcome or measure changed")                     \
    X(WHY_UNANSWERED, "unanswered", "a challenge of the board was not answered in time")        \
    X(WHY_OPINION, "opinion", "a lead's own opinion is amber or red")                           \
    X(WHY_MOVED, "moved", "the due date was moved")                                             \
    X(WHY_DISAGREES, "disagrees", "a lead's own opinion is better than the rating")

#define AS_ENUM(symbol, text, doc) symbol,
enum submission_kind { SUBMISSION_KINDS(AS_ENUM) SUBMISSION_KIND_COUNT };
enum outcome { OUTCOMES(AS_ENUM) OUTCOME_COUNT };
enum fault_code { FAULT_CODES(AS_ENUM) FAULT_CODE_COUNT };
enum role { ROLES(AS_ENUM) ROLE_COUNT };
enum sector { SECTORS(AS_ENUM) SECTOR_COUNT };
enum plan_kind { PLAN_KINDS(AS_ENUM) PLAN_KIND_COUNT };
enum marking { MARKINGS(AS_ENUM) MARKING_COUNT };
enum response { RESPONSES(AS_ENUM) RESPONSE_COUNT };
enum claim { CLAIMS(AS_ENUM) CLAIM_COUNT };
enum standing { STANDINGS(AS_ENUM) STANDING_COUNT };
enum decision_kind { DECISIONS(AS_ENUM) DECISION_COUNT };
enum board_act { BOARD_ACTS(AS_ENUM) BOARD_ACT_COUNT };
enum evidence_kind { EVIDENCE_KINDS(AS_ENUM) EVIDENCE_KIND_COUNT };
enum unit { UNITS(AS_ENUM) UNIT_COUNT_OF };
enum comparator { COMPARATORS(AS_ENUM) COMPARATOR_COUNT };
enum opinion { OPINIONS(AS_ENUM) OPINION_COUNT };
enum rating { RATINGS(AS_ENUM) RATING_COUNT };
enum reason { REASONS(AS_ENUM) REASON_COUNT };
#undef AS_ENUM

struct vocabulary {
    const char *name;
    const char *const *text; /* indexed by enum value, as are the next two */
    const uint32_t *len;
    const char *const *doc;
    int count;
};

/* Defines one, of a list as those above. */
#define WORD_TEXT(symbol, text, doc) [symbol] = (text),
#define WORD_LEN(symbol, text, doc) [symbol] = sizeof(text) - 1,
#define WORD_DOC(symbol, text, doc) [symbol] = (doc),
#define VOCABULARY(var, title, LIST, n)                         \
    static const char *const var##_text[n] = {LIST(WORD_TEXT)}; \
    static const uint32_t var##_len[n] = {LIST(WORD_LEN)};      \
    static const char *const var##_doc[n] = {LIST(WORD_DOC)};   \
    const struct vocabulary var = {title, var##_text, var##_len, var##_doc, n}

extern const struct vocabulary submission_kinds, outcomes, fault_codes, roles, sectors, plan_kinds,
    markings, responses, claims, standings, decisions, board_acts, evidence_kinds, units,
    comparators, opinions, ratings, reasons;

/* The word's text, for example word_text(&claims, CLAIM_PAUSED) is "paused". */
const char *word_text(const struct vocabulary *words, int word);

/* The word whose text is these `len` bytes, or -1. */
int word_find(const struct vocabulary *words, const char *text, unsigned long len);

#endif
