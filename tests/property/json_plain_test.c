/* The quick reader of plain JSON says of no text anything else than jansson does; and it
   reads what programs write. */
#include "schema/json_plain.h"

#include <stdlib.h>
#include <string.h>

#include "schema/json.h"
#include "tests/gen.h"
#include "tests/t.h"

enum { ROUNDS = 2000, SPOILT = 20 };

/* What it read of it: true; or nothing. */
static bool
agrees(const char *text, size_t len)
{
    json_error_t error;
    json_t *quick = json_plain_load(text, len);
    json_t *whole = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    if (quick && (!whole || !json_equal(quick, whole)))
        FAIL_WITH("read as another: %.*s", (int)len, text);
    bool read = quick != NULL;
    json_decref(quick);
    json_decref(whole);
    return read;
}

TEST(json_plain_reads_what_programs_write)
{
    static const struct {
        const char *text;
        bool is_read;
    } rows[] = {
        {"{}", true},
        {" { } ", true},
        {"{\"kind\":\"progress\",\"percent\":50,\"wait\":true,\"closed\":false}", true},
        {"\t{ \"a\" : \"b\" , \"c\" : 0 }\r\n", true},
        {"{\"evidence\":{\"title\":\"t\",\"kind\":\"audit\"},\"value\":{\"amount\":1}}", true},
        {"{\"note\":\"caf\xc3\xa9 \xe2\x80\x99\"}", true},
        {"{\"n\":999999999999999}", true},
        {"{\"n\":9999999999999999}", false},
        {"{\"n\":01}", false},
        {"{\"n\":1.5}", false},
        {"{\"n\":-1}", false},
        {"{\"n\":1x}", false},
        {"{\"n\":}", false},
        {"{\"n\":null}", false},
        {"{\"n\":tru}", false},
        {"{\"n\":[1]}", false},
        {"{\"n\":\"a\\n\"}", false},
        {"{\"n\":\"a\nb\"}", false},
        {"{\"n\":\"\xff\"}", false},
        {"{\"\xff\":1}", false},
        {"{\"n\":1,\"n\":2}", false},
        {"{\"n\":1,}", false},
        {"{\"n\":1 \"m\":2}", false},
        {"{\"n\":1}x", false},
        {"{\"n\":1", false},
        {"{\"n", false},
        {"{", false},
        {"", false},
        {"[]", false},
        {"{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{}}}}}}", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (agrees(rows[i].text, strlen(rows[i].text)) != rows[i].is_read)
            FAIL_WITH("%s: %s", rows[i].text, rows[i].is_read ? "not read" : "read");
}

TEST(json_plain_never_reads_anything_else)
{
    struct arena *arena = arena_new();
    int64_t read = 0;

    for (int i = 0; i < ROUNDS; i++) {
        const struct record *r = gen_records[random_below(gen_record_count)];
        uint8_t rec[4096];
        CHECK(r->size <= sizeof rec);
        arena_reset(arena);
        gen_record(arena, r, 1 + (int64_t)random_below(8), rec);
        struct text json = record_to_json(arena, r, rec);
        read += agrees(json.at, json.len);
        char *spoilt = arena_string(arena, json.at, json.len);
        for (int k = 0; k < SPOILT; k++) {
            spoilt[random_below(json.len)] = "{}\":,0129ate\\ \n\xc3"[random_below(17)];
            read += agrees(spoilt, (size_t)random_below(json.len) + 1);
            read += agrees(spoilt, json.len);
        }
    }
    CHECK(read > ROUNDS / 10);
    arena_destroy(&arena);
}
