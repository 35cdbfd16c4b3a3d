/* Where submissions wait until the broker has them: an LMDB environment, synced
   before anyone is told "queued". Each submission has a number n in an outbox
   of 16 random bytes, 1, 2, 3 ...; the broker knows what it has by counting.

   What is settled (acknowledged or refused) is kept for 30 days after, so that
   a broker restored from a backup can be given it again.

   One folder may hold several outboxes: an agent has one, and a new one beside
   it after a fork; `maat` makes one for each run.

   One process, one thread. Functions return 0 or a negative error: -errno, or
   LMDB's own; outbox_error_text says what.                                   */
#ifndef AGENTS_LIBMAAT_OUTBOX_H
#define AGENTS_LIBMAAT_OUTBOX_H

#include "schema/arena.h"
#include "schema/records.h"

enum { OUTBOX_KEPT_DAYS = 30 };

/* clang-format off */
#define KEPT_STATES(X)                                                                             \
    X(KEPT_QUEUED, "queued", "not settled: the broker may have it or not")                         \
    X(KEPT_ACKNOWLEDGED, "acknowledged", "accepted, and durable at the broker")                    \
    X(KEPT_REFUSED, "refused", "refused by the broker, for good; a person must look")              \
    X(KEPT_MOVED, "moved", "given to another outbox after a fork")

#define VERDICT_FIELDS(F, S)                                                                       \
    F(S, state,     REQUIRED, WORD(kept_state, kept_states), "what became of it")                  \
    F(S, settled,   OPTIONAL, NUMBER,              "when it was settled")                          \
    F(S, number,    OPTIONAL, NUMBER,              "its journal number")                           \
    F(S, code,      OPTIONAL, WORD(fault_code, fault_codes), "refused: why")                       \
    F(S, field,     OPTIONAL, TEXT(0, 64),         "refused: which field")                         \
    F(S, reason,    OPTIONAL, TEXT(0, 300),        "refused: a sentence")                          \
    F(S, seen_by,   OPTIONAL, FLAG,                "refused: a person has seen it")

/* Where something came from: so many bytes of UTF-8 (a name of a file may be others). */
enum { SOURCE_MAX = 400 };

/* A submission in an outbox. Its row is written once; what became of it, in a row of its
   own beside it. */
#define KEPT_FIELDS(F, S)                                                                          \
    F(S, kind,      REQUIRED, WORD(submission_kind, submission_kinds), "kind of submission")       \
    F(S, nonce,     REQUIRED, BIN(16, 16),         "its random bytes")                             \
    F(S, body,      REQUIRED, BIN(1, BODY_MAX),    "its body")                                     \
    F(S, taken,     REQUIRED, NUMBER,              "when it was queued: UTC, microseconds")        \
    F(S, source,    OPTIONAL, TEXT(1, SOURCE_MAX), "where it came from: a file and line, the socket") \
    VERDICT_FIELDS(F, S)

#define AS_ENUM(symbol, text, doc) symbol,
enum kept_state { KEPT_STATES(AS_ENUM) KEPT_STATE_COUNT };
#undef AS_ENUM
extern const struct vocabulary kept_states;

/* What an outbox holds, as a row. */
#define OUTBOX_ROW_FIELDS(F, S)                                                                    \
    F(S, last,      REQUIRED, NUMBER,              "the last n given out")                         \
    F(S, kept_from, REQUIRED, NUMBER,              "the first n that is still kept")               \
    F(S, first_queued, REQUIRED, NUMBER,           "the first n that is not settled; last + 1 where all are") \
    F(S, queued,    REQUIRED, NUMBER,              "how many are not settled")                     \
    F(S, refused,   REQUIRED, NUMBER,              "refusals that no person has seen")

#define KEPT_RECORDS(X)                                                                            \
    X(verdict, VERDICT_FIELDS, CLOSED, "What became of a submission in an outbox.")                \
    X(kept, KEPT_FIELDS, CLOSED, "A submission in an outbox.")                                     \
    X(outbox_row, OUTBOX_ROW_FIELDS, CLOSED, "An outbox.")
/* clang-format on */

KEPT_RECORDS(RECORD_STRUCT)
KEPT_RECORDS(RECORD_EXTERN)

struct outbox_id {
    uint8_t at[OUTBOX_SIZE];
};

struct outbox_counts {
    struct outbox_row row;
    int64_t oldest; /* when the first queued was taken; 0 where none is */
};

struct outboxes;

/* Opens the folder, made if it is not there (mode 0700). `why` is filled where
   it fails: the file, the reason and what to do. */
enum { OUTBOX_WHY = 300 };
int outboxes_open(struct outboxes **out, const char *dir, size_t map_bytes, char why[OUTBOX_WHY]);
void outboxes_close(struct outboxes **o);
const char *outbox_error_text(int error);

/* An error that goes away by itself when there is room again: the disk or the
   quota is full, or the map. Nothing was written. */
bool outbox_is_full(int error);

/* One that stays until a person does what its text says: the folder is damaged, or was
   written by a later version. */
bool outbox_is_lasting(int error);

/* For a program that must be alone with the folder: 0 for as long as it lives, or
   -EWOULDBLOCK where another has it, or another -errno. LMDB would let both in. */
int outboxes_lock(struct outboxes *o, const char *dir);

/* The outbox that is in use; a new one with random bytes, durable, if there is
   none yet or `fresh` is asked for. */
int outbox_current(struct outboxes *o, bool fresh, struct outbox_id *id);

/* Queues submissions under the next n's, *first being the first: all in one
   transaction with one sync, and with it notes that a source was taken up to a
   place. Durable when this returns 0. -ENOSPC or MDB_MAP_FULL:
   nothing was queued. */
struct outbox_note {
    const char *source; /* 1 to SOURCE_MAX bytes */
    int64_t place;      /* a line, an offset: the caller's own measure */
};
int outbox_queue(struct outboxes *o, const struct outbox_id *id, const struct kept *list,
                 size_t count, const struct outbox_note *notes, size_t note_count, int64_t *first);

/* The place that was noted for a source; 0 where none was. Forgetting is for
   sources that are done with: all in one transaction. */
int outbox_noted(struct outboxes *o, const char *source, int64_t *place);
int outbox_forget(struct outboxes *o, const char *const *sources, size_t count);

/* The submission n, decoded into the arena: 1, or 0 if there is none. */
int outbox_get(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
               struct kept *out);

/* The next one of the outbox after n in a state: 1 and *n, or 0. */
int outbox_next(struct outboxes *o, struct arena *arena, const struct outbox_id *id,
                enum kept_state state, int64_t *n, struct kept *out);

/* The next ones without a verdict after n, in order, into `list`: how many, at most
   `most`, fewer where they are large; 0 where there is none. */
struct outbox_queued {
    int64_t n;
    struct kept kept; /* in the arena */
};
int outbox_queued(struct outboxes *o, struct arena *arena, const struct outbox_id *id, int64_t n,
                  struct outbox_queued *list, int most);

/* Another number whenever something was written through this handle. */
uint64_t outbox_changes(const struct outboxes *o);

/* The broker's verdicts, as they are heard. Acknowledged: n, n + 1, ... with these
   journal numbers. They cost no sync of their own: they are in memory, and everything
   else in this header knows nothing of them, until the next transaction, whatever it is
   for but pruning, writes them too, or outbox_write does. If the process ends before, the
   broker says them again. */
void outbox_acknowledge(struct outboxes *o, const struct outbox_id *id, int64_t n,
                        const int64_t *numbers, size_t count, int64_t now);
void outbox_refuse(struct outboxes *o, const struct outbox_id *id, int64_t n, int64_t number,
                   enum fault_code code, struct text field, struct text reason, int64_t now);

/* How many were heard and are not written. */
size_t outbox_unwritten(const struct outboxes *o);
int outbox_write(struct outboxes *o);

/* The next of those that were written, handed out once: true, or false if there is none.
   What was settled before is not among them: nothing changed. In *out is what became of
   it, and not what was said, which outbox_get knows; its texts live until the next call. */
bool outbox_next_settled(struct outboxes *o, struct outbox_id *id, int64_t *n, struct kept *out);

/* Somebody waits for the verdict on n; is there such a one among the unwritten? */
void outbox_await(struct outboxes *o, int64_t n);
bool outbox_is_awaited(const struct outboxes *o);

/* The broker lacks n and what follows (it was restored from a backup): what was
   acknowledged of it is queued again. */
int outbox_requeue(struct outboxes *o, const struct outbox_id *id, int64_t n);

/* The next refusal after (id, n) that no person has dealt with, over all outboxes of
   the folder: 1, with *id and *n, or 0. All zero to begin. Those are not pruned. */
int outbox_next_refusal(struct outboxes *o, struct arena *arena, struct outbox_id *id, int64_t *n,
                        struct kept *out);

/* A person has dealt with a refusal: has seen it; or wants the submission queued
   again, as n *again of the outbox `to`, with a nonce of its own. -ENOENT if there
   is no such refusal, or it was dealt with. */
int outbox_mark_seen(struct outboxes *o, const struct outbox_id *id, int64_t n);
int outbox_retry(struct outboxes *o, const struct outbox_id *id, int64_t n,
                 const struct outbox_id *to, struct bytes nonce, int64_t now, int64_t *again);

/* After a fork: n and what follows it go to a new outbox, which becomes the one
   in use; nothing earlier moves. */
int outbox_fork(struct outboxes *o, const struct outbox_id *from, int64_t n, struct outbox_id *to);

int outbox_count(struct outboxes *o, const struct outbox_id *id, struct outbox_counts *out);

/* Drops what was settled more than OUTBOX_KEPT_DAYS before `now`, up to `most`
   submissions, and never the last n of an outbox. */
int outbox_prune(struct outboxes *o, int64_t now, size_t most);

/* The outboxes of the folder, in order of their bytes: 1 and the next after *id
   (all zero to begin), or 0. */
int outbox_each(struct outboxes *o, struct outbox_id *id);

#endif
