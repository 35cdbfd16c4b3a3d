/* The judge: may this client say this, now? Pure: it reads the state through
   schema/state.h and its arguments, and changes nothing.

       submission_decode -> judge -> (the entry is made) -> fold

   What one may see comes before what one may do: a plan, action or part that a
   client may not see is `not-found`, with the very words for one that is not
   there, before any other rule is looked at.                                */
#ifndef SCHEMA_JUDGE_H
#define SCHEMA_JUDGE_H

#include "schema/fault.h"
#include "schema/state.h"

/* The version of the rules in judge and fold. A released version never changes;
   another is another number, and fold keeps the old ones. */
enum { RULES_VERSION = 1 };

struct guard;

/* Who says it: the client whose key it was. Agencies that its own succeeded are
   looked up where needed. */
struct author {
    struct text client; /* "police/crm", or "broker" */
    struct text agency; /* "police"; empty for the broker */
    enum role role;
    bool broker; /* the broker itself: role has no meaning */
};

/* What judge knows and the fold must: whether free text changed, which no fold
   reads. They go into the entry's flags. */
struct findings {
    bool outcome_changed, measure_changed, note_changed;
};

/* Decodes a body and looks for personal data: what an agent checks before it
   takes a submission, and the broker again. `body` lives as long as `bytes` and
   `arena`. */
bool submission_decode(struct arena *arena, const struct guard *guard, enum submission_kind kind,
                       struct bytes bytes, union body *body, struct fault *fault);

/* What is so while it is judged. */
struct present {
    int32_t day;    /* the broker's, in London */
    int64_t number; /* of the newest entry, which the state reflects: nobody has seen more */
};

/* 1: accept, `findings` filled. 0: refuse, `fault` filled. Negative: the state
   failed. */
int judge(struct state *s, struct arena *arena, const struct author *author,
          enum submission_kind kind, const union body *body, const struct present *present,
          struct findings *findings, struct fault *fault);

#endif
