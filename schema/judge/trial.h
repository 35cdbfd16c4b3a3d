/* What every rule of the judge works with. For the files of judge alone. */
#ifndef SCHEMA_JUDGE_TRIAL_H
#define SCHEMA_JUDGE_TRIAL_H

#include "schema/access.h"
#include "schema/judge.h"
#include "schema/picture.h"

struct trial {
    struct state *s;
    struct arena *arena;
    const struct author *author;
    int32_t day;
    int64_t number; /* of the newest entry */
    struct findings *findings;
    struct fault *fault;
};

/* Each judge of a kind returns as judge() does. */
int judge_board(struct trial *t, const struct board *b);
int judge_agency(struct trial *t, const struct agency *a);
int judge_client(struct trial *t, const struct client *c);
int judge_plan(struct trial *t, const struct plan *p);
int judge_action(struct trial *t, const struct action *a);
int judge_progress(struct trial *t, const struct progress *p);
int judge_decision(struct trial *t, const struct decision *d);
int judge_rating(struct trial *t, const struct rating_change *r);

/* `return REFUSE(t, FAULT_RULE, "status", "...");` is a refusal, 0. */
#define REFUSE(t, ...) ((int)fault_set((t)->fault, __VA_ARGS__))

/* The one answer for what is absent and for what may not be seen. */
int refuse_absent(struct trial *t, const char *field);

/* For kinds that only leads send: 1 for a lead; else a refusal that says no more
   than the author may know of the plan. */
int only_leads(struct trial *t, struct text plan, const char *field);

/* A view complete to `seen` in `epoch` still holds for a row last changed by
   entry `changed`: 1, else a refusal that names the entry. Nobody can have seen
   what is not there yet. */
int still_seen(struct trial *t, int64_t seen, int64_t epoch, int64_t changed);

/* Entry references carry the epoch they were made in: 1, or a refusal. */
int same_epoch(struct trial *t, int64_t epoch, const char *field);

/* A day that is not later than tomorrow's: clocks differ by hours, not days. */
int not_in_future(struct trial *t, int32_t day, const char *field);

/* Does the agency have a part in the action, as a lead or (where `contributors`)
   as a contributor? 1, 0, or negative. */
int has_part(struct trial *t, const struct plan_row *plan, const struct action_row *action,
             struct text agency, bool contributors);

#endif
