/* What holds for every record of the tables, whatever its fields. */
#include <stdlib.h>

#include "schema/codec.h"
#include "schema/copy.h"
#include "schema/json.h"
#include "schema/shape.h"
#include "schema/wire/frame.h"
#include "tests/gen.h"
#include "tests/t.h"

enum { ROUNDS = 100, ROOM = 1 << 22 };

/* Memory for one test: a record, another, and two encodings. */
struct bench {
    struct arena *arena;
    struct fault fault;
    char *a, *b;
    uint8_t *first, *second;
};

static struct bench
bench_new(void)
{
    return (struct bench){.arena = arena_new(),
                          .a = malloc(ROOM),
                          .b = malloc(ROOM),
                          .first = malloc(ROOM),
                          .second = malloc(ROOM)};
}

static void
bench_free(struct bench *t)
{
    arena_destroy(&t->arena);
    free(t->a);
    free(t->b);
    free(t->first);
    free(t->second);
}

static void
check_same(const char *name, const struct bench *t, size_t len, size_t other_len)
{
    if (len == 0 || len != other_len || memcmp(t->first, t->second, len) != 0)
        FAIL_WITH("%s: %zu bytes came back as %zu others", name, len, other_len);
}

/* The JSON forms of the two: they would differ where an encoding has lost some of
   the record. */
static void
check_same_json(const struct record *r, const struct bench *t)
{
    struct text a = record_to_json(t->arena, r, t->a);
    struct text b = record_to_json(t->arena, r, t->b);

    if (!text_equal(a, b))
        FAIL_WITH("%s: %.200s came back as %.200s", r->name, a.at, b.at);
}

static void
check_taken(const char *name, const struct bench *t, bool taken)
{
    if (!taken)
        FAIL_WITH("%s is refused: %s %s", name, t->fault.field, t->fault.reason);
}

TEST(records_decode_to_what_was_encoded)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_LARGE, t.a);
        size_t len = record_encode(r, t.a, t.first, ROOM);
        check_taken(r->name, &t, record_decode(t.arena, r, t.b, t.first, len, &t.fault));
        check_same(r->name, &t, len, record_encode(r, t.b, t.second, ROOM));
        check_same_json(r, &t);
    }
    bench_free(&t);
}

/* What it points to is its own: the record it was copied from is gone. */
TEST(records_copy_to_what_is_their_own)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        struct arena *arena = arena_new();
        gen_record(arena, r, GEN_LARGE, t.a);
        size_t len = record_encode(r, t.a, t.first, ROOM);
        size_t size = r->size + record_room(r, t.a);
        char *copy = malloc(size); /* not a byte more than it asks for */
        memset(copy, 0xff, size);
        size_t room = size - r->size;
        size_t used;
        CHECK(!room || !record_copy_within(r, copy, t.a, copy + r->size, room - 1, &used));
        CHECK(record_copy_within(r, copy, t.a, copy + r->size, room, &used));
        CHECK_INT(room, used);
        memset(copy, 0xff, size);
        record_copy(r, copy, t.a, copy + r->size);
        arena_destroy(&arena);
        memset(t.a, 0xff, r->size);
        check_same(r->name, &t, len, record_encode(r, copy, t.second, ROOM));
        free(copy);
    }
    bench_free(&t);
}

/* A field that is not present is zero in a copy, whatever it was. */
TEST(records_copy_no_more_than_is_present)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count; i++) {
        const struct record *r = gen_records[i];
        memset(t.a, 0xff, r->size);
        memset(t.a, 0, sizeof(uint64_t));
        memset(t.first, 0, r->size);
        CHECK_INT(0, record_room(r, t.a));
        record_copy(r, t.b, t.a, NULL);
        CHECK(memcmp(t.b, t.first, r->size) == 0);
    }
    bench_free(&t);
}

/* The same as another program would encode it: sets in another order, amounts as
   texts. */
TEST(records_decode_from_another_encoder)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        msgpack_sbuffer packed;
        struct fault none;

        arena_reset(t.arena);
        msgpack_sbuffer_init(&packed);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        CHECK(!gen_spoilt(r, t.a, UINT32_MAX, &packed, &none));
        check_taken(r->name, &t,
                    record_decode(t.arena, r, t.b, packed.data, packed.size, &t.fault));
        check_same(r->name, &t, record_encode(r, t.a, t.first, ROOM),
                   record_encode(r, t.b, t.second, ROOM));
        msgpack_sbuffer_destroy(&packed);
    }
    bench_free(&t);
}

TEST(records_come_back_from_json)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_LARGE, t.a);
        struct text json = record_to_json(t.arena, r, t.a);
        check_taken(r->name, &t, record_from_json(t.arena, r, t.b, json.at, json.len, &t.fault));
        check_same(r->name, &t, record_encode(r, t.a, t.first, ROOM),
                   record_encode(r, t.b, t.second, ROOM));
    }
    bench_free(&t);
}

TEST(records_cut_short_are_refused)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count; i++) {
        const struct record *r = gen_records[i];
        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        size_t len = record_encode(r, t.a, t.first, ROOM);
        for (size_t cut = 0; cut < len; cut++) {
            if (record_decode(t.arena, r, t.b, t.first, cut, &t.fault))
                FAIL_WITH("%s: %zu of %zu bytes are taken", r->name, cut, len);
            CHECK_INT(0, record_encode(r, t.a, t.second, cut));
        }
        CHECK_INT(len, record_encode(r, t.a, t.second, len));
    }
    bench_free(&t);
}

static unsigned
spoil_all(struct bench *t, const struct record *r)
{
    for (unsigned k = 0;; k++) {
        struct fault want = {.code = FAULT_CODE_COUNT};
        msgpack_sbuffer packed;

        msgpack_sbuffer_init(&packed);
        if (!gen_spoilt(r, t->a, k, &packed, &want)) {
            msgpack_sbuffer_destroy(&packed);
            return k;
        }
        if (record_decode(t->arena, r, t->b, packed.data, packed.size, &t->fault))
            FAIL_WITH("%s is taken with a fault in %s (%u)", r->name, want.field, k);
        if (t->fault.code != want.code || strcmp(t->fault.field, want.field) != 0)
            FAIL_WITH("%s (%u): want %s %s, got %s %s (%s)", r->name, k,
                      word_text(&fault_codes, (int)want.code), want.field,
                      word_text(&fault_codes, (int)t->fault.code), t->fault.field, t->fault.reason);
        CHECK(*t->fault.reason);
        msgpack_sbuffer_destroy(&packed);
    }
}

TEST(records_just_invalid_are_refused_by_field)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * 4; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        CHECK(spoil_all(&t, r) > 0 || r->open);
    }
    bench_free(&t);
}

/* Flips bits, cuts out and puts in: now and then of what the bytes say there, as another
   length, type or key. */
static size_t
damage(uint8_t *at, size_t len)
{
    for (uint64_t times = 1 + random_below(3); times && len > 1; times--) {
        size_t where = (size_t)random_below(len);
        size_t other = (size_t)random_below(len);
        switch (random_below(4)) {
        case 0: at[where] ^= (uint8_t)(1 << random_below(8)); break;
        case 1: at[where] = (uint8_t)random_u64(); break;
        case 2: at[where] = at[other]; break;
        default:
            memmove(at + where, at + where + 1, len - where - 1);
            len--;
            break;
        }
    }
    return len;
}

/* Each member of a small map a second time. */
static size_t
repeat(uint8_t *at, size_t len)
{
    uint8_t members = at[0] & 15;

    if (at[0] >> 4 != 8 || members > 7)
        return len;
    at[0] = (uint8_t)(at[0] + members);
    memcpy(at + len, at + 1, len - 1);
    return 2 * len - 1;
}

/* Decoding holds bytes to their shape on its way: it takes none that shape_fault does not let
   pass, and says the same of them. */
TEST(records_are_decoded_if_they_have_the_shape_and_only_then)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * 20 * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        size_t len = record_encode(r, t.a, t.first, ROOM);
        len = random_below(8) ? damage(t.first, len) : repeat(t.first, len);
        const char *shape = shape_fault(t.first, len);
        bool ok = record_decode(t.arena, r, t.b, t.first, len, &t.fault);
        if (!shape)
            continue;
        CHECK(!ok);
        CHECK_INT(FAULT_MALFORMED, t.fault.code);
        CHECK_STR(shape, t.fault.reason);
    }
    bench_free(&t);
}

/* The row of a record has all of it; of some fields it gives those, whatever else there is. */
TEST(records_go_through_rows_unchanged)
{
    struct bench t = bench_new();

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        uint64_t fields = ((uint64_t)random_below(UINT32_MAX) << 32) | random_below(UINT32_MAX);
        uint64_t present;

        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        size_t len = record_encode_row(r, t.a, t.first, ROOM);
        CHECK(len > 0 && !shape_fault(t.first, len));
        CHECK_INT(0, record_encode_row(r, t.a, t.second, len - 1));
        CHECK(record_decode_row(t.arena, r, ROW_WHOLE, t.b, t.first, len, &t.fault));
        CHECK_INT(len, record_encode_row(r, t.b, t.second, ROOM));
        CHECK(memcmp(t.first, t.second, len) == 0);
        for (size_t cut = 0; cut < len && cut < 40; cut++)
            CHECK(!record_decode_row(t.arena, r, ROW_WHOLE, t.b, t.first, cut, &t.fault));
        CHECK(record_decode_row(t.arena, r, fields, t.b, t.first, len, &t.fault));
        memcpy(&present, t.a, sizeof present);
        present &= fields;
        CHECK(memcmp(&present, t.b, sizeof present) == 0);
        memcpy(t.a, &present, sizeof present);
        len = record_encode_row(r, t.b, t.second, ROOM);
        CHECK_INT(len, record_encode_row(r, t.a, t.first, ROOM));
        CHECK(memcmp(t.first, t.second, len) == 0);
    }
    bench_free(&t);
}

static unsigned
depth_of(const struct record *r)
{
    unsigned most = 0;

    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        unsigned depth = f->record ? depth_of(f->record) + (f->type == TYPE_MANY)
                                   : f->type >= TYPE_IDS || f->type == TYPE_SET;
        most = depth > most ? depth : most;
    }
    return most + 1;
}

/* So that decoding need not count how deep it is; a frame is an array around one. */
TEST(records_are_no_deeper_than_a_shape_may_be)
{
    for (unsigned i = 0; i < gen_record_count; i++)
        CHECK(depth_of(gen_records[i]) + 1 <= SHAPE_DEPTH);
}

/* A message's own map may carry what this program does not know yet. */
TEST(records_that_are_open_skip_unknown_fields)
{
    static const uint8_t ping[] = "\x82\xa3new\xc0\xa2id\x07";
    static const uint8_t cell[] = "\x82\xa3new\xc0\xa7heading\xa1x";
    struct bench t = bench_new();
    struct ping out;
    struct cell closed;

    CHECK(record_decode(t.arena, &ping_record, &out, ping, sizeof ping - 1, &t.fault));
    CHECK(out.has.id && out.id == 7);
    CHECK(!record_decode(t.arena, &cell_record, &closed, cell, sizeof cell - 1, &t.fault));
    CHECK_STR("new", t.fault.field);
    bench_free(&t);
}

/* --- frames ------------------------------------------------------------------------- */

TEST(frames_decode_to_what_was_encoded)
{
    struct bench t = bench_new();

    for (int i = 0; i < MESSAGE_COUNT * ROUNDS; i++) {
        enum message_kind kind = (enum message_kind)(i % MESSAGE_COUNT);
        enum message_kind again = MESSAGE_COUNT;
        arena_reset(t.arena);
        gen_record(t.arena, message_records[kind], GEN_SMALL, t.a);
        size_t len = frame_encode(kind, t.a, t.first, ROOM);
        check_taken(
            message_words[kind], &t,
            frame_decode(t.arena, t.first, len, &again, (union message *)(void *)t.b, &t.fault));
        CHECK_INT(kind, again);
        check_same(message_words[kind], &t, len, frame_encode(kind, t.b, t.second, ROOM));
    }
    bench_free(&t);
}

TEST(frames_cut_short_are_refused)
{
    struct bench t = bench_new();

    for (int i = 0; i < MESSAGE_COUNT; i++) {
        enum message_kind kind = (enum message_kind)i;
        arena_reset(t.arena);
        gen_record(t.arena, message_records[kind], GEN_SMALL, t.a);
        size_t len = frame_encode(kind, t.a, t.first, ROOM);
        for (size_t cut = 0; cut < len; cut++) {
            enum message_kind again;
            CHECK(!frame_decode(t.arena, t.first, cut, &again, (union message *)(void *)t.b,
                                &t.fault));
            CHECK_INT(FAULT_MALFORMED, t.fault.code);
            CHECK_INT(0, frame_encode(kind, t.a, t.second, cut));
        }
    }
    bench_free(&t);
}

/* Some fields of a record from where its row has them, and the others, are the record. */
TEST(records_are_passed_on_from_where_their_rows_lie)
{
    struct bench t = bench_new();
    uint8_t *row = malloc(ROOM);

    for (unsigned i = 0; i < gen_record_count * ROUNDS; i++) {
        const struct record *r = gen_records[i % gen_record_count];
        uint64_t decoded = ((uint64_t)random_below(UINT32_MAX) << 32) | random_below(UINT32_MAX);
        struct encoded_fields encoded = {.present = 0};
        struct row_places places;
        uint64_t present;

        arena_reset(t.arena);
        gen_record(t.arena, r, GEN_SMALL, t.a);
        memcpy(&present, t.a, sizeof present);
        size_t len = record_encode_row(r, t.a, row, ROOM);
        CHECK(record_place_row(t.arena, r, decoded, t.b, &places, row, len, &t.fault));
        CHECK(places.present == present);
        for (unsigned k = 0; k < r->count; k++)
            if (present & ~decoded & UINT64_C(1) << k)
                encoded.at[k] =
                    (struct bytes){places.at[k], (uint32_t)(places.at[k + 1] - places.at[k])};
        encoded.present = present & ~decoded;
        len = record_encode(r, t.a, t.first, ROOM);
        CHECK_INT(len, record_encode_with(r, t.b, &encoded, t.second, ROOM));
        CHECK(memcmp(t.first, t.second, len) == 0);
        CHECK_INT(0, record_encode_with(r, t.b, &encoded, t.second, len - 1));
    }
    free(row);
    bench_free(&t);
}
