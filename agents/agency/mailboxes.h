/* The e-mail addresses that are posts and not persons: the broker's WELCOME says
   them, and a file beside the outbox remembers them, so that the agent's guard
   lets the same through when it starts without a broker. */
#ifndef AGENTS_AGENCY_MAILBOXES_H
#define AGENTS_AGENCY_MAILBOXES_H

#include "schema/guard.h"
#include "schema/records.h"

enum { MAILBOXES_PATH = 1100 };

struct mailboxes {
    char path[MAILBOXES_PATH];
    char text[LIST_MAX][TITLE_MAX + 1];
    const char *list[LIST_MAX];
    struct guard guard; /* of the list */
};

/* What the file in `dir` remembers; nothing where there is none. */
void mailboxes_load(struct mailboxes *m, const char *dir);

/* Takes a new list, and remembers it. 0 or -errno: it is used, but forgotten at the
   next start. */
int mailboxes_take(struct mailboxes *m, struct texts list);

#endif
