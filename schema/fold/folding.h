/* What every part of the fold works with. For the files of fold alone. */
#ifndef SCHEMA_FOLD_FOLDING_H
#define SCHEMA_FOLD_FOLDING_H

#include "schema/entry.h"
#include "schema/fold.h"
#include "schema/picture.h"

struct folding {
    struct state *s;
    struct arena *arena;
    const struct entry *entry;
    int64_t previous; /* out: the newest earlier entry of the row; 0 where it is new */
};

/* Each fold of a kind returns 0 or a negative error. */
int fold_board(struct folding *f, const struct board *b);
int fold_agency(struct folding *f, const struct agency *a);
int fold_client(struct folding *f, const struct client *c);
int fold_plan(struct folding *f, const struct plan *p);
int fold_action(struct folding *f, const struct action *a);
int fold_progress(struct folding *f, const struct progress *p);
int fold_decision(struct folding *f, const struct decision *d);
int fold_rating(struct folding *f, const struct rating_change *r);

/* Writes the action and keeps its indexes, touching only those whose keys
   changed. `before` is NULL for a new one. */
int put_action(struct folding *f, const struct action_row *before, const struct action_row *after);
int put_part(struct folding *f, const struct part *part);

/* Parts of agencies that no longer have a share in the action end; those of
   agencies that have one again go on. */
int end_parts(struct folding *f, const struct plan_row *plan, const struct action_row *action);

#endif
