/* Who is there: one session for each connection that has said something, known
   by its route and its key together, since a route alone may come to be another's.

   A session begins with the first frame, is opened by HELLO, and ends by BYE, by
   silence, when its peer is gone, or when its key is no longer valid. A session
   that has ended stays in memory until no answer waits for it.                */
#ifndef BROKER_SESSIONS_H
#define BROKER_SESSIONS_H

#include "broker/flight.h"
#include "broker/limits.h"
#include "schema/judge.h"
#include "schema/wire/hub.h"

enum { PLACES = 64 };

/* Where entries of an outbox are: of n, n + 1, ... */
struct places {
    int64_t n;
    uint32_t count;
    int64_t number[PLACES];
};

/* A program that works by a client's key, as another is told of it. */
struct twin {
    int64_t since; /* UTC */
    char origin[HUB_ORIGIN + 1];
};

struct session {
    struct hub_route route;
    uint8_t key[CURVE_KEY];
    int64_t heard; /* when: as the clock that never goes back has it */

    uint64_t registry;    /* the registry's version by which what follows was looked up */
    struct author author; /* texts are in `client` */
    char client[PATH_MAX_LEN + 1];
    struct limits *limits; /* of the client */

    bool open;         /* HELLO was answered by WELCOME, */
    unsigned greeting; /* so many times: another one is another conversation */
    int64_t opened;    /* at this journal number */
    bool told;         /* that it must say HELLO */
    bool turned_away;  /* and told: its key is not valid */
    bool has_outbox;
    uint8_t outbox[OUTBOX_SIZE];
    int64_t awaited, awaited_since; /* n's beyond this one are ignored; said at this number */
    int64_t forked, forked_since;   /* this n and those beyond are */
    struct places places;           /* of n's that it sent again */

    struct twin self;
    bool alone;  /* it said so */
    bool listed; /* among its client's: */
    struct session *newer, *older;
    bool shared; /* and is to be told of this one (twins.h) */
    struct twin twin;

    struct flight *flight;   /* what is on its way to it; NULL: nothing ever was */
    bool asking;             /* a query of the past waits for that */
    unsigned waiting;        /* answers that do */
    uint64_t run, run_first; /* the acknowledgement that the next one joins, and the first */
    uint32_t run_count;      /* of so many; run 0: there is none to join */
    uint64_t run_sealed;     /* how many batches were sealed when it began */
    bool ended;
};

struct sessions;

struct sessions *sessions_new(void);
void sessions_free(struct sessions **t);
size_t sessions_count_open(struct sessions *t);
size_t sessions_count_shared(struct sessions *t); /* of them, those to be told of another */

/* The session of a frame that came now; a new one where there is none. One with
   the same route and another key ends by it. */
struct session *sessions_meet(struct sessions *t, const struct hub_route *route,
                              const uint8_t key[CURVE_KEY], int64_t now);

/* One of the route, whatever its key, or NULL. */
const struct session *sessions_of_route(struct sessions *t, const struct hub_route *route);

/* Forgets what was said before, as for a new one: a HELLO that is answered at
   `number`. `outbox` may have length 0. */
void session_begin(struct session *s, struct bytes outbox, int64_t number);

/* It is listed as one of its client's, until it begins anew or ends; `alone`: it means to be
   the only one with its client's key. */
void session_list(struct session *s, bool alone);

void sessions_end(struct sessions *t, struct session *s);

/* Another answer waits for it, or one no longer does. */
void session_hold(struct session *s);
void session_let_go(struct session *s);

/* Ends those that were not heard since `since`; returns how many. */
size_t sessions_expire(struct sessions *t, int64_t since);

/* What was said at numbers beyond `durable` was never said. */
void sessions_roll_back(struct sessions *t, int64_t durable);

#endif
