/* Signed tree heads, against one that others have published (the test key and a
   checkpoint of the Tessera project) and against every way to spoil one. */
#include <errno.h>
#include <stdlib.h>

#include "schema/checkpoint.h"
#include "tests/t.h"

static const char origin[] = "example.com/log/testdata";
static const uint8_t secret[CHECKPOINT_KEY] = {
    0xec, 0xa6, 0x63, 0xf4, 0x99, 0x01, 0x7d, 0x23, 0x65, 0xc2, 0x7c, 0x7a, 0x76, 0x79, 0x15, 0x8d,
    0x43, 0xcf, 0xec, 0x13, 0x30, 0xbd, 0xb2, 0x59, 0x29, 0x0a, 0xfb, 0xd0, 0xd2, 0x17, 0x77, 0xa0};
static const uint8_t key[CHECKPOINT_KEY] = {
    0xe1, 0xd3, 0xbb, 0x84, 0x37, 0x84, 0x42, 0x0c, 0x1c, 0xda, 0x9c, 0xe9, 0xf0, 0x12, 0x32, 0xca,
    0xb7, 0xac, 0xa3, 0x71, 0xdb, 0xcd, 0x0d, 0x23, 0xea, 0x0e, 0xe7, 0x10, 0x85, 0x92, 0x44, 0xb1};

#define BODY                     \
    "example.com/log/testdata\n" \
    "100270\n"                   \
    "GRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ac=\n"
#define SIGNATURE                                                                                  \
    "\xe2\x80\x94 example.com/log/testdata "                                                       \
    "M9e0lkcvy5bAe7rrC8tCyAP+my+CLzswA91zOpBNWVU7qCojkUOHnfdQzDImoYeYH8G8PJSwOqsx0RkSa261OmKVwwM=" \
    "\n"
#define NOTE BODY "\n" SIGNATURE
/* A witness's; its name is not ASCII, its signature longer than ours. */
#define WITNESS "\xe2\x80\x94 t\xc3\xa9moin AAAAAAAAAAAAAAAA\n"

static bool
verify(struct checkpoint *out, const char *note)
{
    struct fault fault;
    return checkpoint_verify(out, note, strlen(note), origin, key, &fault);
}

static void
check_refused(const char *note, const char *reason)
{
    struct checkpoint c;
    struct fault fault;

    if (checkpoint_verify(&c, note, strlen(note), origin, key, &fault))
        FAIL_WITH("taken: %s", note);
    CHECK_STR(reason, fault.reason);
}

TEST(checkpoint_published_elsewhere_is_read_and_written_alike)
{
    struct checkpoint c;
    char note[CHECKPOINT_NOTE];
    uint8_t derived[CHECKPOINT_KEY];

    CHECK_INT(0x33d7b496, checkpoint_key_hash(origin, key));
    CHECK_INT(0, checkpoint_public_key(secret, derived));
    CHECK(memcmp(key, derived, sizeof key) == 0);
    CHECK(verify(&c, NOTE));
    CHECK_STR(origin, c.origin);
    CHECK_INT(100270, c.head.size);
    CHECK_INT(0x19, c.head.root.bytes[0]);
    CHECK_INT(0x07, c.head.root.bytes[31]);
    CHECK_INT(strlen(NOTE), checkpoint_sign(&c, secret, note));
    CHECK_STR(NOTE, note);
}

TEST(checkpoint_may_carry_extensions_and_the_signatures_of_witnesses)
{
    struct checkpoint c;
    struct fault fault;

    CHECK(verify(&c, NOTE WITNESS));
    CHECK(verify(&c, BODY "\n" WITNESS SIGNATURE));
    CHECK(verify(&c, NOTE SIGNATURE));
    CHECK(checkpoint_parse(&c, NOTE, strlen(NOTE), &fault));
    CHECK(checkpoint_parse(&c, BODY "more\n\n" WITNESS, strlen(BODY "more\n\n" WITNESS), &fault));
    CHECK_INT(100270, c.head.size);
    check_refused(BODY "more\n\n" SIGNATURE, "the tree head's signature is wrong");
}

TEST(checkpoint_is_believed_only_from_its_key)
{
    struct checkpoint c;
    struct fault fault;
    uint8_t other[CHECKPOINT_KEY];

    memcpy(other, key, sizeof other);
    other[0] ^= 1;
    CHECK(!checkpoint_verify(&c, NOTE, strlen(NOTE), origin, other, &fault));
    CHECK_STR("the tree head is not signed by the board's key", fault.reason);
    CHECK(!checkpoint_verify(&c, NOTE, strlen(NOTE), "example.com/log", key, &fault));
    CHECK_STR("the tree head is of another origin", fault.reason);
    check_refused(BODY "\n" WITNESS, "the tree head is not signed by the board's key");
    check_refused(BODY "\n\xe2\x80\x94 example.com/log/testdatb "
                       "M9e0lkcvy5bAe7rrC8tCyAP+my+CLzswA91zOpBNWVU7qCojkUOHnfdQzDImoYeYH8G8PJSwO"
                       "qsx0RkSa261OmKVwwM=\n",
                  "the tree head is not signed by the board's key");
    /* A name and key hash that are ours want a signature that is. */
    check_refused(BODY "\n\xe2\x80\x94 example.com/log/testdata M9e0lkcv\n",
                  "the tree head's signature is wrong");
    check_refused(NOTE "\xe2\x80\x94 example.com/log/testdata M9e0lkcv\n",
                  "the tree head's signature is wrong");
}

/* Every byte of it counts, and so does every byte that is missing. */
TEST(checkpoint_spoiled_anywhere_is_refused)
{
    struct checkpoint c;
    struct fault fault;
    char note[] = NOTE;

    for (size_t i = 0; i < strlen(NOTE); i++) {
        note[i] ^= 1;
        CHECK(!checkpoint_verify(&c, note, strlen(NOTE), origin, key, &fault));
        CHECK(fault.reason[0]);
        note[i] ^= 1;
        CHECK(!checkpoint_verify(&c, note, i, origin, key, &fault));
        CHECK(!checkpoint_parse(&c, note, i, &fault));
    }
    CHECK(checkpoint_verify(&c, note, strlen(NOTE), origin, key, &fault));
}

#define ROOT "GRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ac=\n"

TEST(checkpoint_of_another_form_is_refused)
{
    static const struct {
        const char *note, *reason;
    } rows[] = {
        {"", "the tree head's first line is no origin"},
        {"\n1\n" ROOT "\n" WITNESS, "the tree head's first line is no origin"},
        {"a b\n1\n" ROOT "\n" WITNESS, "the tree head's first line is no origin"},
        {"a+b\n1\n" ROOT "\n" WITNESS, "the tree head's first line is no origin"},
        {"a\xc2\xa0"
         "b\n1\n" ROOT "\n" WITNESS,
         "the tree head's first line is no origin"},
        {"a\xe2\x80\xa8"
         "b\n1\n" ROOT "\n" WITNESS,
         "the tree head's first line is no origin"},
        {"a\n", "the tree head's second line is no size"},
        {"a\n\n" ROOT "\n" WITNESS, "the tree head's second line is no size"},
        {"a\n01\n" ROOT "\n" WITNESS, "the tree head's second line is no size"},
        {"a\n-1\n" ROOT "\n" WITNESS, "the tree head's second line is no size"},
        {"a\n1x\n" ROOT "\n" WITNESS, "the tree head's second line is no size"},
        {"a\n18446744073709551616\n" ROOT "\n" WITNESS, "the tree head's second line is no size"},
        {"a\n1\n\n" WITNESS, "the tree head's third line is no hash"},
        {"a\n1\nGRV1\n\n" WITNESS, "the tree head's third line is no hash"},
        /* the same hash, its last letter holding bits that nobody asked for */
        {"a\n1\nGRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ad=\n\n" WITNESS,
         "the tree head's third line is no hash"},
        {"a\n1\n GRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ac\n\n" WITNESS,
         "the tree head's third line is no hash"},
        {"a\n1\n" ROOT, "the tree head has no signature"},
        {"a\n1\n" ROOT "more\n", "the tree head has no signature"},
        {"a\n1\n" ROOT "\n", "the tree head has no signature"},
        {"a\n1\n" ROOT "\n\n" WITNESS, "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n- b AAAAAAAA\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b \n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94  AAAAAAAA\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b+ AAAAAAAA\n",
         "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b AAAAA\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b A===\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n\xe2\x80\x94 b AAA-\n", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\n" WITNESS "x", "a line below the tree head is no signature"},
        {"a\n1\n" ROOT "\x01\n\n" WITNESS, "the tree head is not text"},
        {"a\n1\n" ROOT "\xff\n\n" WITNESS, "the tree head is not text"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct checkpoint c;
        struct fault fault;

        if (checkpoint_parse(&c, rows[i].note, strlen(rows[i].note), &fault))
            FAIL_WITH("row %zu is taken", i);
        CHECK_STR(rows[i].reason, fault.reason);
        CHECK(!checkpoint_verify(&c, rows[i].note, strlen(rows[i].note), "a", key, &fault));
    }
}

TEST(checkpoint_takes_every_size_and_the_longest_origin)
{
    static const uint64_t sizes[] = {0, 1, 9, 10, UINT64_MAX - 1, UINT64_MAX};
    struct checkpoint c = {.head = {0, {{1, 2, 3}}}};
    struct checkpoint back;
    struct fault fault;
    char note[CHECKPOINT_NOTE];
    int len = 0;

    memset(c.origin, 'o', CHECKPOINT_ORIGIN);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        c.head.size = sizes[i];
        len = checkpoint_sign(&c, secret, note);
        CHECK(len > 0 && len < CHECKPOINT_NOTE);
        CHECK_INT(len, strlen(note));
        CHECK(checkpoint_verify(&back, note, (size_t)len, c.origin, key, &fault));
        CHECK(memcmp(&c, &back, sizeof c) == 0);
    }
    memmove(note + 1, note, (size_t)len); /* one byte more of origin */
    CHECK(!checkpoint_parse(&back, note, (size_t)len, &fault));
    CHECK_STR("the tree head's first line is no origin", fault.reason);
}

TEST(checkpoint_is_not_signed_for_an_origin_that_is_none)
{
    static const char *const origins[] = {"", "a b", "a+b", "a\nb", "\xff"};
    struct checkpoint c = {.head = {1, {{0}}}};
    char note[CHECKPOINT_NOTE];

    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        (void)snprintf(c.origin, sizeof c.origin, "%s", origins[i]);
        CHECK_INT(-EINVAL, checkpoint_sign(&c, secret, note));
    }
}
