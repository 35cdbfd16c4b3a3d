/* The journal's file: its bytes, which later versions must read, and what is
   said of one that is not as it should be. */
#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/journal.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 * 1024 * 1024, PAGE = 4096 };

static const uint8_t key[32] = {1, 2, 3};
static const struct journal_owner owner = {"board", key};

/* --- a journal to spoil ----------------------------------------------------------- */

struct spoiled {
    struct scratch dir;
    char path[300], file[320];
    struct why why;
    struct journal *j;
};

static void
append(struct journal *j, uint64_t from, size_t count)
{
    struct journal_bytes entries[1000];
    char text[1000][16];
    uint64_t generation = 0;

    CHECK_INT(0, journal_begin_generation(j, &generation));
    for (size_t i = 0; i < count; i++) {
        int len = snprintf(text[i], sizeof text[i], "entry %06d", (int)(from + i));
        entries[i] = (struct journal_bytes){text[i], (size_t)len};
    }
    CHECK_INT(0, journal_append(j, from, generation, entries, count));
}

/* A journal of `batches` times 1,000 entries, closed. */
static void
make(struct spoiled *s, uint64_t batches)
{
    scratch_make(&s->dir);
    (void)snprintf(s->path, sizeof s->path, "%s/journal", s->dir.path);
    (void)snprintf(s->file, sizeof s->file, "%s/data.mdb", s->path);
    CHECK_INT(0, journal_create_lmdb(s->path, &owner, 1234, &s->why));
    if (batches == 0)
        return;
    CHECK_INT(0, journal_open_lmdb(&s->j, s->path, &owner, MAP, &s->why));
    for (uint64_t i = 0; i < batches; i++)
        append(s->j, 1000 * i + 1, 1000);
    journal_close(&s->j);
}

/* Opening must say `rc`, and why: the file, and `text`. */
static void
check_refused(struct spoiled *s, int rc, const char *text)
{
    memset(&s->why, 0, sizeof s->why);
    CHECK_INT(rc, journal_open_lmdb(&s->j, s->path, &owner, MAP, &s->why));
    CHECK(!s->j);
    if (!strstr(s->why.text, s->path) || !strstr(s->why.text, text))
        FAIL_WITH("\"%s\" does not say \"%s\" of %s", s->why.text, text, s->path);
}

static void
check_opens(struct spoiled *s)
{
    CHECK_INT(0, journal_open_lmdb(&s->j, s->path, &owner, MAP, &s->why));
    journal_close(&s->j);
}

static void
end(struct spoiled *s)
{
    journal_close(&s->j);
    scratch_remove(&s->dir);
}

/* Works on the tables behind the journal's back. */
static MDB_txn *
open_tables(struct spoiled *s, MDB_env **env, const char *table, MDB_dbi *dbi)
{
    MDB_txn *txn = NULL;

    CHECK_INT(0, mdb_env_create(env));
    CHECK_INT(0, mdb_env_set_mapsize(*env, MAP));
    CHECK_INT(0, mdb_env_set_maxdbs(*env, 3));
    CHECK_INT(0, mdb_env_open(*env, s->path, 0, 0600));
    CHECK_INT(0, mdb_txn_begin(*env, NULL, 0, &txn));
    CHECK_INT(0, mdb_dbi_open(txn, table, 0, dbi));
    return txn;
}

/* Replaces a row, or with `row` NULL deletes it. */
static void
change(struct spoiled *s, const char *table, const void *name, size_t name_len, const void *row,
       size_t len)
{
    MDB_env *env = NULL;
    MDB_dbi dbi = 0;
    MDB_txn *txn = open_tables(s, &env, table, &dbi);
    uint8_t name_copy[64];
    uint8_t *row_copy = malloc(len + 1);
    MDB_val k = {name_len, name_copy};
    MDB_val v = {len, row_copy};

    CHECK(row_copy);
    memcpy(name_copy, name, name_len);
    if (row)
        memcpy(row_copy, row, len);
    CHECK_INT(0, row ? mdb_put(txn, dbi, &k, &v, 0) : mdb_del(txn, dbi, &k, NULL));
    CHECK_INT(0, mdb_txn_commit(txn));
    mdb_env_close(env);
    free(row_copy);
}

static void
change_meta(struct spoiled *s, const char *name, const void *row, size_t len)
{
    change(s, "meta", name, strlen(name), row, len);
}

/* --- its bytes ---------------------------------------------------------------------- */

static void
check_row(MDB_txn *txn, MDB_dbi dbi, const char *name, size_t name_len, const char *want,
          size_t len)
{
    char copy[16];
    MDB_val k = {name_len, copy};
    MDB_val v;

    memcpy(copy, name, name_len);
    CHECK_INT(0, mdb_get(txn, dbi, &k, &v));
    CHECK_INT(len, v.mv_size);
    CHECK(memcmp(want, v.mv_data, len) == 0);
}

/* What store/LAYOUT.md says, byte by byte. If this test fails, the change breaks
   every journal there is. */
TEST(journal_file_has_the_layout_for_ever)
{
    static const uint8_t tile_start[] = {0xc5, 0x20, 0x00};
    struct spoiled s = {0};
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    MDB_stat stats;
    MDB_val k = {9, (uint8_t[9]){1}};
    MDB_val v;

    make(&s, 66);
    txn = open_tables(&s, &env, "meta", &dbi);
    CHECK_INT(0, mdb_stat(txn, dbi, &stats));
    CHECK_INT(5, stats.ms_entries);
    check_row(txn, dbi, "layout", 6, "\xcf\0\0\0\0\0\0\0\1", 9);
    check_row(txn, dbi, "board", 5, "\xd9\5board", 7);
    check_row(txn, dbi, "created", 7, "\xcf\0\0\0\0\0\0\x04\xd2", 9);
    check_row(txn, dbi, "key", 3,
              "\xc4\x20\1\2\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 34);
    check_row(txn, dbi, "head", 4,
              "\x92\xcf\0\0\0\0\0\x01\x01\xd0\xc4\x20"
              "\x52\x9f\x4b\x1d\x0d\x3f\xba\x4b\x49\x3e\x12\x54\xf8\x9e\xe1\x13"
              "\x41\xe7\x0f\xde\x8e\x72\x91\x96\x23\xa0\xa5\x43\x9c\xc4\x17\x6b",
              44);
    CHECK_INT(0, mdb_dbi_open(txn, "entries", 0, &dbi));
    CHECK_INT(0, mdb_stat(txn, dbi, &stats));
    CHECK_INT(66000, stats.ms_entries);
    check_row(txn, dbi, "\0\0\0\0\0\0\0\1", 8,
              "\x92\xc4\x20"
              "\x3e\x43\xee\xd4\x4d\xe4\x7e\xa5\x6f\x72\x26\x4b\xc8\x76\x04\x13"
              "\xc3\x69\x54\x82\x7d\x20\x80\x04\x9c\xba\x75\x6f\xf8\xc2\x91\xdf"
              "entry 000001",
              47);
    CHECK_INT(0, mdb_dbi_open(txn, "tiles", 0, &dbi));
    CHECK_INT(0, mdb_stat(txn, dbi, &stats));
    CHECK_INT(1, stats.ms_entries);
    CHECK_INT(0, mdb_get(txn, dbi, &k, &v));
    CHECK_INT(3 + 8192, v.mv_size);
    CHECK(memcmp(v.mv_data, tile_start, 3) == 0);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    end(&s);
}

/* --- what is refused ------------------------------------------------------------------ */

TEST(journal_file_is_never_made_where_one_is)
{
    struct spoiled s = {0};

    make(&s, 1);
    CHECK_INT(-EEXIST, journal_create_lmdb(s.path, &owner, 5, &s.why));
    CHECK(strstr(s.why.text, s.file));
    check_opens(&s);
    end(&s);
}

TEST(journal_file_is_for_nobody_else)
{
    struct spoiled s = {0};
    struct stat st;

    make(&s, 0);
    CHECK_INT(0, stat(s.path, &st));
    CHECK_INT(0700, st.st_mode & 0777);
    CHECK_INT(0, stat(s.file, &st));
    CHECK_INT(0600, st.st_mode & 0777);
    end(&s);
}

TEST(journal_file_missing)
{
    struct spoiled s = {0};

    make(&s, 1);
    CHECK_INT(0, unlink(s.file));
    check_refused(&s, -ENOENT, "restore the journal from a backup, or make a new board");
    CHECK_INT(-1, access(s.file, F_OK)); /* not made by the attempt */
    (void)snprintf(s.path, sizeof s.path, "%s/nowhere", s.dir.path);
    check_refused(&s, -ENOENT, "data.mdb: No such file");
    CHECK_INT(-1, access(s.path, F_OK));
    end(&s);
}

TEST(journal_file_cut_off_anywhere)
{
    struct spoiled s = {0};
    struct stat st;

    make(&s, 3);
    CHECK_INT(0, stat(s.file, &st));
    for (off_t len = st.st_size - 1; len > 0; len -= 1 + (off_t)random_below(2 * PAGE)) {
        CHECK_INT(0, truncate(s.file, len));
        check_refused(&s, JOURNAL_DAMAGED, "restore the journal from a backup");
    }
    CHECK_INT(0, truncate(s.file, 0));
    check_refused(&s, JOURNAL_DAMAGED, "is empty: restore the journal from a backup");
    end(&s);
}

TEST(journal_file_of_garbage)
{
    struct spoiled s = {0};
    uint8_t garbage[3 * PAGE];
    int fd = -1;

    make(&s, 0);
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (uint8_t)random_u64();
    fd = open(s.file, O_WRONLY | O_TRUNC);
    CHECK_INT(sizeof garbage, write(fd, garbage, sizeof garbage));
    CHECK_INT(0, close(fd));
    check_refused(&s, JOURNAL_DAMAGED, "restore the journal from a backup");
    end(&s);
}

/* LMDB's file, and nobody's journal: the state's, put in the wrong folder. */
TEST(journal_file_swapped_for_another_of_lmdb)
{
    struct spoiled s = {0};
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;

    make(&s, 1);
    CHECK_INT(0, unlink(s.file));
    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_set_maxdbs(env, 3));
    CHECK_INT(0, mdb_env_open(env, s.path, 0, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, 0, &txn));
    CHECK_INT(0, mdb_dbi_open(txn, "parts", MDB_CREATE, &dbi));
    CHECK_INT(0, mdb_txn_commit(txn));
    mdb_env_close(env);
    check_refused(&s, JOURNAL_LAYOUT, "is not a journal: put the right file there");
    end(&s);
}

TEST(journal_file_of_another_layout)
{
    struct spoiled s = {0};

    make(&s, 1);
    change_meta(&s, "layout", "\xcf\0\0\0\0\0\0\0\2", 9);
    check_refused(&s, JOURNAL_LAYOUT, "use the version that wrote it, or a later one");
    change_meta(&s, "layout", "\1", 1);
    check_refused(&s, JOURNAL_LAYOUT, "layout");
    change_meta(&s, "layout", NULL, 0);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change_meta(&s, "layout", "\xcf\0\0\0\0\0\0\0\1", 9);
    check_opens(&s);
    end(&s);
}

TEST(journal_file_of_another_board)
{
    static const uint8_t other_key[32] = {1, 2, 4};
    struct spoiled s = {0};
    struct journal_owner other = {"boars", key};

    make(&s, 1);
    CHECK_INT(JOURNAL_BOARD, journal_open_lmdb(&s.j, s.path, &other, MAP, &s.why));
    CHECK(strstr(s.why.text, "is the journal of board board, not of boars"));
    other = (struct journal_owner){"board", other_key};
    CHECK_INT(JOURNAL_BOARD, journal_open_lmdb(&s.j, s.path, &other, MAP, &s.why));
    CHECK(strstr(s.why.text, "of board board with another key"));
    other.key = NULL;
    CHECK_INT(0, journal_open_lmdb(&s.j, s.path, &other, MAP, &s.why));
    journal_close(&s.j);
    change_meta(&s, "key", NULL, 0); /* made before there was a key */
    check_opens(&s);
    change_meta(&s, "key", "\xc4\x1f", 2);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change_meta(&s, "board", "\xd9\7board", 7);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    end(&s);
}

TEST(journal_file_with_a_wrong_head)
{
    struct spoiled s = {0};
    uint8_t head[44] = {0x92, 0xcf, 0, 0, 0, 0, 0, 0, 0x03, 0xe8, 0xc4, 0x20};

    make(&s, 1);
    change_meta(&s, "head", head, sizeof head); /* 1,000 entries, another root */
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change_meta(&s, "head", head, sizeof head - 1);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change_meta(&s, "head", NULL, 0);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    end(&s);
}

TEST(journal_file_without_its_last_entry)
{
    struct spoiled s = {0};

    make(&s, 1);
    change(&s, "entries", "\0\0\0\0\0\0\x03\xe8", 8, NULL, 0);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    end(&s);
}

static int
count_entry(void *context, const struct journal_entry *entry)
{
    (void)entry;
    ++*(uint64_t *)context;
    return 0;
}

/* What opening does not look at, the entries of long ago, is found by reading
   and named by verify. */
TEST(journal_file_with_one_bit_wrong_in_an_entry)
{
    struct spoiled s = {0};
    uint8_t row[47] = "\x92\xc4\x20";
    uint8_t buf[JOURNAL_ENTRY];
    struct tree_hash leaf;
    uint64_t count = 0;
    uint64_t next = 0;
    size_t len = 0;

    make(&s, 1);
    tree_hash_leaf("entry 000500", 12, &leaf);
    memcpy(row + 3, leaf.bytes, sizeof leaf.bytes);
    memcpy(row + 35, "entry 000501", 12);
    change(&s, "entries", "\0\0\0\0\0\0\x01\xf4", 8, row, sizeof row);
    CHECK_INT(0, journal_open_lmdb(&s.j, s.path, &owner, MAP, &s.why));
    CHECK_INT(0, journal_get(s.j, 499, buf, &len));
    CHECK_INT(JOURNAL_DAMAGED, journal_get(s.j, 500, buf, &len));
    CHECK_INT(0, journal_get(s.j, 501, buf, &len));
    CHECK_INT(JOURNAL_DAMAGED, journal_read(s.j, 490, 100, count_entry, &count, &next));
    CHECK_INT(500, next);
    CHECK_INT(10, count);
    CHECK_INT(JOURNAL_DAMAGED, journal_verify(s.j, NULL, NULL, &s.why));
    CHECK_STR("entry 500 is not what was written: restore from a backup", s.why.text);
    end(&s);
}

/* An entry forged together with its leaf hash no longer fits the root; where the
   tree above is read from a tile, verify says which. */
TEST(journal_file_with_a_forged_entry)
{
    struct spoiled s = {0};
    uint8_t row[47] = "\x92\xc4\x20";
    struct tree_hash leaf;

    make(&s, 1);
    tree_hash_leaf("forged entry", 12, &leaf);
    memcpy(row + 3, leaf.bytes, sizeof leaf.bytes);
    memcpy(row + 35, "forged entry", 12);
    change(&s, "entries", "\0\0\0\0\0\0\x01\xf4", 8, row, sizeof row);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    end(&s);

    make(&s, 66);
    change(&s, "entries", "\0\0\0\0\0\0\x01\xf4", 8, row, sizeof row);
    CHECK_INT(0, journal_open_lmdb(&s.j, s.path, &owner, MAP, &s.why));
    CHECK_INT(JOURNAL_DAMAGED, journal_verify(s.j, NULL, NULL, &s.why));
    CHECK_STR("tile 1/0 is not what its entries hash to: restore from a backup", s.why.text);
    end(&s);
}

TEST(journal_file_with_a_wrong_tile)
{
    static uint8_t row[3 + 8192] = {0xc5, 0x20, 0x00};
    struct spoiled s = {0};

    make(&s, 66);
    change(&s, "tiles", "\1\0\0\0\0\0\0\0\0", 9, row, sizeof row);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change(&s, "tiles", "\1\0\0\0\0\0\0\0\0", 9, row, sizeof row - 1);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    change(&s, "tiles", "\1\0\0\0\0\0\0\0\0", 9, NULL, 0);
    check_refused(&s, JOURNAL_DAMAGED, "restore it");
    end(&s);
}

/* The bytes of the first list of free pages in the file. */
static size_t
find_free_pages(struct spoiled *s, uint8_t *out)
{
    MDB_env *env = NULL;
    MDB_txn *txn = NULL;
    MDB_cursor *cursor = NULL;
    MDB_val k;
    MDB_val v;

    CHECK_INT(0, mdb_env_create(&env));
    CHECK_INT(0, mdb_env_open(env, s->path, MDB_RDONLY, 0600));
    CHECK_INT(0, mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    CHECK_INT(0, mdb_cursor_open(txn, 0, &cursor));
    CHECK_INT(0, mdb_cursor_get(cursor, &k, &v, MDB_FIRST));
    CHECK(v.mv_size >= 2 * sizeof(size_t) && v.mv_size <= PAGE);
    memcpy(out, v.mv_data, v.mv_size);
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return v.mv_size;
}

/* Writes `word` over word `at` of every copy of the list: pages of before stay
   in the file until they are used again. */
static void
change_lists(int fd, const uint8_t *whole, size_t size, const uint8_t *list, size_t len, size_t at,
             size_t word)
{
    const uint8_t *from = whole;
    const uint8_t *copy = NULL;

    while ((copy = memmem(from, size - (size_t)(from - whole), list, len))) {
        CHECK_INT(sizeof word,
                  pwrite(fd, &word, sizeof word, copy - whole + (off_t)(at * sizeof word)));
        from = copy + len;
    }
    CHECK(from > whole);
}

/* A list that would have the next commit written over a page in use. */
TEST(journal_file_with_a_wrong_list_of_free_pages)
{
    static const struct {
        size_t at, word;
    } wrong[] = {{0, 1 << 20}, {1, 0}, {1, 1}, {1, 1 << 20}};
    static uint8_t whole[128 * PAGE];
    struct spoiled s = {0};
    uint8_t list[PAGE];
    size_t len = 0;
    size_t size = 0;
    int fd = -1;

    make(&s, 3);
    len = find_free_pages(&s, list);
    fd = open(s.file, O_RDWR);
    size = (size_t)pread(fd, whole, sizeof whole, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        change_lists(fd, whole, size, list, len, wrong[i].at, wrong[i].word);
        check_refused(&s, JOURNAL_DAMAGED, "has a damaged list of free pages");
        CHECK_INT(size, pwrite(fd, whole, size, 0));
    }
    CHECK_INT(0, close(fd));
    check_opens(&s);
    end(&s);
}

/* Pages overwritten at random: refused with a sentence, or, where nothing that
   is needed was hit, opened and written; and never a signal. */
TEST(journal_file_with_pages_overwritten)
{
    struct spoiled s = {0};
    static uint8_t whole[128 * PAGE];
    ssize_t len = 0;
    int fd = -1;

    make(&s, 3);
    fd = open(s.file, O_RDWR);
    len = pread(fd, whole, sizeof whole, 0);
    CHECK(len > 8 * PAGE && len < (ssize_t)sizeof whole);
    for (int i = 0; i < 60; i++) {
        uint8_t junk[PAGE] = {0};
        size_t size = random_below(2) ? PAGE : 16;
        off_t at = (off_t)(random_below((uint64_t)len / PAGE) * PAGE);

        for (size_t k = 0; i % 3 && k < size; k++)
            junk[k] = (uint8_t)random_u64();
        CHECK_INT(size, pwrite(fd, junk, size, at));
        memset(&s.why, 0, sizeof s.why);
        if (journal_open_lmdb(&s.j, s.path, &owner, MAP, &s.why) == 0) {
            append(s.j, 3001, 10);
            journal_close(&s.j);
        } else {
            CHECK(strstr(s.why.text, s.path));
        }
        CHECK_INT(0, ftruncate(fd, len));
        CHECK_INT(len, pwrite(fd, whole, (size_t)len, 0));
    }
    CHECK_INT(0, close(fd));
    check_opens(&s);
    end(&s);
}
