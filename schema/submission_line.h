/* A submission as a line of JSON: {"kind": "progress", ...} with the fields of its body
   beside the kind, and, for the agent's socket, "wait". */
#ifndef SCHEMA_SUBMISSION_LINE_H
#define SCHEMA_SUBMISSION_LINE_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/records.h"

struct submission_line {
    enum submission_kind kind;
    bool wait;
    bool unseen; /* submission_from_json_unseen: it said neither `seen` nor `epoch` */
    union body body;
};
bool submission_from_json(struct arena *arena, struct submission_line *out, const char *text,
                          size_t len, struct fault *fault);

/* The same; a progress that does not say `on` describes this day. */
bool submission_from_json_on(struct arena *arena, int32_t day, struct submission_line *out,
                             const char *text, size_t len, struct fault *fault);

/* The same; one that says neither `seen` nor `epoch`, though its kind carries them,
   gets 0 for both, and is marked `unseen`. */
bool submission_from_json_unseen(struct arena *arena, int32_t day, struct submission_line *out,
                                 const char *text, size_t len, struct fault *fault);

/* The reverse, without "wait"; in the arena. */
struct text submission_to_json(struct arena *arena, enum submission_kind kind,
                               const union body *body);

#endif
