/* What decodes, of any record, has the shape of what comes from outside, and must encode;
   that decodes again, and to the same; and its JSON says the same too. The first byte picks
   the record. */
#include <stdlib.h>
#include <string.h>

#include "broker/options.h"
#include "schema/codec.h"
#include "schema/json.h"
#include "schema/messages.h"
#include "schema/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define ADDRESS(tag, FIELDS, open, doc) &tag##_record,
static const struct record *const all[] = {RECORDS(ADDRESS) MESSAGE_RECORDS(ADDRESS)
                                               OPTION_RECORDS(ADDRESS)};

enum { CAP = 1 << 16, RECORD_SIZE = 4096 };

static void
check(bool holds)
{
    if (!holds)
        abort();
}

static void
check_same(const struct record *r, const void *rec, const uint8_t *want, size_t len)
{
    static uint8_t got[CAP];
    check(record_encode(r, rec, got, sizeof got) == len && memcmp(want, got, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t encoded[CAP];
    static uint64_t a[RECORD_SIZE / 8];
    static uint64_t b[RECORD_SIZE / 8];
    static struct arena *arena;
    struct fault fault = {.reason = ""};

    if (!arena)
        arena = arena_new();
    if (len == 0)
        return 0;
    arena_reset(arena);
    const struct record *r = all[data[0] % (sizeof all / sizeof *all)];
    check(r->size <= sizeof a);
    if (!record_decode(arena, r, a, data + 1, len - 1, &fault)) {
        check(*fault.reason && memchr(fault.field, '\0', sizeof fault.field));
        return 0;
    }
    check(!shape_fault(data + 1, len - 1));
    size_t size = record_encode(r, a, encoded, sizeof encoded);
    check(size > 0 && (r->open || size <= 3 * len));
    check(record_decode(arena, r, b, encoded, size, &fault));
    check_same(r, b, encoded, size);
    struct text json = record_to_json(arena, r, a);
    check(record_from_json(arena, r, b, json.at, json.len, &fault));
    check_same(r, b, encoded, size);
    return 0;
}
