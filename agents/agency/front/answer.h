/* What several boards' agents say of one line, as one answer. */
#ifndef AGENTS_AGENCY_FRONT_ANSWER_H
#define AGENTS_AGENCY_FRONT_ANSWER_H

#include "agents/agency/front/boards.h"

/* A line, without its end, in the arena. `said` has a line for each of the boards, a bit
   each. To be answered: `queued` with the first one's n, and in `boards` what each says;
   `accepted` where all have, with the first one's number; `refused` as the first says that
   does; `later` where one can't take it now, which names those that have it. */
struct text front_answer(const struct front_boards *f, struct arena *arena, unsigned boards,
                         char *const said[SETTINGS_GROUPS]);

/* As an agent would say that it can't take it. */
char *front_later(struct arena *arena, const char *reason);

#endif
