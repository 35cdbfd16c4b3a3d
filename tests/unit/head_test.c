/* What is kept of a board's journal: the file, and what is shown beside it. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/libmaat/head.h"
#include "tests/scratch.h"
#include "tests/t.h"

static const uint8_t seed[CHECKPOINT_KEY] = {7};

struct bench {
    struct scratch scratch;
    struct identity identity;
    struct head_keeper keeper;
    char why[HEAD_WHY];
};

static int
open_keeper(struct bench *b)
{
    return head_open(&b->keeper, b->scratch.path, &b->identity, "forget", b->why);
}

static void
bench_open(struct bench *b)
{
    *b = (struct bench){.identity = {.has = HAS_SERVER | HAS_SIGNING, .server = {0xab, 0x01}}};
    scratch_make(&b->scratch);
    CHECK_INT(0, checkpoint_public_key(seed, b->identity.signing));
    CHECK_INT(0, open_keeper(b));
}

static struct checkpoint
head_of(const char *origin, uint64_t size, uint8_t root)
{
    struct checkpoint c = {.head = {size, {{root}}}};

    (void)snprintf(c.origin, sizeof c.origin, "%s", origin);
    return c;
}

static struct text
sign(const struct checkpoint *c)
{
    static char note[CHECKPOINT_NOTE];
    int len = checkpoint_sign(c, seed, note);

    CHECK(len > 0);
    return (struct text){note, (uint32_t)len};
}

static void
keep(struct head_keeper *k, uint64_t size, uint8_t root)
{
    struct checkpoint c = head_of("b.0", size, root);

    CHECK_INT(0, head_keep(k, &c, sign(&c)));
}

TEST(head_is_kept_as_it_was_signed_in_a_file_of_ones_own)
{
    struct bench b;
    struct checkpoint c = head_of("b.0", 9, 5);
    char text[CHECKPOINT_NOTE] = "";
    struct stat st;

    bench_open(&b);
    CHECK(!head_is_kept(&b.keeper));
    CHECK_INT(HEAD_FIRST, head_compare(&b.keeper, &c));
    keep(&b.keeper, 9, 5);
    CHECK(head_is_kept(&b.keeper));
    const char *path = scratch_file(&b.scratch, "heads/ab010000000000000000000000000000"
                                                "00000000000000000000000000000000");
    CHECK_STR(path, b.keeper.path);
    CHECK_INT(0, stat(path, &st));
    CHECK_INT(0600, st.st_mode & 07777);
    CHECK_INT(0, stat(b.keeper.folder, &st));
    CHECK_INT(0700, st.st_mode & 07777);
    FILE *in = fopen(path, "re");
    CHECK(in);
    CHECK_INT(sign(&c).len, fread(text, 1, sizeof text, in));
    (void)fclose(in);
    CHECK_STR(sign(&c).at, text);

    /* The next run, and one of another board. */
    CHECK_INT(0, open_keeper(&b));
    CHECK_STR("b.0", b.keeper.kept.origin);
    CHECK_INT(9, b.keeper.kept.head.size);
    CHECK_INT(5, b.keeper.kept.head.root.bytes[0]);
    b.identity.server[0] ^= 1;
    CHECK_INT(0, open_keeper(&b));
    CHECK(!head_is_kept(&b.keeper));
    scratch_remove(&b.scratch);
}

TEST(head_that_is_shown_is_compared_with_the_one_that_is_kept)
{
    static const struct {
        const char *origin;
        uint64_t size;
        uint8_t root;
        enum head_change change;
    } rows[] = {
        {"b.0", 9, 5, HEAD_SAME},      {"b.0", 10, 5, HEAD_GREW},    {"b.0", 8, 5, HEAD_SHRANK},
        {"b.0", 9, 6, HEAD_REWRITTEN}, {"b.1", 9, 5, HEAD_RESTORED}, {"b.1", 10, 6, HEAD_RESTORED},
        {"b.12", 3, 6, HEAD_RESTORED}, {"b.x", 9, 5, HEAD_OTHER},    {"b.", 9, 5, HEAD_OTHER},
        {"c.0", 9, 5, HEAD_OTHER},     {"c.1", 9, 5, HEAD_OTHER}};
    struct bench b;

    bench_open(&b);
    keep(&b.keeper, 9, 5);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct checkpoint c = head_of(rows[i].origin, rows[i].size, rows[i].root);
        CHECK_INT(rows[i].change, head_compare(&b.keeper, &c));
    }
    scratch_remove(&b.scratch);
}

TEST(head_is_believed_by_the_board_s_key_only)
{
    struct checkpoint c = head_of("b.0", 9, 5);
    struct checkpoint out;
    struct fault fault;
    struct bench b;

    bench_open(&b);
    CHECK(head_read(&b.keeper, sign(&c), "b.0", &out, &fault));
    CHECK_INT(9, out.head.size);
    CHECK(!head_read(&b.keeper, sign(&c), "b.1", &out, &fault));
    b.identity.signing[3] ^= 1;
    CHECK_INT(0, open_keeper(&b));
    CHECK(!head_read(&b.keeper, sign(&c), "b.0", &out, &fault));
    CHECK_STR("the tree head is not signed by the board's key", fault.reason);

    /* A file made elsewhere does not name it: then the connection alone vouches. */
    b.identity.has = HAS_SERVER;
    CHECK_INT(0, open_keeper(&b));
    CHECK(head_read(&b.keeper, sign(&c), "b.0", &out, &fault));
    CHECK(!head_read(&b.keeper, sign(&c), "b.1", &out, &fault));
    CHECK(!head_read(&b.keeper, text_of("none"), "b.0", &out, &fault));
    scratch_remove(&b.scratch);
}

/* Two commands at once: the one that saw less ends last. */
TEST(head_that_is_larger_stays)
{
    struct head_keeper slow;
    struct bench b;

    bench_open(&b);
    keep(&b.keeper, 9, 5);
    CHECK_INT(0, head_open(&slow, b.scratch.path, &b.identity, "forget", b.why));
    keep(&b.keeper, 12, 6);
    keep(&slow, 11, 7);
    CHECK_INT(11, slow.kept.head.size);
    CHECK_INT(0, open_keeper(&b));
    CHECK_INT(12, b.keeper.kept.head.size);

    /* Of another epoch numbers say nothing. */
    struct checkpoint c = head_of("b.1", 3, 1);
    CHECK_INT(0, head_keep(&b.keeper, &c, sign(&c)));
    CHECK_INT(0, open_keeper(&b));
    CHECK_INT(3, b.keeper.kept.head.size);
    scratch_remove(&b.scratch);
}

TEST(head_that_is_forgotten_lies_beside)
{
    char aside[PATH_MAX + 20];
    struct bench b;

    bench_open(&b);
    CHECK_INT(0, head_forget(&b.keeper));
    keep(&b.keeper, 9, 5);
    CHECK_INT(1, head_forget(&b.keeper));
    CHECK(!head_is_kept(&b.keeper));
    (void)snprintf(aside, sizeof aside, "%s.forgotten", b.keeper.path);
    CHECK_INT(0, access(aside, R_OK));
    CHECK_INT(0, open_keeper(&b));
    CHECK(!head_is_kept(&b.keeper));
    scratch_remove(&b.scratch);
}

TEST(head_that_cannot_be_read_or_kept_is_said_with_its_file)
{
    struct bench b;
    struct checkpoint c = head_of("b.0", 9, 5);

    bench_open(&b);
    FILE *out = fopen(b.keeper.path, "we");
    CHECK(out && fputs("b.0\n9\n", out) >= 0 && fclose(out) == 0);
    CHECK_INT(-EBADMSG, open_keeper(&b));
    CHECK(strstr(b.why, b.keeper.path) && strstr(b.why, "third line"));
    CHECK_INT(0, unlink(b.keeper.path));
    CHECK_INT(0, rmdir(b.keeper.folder));
    CHECK_INT(-ENOENT, head_keep(&b.keeper, &c, sign(&c)));
    CHECK(!head_is_kept(&b.keeper));
    out = fopen(b.keeper.folder, "we");
    CHECK(out && fclose(out) == 0);
    CHECK_INT(-ENOTDIR, head_keep(&b.keeper, &c, sign(&c)));
    CHECK(open_keeper(&b) != 0);
    scratch_remove(&b.scratch);
}
