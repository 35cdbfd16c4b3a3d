/* The spool and what is said of its lines, with a death at each step in between:
   the outbox, the folders and the results are all that is left, and all that counts. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/agency/refusals.h"
#include "agents/agency/spool/spool.h"
#include "agents/agency/verdicts.h"
#include "agents/libmaat/maat_inside.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { MAP = 64 << 20 };

/* All that an agent has open of its spool. */
struct tray {
    struct scratch scratch;
    char dir[300], refused[300];
    struct agent_option options;
    bool stamped;
    struct maat_outbox *outboxes;
    struct maat_outbox_id outbox;
    struct guard guard;
    struct batch *batch;
    struct results *results;
    struct spool *spool;
    struct verdicts verdicts;
};

static void
tray_start(struct tray *t)
{
    struct why why;

    CHECK_INT(
        0, maat_outbox_open(&t->outboxes, scratch_file(&t->scratch, "outbox"), MAP, false, NULL));
    CHECK_INT(0, maat_outbox_current(t->outboxes, false, &t->outbox));
    batch_init(t->batch);
    batch_use(t->batch, t->outboxes, &t->guard);
    if (spool_open(&t->spool, &t->options, t->stamped, t->outboxes, &t->results, &why))
        FAIL_WITH("%s", why.text);
    CHECK_INT(0, verdicts_open(&t->verdicts, t->outboxes, &t->outbox, t->results, t->refused));
}

/* As if killed: nothing is noted, nothing finished. */
static void
tray_die(struct tray *t)
{
    verdicts_close(&t->verdicts);
    spool_close(&t->spool);
    results_close(&t->results);
    batch_end(t->batch);
    maat_outbox_close(&t->outboxes);
}

static struct tray *
tray_open(void)
{
    struct tray *t = calloc(1, sizeof *t);

    scratch_make(&t->scratch);
    t->batch = malloc(sizeof *t->batch);
    snprintf(t->dir, sizeof t->dir, "%s", scratch_file(&t->scratch, "spool"));
    snprintf(t->refused, sizeof t->refused, "%s", scratch_file(&t->scratch, "refused"));
    CHECK_INT(0, refusals_make_folder(t->refused));
    t->options.spool = text_of(t->dir);
    t->options.taken_days = 30;
    tray_start(t);
    return t;
}

static void
tray_close(struct tray *t)
{
    tray_die(t);
    scratch_remove(&t->scratch);
    free(t->batch);
    free(t);
}

static void
tray_drop(struct tray *t, const char *name, const char *text)
{
    char path[400];

    snprintf(path, sizeof path, "%s/%s", t->dir, name);
    FILE *f = fopen(path, "w");
    CHECK(f && fputs(text, f) >= 0);
    fclose(f);
}

enum step { STEP_TAKE, STEP_COMMIT, STEP_FINISH };

/* A turn, as far as a step. */
static void
tray_turn(struct tray *t, enum step last)
{
    const struct maat_note *notes;
    int64_t first;

    batch_begin(t->batch, INT64_C(1467294000000000));
    (void)spool_take(t->spool, t->batch);
    size_t count = spool_notes(t->spool, &notes);
    if (last >= STEP_COMMIT)
        CHECK_INT(0, batch_commit(t->batch, &t->outbox, notes, count, &first));
    if (last >= STEP_FINISH)
        CHECK_INT(0, spool_queued(t->spool, true));
}

static int64_t
tray_last(struct tray *t)
{
    struct maat_counts counts;

    CHECK_INT(0, maat_outbox_count(t->outboxes, &t->outbox, &counts));
    return counts.last;
}

/* The broker's verdict on n 1, and on n 2. */
static void
tray_acknowledge(struct tray *t, int64_t number)
{
    const struct outbox_id id = inside_id(&t->outbox);
    outbox_acknowledge(t->outboxes->outboxes, &id, 1, &number, 1, 5);
    CHECK_INT(0, outbox_write(t->outboxes->outboxes));
}

static void
tray_refuse(struct tray *t, int64_t number)
{
    const struct outbox_id id = inside_id(&t->outbox);
    outbox_refuse(t->outboxes->outboxes, &id, 2, number, FAULT_RULE, text_of("agency"),
                  text_of("has no part"), 6);
    CHECK_INT(0, outbox_write(t->outboxes->outboxes));
}

/* How many lines a file beside the spool's has; -1 where it is not there. */
static int
tray_lines(struct tray *t, const char *name)
{
    char path[400];
    int lines = 0, c;

    snprintf(path, sizeof path, "%s/%s", t->dir, name);
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    while ((c = getc(f)) != EOF)
        lines += c == '\n';
    fclose(f);
    return lines;
}

static const char three[] = "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}\n"
                            "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":101}\n"
                            "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":3}\n";

TEST(spool_takes_a_file_once_wherever_the_agent_dies)
{
    for (int last = STEP_TAKE; last <= STEP_FINISH; last++) {
        struct tray *t = tray_open();
        tray_drop(t, "a.jsonl", three);
        tray_turn(t, (enum step)last);
        tray_die(t);
        tray_start(t);
        for (int i = 0; i < 3; i++)
            tray_turn(t, STEP_FINISH);
        CHECK_INT(2, tray_last(t));
        CHECK_INT(1, tray_lines(t, "a.jsonl.refused"));
        CHECK_INT(0, tray_lines(t, "a.jsonl.done"));
        CHECK_INT(-1, tray_lines(t, "a.jsonl"));
        CHECK_INT(0, spool_waiting(t->spool));
        tray_close(t);
    }
}

/* Of a form: one row was left as it is, the other filled in. */
TEST(spool_tells_of_a_row_that_says_nothing_once_wherever_the_agent_dies)
{
    for (int last = STEP_TAKE; last <= STEP_FINISH; last++) {
        struct tray *t = tray_open();
        tray_drop(t, "a.csv", "action,(status),status\nda/1,paused,\nda/1,,in-progress\n,,\n");
        tray_turn(t, (enum step)last);
        tray_die(t);
        tray_start(t);
        for (int i = 0; i < 3; i++)
            tray_turn(t, STEP_FINISH);
        CHECK_INT(1, tray_last(t));
        CHECK_INT(1, tray_lines(t, "a.csv.done"));
        CHECK_INT(-1, tray_lines(t, "a.csv.refused"));
        tray_close(t);
    }
}

TEST(spool_that_was_not_queued_is_taken_again)
{
    struct tray *t = tray_open();

    tray_drop(t, "a.jsonl", three);
    tray_turn(t, STEP_TAKE);
    CHECK_INT(2, t->batch->count);
    CHECK_INT(0, spool_queued(t->spool, false)); /* the disk is full */
    tray_turn(t, STEP_FINISH);                   /* it rests */
    CHECK_INT(0, tray_last(t));
    tray_die(t);
    tray_start(t);
    tray_turn(t, STEP_FINISH);
    CHECK_INT(2, tray_last(t));
    CHECK_INT(1, tray_lines(t, "a.jsonl.refused"));
    tray_close(t);
}

static const char one[] = "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}\n";

/* FILES files of one line each; every seventh can't be read as a whole. */
static void
tray_drop_many(struct tray *t, int from, int upto)
{
    char name[32];

    for (int i = from; i < upto; i++) {
        (void)snprintf(name, sizeof name, "%04d.%s", i, i % 7 ? "jsonl" : "csv");
        tray_drop(t, name, i % 7 ? one : "kind,action\nprogress,\"da/1\n");
    }
}

static int
tray_count(struct tray *t, const char *pattern)
{
    char command[800];
    int count = -1;

    (void)snprintf(command, sizeof command, "ls -d %s/%s 2>/dev/null | wc -l", t->dir, pattern);
    FILE *f = popen(command, "r");
    CHECK(f && fscanf(f, "%d", &count) == 1);
    (void)pclose(f);
    return count;
}

/* Many are taken in a turn: with a death at each step, and then a turn that could not be
   queued, each is taken once, and nothing of them stays in the outbox's notes. */
TEST(spool_takes_many_small_files_in_a_turn_each_once)
{
    enum { FILES = 700, LATER = 50, WRONG = (FILES + LATER + 6) / 7 };

    for (int last = STEP_TAKE; last <= STEP_FINISH; last++) {
        struct tray *t = tray_open();
        int64_t place;
        tray_drop_many(t, 0, FILES);
        tray_turn(t, (enum step)last);
        CHECK_INT(last == STEP_FINISH ? SPOOL_FILES : 0, tray_count(t, "taken/*"));
        tray_die(t);
        tray_start(t);
        tray_turn(t, STEP_TAKE);
        CHECK_INT(0, spool_queued(t->spool, false)); /* the disk is full: it rests */
        tray_die(t);
        tray_start(t);
        tray_drop_many(t, FILES, FILES + LATER);
        for (int i = 0; i < 4; i++)
            tray_turn(t, STEP_FINISH);
        CHECK_INT(FILES + LATER - WRONG, tray_last(t));
        CHECK_INT(0, spool_waiting(t->spool));
        CHECK_INT(0, tray_count(t, "taking/*"));
        CHECK_INT(FILES + LATER, tray_count(t, "taken/*"));
        CHECK_INT(WRONG, tray_count(t, "*.csv.refused"));
        CHECK_INT(1, tray_lines(t, "0000.csv.refused"));
        CHECK_INT(0, maat_outbox_noted(t->outboxes, "1467294000000001-0001.jsonl", &place));
        CHECK_INT(0, place);
        tray_close(t);
    }
}

/* What comes when all is done is told by name, and what is being looked at again is not
   what was there before. */
TEST(spool_takes_what_comes_without_looking_through_the_folder)
{
    struct tray *t = tray_open();

    tray_turn(t, STEP_FINISH); /* it has just looked, and will not for a second */
    tray_drop(t, "b.jsonl", one);
    tray_drop(t, "c.jsonl.done", one);
    tray_drop(t, ".d.jsonl", one);
    tray_turn(t, STEP_FINISH);
    CHECK_INT(1, tray_last(t));
    CHECK_INT(1, tray_count(t, "taken/*"));
    tray_close(t);
}

/* What an n says; where it came from in *source. */
static bool
tray_says(struct tray *t, int64_t n, const char *text, char source[100])
{
    struct maat_kept kept;

    CHECK_INT(1, maat_outbox_get(t->outboxes, &t->outbox, n, &kept));
    (void)snprintf(source, 100, "%s", kept.source);
    return memmem(kept.body, kept.body_len, text, strlen(text)) != NULL;
}

/* As an agent behind a front does: in the order of their TIME, not of when they were written. */
TEST(spool_of_stamped_files_keeps_their_time)
{
    static const char day[] = "{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}\n";
    struct tray *t = tray_open();
    char source[100];

    tray_die(t);
    t->stamped = true;
    tray_start(t);
    tray_drop(t, "1467208800000000-a.jsonl", day);
    tray_drop(t, "1467122400000000.1-a.jsonl", day);
    tray_drop(t, "1467122400000000-a.jsonl", day);
    tray_turn(t, STEP_COMMIT);
    tray_die(t);
    tray_start(t);
    tray_turn(t, STEP_FINISH);
    CHECK(tray_says(t, 1, "2016-06-28", source));
    CHECK_STR("spool 1467122400000000-a.jsonl:1", source);
    CHECK(tray_says(t, 2, "2016-06-28", source));
    CHECK_STR("spool 1467122400000000.1-a.jsonl:1", source);
    CHECK(tray_says(t, 3, "2016-06-29", source));
    CHECK_STR("spool 1467208800000000-a.jsonl:1", source);
    CHECK_INT(3, tray_last(t));
    CHECK_INT(0, tray_lines(t, "a.jsonl.done"));
    CHECK_INT(1, tray_lines(t, "taken/1467122400000000.1-a.jsonl"));
    tray_close(t);
}

/* It may come when the results of its file, or of a later one, are there. */
TEST(spool_of_a_rest_begins_no_results_anew)
{
    struct tray *t = tray_open();

    tray_die(t);
    t->stamped = true;
    tray_start(t);
    tray_drop(t, "1467122400000000-a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    tray_drop(t, "1467122400000000.1-a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    CHECK_INT(2, tray_lines(t, "a.jsonl.refused"));
    tray_drop(t, "1467208800000000-a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    CHECK_INT(1, tray_lines(t, "a.jsonl.refused"));
    tray_close(t);
}

TEST(spool_is_one_agents_alone)
{
    struct tray *t = tray_open();
    struct results *results;
    struct spool *other;
    struct why why;

    CHECK(spool_open(&other, &t->options, false, t->outboxes, &results, &why) < 0);
    CHECK(strstr(why.text, "another agent takes files from"));
    tray_close(t);
}

TEST(spool_says_each_verdict_once_wherever_the_agent_dies)
{
    struct maat_kept refused;
    struct tray *t = tray_open();

    tray_drop(t, "a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    tray_acknowledge(t, 40);
    tray_die(t); /* acknowledged, and not said */
    tray_start(t);
    CHECK_INT(1, tray_lines(t, "a.jsonl.done"));
    tray_refuse(t, 41);
    CHECK_INT(1, maat_outbox_get(t->outboxes, &t->outbox, 2, &refused));
    verdicts_say(&t->verdicts, &refused);
    CHECK_INT(2, tray_lines(t, "a.jsonl.refused"));
    tray_die(t); /* said, and not noted */
    tray_start(t);
    CHECK_INT(1, tray_lines(t, "a.jsonl.done"));
    CHECK_INT(2, tray_lines(t, "a.jsonl.refused"));
    CHECK_INT(0, verdicts_note(&t->verdicts));
    CHECK_INT(2, t->verdicts.said);
    tray_die(t);
    tray_start(t);
    CHECK_INT(2, t->verdicts.said);
    CHECK_INT(1, tray_lines(t, "a.jsonl.done"));
    tray_close(t);
}

/* To make room, as a person does, while verdicts are still to come. */
TEST(spool_results_that_were_removed_begin_anew)
{
    struct tray *t = tray_open();
    struct maat_kept refused;
    char path[400];

    tray_drop(t, "a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    CHECK_INT(1, tray_lines(t, "a.jsonl.refused"));
    (void)snprintf(path, sizeof path, "%s/a.jsonl.refused", t->dir);
    CHECK_INT(0, unlink(path));
    tray_refuse(t, 41);
    CHECK_INT(1, maat_outbox_get(t->outboxes, &t->outbox, 2, &refused));
    verdicts_say(&t->verdicts, &refused);
    CHECK_INT(1, tray_lines(t, "a.jsonl.refused"));
    tray_close(t);
}

TEST(spool_results_are_cut_at_a_torn_line)
{
    struct tray *t = tray_open();

    tray_drop(t, "a.jsonl", three);
    tray_turn(t, STEP_FINISH);
    tray_acknowledge(t, 40);
    tray_die(t);
    tray_drop(t, "a.jsonl.done", "{\"file\":\"1467294000000000-a.jsonl\",\"line\":1,\"n");
    tray_start(t);
    CHECK_INT(1, tray_lines(t, "a.jsonl.done"));
    CHECK(results_hold_n(t->results, "1467294000000000-a.jsonl", 1));
    CHECK(!results_hold_n(t->results, "1467294000000000-a.jsonl", 3));
    CHECK(results_hold_line(t->results, "1467294000000000-a.jsonl", 2));
    CHECK(!results_hold_line(t->results, "1467294000000001-a.jsonl", 2));
    tray_close(t);
}

/* A pipe, a folder and a link that somebody of the spool's group made under the name of results,
   while verdicts are awaited: nobody waits for them, nothing is written to them, and what became
   of other lines is told. */
TEST(spool_uses_no_results_that_are_not_its_own_file)
{
    for (int kind = 0; kind < 3; kind++) {
        struct maat_kept refused;
        struct tray *t = tray_open();
        char path[400];
        tray_drop(t, "a.jsonl", three);
        tray_turn(t, STEP_FINISH);
        tray_acknowledge(t, 40);
        tray_die(t);
        (void)snprintf(path, sizeof path, "%s/a.jsonl.refused", t->dir);
        CHECK_INT(0, unlink(path));
        CHECK_INT(0, kind == 0   ? mkfifo(path, 0666)
                     : kind == 1 ? mkdir(path, 0777)
                                 : symlink(scratch_file(&t->scratch, "x"), path));
        tray_start(t); /* reads what was said */
        CHECK_INT(1, tray_lines(t, "a.jsonl.done"));
        tray_refuse(t, 41);
        CHECK_INT(1, maat_outbox_get(t->outboxes, &t->outbox, 2, &refused));
        verdicts_say(&t->verdicts, &refused);
        CHECK_INT(0, verdicts_note(&t->verdicts));
        CHECK_INT(2, t->verdicts.said);
        CHECK_INT(-1, access(scratch_file(&t->scratch, "x"), F_OK));
        tray_close(t);
    }
}
