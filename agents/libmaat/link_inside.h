/* What the parts of the link share: link.c says, link_hear.c hears, link_settle.c
   writes and tells verdicts, link_head.c compares the journal with what is kept of it,
   link_shared.c tells whether another program works by the same key. */
#ifndef AGENTS_LIBMAAT_LINK_INSIDE_H
#define AGENTS_LIBMAAT_LINK_INSIDE_H

#include "agents/libmaat/link.h"

enum { LINK_PROOF = 0 }; /* the id of the link's own question; nobody else's is open then */

/* Why it waits, or is given up; and that it stops. */
void link_because(struct link *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
void link_stop(struct link *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* From now on it sends what comes after n. */
void link_go_on_after(struct link *l, int64_t n);

/* Verdicts were heard: up to n. */
void link_answered(struct link *l, int64_t n, int64_t now);

/* Writes and tells all that was heard. */
int link_settle_all(struct link *l);

/* Stops it since the journal is not the one that was seen: why, and to that is added
   what was seen and what a person can do. The second begins with what WELCOME showed. */
void link_stop_at_journal(struct link *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void link_stop_at_shown(struct link *l, const char *why);

/* Compares the head shown with WELCOME with what is kept. True where a proof is to be
   asked for; the link is stopped where there can be none. */
bool link_needs_proof(struct link *l, const struct welcome *w);

/* Of a head of a later epoch: does WELCOME show the entry that began it, or an earlier one
   since the head that is kept? Then it is in l->restored. */
bool link_see_restored(struct link *l, const struct welcome *w);

/* WELCOME holds: the driver is told, what was kept is put aside, and what is lacking is
   queued again. 0 or a negative error of head or outbox. */
int link_go_on_restored(struct link *l, const struct welcome *w);

/* WELCOME or PONG said this, or NULL: nothing. The driver is told where that is new. */
void link_hear_shared(struct link *l, const struct sharer *sharer);

/* Keeps the frame of WELCOME until the next, for when the proof is there, and asks for
   that. */
void link_hold_welcome(struct link *l, const void *frame, size_t len);
void link_drop_welcome(struct link *l);

/* Does it prove that what WELCOME showed goes on from what is kept? */
bool link_is_proof(const struct link *l, const struct result *r);

/* Keeps what WELCOME showed, once a connection. 0 or a negative error of the head. */
int link_keep_shown(struct link *l, struct text note);

#endif
