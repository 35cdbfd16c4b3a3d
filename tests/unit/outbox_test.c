/* The outbox: what is queued is there after any death, in order, once. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/libmaat/maat.h"
#include "agents/libmaat/outbox.h"
#include "schema/days.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 << 20 };

#define DAY_OF_MICROSECONDS (INT64_C(86400) * 1000000)

struct box {
    struct scratch scratch;
    struct outboxes *all;
    struct outbox_id id;
    struct arena *arena;
};

static void
box_reopen(struct box *b)
{
    char why[OUTBOX_WHY];

    outboxes_close(&b->all);
    if (outboxes_open(&b->all, scratch_file(&b->scratch, "outbox"), MAP, why))
        FAIL_WITH("%s", why);
    CHECK_INT(0, outbox_current(b->all, false, &b->id));
}

static struct box
box_open(void)
{
    struct box b = {.arena = arena_new()};

    scratch_make(&b.scratch);
    box_reopen(&b);
    return b;
}

static void
box_close(struct box *b)
{
    outboxes_close(&b->all);
    arena_destroy(&b->arena);
    scratch_remove(&b->scratch);
}

static const uint8_t nonce[NONCE_SIZE] = {7};

/* A submission whose body is its number. */
static struct kept
kept_of(const char *body)
{
    struct kept kept = {.state = KEPT_QUEUED,
                        .kind = KIND_PROGRESS,
                        .nonce = {nonce, sizeof nonce},
                        .body = {(const uint8_t *)body, (uint32_t)strlen(body)},
                        .taken = 1000,
                        .source = text_of("test:1")};
    kept.has.state = kept.has.kind = kept.has.nonce = kept.has.body = kept.has.taken = 1;
    kept.has.source = 1;
    return kept;
}

static int64_t
queue(struct box *b, const char *body)
{
    struct kept kept = kept_of(body);
    int64_t n;

    CHECK_INT(0, outbox_queue(b->all, &b->id, &kept, 1, NULL, 0, &n));
    return n;
}

static struct kept
get(struct box *b, const struct outbox_id *id, int64_t n)
{
    struct kept kept;

    CHECK_INT(1, outbox_get(b->all, b->arena, id, n, &kept));
    return kept;
}

static struct outbox_counts
count(struct box *b)
{
    struct outbox_counts counts;

    CHECK_INT(0, outbox_count(b->all, &b->id, &counts));
    return counts;
}

static void
acknowledge(struct box *b, int64_t n, int64_t number, int64_t now)
{
    outbox_acknowledge(b->all, &b->id, n, &number, 1, now);
    CHECK_INT(0, outbox_write(b->all));
}

static void
refuse(struct box *b, int64_t n, int64_t now)
{
    outbox_refuse(b->all, &b->id, n, 90 + n, FAULT_RULE, text_of("agency"), text_of("has no part"),
                  now);
    CHECK_INT(0, outbox_write(b->all));
}

TEST(outbox_numbers_from_one_and_keeps_what_was_said)
{
    struct box b = box_open();
    struct kept list[3] = {kept_of("b"), kept_of("c"), kept_of("d")};
    struct outbox_id other = b.id;
    int64_t n;

    CHECK_INT(1, queue(&b, "a"));
    CHECK_INT(0, outbox_queue(b.all, &b.id, list, 3, NULL, 0, &n));
    CHECK_INT(2, n);
    box_reopen(&b);
    CHECK_INT(0, memcmp(&other, &b.id, sizeof other));
    CHECK_INT('c', get(&b, &b.id, 3).body.at[0]);
    CHECK(text_is(get(&b, &b.id, 1).source, "test:1"));
    CHECK_INT(0, outbox_get(b.all, b.arena, &b.id, 5, list));
    CHECK_INT(4, count(&b).row.queued);
    CHECK_INT(1000, count(&b).oldest);
    memset(&other, 1, sizeof other);
    CHECK_INT(-ENOENT, outbox_queue(b.all, &other, list, 1, NULL, 0, &n));
    box_close(&b);
}

TEST(outbox_advances_past_what_is_settled)
{
    struct box b = box_open();
    struct kept kept;
    int64_t n = 0;

    for (int i = 0; i < 4; i++)
        queue(&b, "x");
    acknowledge(&b, 2, 12, 5);
    CHECK_INT(1, count(&b).row.first_queued);
    acknowledge(&b, 1, 11, 5);
    CHECK_INT(3, count(&b).row.first_queued);
    CHECK_INT(2, count(&b).row.queued);
    CHECK_INT(12, get(&b, &b.id, 2).number);
    acknowledge(&b, 2, 99, 6); /* settled before: nothing changes */
    CHECK_INT(12, get(&b, &b.id, 2).number);
    refuse(&b, 3, 7);
    CHECK_INT(1, outbox_next(b.all, b.arena, &b.id, KEPT_QUEUED, &n, &kept));
    CHECK_INT(4, n);
    CHECK_INT(0, outbox_next(b.all, b.arena, &b.id, KEPT_QUEUED, &n, &kept));
    acknowledge(&b, 4, 14, 8);
    CHECK_INT(5, count(&b).row.first_queued);
    CHECK_INT(0, count(&b).oldest);
    CHECK_INT(5, queue(&b, "y"));
    CHECK_INT(5, count(&b).row.first_queued);
    box_close(&b);
}

/* The next that was settled: "3 refused", or "" where there is none. */
static const char *
next_settled(struct box *b)
{
    static char said[40];
    struct outbox_id id;
    struct kept kept;
    int64_t n;

    if (!outbox_next_settled(b->all, &id, &n, &kept))
        return "";
    CHECK_INT(0, memcmp(&id, &b->id, sizeof id));
    (void)snprintf(said, sizeof said, "%" PRId64 " %s", n,
                   word_text(&kept_states, (int)kept.state));
    return said;
}

TEST(outbox_writes_verdicts_with_what_is_queued_next)
{
    static const int64_t numbers[] = {11, 12};
    struct box b = box_open();

    for (int i = 0; i < 4; i++)
        queue(&b, "x");
    outbox_acknowledge(b.all, &b.id, 1, numbers, 2, 5);
    outbox_refuse(b.all, &b.id, 3, 13, FAULT_RULE, text_of("agency"), text_of("has no part"), 6);
    CHECK_INT(3, outbox_unwritten(b.all));
    CHECK_STR("", next_settled(&b));
    CHECK_INT(4, count(&b).row.queued);
    CHECK_INT(KEPT_QUEUED, get(&b, &b.id, 1).state);
    box_reopen(&b); /* it ended before: the broker will say them again */
    CHECK_INT(1, count(&b).row.first_queued);
    outbox_acknowledge(b.all, &b.id, 1, numbers, 2, 5);
    outbox_refuse(b.all, &b.id, 3, 13, FAULT_RULE, text_of("agency"), text_of("has no part"), 6);
    CHECK_INT(5, queue(&b, "y"));
    CHECK_INT(0, outbox_unwritten(b.all));
    CHECK_INT(4, count(&b).row.first_queued);
    CHECK_INT(2, count(&b).row.queued);
    CHECK_INT(1, count(&b).row.refused);
    CHECK_STR("1 acknowledged", next_settled(&b));
    CHECK_STR("2 acknowledged", next_settled(&b));
    CHECK_STR("3 refused", next_settled(&b));
    CHECK_STR("", next_settled(&b));
    box_reopen(&b);
    CHECK_INT(12, get(&b, &b.id, 2).number);
    CHECK(text_is(get(&b, &b.id, 3).reason, "has no part"));
    CHECK_INT('x', get(&b, &b.id, 3).body.at[0]);
    box_close(&b);
}

/* Before verdicts had rows of their own, they were in the submission's. */
TEST(outbox_reads_verdicts_as_they_were_kept_once)
{
    struct kept list[3] = {kept_of("a"), kept_of("b"), kept_of("c")};
    struct outbox_queued queued[3];
    struct box b = box_open();
    int64_t n;

    list[0].state = KEPT_ACKNOWLEDGED;
    list[0].number = 11;
    list[0].has.number = 1;
    CHECK_INT(0, outbox_queue(b.all, &b.id, list, 3, NULL, 0, &n));
    CHECK_INT(11, get(&b, &b.id, 1).number);
    CHECK_INT(2, outbox_queued(b.all, b.arena, &b.id, 0, queued, 3));
    CHECK_INT(2, queued[0].n);
    acknowledge(&b, 2, 12, 5);
    CHECK_INT(3, count(&b).row.first_queued);
    CHECK_INT(KEPT_ACKNOWLEDGED, get(&b, &b.id, 1).state);
    CHECK_INT(0, outbox_requeue(b.all, &b.id, 1));
    CHECK_INT(KEPT_QUEUED, get(&b, &b.id, 1).state);
    CHECK_INT(1, count(&b).row.first_queued);
    acknowledge(&b, 1, 11, 6);
    CHECK_INT(KEPT_ACKNOWLEDGED, get(&b, &b.id, 1).state);
    box_close(&b);
}

TEST(outbox_gives_out_what_has_no_verdict_many_at_a_time)
{
    struct outbox_queued list[8];
    struct box b = box_open();
    uint64_t changes = outbox_changes(b.all);

    CHECK_INT(0, outbox_queued(b.all, b.arena, &b.id, 0, list, 8));
    for (const char *body = "abcde"; *body; body++)
        queue(&b, (const char[]){*body, '\0'});
    CHECK(outbox_changes(b.all) != changes);
    CHECK_INT(3, outbox_queued(b.all, b.arena, &b.id, 0, list, 3));
    CHECK_INT(1, list[0].n);
    CHECK_INT('c', list[2].kept.body.at[0]);
    acknowledge(&b, 1, 11, 5);
    acknowledge(&b, 4, 14, 5);
    CHECK_INT(3, outbox_queued(b.all, b.arena, &b.id, 0, list, 8));
    CHECK_INT(2, list[0].n);
    CHECK_INT(5, list[2].n);
    CHECK_INT('e', list[2].kept.body.at[0]);
    CHECK_INT(1, outbox_queued(b.all, b.arena, &b.id, 3, list, 8));
    CHECK_INT(0, outbox_queued(b.all, b.arena, &b.id, 5, list, 8));
    box_close(&b);
}

TEST(outbox_notes_a_place_with_what_was_taken)
{
    struct box b = box_open();
    static const char *const gone[] = {"file", "none", "other"};
    const struct outbox_note note = {"file", 17};
    const struct outbox_note other[] = {{"other", 4}, {"third", 5}};
    int64_t place, n;

    CHECK_INT(0, outbox_noted(b.all, "file", &place));
    CHECK_INT(0, place);
    CHECK_INT(0, outbox_queue(b.all, &b.id, NULL, 0, &note, 1, &n));
    CHECK_INT(0, count(&b).row.last);
    box_reopen(&b);
    CHECK_INT(0, outbox_noted(b.all, "file", &place));
    CHECK_INT(17, place);
    CHECK_INT(0, outbox_queue(b.all, &b.id, NULL, 0, other, 2, &n));
    CHECK_INT(0, outbox_forget(b.all, gone, 3));
    CHECK_INT(0, outbox_forget(b.all, gone, 3));
    CHECK_INT(0, outbox_noted(b.all, "other", &place));
    CHECK_INT(0, place);
    CHECK_INT(0, outbox_noted(b.all, "third", &place));
    CHECK_INT(5, place);
    CHECK_INT(0, outbox_noted(b.all, "file", &place));
    CHECK_INT(0, place);
    box_close(&b);
}

TEST(outbox_lists_refusals_until_a_person_deals_with_them)
{
    struct box b = box_open();
    struct outbox_id id = {{0}};
    struct kept kept;
    int64_t n = 0, again;

    for (int i = 0; i < 3; i++)
        queue(&b, "x");
    refuse(&b, 1, 5);
    refuse(&b, 3, 5);
    CHECK_INT(2, count(&b).row.refused);
    CHECK_INT(1, outbox_next_refusal(b.all, b.arena, &id, &n, &kept));
    CHECK_INT(1, n);
    CHECK(text_is(kept.field, "agency") && kept.code == FAULT_RULE && kept.number == 91);
    CHECK_INT(1, outbox_next_refusal(b.all, b.arena, &id, &n, &kept));
    CHECK_INT(3, n);
    CHECK_INT(0, outbox_next_refusal(b.all, b.arena, &id, &n, &kept));
    CHECK_INT(-ENOENT, outbox_mark_seen(b.all, &b.id, 2));
    CHECK_INT(-ENOENT, outbox_mark_seen(b.all, &b.id, 9));
    CHECK_INT(0, outbox_mark_seen(b.all, &b.id, 1));
    CHECK_INT(-ENOENT, outbox_mark_seen(b.all, &b.id, 1));
    CHECK_INT(1, count(&b).row.refused);
    CHECK_INT(0,
              outbox_retry(b.all, &b.id, 3, &b.id, (struct bytes){nonce, NONCE_SIZE}, 9, &again));
    CHECK_INT(4, again);
    CHECK_INT(KEPT_QUEUED, get(&b, &b.id, 4).state);
    CHECK_INT('x', get(&b, &b.id, 4).body.at[0]);
    CHECK_INT(9, get(&b, &b.id, 4).taken);
    CHECK_INT(0, count(&b).row.refused);
    CHECK_INT(-ENOENT,
              outbox_retry(b.all, &b.id, 3, &b.id, (struct bytes){nonce, NONCE_SIZE}, 9, &again));
    CHECK_INT(4, count(&b).row.last);
    box_close(&b);
}

TEST(outbox_gives_again_what_a_restored_broker_lacks)
{
    struct box b = box_open();

    for (int i = 0; i < 4; i++)
        queue(&b, "x");
    acknowledge(&b, 1, 11, 5);
    acknowledge(&b, 2, 12, 5);
    refuse(&b, 3, 5);
    CHECK_INT(0, outbox_requeue(b.all, &b.id, 2));
    CHECK_INT(2, count(&b).row.first_queued);
    CHECK_INT(3, count(&b).row.queued);
    CHECK_INT(0, count(&b).row.refused);
    CHECK_INT(KEPT_ACKNOWLEDGED, get(&b, &b.id, 1).state);
    CHECK_INT(KEPT_QUEUED, get(&b, &b.id, 3).state);
    refuse(&b, 3, 6);
    CHECK_INT(1, count(&b).row.refused);
    CHECK_INT(0, outbox_mark_seen(b.all, &b.id, 3));
    CHECK_INT(0, outbox_requeue(b.all, &b.id, 3)); /* seen once is seen */
    refuse(&b, 3, 7);
    CHECK_INT(0, count(&b).row.refused);
    box_close(&b);
}

TEST(outbox_forks_from_n_and_moves_nothing_earlier)
{
    struct box b = box_open();
    struct outbox_id to, old = b.id;
    struct outbox_id each = {{0}};
    int outboxes = 0;

    for (const char *body = "abcde"; *body; body++)
        queue(&b, (const char[]){*body, '\0'});
    acknowledge(&b, 1, 11, 5);
    acknowledge(&b, 4, 14, 5);
    CHECK_INT(0, outbox_fork(b.all, &old, 3, &to));
    box_reopen(&b);
    CHECK_INT(0, memcmp(&to, &b.id, sizeof to));
    CHECK(memcmp(&to, &old, sizeof to) != 0);
    CHECK_INT(2, count(&b).row.last);
    CHECK_INT('c', get(&b, &to, 1).body.at[0]);
    CHECK_INT('e', get(&b, &to, 2).body.at[0]);
    CHECK_INT(KEPT_QUEUED, get(&b, &old, 2).state);
    CHECK_INT(KEPT_MOVED, get(&b, &old, 3).state);
    CHECK_INT(KEPT_ACKNOWLEDGED, get(&b, &old, 4).state);
    while (outbox_each(b.all, &each) == 1)
        outboxes++;
    CHECK_INT(2, outboxes);
    CHECK_INT(3, queue(&b, "f"));
    CHECK_INT(0, outbox_current(b.all, true, &to));
    CHECK(memcmp(&to, &b.id, sizeof to) != 0);
    box_close(&b);
}

TEST(outbox_keeps_what_is_settled_for_thirty_days)
{
    struct box b = box_open();
    const int64_t settled = 1000 * DAY_OF_MICROSECONDS;
    const int64_t late = settled + OUTBOX_KEPT_DAYS * DAY_OF_MICROSECONDS;
    struct outbox_id id = {{0}};
    struct kept kept;
    int64_t n = 0;

    for (int i = 0; i < 6; i++)
        queue(&b, "x");
    acknowledge(&b, 1, 11, settled);
    refuse(&b, 2, settled);
    acknowledge(&b, 3, 13, settled);
    acknowledge(&b, 4, 14, settled + 1);
    CHECK_INT(0, outbox_prune(b.all, late, 100));
    CHECK_INT(1, count(&b).row.kept_from);
    CHECK_INT(0, outbox_prune(b.all, late + 1, 1));
    CHECK_INT(2, count(&b).row.kept_from);
    CHECK_INT(0, outbox_prune(b.all, late + 1, 100));
    CHECK_INT(4, count(&b).row.kept_from);
    CHECK_INT(0, outbox_get(b.all, b.arena, &b.id, 3, &kept));
    CHECK_INT(1, outbox_next_refusal(b.all, b.arena, &id, &n, &kept)); /* waits for a person */
    CHECK_INT(2, n);
    CHECK_INT(0, outbox_mark_seen(b.all, &b.id, 2));
    CHECK_INT(0, outbox_get(b.all, b.arena, &b.id, 2, &kept));
    CHECK_INT(0, outbox_prune(b.all, late * 2, 100));
    CHECK_INT(5, count(&b).row.kept_from); /* queued, however old */
    acknowledge(&b, 5, 15, settled);
    acknowledge(&b, 6, 16, settled);
    CHECK_INT(0, outbox_prune(b.all, late * 2, 100));
    CHECK_INT(1, outbox_get(b.all, b.arena, &b.id, 6, &kept)); /* never the last */
    CHECK_INT(7, queue(&b, "y"));
    box_close(&b);
}

TEST(outbox_is_one_agents_alone)
{
    struct box b = box_open();
    const char *dir = scratch_file(&b.scratch, "outbox");

    CHECK_INT(0, outboxes_lock(b.all, dir));
    fflush(stdout);
    pid_t other = fork();
    if (other == 0) {
        struct outboxes *o;
        char why[OUTBOX_WHY];
        _exit(outboxes_open(&o, dir, MAP, why) == 0 && outboxes_lock(o, dir) == -EWOULDBLOCK ? 0
                                                                                             : 1);
    }
    int status;
    CHECK_INT(other, waitpid(other, &status, 0));
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    box_close(&b);
}

TEST(outbox_that_is_full_says_so_and_changes_nothing)
{
    struct box b = box_open();
    char *body = malloc(BODY_MAX);
    char why[OUTBOX_WHY];
    struct kept kept;
    int64_t n;
    int rc;

    memset(body, 'x', 60000);
    body[60000] = '\0';
    kept = kept_of(body);
    outboxes_close(&b.all);
    CHECK_INT(0, outboxes_open(&b.all, scratch_file(&b.scratch, "outbox"), 1 << 20, why));
    while ((rc = outbox_queue(b.all, &b.id, &kept, 1, NULL, 0, &n)) == 0)
        ;
    CHECK(outbox_is_full(rc));
    CHECK(!outbox_is_full(-EIO) && outbox_is_full(-ENOSPC));
    CHECK(!outbox_is_lasting(-EIO) && !outbox_is_lasting(rc));
    int64_t last = count(&b).row.last;
    CHECK(last > 0);
    CHECK_INT(last, count(&b).row.queued);
    CHECK_INT(0, outbox_get(b.all, b.arena, &b.id, last + 1, &kept));
    free(body);
    box_close(&b);
}

/* Else verdicts that find no room would keep out those old ones that could make it. */
TEST(outbox_that_is_full_of_what_is_old_has_room_after_pruning)
{
    enum { OLD = 1000, ASKED = 1000, LARGE = 60000, AT_ONCE = 50 };
    static char large[LARGE + 1];
    static int64_t numbers[OLD];
    struct box b = box_open();
    char why[OUTBOX_WHY];
    int64_t n;

    memset(large, 'x', LARGE);
    const struct kept kept = kept_of(large);
    outboxes_close(&b.all);
    CHECK_INT(0, outboxes_open(&b.all, scratch_file(&b.scratch, "outbox"), 1 << 20, why));
    for (int i = 0; i < OLD + ASKED; i++)
        queue(&b, "x");
    outbox_acknowledge(b.all, &b.id, 1, numbers, OLD, 1000);
    CHECK_INT(0, outbox_write(b.all));
    while (outbox_queue(b.all, &b.id, &kept, 1, NULL, 0, &n) == 0)
        ;
    for (int i = 1; i <= ASKED; i++)
        outbox_refuse(b.all, &b.id, OLD + i, i, FAULT_RULE, text_of("agency"),
                      text_of("has no part in it"), 1000);
    CHECK(outbox_is_full(outbox_write(b.all)));
    for (int i = 0; i < OLD; i += AT_ONCE)
        CHECK_INT(0, outbox_prune(b.all, 31 * DAY_OF_MICROSECONDS, AT_ONCE));
    CHECK_INT(ASKED, outbox_unwritten(b.all));
    CHECK_INT(0, count(&b).row.refused);
    CHECK_INT(0, outbox_write(b.all));
    CHECK_INT(0, outbox_unwritten(b.all));
    CHECK_INT(ASKED, count(&b).row.refused);
    box_close(&b);
}

/* A child queues one after the other and says so; the parent kills it somewhere in
   between: what was said is there, and at most one more. */
TEST(outbox_holds_what_was_said_after_a_kill)
{
    struct box b = box_open();
    int64_t said = 0;

    for (int round = 0; round < 5; round++) {
        int pipe_of[2];
        outboxes_close(&b.all); /* LMDB and fork do not go together */
        CHECK_INT(0, pipe(pipe_of));
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            box_reopen(&b);
            for (;;) {
                int64_t n = queue(&b, "x");
                if (write(pipe_of[1], &n, sizeof n) != sizeof n)
                    _exit(1);
            }
        }
        close(pipe_of[1]);
        int64_t stop = said + 1 + (int64_t)random_below(40);
        while (said < stop)
            CHECK_INT(sizeof said, read(pipe_of[0], &said, sizeof said));
        kill(child, SIGKILL);
        CHECK_INT(child, waitpid(child, NULL, 0));
        while (read(pipe_of[0], &said, sizeof said) == sizeof said)
            ;
        close(pipe_of[0]);
        box_reopen(&b);
        int64_t last = count(&b).row.last;
        CHECK(last == said || last == said + 1);
        CHECK_INT(last, count(&b).row.queued);
        CHECK_INT('x', get(&b, &b.id, last).body.at[0]);
        said = last;
    }
    box_close(&b);
}

/* Through libmaat, whose callers may say anything: a row that can't be read again would be
   the end of the outbox. */
TEST(outbox_keeps_no_source_that_is_no_text)
{
    char too_long[SOURCE_MAX + 2];
    struct box b = box_open();
    struct maat_outbox *all;
    struct maat_outbox_id id;
    struct maat_kept kept;
    int64_t first;

    memset(too_long, 'x', SOURCE_MAX + 1);
    too_long[SOURCE_MAX + 1] = '\0';
    CHECK_INT(0,
              maat_outbox_open(&all, scratch_file(&b.scratch, "of a library"), MAP, false, NULL));
    CHECK_INT(0, maat_outbox_current(all, false, &id));
    const char *const wrong[] = {"", "r\xe9sum\xe9", too_long};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct maat_submission one = {
            .kind = "progress", .body = "\x80", .len = 1, .source = wrong[i]};
        CHECK_INT(-EINVAL, maat_outbox_queue(all, &id, &one, 1, NULL, 0, &first));
    }
    const struct maat_submission right = {
        .kind = "progress", .body = "\x80", .len = 1, .source = too_long + 1};
    CHECK_INT(0, maat_outbox_queue(all, &id, &right, 1, NULL, 0, &first));
    CHECK_INT(1, first);
    CHECK_INT(1, maat_outbox_get(all, &id, 1, &kept));
    CHECK_STR(too_long + 1, kept.source);
    maat_outbox_close(&all);
    box_close(&b);
}
