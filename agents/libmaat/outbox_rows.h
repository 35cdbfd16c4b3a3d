/* The tables of an outbox folder, for the files of outbox.h alone:

       kept      outbox (16 bytes), n (8, big-endian)    -> kept
       verdicts  outbox, n: what has one, or had it      -> verdict, over that of `kept`
       outboxes  outbox                                  -> outbox_row
       refused   outbox, n: refusals that no person has dealt with -> nothing
       notes     source                                  -> place (8, big-endian)
       meta      "current"                               -> outbox
                 "head"                                  -> seen_head
                 "layout"                                -> OUTBOX_LAYOUT (8); absent: 1 */
#ifndef AGENTS_LIBMAAT_OUTBOX_ROWS_H
#define AGENTS_LIBMAAT_OUTBOX_ROWS_H

#include <lmdb.h>

#include "agents/libmaat/outbox.h"

enum { KEPT_CAP = BODY_MAX + 4096, ROW_CAP = 256, OUTBOX_TABLES = 6, OUTBOX_LAYOUT = 1 };

/* Verdicts on their way: heard, then written, then told. */
struct heard {
    struct outbox_id id;
    int64_t n;
    struct verdict verdict; /* its texts in the list's arena */
    bool settled;           /* written, and it was not settled before */
};

struct heard_list {
    struct heard *at;
    size_t told, written, count, cap; /* the first `told` are, the first `written` are, */
    size_t put;                       /* and these when the open transaction is committed */
    struct arena *arena;
};

struct outboxes {
    MDB_env *env;
    MDB_dbi kept, verdicts, outboxes, refused, notes, meta;
    int lock; /* held, or 0 */
    struct arena *arena;
    struct heard_list heard;
    struct {
        int64_t *at; /* n's, in order */
        size_t count, cap;
    } awaited;
    uint64_t changes;
    uint8_t buf[KEPT_CAP];
};

struct kept_key {
    uint8_t at[OUTBOX_SIZE + 8];
};

/* An error as outbox.h returns it, of one of LMDB's or an errno. */
int outbox_rows_error(int rc);

MDB_val outbox_rows_val(const void *data, size_t len);
void outbox_rows_put_number(uint8_t at[8], int64_t v);
int64_t outbox_rows_get_number(const uint8_t *at);
struct kept_key outbox_rows_key(const struct outbox_id *id, int64_t n);

/* A transaction that reads, to be ended by mdb_txn_abort. */
int outbox_rows_read(struct outboxes *o, MDB_txn **txn);

/* One that writes; and its end: committed, or, where `rc` says that its work failed,
   undone. It begins with the verdicts that were heard. */
int outbox_rows_begin(struct outboxes *o, MDB_txn **txn);
int outbox_rows_begin_without(struct outboxes *o, MDB_txn **txn); /* those verdicts */
int outbox_rows_finish(struct outboxes *o, MDB_txn *txn, int rc);

/* outbox_heard.c: writes what was heard; and that was committed. */
int outbox_rows_put_heard(struct outboxes *o, MDB_txn *txn);
void outbox_rows_end_heard(struct outboxes *o);

/* outbox_settle.c: the row after something was settled: where the queue begins now. */
int outbox_rows_advance(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                        struct outbox_row *row);

/* How the rows of an outbox are put from n on: MDB_APPEND where they come after all that
   are in the table, else 0. */
unsigned outbox_rows_how(MDB_txn *txn, MDB_dbi dbi, const struct outbox_id *id, int64_t n);

/* 1 and the row, as it was put, or an error. */
int outbox_rows_decode(struct arena *arena, const struct record *r, MDB_val from, void *row);

/* 1 and the row, 0 if there is none, or an error. */
int outbox_rows_get_record(MDB_txn *txn, MDB_dbi dbi, MDB_val key, struct arena *arena,
                           const struct record *r, void *row);

/* 1 and the submission with its verdict, 0 if there is none, or an error. */
int outbox_rows_get_kept(struct outboxes *o, MDB_txn *txn, struct arena *arena,
                         const struct outbox_id *id, int64_t n, struct kept *out);
int outbox_rows_put_kept(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                         const struct kept *row, unsigned how);

/* Its verdict alone, likewise. */
int outbox_rows_get_verdict(struct outboxes *o, MDB_txn *txn, struct arena *arena,
                            const struct outbox_id *id, int64_t n, struct verdict *out);
int outbox_rows_put_verdict(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n,
                            const struct verdict *verdict, unsigned how);
struct verdict outbox_rows_verdict_of(const struct kept *kept);
struct kept outbox_rows_kept_of(const struct verdict *verdict); /* without what was said */

/* Drops both. */
int outbox_rows_drop(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id, int64_t n);

/* 0, or an error: -ENOENT if there is no such outbox. */
int outbox_rows_get(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                    struct outbox_row *row);
int outbox_rows_put(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                    struct outbox_row *row);

/* A refusal waits for a person, or not any more; counted in the row, which the
   caller puts. */
int outbox_rows_mark_refused(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                             int64_t n, struct outbox_row *row);
int outbox_rows_unmark_refused(struct outboxes *o, MDB_txn *txn, const struct outbox_id *id,
                               int64_t n, struct outbox_row *row);

/* A new outbox, which becomes the one in use. */
int outbox_rows_make(struct outboxes *o, MDB_txn *txn, struct outbox_id *id);

#endif
