/* The journal: every entry, in order, for ever. What it holds is the truth; the
   state is a fold of it.

   An entry is bytes to the journal (schema says what they mean). Entries are
   numbered 1, 2, 3 ... without gaps and are the leaves of a Merkle tree (see
   store/tree.h), number k being leaf k - 1.

       open -> begin_generation -> append, append, ... -> close
                      ^                    |
                      +---- it failed -----+

   When an append fails, nothing of its batch is kept and the generation is over:
   the journal takes nothing more until a new one begins, so that no batch that
   was judged on what never happened can follow. Whoever begins it has first
   gone back to the last number himself.

   One thread appends. All other functions may be called by any thread at any
   time between open and close, and see what is durable, nothing else.

   Two kinds, and room for a third on a server: LMDB, and memory for tests. Each
   keeps the contract of tests/contract/journal_test.c. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/why.h"
#include "store/tree.h"

/* What may come back besides -errno and the codes of LMDB.
   X(symbol, number, text) */
#define JOURNAL_ERRORS(X)                                                                         \
    X(JOURNAL_CONFLICT, -31001, "the journal has another next number: somebody else has written") \
    X(JOURNAL_GENERATION, -31002, "the journal takes nothing of this generation")                 \
    X(JOURNAL_FULL, -31003, "the disk or the journal's map is full")                              \
    X(JOURNAL_PANIC, -31004, "the journal's file may be half written: the program must end")      \
    X(JOURNAL_DAMAGED, -31005, "the journal is damaged: restore it from a backup")                \
    X(JOURNAL_LAYOUT, -31006, "the journal's layout is not one that this program knows")          \
    X(JOURNAL_BOARD, -31007, "the journal is another board's")                                    \
    X(JOURNAL_NOT_FOUND, -31008, "the journal has no entry of this number")

/* clang-format off */
enum journal_error {
#define X(symbol, number, text) symbol = (number),
    JOURNAL_ERRORS(X)
#undef X
};
/* clang-format on */

enum {
    JOURNAL_ENTRY = 128 * 1024, /* bytes of the longest entry */
    JOURNAL_BOARD_ID = 64,      /* bytes of a board's id */
    JOURNAL_SLICE_ROWS = 1000,  /* entries of one call of journal_read, */
    JOURNAL_SLICE_MS = 20,      /* and its milliseconds, at most */
};

/* An entry to be written. */
struct journal_bytes {
    const void *bytes;
    size_t len;
};

/* An entry that was written. Both pointers live as long as the call that hands
   it over. */
struct journal_entry {
    uint64_t number;
    const void *bytes;
    size_t len;
    const struct tree_hash *leaf;
};

struct journal {
    const struct journal_ops *ops;
};

struct journal_ops {
    int (*begin_generation)(struct journal *j, uint64_t *generation);
    int (*append)(struct journal *j, uint64_t expected, uint64_t generation,
                  const struct journal_bytes *entries, size_t count);
    int (*read)(struct journal *j, uint64_t from, size_t count,
                int (*each)(void *context, const struct journal_entry *entry), void *context,
                uint64_t *next);
    void (*head)(struct journal *j, struct tree_head *out);
    void (*tree)(struct journal *j, struct tree *out);
    int (*tile)(struct journal *j, unsigned level, uint64_t index, size_t count,
                struct tree_hash *out);
    void (*close)(struct journal *j);
};

/* --- opening and closing ----------------------------------------------------- */

/* Holds at most `max_bytes` of entries, then it is full; 0 for no limit. */
int journal_open_memory(struct journal **out, size_t max_bytes);

/* Whose journal it is. */
struct journal_owner {
    const char *board;  /* an id, up to JOURNAL_BOARD_ID bytes */
    const uint8_t *key; /* the board's public key, 32 bytes, or NULL: not known, not compared */
};

/* Makes an empty journal in the folder `path`, durable when this returns 0.
   `created` is the time, in microseconds since 1970. -EEXIST if there is one. */
int journal_create_lmdb(const char *path, const struct journal_owner *owner, int64_t created,
                        struct why *why);

/* Opens it, with a map of `map_bytes` (store/environment.h has the default). It
   is first opened in a child process, where damage may do what it likes; so
   before there are threads, and under store/lock.h.

   Returns 0; -ENOENT if there is none; JOURNAL_DAMAGED, _LAYOUT or _BOARD; or
   another negative error. `why` then names the file and says what to do. What
   is compared at start is the file's length, the number of entries, and the
   head that was written with the last batch against the tree as it is loaded;
   journal_verify compares everything. */
int journal_open_lmdb(struct journal **out, const char *path, const struct journal_owner *owner,
                      size_t map_bytes, struct why *why);

/* The same, only to be read: beside the program that writes it, whose lock need not be
   taken; or, `at_rest`, one that nobody writes, in whose folder no file is made. It stays
   as it was when it was opened; an append is refused. */
int journal_read_lmdb(struct journal **out, const char *path, const struct journal_owner *owner,
                      size_t map_bytes, bool at_rest, struct why *why);

static inline void
journal_close(struct journal **j)
{
    if (*j)
        (*j)->ops->close(*j);
    *j = NULL;
}

/* --- writing ----------------------------------------------------------------- */

/* Goes back to what is durable and takes appends of this new generation from
   now on; appends of an older one are refused for ever. If it returns an error
   (the disk is not back), the journal goes on taking nothing. JOURNAL_PANIC
   never goes away. */
static inline int
journal_begin_generation(struct journal *j, uint64_t *generation)
{
    return j->ops->begin_generation(j, generation);
}

/* Appends `count` entries as numbers `expected` and on. All are durable when
   this returns 0; none is there when it returns anything else: JOURNAL_CONFLICT
   if `expected` is not the number after the last; JOURNAL_FULL; JOURNAL_PANIC;
   another negative error (-EIO). Each of these ends the generation.
   JOURNAL_GENERATION says that `generation` is over already. */
static inline int
journal_append(struct journal *j, uint64_t expected, uint64_t generation,
               const struct journal_bytes *entries, size_t count)
{
    return j->ops->append(j, expected, generation, entries, count);
}

/* --- reading ----------------------------------------------------------------- */

/* Hands entries to `each`, from number `from` (1 or more): `count` of them, or
   as many as one slice may have. `each` returns 0 to go on, 1 to stop after this
   entry, or a negative error. `*next` is the number to go on from.

   Returns 1 if there may be more, 0 at the end of what is durable, what `each`
   returned if that was negative, or JOURNAL_DAMAGED if entry `*next` is not what
   was written. Every entry handed over has been hashed and compared. A slice is
   one read transaction: what it sees stays as it is until it ends, and no page
   of it is used again meanwhile, so `each` should not wait for anything. */
static inline int
journal_read(struct journal *j, uint64_t from, size_t count,
             int (*each)(void *context, const struct journal_entry *entry), void *context,
             uint64_t *next)
{
    return j->ops->read(j, from, count, each, context, next);
}

/* Copies one entry into `buf`, which has room for JOURNAL_ENTRY bytes. Returns
   0, JOURNAL_NOT_FOUND or an error. */
int journal_get(struct journal *j, uint64_t number, void *buf, size_t *len);

/* --- the tree ---------------------------------------------------------------- */

/* The newest durable number, which is the size of the tree, and the root. */
static inline void
journal_head(struct journal *j, struct tree_head *out)
{
    j->ops->head(j, out);
}

/* For sizes that the journal has reached, and numbers within them: anything else
   is JOURNAL_NOT_FOUND. */
int journal_root_at(struct journal *j, uint64_t size, struct tree_hash *out);
int journal_prove_inclusion(struct journal *j, uint64_t number, uint64_t size,
                            struct tree_proof *out);
int journal_prove_consistency(struct journal *j, uint64_t old, uint64_t size,
                              struct tree_proof *out);

/* --- checking ---------------------------------------------------------------- */

/* Hashes every entry again and compares all leaf hashes, tiles and the root.
   `progress`, if there is one, is told after every slice. Returns 0, or
   JOURNAL_DAMAGED with `why` naming the first entry or tile that is wrong. A
   damaged file can still crash the program that reads it: store/probe.h. */
int journal_verify(struct journal *j, void (*progress)(void *context, uint64_t done, uint64_t size),
                   void *context, struct why *why);

const char *journal_error_text(int error);

#endif
