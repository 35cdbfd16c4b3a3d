/* What is read of a journal is folded or refused as unreadable, whatever its
   bytes: an entry that can be folded gives a state of which every row can be
   read, and the same state again; its previous numbers are those of the chains.
   The input is an entry; it is also laid over an entry of a small board, and over
   the body of one.                                                            */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "schema/codec.h"
#include "schema/fold.h"
#include "store/state_memory.h"
#include "tests/small_board.h"
#include "tests/states.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ENTRIES = 9, ROOM = 1 << 17 };

static struct kept {
    uint8_t at[2048];
    uint32_t len;
} entries[ENTRIES];

static struct arena *arena;
static struct state *nothing;

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static int
keep(void *context, const struct journal_entry *entry)
{
    struct kept *k = &entries[entry->number - 1];

    (void)context;
    check(entry->number <= ENTRIES && entry->len <= sizeof k->at);
    memcpy(k->at, entry->bytes, entry->len);
    k->len = (uint32_t)entry->len;
    return 0;
}

static void
begin(void)
{
    struct small_board board;
    uint64_t next;

    arena = arena_new();
    nothing = state_memory_open();
    small_board_open(&board);
    check(journal_read(board.journal, 1, ENTRIES, keep, NULL, &next) >= 0 && next == ENTRIES + 1);
    small_board_close(&board);
}

/* The board as it was before its last entry. */
static struct state *
state_before_last(void)
{
    struct state *s = state_memory_open();

    for (unsigned i = 0; i + 1 < ENTRIES; i++) {
        arena_reset(arena);
        check(fold_stored(s, arena, (struct bytes){entries[i].at, entries[i].len}) == 0);
    }
    return s;
}

static void
check_rows(struct state *s)
{
    static uint64_t row[4096 / 8];
    struct state_key none = {.len = 0};

    for (int table = 0; table < STATE_TABLE_COUNT; table++) {
        const struct record *r = state_tables[table].record;
        struct state_walk walk;
        int rc;

        check(!r || r->size <= sizeof row);
        state_walk_begin(&walk, (enum state_table)table, &none);
        while ((rc = state_walk_next(s, arena, &walk, r ? row : NULL)) == 1)
            continue;
        check(rc == 0);
    }
}

static void
check_entry(const uint8_t *at, size_t len)
{
    struct entry entry;
    struct fault fault;

    arena_reset(arena);
    if (!record_decode(arena, &entry_record, &entry, at, len, &fault)) {
        check(fold_stored(nothing, arena, (struct bytes){at, (uint32_t)len}) == -EBADMSG);
        return;
    }
    struct state *a = state_before_last();
    int rc = fold_stored(a, arena, (struct bytes){at, (uint32_t)len});
    check(rc == 0 || rc == -EBADMSG);
    if (rc == 0) {
        struct state *b = state_before_last();
        check(fold_stored(b, arena, (struct bytes){at, (uint32_t)len}) == 0);
        check(!states_differ(a, b));
        check_rows(a);
        state_memory_close(&b);
    }
    state_memory_close(&a);
}

/* The bytes from `at` on become the input's; as many as there are. */
static void
lay_over(uint8_t *to, size_t to_len, const uint8_t *data, size_t len)
{
    size_t at = (size_t)(data[0] << 8 | data[1]) % to_len;
    memcpy(to + at, data + 2, len - 2 < to_len - at ? len - 2 : to_len - at);
}

/* The kind and body of one of the entries, and the input over it, in an entry
   that goes on where the board ends. */
static void
check_body(const uint8_t *data, size_t len)
{
    static uint8_t body[2048];
    static uint8_t encoded[ROOM];
    const struct kept *k = &entries[data[0] % ENTRIES];
    struct entry like;
    struct entry last;
    struct fault fault;

    arena_reset(arena);
    check(record_decode(arena, &entry_record, &like, k->at, k->len, &fault));
    check(record_decode(arena, &entry_record, &last, entries[ENTRIES - 1].at,
                        entries[ENTRIES - 1].len, &fault));
    memcpy(body, like.body.at, like.body.len);
    if (len > 3)
        lay_over(body, like.body.len, data + 1, len - 1);
    last.kind = like.kind;
    last.body = (struct bytes){body, like.body.len};
    last.previous_in_row = data[1];
    last.previous_in_plan = data[2];
    size_t size = record_encode(&entry_record, &last, encoded, sizeof encoded);
    check(size > 0);
    check_entry(encoded, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t whole[2048];

    if (!arena)
        begin();
    check_entry(data, len);
    if (len < 3)
        return 0;
    const struct kept *k = &entries[data[0] % ENTRIES];
    memcpy(whole, k->at, k->len);
    lay_over(whole, k->len, data + 1, len - 1);
    check_entry(whole, k->len);
    check_body(data, len);
    return 0;
}
