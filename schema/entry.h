/* Making an entry of the journal from what was submitted and what became of it.
   Its three previous numbers are filled by fold; then record_encode. */
#ifndef SCHEMA_ENTRY_H
#define SCHEMA_ENTRY_H

#include "schema/judge.h"

/* A submission, and its place in time. */
struct entry_origin {
    int64_t number, time;
    int32_t day;
    struct text client;
    struct bytes outbox;
    int64_t n;
    enum submission_kind kind;
    struct bytes nonce, body;
};

/* Views of the origin, which must live as long. */
void entry_accepted(struct entry *e, const struct entry_origin *from, const struct findings *found);

/* Keeps why, and a digest; not the content, nor its nonce. `fault` must live as
   long as the entry: its field is a view. */
void entry_refused(struct entry *e, const struct entry_origin *from, const struct fault *fault,
                   const uint8_t digest[DIGEST_SIZE]);

/* The agency whose client said it; empty for the broker itself. A view. */
struct text entry_agency(const struct entry *entry);

#endif
