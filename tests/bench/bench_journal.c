#include "tests/bench/bench_journal.h"

#include <time.h>

#include "schema/codec.h"
#include "schema/entry.h"
#include "store/journal.h"
#include "tests/t.h"

enum { BATCH_MAX = 1024, ENTRY_CAP = 1024 };
#define MAP_BYTES ((size_t)64 << 30)

/* An entry of number `number`: its size is what matters. */
static size_t
encode_entry(const struct updates *u, int64_t number, uint8_t out[ENTRY_CAP])
{
    static const uint8_t zero[OUTBOX_SIZE] = {0};
    const struct entry_origin from = {.number = number,
                                      .time = (int64_t)time(NULL) * 1000000,
                                      .day = u->today,
                                      .client = text_of("agency-0/crm"),
                                      .outbox = {zero, OUTBOX_SIZE},
                                      .n = number,
                                      .kind = KIND_PROGRESS,
                                      .nonce = {zero, NONCE_SIZE},
                                      .body = {u->mould + u->body_at, UPDATE_BODY}};
    const struct findings found = {.note_changed = true};
    struct entry e;

    entry_accepted(&e, &from, &found);
    e.previous_in_row = e.previous_in_plan = e.previous_in_outbox = number;
    return record_encode(&entry_record, &e, out, ENTRY_CAP);
}

static double
now(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double
bench_journal(const char *path, const struct updates *u, unsigned batch, int64_t ms)
{
    static uint8_t bytes[BATCH_MAX][ENTRY_CAP];
    const struct journal_owner owner = {"bench", NULL};
    struct journal_bytes entries[BATCH_MAX];
    struct journal *journal;
    struct why why;
    uint64_t generation;
    uint64_t next = 1;

    CHECK(batch <= BATCH_MAX);
    CHECK_INT(0, journal_create_lmdb(path, &owner, 1, &why));
    CHECK_INT(0, journal_open_lmdb(&journal, path, &owner, MAP_BYTES, &why));
    CHECK_INT(0, journal_begin_generation(journal, &generation));
    for (unsigned i = 0; i < batch; i++)
        entries[i] = (struct journal_bytes){bytes[i], encode_entry(u, 1000000 + i, bytes[i])};
    double begun = now();
    double took;
    do {
        CHECK_INT(0, journal_append(journal, next, generation, entries, batch));
        next += batch;
    } while ((took = now() - begun) * 1000 < (double)ms);
    journal_close(&journal);
    return (double)(next - 1) / took;
}
