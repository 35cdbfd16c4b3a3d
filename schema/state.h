/* What the rules need to know, and may change: the state, a fold of the
   journal. A seam: store/ implements it over LMDB for the broker and in memory
   for tests and workers, under one contract suite.

   Keys and values are bytes; values are MessagePack of a row's record (codec.h: record_encode_row).
   The typed functions below are all that the rules use.

   Every function of a store returns 1 or 0 as it says (put 0, remove whether the
   row was there), or a negative error of the machine
   (-errno, or LMDB's own code; -EBADMSG for a row that does not decode), which
   ends the batch.                                                           */
#ifndef SCHEMA_STATE_H
#define SCHEMA_STATE_H

#include "schema/codec.h"
#include "schema/records.h"

/* X(symbol, name on disk, record of its rows or NULL, key) */
#define STATE_TABLES(X)                                                                       \
    X(TABLE_BOARD, "board", &board_row_record, "empty: there is one row")                     \
    X(TABLE_AGENCIES, "agencies", &agency_row_record, "agency")                               \
    X(TABLE_CLIENTS, "clients", &client_row_record, "client")                                 \
    X(TABLE_PLANS, "plans", &plan_row_record, "plan")                                         \
    X(TABLE_ACTIONS, "actions", &action_row_record, "plan/ref")                               \
    X(TABLE_PARTS, "parts", &part_record, "plan/ref NUL agency")                              \
    X(TABLE_CHAINS, "chains", &chain_record,                                                  \
      "`p` plan, `r` for the registry, or `o` and 16 bytes of outbox")                        \
    X(TABLE_MARKS, "marks", NULL,                                                             \
      "a chain's key NUL position (8 bytes, big-endian): entry number (8 bytes, big-endian)") \
    X(TABLE_KEYS, "keys", NULL, "32 bytes of public key: client")                             \
    X(TABLE_BY_AGENCY, "by-agency", NULL,                                                     \
      "agency NUL plan/ref: empty; its named leads and contributors, `all` for all")          \
    X(TABLE_BY_THEME, "by-theme", NULL, "theme NUL plan/ref: empty")                          \
    X(TABLE_BY_DUE, "by-due", NULL, "YYYY-MM-DD NUL plan/ref: empty; open actions only")

#define AS_ENUM(symbol, name, record, key) symbol,
enum state_table { STATE_TABLES(AS_ENUM) STATE_TABLE_COUNT };
#undef AS_ENUM

enum { STATE_KEY_MAX = 200, MARK_EVERY = 256 };

struct state_table_info {
    const char *name;
    const struct record *record; /* NULL: the value is no record */
    const char *key;             /* what the key is, for documents */
};
extern const struct state_table_info state_tables[STATE_TABLE_COUNT];

struct state_key {
    uint8_t at[STATE_KEY_MAX];
    uint32_t len;
};

/* The row that the store gave last, decoded: judge and fold read the same part. It
   holds as long as the arena that it lies in is not reset, and the row not changed. */
struct state_read {
    uint64_t work; /* arena_work; 0: none */
    struct state_key key;
    const void *row;
};

struct state {
    const struct state_ops *ops; /* this and what follows is state.c's own */
    struct hot *hot[STATE_TABLE_COUNT];
    struct terms *terms; /* of actions */
    struct state_read last[STATE_TABLE_COUNT];
};

struct state_ops {
    /* The row's bytes, valid until it is put or removed, or a commit or rolling back. */
    int (*get)(struct state *, enum state_table, const struct state_key *, struct bytes *value);
    /* The same for whoever looks up one row after the other, mostly in order of their keys. */
    int (*peek)(struct state *, enum state_table, const struct state_key *, struct bytes *value);
    int (*put)(struct state *, enum state_table, const struct state_key *, struct bytes value);
    int (*remove)(struct state *, enum state_table, const struct state_key *);
    /* The first row whose key is greater than *at (or the first whose key is
       not smaller, where `inclusive`); *at becomes its key. 1, or 0 at the end
       of the table. */
    int (*next)(struct state *, enum state_table, struct state_key *at, bool inclusive,
                struct bytes *value);
    /* A row whose key has this hash is looked for soon: see state_expect. */
    void (*expect)(const struct state *, enum state_table, uint32_t hash);
    void (*expect_row)(const struct state *, enum state_table, uint32_t hash);
};

/* For a store: to be called before it commits, so that it has all that was put; 0,
   or the error of its put. And when it has rolled back, or is closed. */
int state_settle(struct state *s);
void state_forget(struct state *s);

/* --- bytes: as the store's functions above ------------------------------------ */

int state_get_bytes(struct state *s, enum state_table table, const struct state_key *key,
                    struct bytes *value);
int state_put_bytes(struct state *s, enum state_table table, const struct state_key *key,
                    struct bytes value);
int state_remove(struct state *s, enum state_table table, const struct state_key *key);
int state_next(struct state *s, enum state_table table, struct state_key *at, bool inclusive,
               struct bytes *value);

/* --- keys ------------------------------------------------------------------ */

struct state_key state_key_of(struct text text);               /* most tables */
struct state_key state_key_pair(struct text a, struct text b); /* a NUL b */
struct state_key state_key_of_plan_chain(struct text plan);    /* empty: the registry */
struct state_key state_key_of_outbox(struct bytes outbox);
struct state_key state_key_of_mark(const struct state_key *chain, int64_t position);

/* For those who find rows in memory by their key. */
uint32_t state_key_hash(const struct state_key *key);

/* --- rows -------------------------------------------------------------------
   The row is put into `row` (the table's record), and what it points to into
   `arena`, so that it outlives any put. Rows in use are kept decoded (hot.h), and
   one that was put need not be in the store at once.                         */

int state_get(struct state *s, struct arena *arena, enum state_table table,
              const struct state_key *key, void *row);
int state_put(struct state *s, enum state_table table, const struct state_key *key,
              const void *row);

/* The row itself, to be read at once: it holds until a row of its table is put or
   removed, or the arena is reset, and what is put may point into the row in whose place
   it comes. 0: there is none, and *row is one in which nothing is present. */
int state_see(struct state *s, struct arena *arena, enum state_table table,
              const struct state_key *key, const void **row);

/* The same where no more is looked at than some fields, bits as of `present`: others need
   not be present. */
int state_see_some(struct state *s, struct arena *arena, enum state_table table,
                   const struct state_key *key, uint64_t fields, const void **row);

/* Into `row` no more than some fields, for whoever passes by and looks at each row once: that
   makes it no row in use, and it is read where the store has it. It holds until a row of its
   table is put or removed, a commit, or rolling back. */
int state_peek(struct state *s, struct arena *arena, enum state_table table,
               const struct state_key *key, uint64_t fields, void *row);

/* Is there such a row? 1, 0 or negative. */
int state_has(struct state *s, enum state_table table, struct text id);

/* Walks the rows whose key begins with `prefix`, in order of their keys:
       struct state_walk w;
       state_walk_begin(&w, TABLE_PARTS, &prefix);
       while ((rc = state_walk_next(s, arena, &w, &part)) == 1) ...
   Rows may be changed between two steps. `row` may be NULL: then `w.key` is all
   that is wanted. */
struct state_walk {
    enum state_table table;
    struct state_key key; /* of the row just read */
    struct state_key prefix;
    bool begun;
};
void state_walk_begin(struct state_walk *w, enum state_table table, const struct state_key *prefix);
int state_walk_next(struct state *s, struct arena *arena, struct state_walk *w, void *row);

/* The next as state_peek has it, and where all its fields lie, as long as it holds. */
int state_walk_peek(struct state *s, struct arena *arena, struct state_walk *w, uint64_t fields,
                    void *row, struct row_places *places);

/* The rows by their names. */
int state_get_board(struct state *s, struct arena *arena, struct board_row *row);
int state_get_agency(struct state *s, struct arena *arena, struct text id, struct agency_row *row);
int state_get_client(struct state *s, struct arena *arena, struct text id, struct client_row *row);
int state_get_plan(struct state *s, struct arena *arena, struct text id, struct plan_row *row);
int state_get_action(struct state *s, struct arena *arena, struct text id, struct action_row *row);
int state_get_part(struct state *s, struct arena *arena, struct text action, struct text agency,
                   struct part *row);
int state_get_chain(struct state *s, struct arena *arena, const struct state_key *key,
                    struct chain *row); /* 0: an empty chain, all zero */

/* As state_see. A part's key is state_key_pair (action, agency). */
int state_see_agency(struct state *s, struct arena *arena, struct text id,
                     const struct agency_row **row);
int state_see_plan(struct state *s, struct arena *arena, struct text id,
                   const struct plan_row **row);
int state_see_action(struct state *s, struct arena *arena, struct text id,
                     const struct action_row **row);
int state_see_part(struct state *s, struct arena *arena, const struct state_key *key,
                   const struct part **row);

/* Of an action no more than what progress is judged by: who has a share in it, its
   measure and its standing. */
int state_see_terms(struct state *s, struct arena *arena, struct text id,
                    const struct action_row **row);
int state_see_chain(struct state *s, struct arena *arena, const struct state_key *key,
                    const struct chain **row);

/* Progress of this part is judged soon: rows of 100,000 actions are too many for the
   processor's caches, and to wait for each in its turn takes a fourth of all the time. First
   state_expect, which brings nearer where they are looked for; and a little later, when that
   has come, state_expect_rows. Nothing else comes of it: a part need not be there. */
struct state_expected {
    uint32_t action, part; /* hashes of their keys */
};
struct state_expected state_expect(const struct state *s, struct text action, struct text agency);
void state_expect_rows(const struct state *s, const struct state_expected *e);

/* The client whose key, or next key, this is: 1 and its row, or 0. */
int state_find_key(struct state *s, struct arena *arena, struct bytes key, struct client_row *row);

/* The entry at a marked position (a multiple of MARK_EVERY) of a chain. */
int state_get_mark(struct state *s, const struct state_key *chain, int64_t position,
                   int64_t *number);

#endif
