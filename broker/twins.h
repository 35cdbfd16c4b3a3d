/* Programs that work by one client's key, each with an outbox of its own. An agent says
   in HELLO that it means to be the only one (`alone`); here it is found that it is not: its
   machine was cloned, or its key was copied, or stolen. Nothing is refused for it, since
   what is in an outbox of its own is neither lost nor twice, and whoever was shut out might
   be the right one. It is told, each of those that said `alone`: at WELCOME the one that
   comes, by its next PONG the one that was there.

       twins_greet, at each HELLO -> { twins_recall, at each PING } ... -> twins_leave

   Of a client's own program are: sessions with the same outbox, which is one agent before
   and after it was cut off; those without an outbox, which only ask; and those with one that
   do not say `alone`, as commands do, unless they come from another address.

   HELLO looks at the newest few of the client's sessions, PING at those of a session that
   has something to be told; a submission at nothing.                                    */
#ifndef BROKER_TWINS_H
#define BROKER_TWINS_H

#include "broker/ledger/ledger.h"
#include "broker/sessions.h"
#include "schema/messages.h"

enum { TWINS_LOOKED_AT = 16 };

/* A HELLO was answered, and its session begun, now, from `origin` ("" where that is not
   known). 1: another program works by its key, and s->twin is the one that came last; 0: none
   does; or a negative error of the state. */
int twins_greet(struct ledger *l, struct limits_table *limits, struct session *s, bool alone,
                const char *origin, int64_t host);

/* As it is said on the wire; texts are the twin's. */
struct sharer twins_sharer(const struct twin *twin);

/* At a PING: 1, and *out, where there is another, or was since the last time; 0; or a negative
   error of the state. */
int twins_recall(struct ledger *l, struct limits_table *limits, struct session *s,
                 struct twin *out);

#endif
