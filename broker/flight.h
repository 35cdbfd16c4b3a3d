/* What is on its way to clients, in bytes: queued, or handed to the wire and not yet
   sealed by it. How much that may be is shared: a session has part of what its client
   has, a client part of what all have.

   Nobody's part is fixed. Whoever has something under way is given more only while it
   has less than nobody has: so one alone has half of all, and of many each has as much
   as is left for the next; and whoever has nothing is always given something.

   Parcels are made by the loop, and freed by the thread that seals them.       */
#ifndef BROKER_FLIGHT_H
#define BROKER_FLIGHT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The wire's thread seals some 800 MB/s (tests/bench/NOTES.md), and the loop comes back
   within a few ms: what one follower alone may have, half of it, keeps that thread at work for
   5 ms. 64 followers were told no less with 8 MiB than with 16. */
enum { FLIGHT_MOST = 8 << 20 };

struct flight {
    struct flight *in;     /* held; NULL: this is all */
    int64_t most;          /* of those in it together */
    _Atomic int64_t bytes; /* its own, and of those in it */
    _Atomic unsigned answers;
    _Atomic unsigned held;
};

/* Held once; all that is in it and under way holds it too. */
struct flight *flight_new(struct flight *in, int64_t most);
void flight_let_go(struct flight *f); /* NULL is none */

void flight_take(struct flight *f, int64_t bytes);
void flight_give_back(struct flight *f, int64_t bytes);

/* May it be given more? */
bool flight_has_room(const struct flight *f);

/* Is an answer to a query on its way? */
bool flight_has_answer(const struct flight *f);

/* A frame for a client. */
struct parcel {
    struct flight *of;
    bool answer; /* to a query */
    _Atomic bool handed;
    size_t len;
    uint8_t at[];
};

/* For `len` bytes, which are taken until it is freed. */
struct parcel *parcel_new(struct flight *of, size_t len);
void parcel_mark_answer(struct parcel *p);

/* It is written, and whoever frees it from now on may do so from another thread. */
void parcel_hand(struct parcel *p);
void parcel_free(struct parcel *p);

#endif
