/* What a command must read before it can change it: a row, and up to which entry the
   view was complete, which is sent along as `seen`. Rows live as long as the
   command's arena. Each returns an exit code; what is absent was said. */
#ifndef AGENTS_CLI_FETCH_H
#define AGENTS_CLI_FETCH_H

#include "agents/cli/talk.h"

struct view {
    int64_t number, epoch;
};

int fetch_agency(struct talk *t, struct text id, struct agency_row *out, struct view *seen);
int fetch_client(struct talk *t, struct text id, struct client_row *out, struct view *seen);
int fetch_plan(struct talk *t, struct text id, struct plan_row *out, struct view *seen);
int fetch_action(struct talk *t, struct text id, struct shown *out, struct view *seen);

/* Deep copy into the arena, of a record that lives for a call only. */
void fetch_keep(struct arena *arena, const struct record *r, const void *from, void *to);

/* SEEN_FIELDS of a body. */
#define FETCH_SEEN(body, view)                                                           \
    ((body)->seen = (view)->number, (body)->has.seen = 1, (body)->epoch = (view)->epoch, \
     (body)->has.epoch = 1)

#endif
