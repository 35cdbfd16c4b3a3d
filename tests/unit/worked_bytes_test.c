/* The worked bytes of schema/PROTOCOL.md are what the codec makes of the records
   beside them, and mean these. The document has each as two blocks,

       ```json               or, for a body, ```json progress
       ["ACK", {...}]

       ```hex
       array of 2                    92
         "ACK"                       a3 41 43 4b
         ...

   and the second is compared byte for byte, so that nothing in it can be stale.  */
#include <stdlib.h>

#include "schema/checkpoint.h"
#include "schema/codec.h"
#include "schema/json.h"
#include "schema/reader.h"
#include "schema/wire/frame.h"
#include "tests/t.h"

enum { DOCUMENT = 1 << 20, BLOCK = 1 << 16, LABEL = 44, BYTES_A_LINE = 28 };

/* --- the document ------------------------------------------------------------------ */

static const char *
read_document(void)
{
    static char text[DOCUMENT];
    FILE *file = fopen("schema/PROTOCOL.md", "r");

    CHECK(file);
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    CHECK(len > 0 && len < sizeof text - 1);
    text[len] = '\0';
    return text;
}

/* A pair of blocks: the record as JSON, and its bytes. */
struct worked {
    char record[32]; /* of a body; empty for a frame */
    struct text json, hex;
};

/* From after the line that begins with `mark` until the line that ends the block. */
static const char *
take_block(const char *at, const char *mark, const char **line, struct text *out)
{
    if (!(*line = strstr(at, mark)))
        return NULL;
    const char *begin = strchr(*line + 1, '\n') + 1;
    const char *end = strstr(begin - 1, "\n```");
    CHECK(end);
    *out = (struct text){begin, end < begin ? 0 : (uint32_t)(end + 1 - begin)};
    return end + 1;
}

static const char *
next_worked(const char *at, struct worked *out)
{
    const char *line;

    *out = (struct worked){.record = ""};
    if (!(at = take_block(at, "\n```json", &line, &out->json)))
        return NULL;
    (void)sscanf(line, "\n```json %31[a-z_]", out->record);
    at = take_block(at, "\n```hex", &line, &out->hex);
    CHECK(at);
    return at;
}

/* --- what the bytes mean ------------------------------------------------------------ */

struct dump {
    struct reader in;
    char *text;
    size_t len;
};

static void
say_bytes(struct dump *d, const uint8_t *from, const uint8_t *to)
{
    for (int i = 0; from < to; from++, i++) {
        const char *before = i == 0 ? "" : i % BYTES_A_LINE ? " " : "\n";
        d->len += (size_t)sprintf(d->text + d->len, "%s", before);
        if (i && i % BYTES_A_LINE == 0)
            d->len += (size_t)sprintf(d->text + d->len, "%*s", LABEL, "");
        d->len += (size_t)sprintf(d->text + d->len, "%02x", *from);
    }
    d->len += (size_t)sprintf(d->text + d->len, "\n");
}

static void
say_meaning(const msgpack_object *o, char *out, size_t room)
{
    unsigned size = o->via.array.size; /* where a map, str and bin have theirs too */

    if (o->type == MSGPACK_OBJECT_MAP)
        (void)snprintf(out, room, "map of %u", size);
    else if (o->type == MSGPACK_OBJECT_ARRAY)
        (void)snprintf(out, room, "array of %u", size);
    else if (o->type == MSGPACK_OBJECT_BIN)
        (void)snprintf(out, room, "bin of %u", o->via.bin.size);
    else if (o->type == MSGPACK_OBJECT_STR && o->via.str.size + 3 > room)
        (void)snprintf(out, room, "str of %u", o->via.str.size);
    else if (o->type == MSGPACK_OBJECT_STR)
        (void)snprintf(out, room, "\"%.*s\"", (int)o->via.str.size, o->via.str.ptr);
    else if (o->type == MSGPACK_OBJECT_BOOLEAN)
        (void)snprintf(out, room, "%s", o->via.boolean ? "true" : "false");
    else if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        (void)snprintf(out, room, "%" PRIu64, o->via.u64);
    else
        FAIL_WITH("a type that no example has");
}

/* One value, or in a map a name and its value: a line, and those within it. */
static void
say_value(struct dump *d, int depth, bool named)
{
    const uint8_t *from = d->in.at;
    char label[LABEL] = "";
    msgpack_object o;
    int len = snprintf(label, sizeof label, "%*s", 2 * depth, "");

    if (named) {
        CHECK_INT(READING_DONE, reader_take(&d->in, &o));
        len += snprintf(label + len, sizeof label - (size_t)len, "%.*s: ", (int)o.via.str.size,
                        o.via.str.ptr);
    }
    CHECK_INT(READING_DONE, reader_take(&d->in, &o));
    say_meaning(&o, label + len, sizeof label - (size_t)len - 1);
    d->len += (size_t)sprintf(d->text + d->len, "%-*s", LABEL, label);
    say_bytes(d, from, d->in.at);
    bool map = o.type == MSGPACK_OBJECT_MAP;
    for (uint32_t i = 0; (map || o.type == MSGPACK_OBJECT_ARRAY) && i < o.via.array.size; i++)
        say_value(d, depth + 1, map);
}

/* --- a pair -------------------------------------------------------------------------- */

/* The body of `["WORD", {...}]`, and its kind. */
static struct text
take_word(struct text json, enum message_kind *kind)
{
    char word[32] = "";
    const char *map = memchr(json.at, '{', json.len);
    const char *end = memrchr(json.at, ']', json.len);

    CHECK(map && end && sscanf(json.at, "[\"%31[A-Z]\", {", word) == 1);
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (strcmp(message_words[i], word) == 0) {
            *kind = (enum message_kind)i;
            return (struct text){map, (uint32_t)(end - map)};
        }
    FAIL_WITH("%s is no message", word);
    return json;
}

static const struct record *
body_record(const char *kind)
{
    int i = word_find(&submission_kinds, kind, strlen(kind));
    CHECK(i >= 0 && body_records[i]);
    return body_records[i];
}

/* From the document's JSON: the codec's bytes. */
static size_t
encode(struct arena *arena, const struct worked *w, uint8_t *out, enum message_kind *kind)
{
    struct text json = *w->record ? w->json : take_word(w->json, kind);
    const struct record *r = *w->record ? body_record(w->record) : message_records[*kind];
    void *record = arena_take(arena, r->size);
    struct fault fault;

    if (!record_from_json(arena, r, record, json.at, json.len, &fault))
        FAIL_WITH("%s: %s\n%.*s", fault.field, fault.reason, (int)json.len, json.at);
    return *w->record ? record_encode(r, record, out, BLOCK)
                      : frame_encode(*kind, record, out, BLOCK);
}

/* From the document's bytes, which stand to the right of what they mean. */
static size_t
read_hex(struct text hex, uint8_t *out)
{
    size_t count = 0;

    for (const char *line = hex.at, *end; line < hex.at + hex.len; line = end + 1) {
        end = strchr(line, '\n');
        for (const char *at = line + LABEL; at < end; at += 3) {
            unsigned byte;
            CHECK(sscanf(at, "%2x", &byte) == 1);
            out[count++] = (uint8_t)byte;
        }
    }
    return count;
}

/* And they are read as the record that the JSON says. */
static void
check_decoded(struct arena *arena, const struct worked *w, const uint8_t *bytes, size_t len)
{
    static uint8_t again[BLOCK];
    enum message_kind kind;
    union message message;
    union body body;
    struct fault fault;

    if (*w->record) {
        const struct record *r = body_record(w->record);
        CHECK(record_decode(arena, r, &body, bytes, len, &fault));
        CHECK_INT(len, record_encode(r, &body, again, sizeof again));
    } else {
        CHECK(frame_decode(arena, bytes, len, &kind, &message, &fault));
        CHECK_INT(len, frame_encode(kind, &message, again, sizeof again));
    }
    CHECK(memcmp(bytes, again, len) == 0);
}

static void
check_worked(struct arena *arena, const struct worked *w, enum message_kind *kind)
{
    static char text[BLOCK];
    static uint8_t want[BLOCK];
    static uint8_t got[BLOCK];
    size_t len = encode(arena, w, want, kind);
    struct dump d = {{want, want + len}, text, 0};

    CHECK(len > 0);
    say_value(&d, 0, false);
    if (d.len != w->hex.len || memcmp(text, w->hex.at, d.len) != 0)
        FAIL_WITH("schema/PROTOCOL.md: the bytes of\n%.*s    are\n%s", (int)w->json.len, w->json.at,
                  text);
    CHECK_INT(len, read_hex(w->hex, got));
    CHECK(memcmp(want, got, len) == 0);
    check_decoded(arena, w, got, len);
}

TEST(worked_bytes_are_the_codecs)
{
    struct arena *arena = arena_new();
    const char *at = read_document();
    bool said[MESSAGE_COUNT] = {false};
    struct worked w;

    while ((at = next_worked(at, &w))) {
        enum message_kind kind = MESSAGE_COUNT;
        check_worked(arena, &w, &kind);
        if (kind < MESSAGE_COUNT)
            said[kind] = true;
    }
    for (int i = 0; i < MESSAGE_COUNT; i++)
        if (!said[i])
            FAIL_WITH("schema/PROTOCOL.md has no worked bytes of %s", message_words[i]);
    arena_destroy(&arena);
}

/* --- what is worked out from them ----------------------------------------------------- */

/* The first message of a kind in the document. */
static void
find_worked(struct arena *arena, enum message_kind wanted, union message *out)
{
    static uint8_t bytes[BLOCK];
    const char *at = read_document();
    enum message_kind kind;
    struct fault fault;
    struct worked w;

    while ((at = next_worked(at, &w)))
        if (!*w.record && (take_word(w.json, &kind), kind == wanted)) {
            CHECK(frame_decode(arena, bytes, read_hex(w.hex, bytes), &kind, out, &fault));
            return;
        }
    FAIL_WITH("no %s", message_words[wanted]);
}

static void
print_hex(const uint8_t *bytes, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++)
        (void)sprintf(out + 2 * i, "%02x", bytes[i]);
}

static void
check_says(const uint8_t *bytes, size_t len)
{
    char hex[2 * 64 + 1];

    print_hex(bytes, len, hex);
    if (!strstr(read_document(), hex))
        FAIL_WITH("schema/PROTOCOL.md does not say %s", hex);
}

TEST(worked_head_is_signed_by_the_key_that_is_named)
{
    struct arena *arena = arena_new();
    uint8_t seed[CHECKPOINT_KEY];
    uint8_t key[CHECKPOINT_KEY];
    struct checkpoint head;
    struct fault fault;
    union message m;

    for (uint8_t i = 0; i < CHECKPOINT_KEY; i++)
        seed[i] = i;
    CHECK_INT(0, checkpoint_public_key(seed, key));
    check_says(key, sizeof key);
    find_worked(arena, SAY_WELCOME, &m);
    if (!checkpoint_verify(&head, m.welcome.head.at, m.welcome.head.len, "example.0", key, &fault))
        FAIL_WITH("%s", fault.reason);
    CHECK_INT(m.welcome.number, head.head.size);
    check_says(head.head.root.bytes, sizeof head.head.root.bytes); /* the resumed SUBSCRIBE's */
    arena_destroy(&arena);
}

/* The entry within the frame is the journal's, byte for byte. */
TEST(worked_entry_has_the_leaf_hash_that_is_named)
{
    static uint8_t bytes[BLOCK];
    struct arena *arena = arena_new();
    struct tree_hash leaf;
    union message m;

    find_worked(arena, SAY_EVENT, &m);
    CHECK_INT(1, m.event.entries.count);
    size_t len = record_encode(&entry_record, m.event.entries.at, bytes, sizeof bytes);
    tree_hash_leaf(bytes, len, &leaf);
    check_says(leaf.bytes, sizeof leaf.bytes);
    arena_destroy(&arena);
}

/* The leaves, and roots of size 2 and 3. */
static void
grow_tree(struct tree_hash leaf[3], struct tree_head *two, struct tree_head *three)
{
    static const char *const texts[] = {"one", "two", "three"};

    for (int i = 0; i < 3; i++) {
        tree_hash_leaf(texts[i], strlen(texts[i]), &leaf[i]);
        check_says(leaf[i].bytes, TREE_HASH);
    }
    two->size = 2;
    tree_hash_node(&leaf[0], &leaf[1], &two->root);
    check_says(two->root.bytes, TREE_HASH);
    three->size = 3;
    tree_hash_node(&two->root, &leaf[2], &three->root);
    check_says(three->root.bytes, TREE_HASH);
}

TEST(worked_tree_has_the_proofs_that_are_named)
{
    struct tree_hash leaf[3];
    struct tree_head two;
    struct tree_head three;

    grow_tree(leaf, &two, &three);
    const struct tree_head one = {1, leaf[0]};
    const struct tree_proof ends = {2, {leaf[0], leaf[2]}};
    const struct tree_proof last = {1, {leaf[2]}};
    const struct tree_proof second = {2, {leaf[1], leaf[2]}};
    CHECK(tree_verify_inclusion(&three, 1, &leaf[1], &ends));
    CHECK(tree_verify_consistency(&two, &three, &last));
    CHECK(tree_verify_consistency(&one, &three, &second));
}
