/* An outbox of another version of the program. */
#include <lmdb.h>

#include "agents/libmaat/maat.h"
#include "agents/libmaat/outbox_rows.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 16 << 20 };

struct bench {
    struct scratch dir;
    char why[OUTBOX_WHY];
};

/* Opens and closes it. */
static int
try_it(struct bench *b)
{
    struct outboxes *o;
    int rc = outboxes_open(&o, b->dir.path, MAP, b->why);

    outboxes_close(&o);
    return rc;
}

/* Puts the row as another version has it; no value: takes it away. */
static void
put_layout(struct bench *b, const void *at, size_t len)
{
    struct outboxes *o;
    MDB_val k = outbox_rows_val("layout", 6);
    MDB_val v = outbox_rows_val(at, len);
    MDB_txn *txn;

    CHECK_INT(0, outboxes_open(&o, b->dir.path, MAP, b->why));
    CHECK_INT(0, mdb_txn_begin(o->env, NULL, 0, &txn));
    CHECK_INT(0, len ? mdb_put(txn, o->meta, &k, &v, 0) : mdb_del(txn, o->meta, &k, NULL));
    CHECK_INT(0, mdb_txn_commit(txn));
    outboxes_close(&o);
}

TEST(outbox_of_an_earlier_version_is_opened_and_of_a_later_one_is_not)
{
    static const uint8_t ours[8] = {[7] = OUTBOX_LAYOUT}, later[8] = {[7] = OUTBOX_LAYOUT + 1};
    struct bench b;

    scratch_make(&b.dir);
    CHECK_INT(0, try_it(&b));
    put_layout(&b, NULL, 0); /* the first version said nothing */
    CHECK_INT(0, try_it(&b));
    put_layout(&b, ours, sizeof ours);
    CHECK_INT(0, try_it(&b));
    put_layout(&b, later, sizeof later);
    CHECK_INT(MDB_VERSION_MISMATCH, try_it(&b));
    CHECK(strstr(b.why, "was written by a later version of this program"));
    CHECK(maat_error_is_lasting(MDB_VERSION_MISMATCH) && maat_error_is_lasting(MDB_CORRUPTED));
    CHECK_INT(MDB_VERSION_MISMATCH, try_it(&b)); /* it stays so */
    scratch_remove(&b.dir);
}
