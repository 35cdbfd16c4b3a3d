#include "store/journal_rows.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "store/environment.h"

/* Rows are MessagePack, of fixed size but for the entry and the board's id. */
#define ENTRY_HEADER "\x92\xc4\x20" /* an array: bin 32, whatever the entry is */
#define TILE_HEADER "\xc5\x20\x00"  /* bin 8192 */
#define HEAD_HEADER "\x92"          /* an array: uint 64, bin 32 */
#define UINT_HEADER "\xcf"          /* uint 64 */
#define BIN_HEADER "\xc4\x20"       /* bin 32 */
#define TEXT_HEADER "\xd9"          /* str 8 */

enum {
    LAYOUT = 1,
    HASH = sizeof(struct tree_hash),
    UINT_LEN = 1 + sizeof(uint64_t),
    BIN_LEN = 2 + HASH,
    HEAD_LEN = 1 + UINT_LEN + BIN_LEN,
    ENTRY_LEN = 1 + BIN_LEN, /* then the entry */
    TILE_LEN = 3 + TREE_TILE * HASH,
    TEXT_LEN = 2 + JOURNAL_BOARD_ID, /* at most */
};

static MDB_val
text_of(const char *text)
{
    return environment_val(text, strlen(text));
}

int
journal_rows_open(struct journal_rows *r, unsigned flags)
{
    int rc = mdb_dbi_open(r->txn, "entries", flags, &r->entries);

    if (rc == 0)
        rc = mdb_dbi_open(r->txn, "tiles", flags, &r->tiles);
    if (rc == 0)
        rc = mdb_dbi_open(r->txn, "meta", flags, &r->meta);
    return rc;
}

/* --- meta -------------------------------------------------------------------- */

static uint8_t *
encode_uint(uint8_t *at, uint64_t n)
{
    n = htobe64(n);
    return mempcpy(mempcpy(at, UINT_HEADER, 1), &n, sizeof n);
}

static uint8_t *
encode_hash(uint8_t *at, const uint8_t bytes[HASH])
{
    return mempcpy(mempcpy(at, BIN_HEADER, 2), bytes, HASH);
}

static uint64_t
decode_uint(const uint8_t *at)
{
    uint64_t n = 0;

    memcpy(&n, at + 1, sizeof n);
    return be64toh(n);
}

static int
put(const struct journal_rows *r, const char *name, const void *row, size_t len)
{
    MDB_val key = text_of(name);
    MDB_val value = environment_val(row, len);

    return mdb_put(r->txn, r->meta, &key, &value, 0);
}

static int
get(const struct journal_rows *r, const char *name, MDB_val *value)
{
    MDB_val key = text_of(name);
    int rc = mdb_get(r->txn, r->meta, &key, value);

    return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
}

int
journal_rows_put_owner(const struct journal_rows *r, const struct journal_owner *owner,
                       int64_t created)
{
    uint8_t row[TEXT_LEN];
    uint8_t *at = mempcpy(row, TEXT_HEADER, 1);
    size_t len = strlen(owner->board);
    int rc = 0;

    assert(len > 0 && len <= JOURNAL_BOARD_ID);
    *at++ = (uint8_t)len;
    at = mempcpy(at, owner->board, len);
    rc = put(r, "board", row, (size_t)(at - row));
    if (rc == 0)
        rc = put(r, "layout", row, (size_t)(encode_uint(row, LAYOUT) - row));
    if (rc == 0)
        rc = put(r, "created", row, (size_t)(encode_uint(row, (uint64_t)created) - row));
    if (rc == 0 && owner->key)
        rc = put(r, "key", row, (size_t)(encode_hash(row, owner->key) - row));
    return rc;
}

static int
check_key(const struct journal_rows *r, const uint8_t *key)
{
    MDB_val value;
    int rc = get(r, "key", &value);

    if (!key || rc == MDB_CORRUPTED)
        return 0;
    if (rc)
        return rc;
    if (value.mv_size != BIN_LEN || memcmp(value.mv_data, BIN_HEADER, 2) != 0)
        return MDB_CORRUPTED;
    return memcmp((const uint8_t *)value.mv_data + 2, key, HASH) ? JOURNAL_BOARD : 0;
}

int
journal_rows_check_owner(const struct journal_rows *r, const struct journal_owner *owner,
                         char board[JOURNAL_BOARD_ID + 1])
{
    MDB_val value;
    const uint8_t *row = NULL;
    int rc = get(r, "layout", &value);

    board[0] = '\0';
    if (rc)
        return rc;
    if (value.mv_size != UINT_LEN || memcmp(value.mv_data, UINT_HEADER, 1) != 0
        || decode_uint(value.mv_data) != LAYOUT)
        return JOURNAL_LAYOUT;
    rc = get(r, "board", &value);
    if (rc)
        return rc;
    row = value.mv_data;
    if (value.mv_size < 2 || value.mv_size > TEXT_LEN || memcmp(row, TEXT_HEADER, 1) != 0
        || row[1] != value.mv_size - 2)
        return MDB_CORRUPTED;
    memcpy(board, row + 2, row[1]);
    board[row[1]] = '\0';
    return strcmp(board, owner->board) ? JOURNAL_BOARD : check_key(r, owner->key);
}

int
journal_rows_put_head(const struct journal_rows *r, const struct tree_head *head)
{
    uint8_t row[HEAD_LEN];
    uint8_t *at = mempcpy(row, HEAD_HEADER, 1);

    (void)encode_hash(encode_uint(at, head->size), head->root.bytes);
    return put(r, "head", row, sizeof row);
}

int
journal_rows_get_head(const struct journal_rows *r, struct tree_head *out)
{
    MDB_val value;
    uint8_t same[HEAD_LEN];
    const uint8_t *row = NULL;
    uint8_t *at = mempcpy(same, HEAD_HEADER, 1);
    int rc = get(r, "head", &value);

    if (rc)
        return rc;
    if (value.mv_size != HEAD_LEN)
        return MDB_CORRUPTED;
    row = value.mv_data;
    out->size = decode_uint(row + 1);
    memcpy(out->root.bytes, row + HEAD_LEN - HASH, HASH);
    (void)encode_hash(encode_uint(at, out->size), out->root.bytes);
    return memcmp(row, same, sizeof same) ? MDB_CORRUPTED : 0;
}

/* --- entries ----------------------------------------------------------------- */

int
journal_rows_append(MDB_cursor *cursor, uint64_t number, const struct journal_bytes *entry,
                    struct tree_hash *leaf)
{
    uint64_t big = htobe64(number);
    MDB_val key = {sizeof big, &big};
    MDB_val value = {ENTRY_LEN + entry->len, NULL};
    uint8_t *at = NULL;
    int rc = mdb_cursor_put(cursor, &key, &value, MDB_APPEND | MDB_RESERVE);

    if (rc)
        return rc;
    tree_hash_leaf(entry->bytes, entry->len, leaf);
    at = mempcpy(mempcpy(value.mv_data, ENTRY_HEADER, 3), leaf->bytes, HASH);
    if (entry->len)
        memcpy(at, entry->bytes, entry->len);
    return 0;
}

int
journal_rows_read(MDB_cursor *cursor, uint64_t number, bool seek, struct tree_hash *leaf,
                  struct journal_entry *out)
{
    uint64_t big = htobe64(number);
    MDB_val key = {sizeof big, &big};
    MDB_val value;
    const uint8_t *row = NULL;
    int rc = mdb_cursor_get(cursor, &key, &value, seek ? MDB_SET_KEY : MDB_NEXT);

    if (rc)
        return rc;
    row = value.mv_data;
    if (key.mv_size != sizeof big || memcmp(key.mv_data, &big, sizeof big) != 0
        || value.mv_size < ENTRY_LEN || value.mv_size > ENTRY_LEN + JOURNAL_ENTRY
        || memcmp(row, ENTRY_HEADER, 3) != 0)
        return MDB_CORRUPTED;
    memcpy(leaf->bytes, row + 3, HASH);
    *out = (struct journal_entry){number, row + ENTRY_LEN, value.mv_size - ENTRY_LEN, leaf};
    return 0;
}

/* --- tiles ------------------------------------------------------------------- */

struct tile_key {
    uint8_t bytes[1 + sizeof(uint64_t)];
};

static struct tile_key
key_of_tile(unsigned level, uint64_t index)
{
    struct tile_key key = {{(uint8_t)level}};

    index = htobe64(index);
    memcpy(key.bytes + 1, &index, sizeof index);
    return key;
}

/* Level 0 is the leaf hashes in the entries' rows. */
static int
read_leaves(const struct journal_rows *r, uint64_t index, size_t count, struct tree_hash *out)
{
    MDB_cursor *cursor = NULL;
    int rc = mdb_cursor_open(r->txn, r->entries, &cursor);

    if (rc)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct journal_entry entry;
        rc = journal_rows_read(cursor, index * TREE_TILE + i + 1, i == 0, &out[i], &entry);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
}

int
journal_rows_read_tile(void *context, unsigned level, uint64_t index, size_t count,
                       struct tree_hash *out)
{
    const struct journal_rows *r = context;
    struct tile_key bytes = key_of_tile(level, index);
    MDB_val key = environment_val(bytes.bytes, sizeof bytes.bytes);
    MDB_val value;
    int rc = 0;

    if (level == 0)
        return read_leaves(r, index, count, out);
    rc = mdb_get(r->txn, r->tiles, &key, &value);
    if (rc)
        return rc == MDB_NOTFOUND ? MDB_CORRUPTED : rc;
    if (value.mv_size != TILE_LEN || memcmp(value.mv_data, TILE_HEADER, 3) != 0)
        return MDB_CORRUPTED;
    memcpy(out, (const uint8_t *)value.mv_data + 3, count * sizeof *out);
    return 0;
}

int
journal_rows_write_tile(void *context, unsigned level, uint64_t index, const struct tree_hash *tile)
{
    const struct journal_rows *r = context;
    struct tile_key bytes = key_of_tile(level, index);
    MDB_val key = environment_val(bytes.bytes, sizeof bytes.bytes);
    MDB_val value = {TILE_LEN, NULL};
    int rc = mdb_put(r->txn, r->tiles, &key, &value, MDB_RESERVE);

    if (rc == 0)
        memcpy(mempcpy(value.mv_data, TILE_HEADER, 3), tile, TREE_TILE * sizeof *tile);
    return rc;
}

int
journal_rows_check_counts(const struct journal_rows *r, uint64_t size)
{
    MDB_stat entries;
    MDB_stat tiles;
    uint64_t full = 0;
    int rc = mdb_stat(r->txn, r->entries, &entries);

    if (rc == 0)
        rc = mdb_stat(r->txn, r->tiles, &tiles);
    if (rc)
        return rc;
    for (unsigned level = 1; level < TREE_LEVELS; level++)
        full += size >> 8 * (level + 1);
    return entries.ms_entries == size && tiles.ms_entries == full ? 0 : MDB_CORRUPTED;
}
