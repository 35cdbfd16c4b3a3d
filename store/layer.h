/* Rows of all tables in memory: a whole state (state_memory.h), or what was changed
   of one that is on disk (state_lmdb.h). A row is found by its key at once; those who
   walk have them in order, for which they are sorted then and not before.

       layer_new -> { layer_put, layer_take, layer_find, layer_seek } -> layer_free

   A row that was taken stays, as `gone`: it hides the one below. One thread; but see
   layer_in_order. The program ends where memory does.                           */
#ifndef STORE_LAYER_H
#define STORE_LAYER_H

#include "schema/state.h"

struct layer;

struct layer_row {
    struct bytes value; /* until the row is put again */
    const uint8_t *key;
    uint32_t key_len;
    bool gone; /* taken: no value */
};

struct layer *layer_new(void);
void layer_free(struct layer **l);

/* Bytes of memory that its rows take, about. */
size_t layer_size(const struct layer *l);

/* How many they are, of all tables. */
size_t layer_count(const struct layer *l);

void layer_put(struct layer *l, enum state_table table, const struct state_key *key,
               struct bytes value);
void layer_take(struct layer *l, enum state_table table, const struct state_key *key);

/* NULL: nothing was said of it. It may be gone. */
const struct layer_row *layer_find(const struct layer *l, enum state_table table,
                                   const struct state_key *key);

/* A row whose key has this hash is looked for soon: its place is brought nearer to the
   processor, and when that has come the row. */
void layer_expect(const struct layer *l, enum state_table table, uint32_t hash);
void layer_expect_row(const struct layer *l, enum state_table table, uint32_t hash);

/* The first row whose key is greater than `at`, or not smaller where `inclusive`; NULL:
   there is none. It may be gone. */
const struct layer_row *layer_seek(struct layer *l, enum state_table table,
                                   const struct state_key *at, bool inclusive);

/* Its key, for layer_seek to go on from. */
void layer_row_key(const struct layer_row *row, struct state_key *out);

/* All rows of a table in order, gone or not, for free (); NULL: there are none. Also
   from another thread, as long as this one puts and takes nothing. */
const struct layer_row **layer_in_order(const struct layer *l, enum state_table table,
                                        size_t *count);

#endif
