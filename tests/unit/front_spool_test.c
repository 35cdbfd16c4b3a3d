#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/agency/front/splitting.h"
#include "tests/scratch.h"
#include "tests/t.h"

#define NORTHS "{\"kind\":\"progress\",\"action\":\"n/1\",\"percent\":1}\n"
#define SOUTHS "{\"kind\":\"progress\",\"action\":\"s/1\",\"percent\":2}\n"
#define BOTHS "{\"kind\":\"progress\",\"action\":\"both/1\",\"percent\":3}\n"

/* The time of day stands still: the first file that is claimed is T "0-NAME". */
#define T "146729400000000"

enum { NOW = 1000000000, LATER = NOW + 10000000, WALL = 1467294000, KILLED = 77 };

/* In place of the system's: what makes a step of the way last. One of them may fail, as where a
   disk is full, or be the last thing that the process does. */
static int syncs, failing_sync, steps, last_step;

static void
count_step(void)
{
    if (++steps == last_step)
        _exit(KILLED);
}

int
fsync(int fd)
{
    count_step();
    if (++syncs == failing_sync) {
        errno = ENOSPC;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int
renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    count_step();
    return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int
renameat(int from, const char *old, int to, const char *new)
{
    return renameat2(from, old, to, new, 0);
}

int
unlinkat(int folder, const char *name, int flags)
{
    count_step();
    return (int)syscall(SYS_unlinkat, folder, name, flags);
}

/* Two boards whose plans are known, and no agents. */
struct share {
    struct scratch scratch;
    struct agent_board board[2];
    struct front_boards boards;
    struct agent_option o;
    struct front_spool *spool;
    struct text plans[2][2];
};

static void
open_spool(struct share *s)
{
    struct why why;

    if (front_spool_open(&s->spool, &s->o, &s->boards, &why))
        FAIL_WITH("%s", why.text);
}

static void
open_share(struct share *s)
{
    static const char *const names[2] = {"north", "south"};

    *s = (struct share){.boards.count = 2};
    scratch_make(&s->scratch);
    s->plans[0][0] = text_of("n");
    s->plans[1][0] = text_of("s");
    s->plans[0][1] = s->plans[1][1] = text_of("bo*");
    for (unsigned i = 0; i < 2; i++) {
        s->board[i].name = names[i];
        s->board[i].option.plans = (struct texts){s->plans[i], 2};
        s->board[i].option.has.plans = 1;
        s->boards.at[i].board = &s->board[i];
    }
    s->o.spool = text_of(s->scratch.path);
    s->o.has.spool = 1;
    s->o.taken_days = 1;
    open_spool(s);
}

static void
close_share(struct share *s)
{
    front_spool_close(&s->spool);
    scratch_remove(&s->scratch);
}

static void
put(const struct share *s, const char *name, const char *text)
{
    FILE *f = fopen(scratch_file(&s->scratch, name), "w");

    CHECK(f && fputs(text, f) >= 0);
    fclose(f);
}

/* What is in a file, or "none". */
static const char *
get(const struct share *s, const char *name)
{
    static char text[4096];
    FILE *f = fopen(scratch_file(&s->scratch, name), "r");

    if (!f)
        return "none";
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return text;
}

static void
split(struct share *s, int64_t now)
{
    while (front_spool_step(s->spool, now, (int64_t)WALL * 1000000))
        ;
}

TEST(front_spool_splits_a_file_by_its_plans)
{
    struct share s;

    open_share(&s);
    put(&s, "a", SOUTHS "\n" NORTHS BOTHS "{}\n");
    split(&s, NOW);
    CHECK_STR("\n\n" NORTHS BOTHS, get(&s, "north/" T "0-a"));
    CHECK_STR(SOUTHS "\n\n" BOTHS, get(&s, "south/" T "0-a"));
    CHECK(strstr(get(&s, "a.refused"), "\"line\":5,\"code\":\"missing-field\",\"field\":\"kind\""));
    CHECK_STR("none", get(&s, "a"));
    put(&s, "b.CSV",
        "\xef\xbb\xbf"
        "action,percent\r\nn/1,1\r\nn/1,\r\nn/1,2");
    split(&s, NOW);
    CHECK_STR("\n" NORTHS, get(&s, "north/" T "1-b.CSV.jsonl"));
    CHECK_STR("none", get(&s, "south/" T "1-b.CSV.jsonl"));
    CHECK(strstr(get(&s, "b.CSV.done"), "\"line\":3,\"unchanged\":true"));
    CHECK(strstr(get(&s, "b.CSV.refused"), "\"line\":4,\"code\":\"malformed\""));
    CHECK(!strstr(get(&s, "b.CSV.refused"), "\"line\":1,")); /* the headings are no row */
    close_share(&s);
}

/* As one board's agent says it. */
TEST(front_spool_tells_of_a_line_that_was_cut_off)
{
    struct share s;

    open_share(&s);
    put(&s, "a", NORTHS "{\"kind\":\"progress\",\"act");
    put(&s, "b", "");
    put(&s, "c", "\xef\xbb\xbf\r\n\r\n");
    split(&s, NOW);
    CHECK(strstr(get(&s, "a.refused"), "\"line\":2,"));
    CHECK(strstr(get(&s, "a.refused"), "may have been cut off"));
    CHECK_STR("", get(&s, "b.done"));
    CHECK_STR("", get(&s, "c.done"));
    CHECK_STR("none", get(&s, "c.refused"));
    close_share(&s);
}

/* Which takes them in that order, whether it runs or not. */
TEST(front_spool_splits_files_of_one_name_and_waits_for_no_agent)
{
    struct share s;

    open_share(&s);
    put(&s, "a", NORTHS "x\n");
    split(&s, NOW);
    put(&s, "a", SOUTHS NORTHS);
    split(&s, NOW);
    put(&s, "a", BOTHS);
    split(&s, NOW);
    CHECK_STR(NORTHS, get(&s, "north/" T "0-a"));
    CHECK_STR("\n" NORTHS, get(&s, "north/" T "1-a"));
    CHECK_STR(SOUTHS, get(&s, "south/" T "1-a"));
    CHECK_STR(BOTHS, get(&s, "north/" T "2-a"));
    CHECK_STR(BOTHS, get(&s, "south/" T "2-a"));
    CHECK_STR("none", get(&s, "a.refused")); /* that of the first one went */
    close_share(&s);
}

/* --- falls -------------------------------------------------------------------------------- */

/* Two files of one name are claimed, one waits: beside it are the results of an earlier one. */
static void
put_two(struct share *s)
{
    open_share(s);
    front_spool_close(&s->spool);
    put(s, "taking/7-a", NORTHS SOUTHS "x\n");
    put(s, "taking/8-a", BOTHS);
    put(s, "c", "x\n");
    put(s, "c.refused", "yesterday's\n");
}

/* In a process that ends with a step. */
static bool
split_until(struct share *s, int step)
{
    int status = 0;
    pid_t id = fork();

    if (id == 0) {
        steps = 0;
        last_step = step;
        open_spool(s);
        split(s, NOW);
        _exit(0);
    }
    CHECK_INT(id, waitpid(id, &status, 0));
    CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == KILLED));
    return WEXITSTATUS(status) == KILLED;
}

/* As the boards' agents do. */
static int
take_parts(const struct share *s, const char *board, char *taken)
{
    static const char *const files[] = {"7-a", "8-a"};
    char name[100];
    int count = 0;

    for (int i = 0; i < 2; i++) {
        (void)snprintf(name, sizeof name, "%s/%s", board, files[i]);
        const char *text = get(s, name);
        if (strcmp(text, "none") == 0)
            continue;
        strcat(taken, text);
        CHECK_INT(0, unlink(scratch_file(&s->scratch, name)));
        count++;
    }
    return count;
}

TEST(front_spool_splits_each_row_once_wherever_it_is_killed)
{
    bool killed = true;

    for (int step = 1; killed; step++) {
        char north[4096] = "", south[4096] = "";
        struct share s;
        put_two(&s);
        killed = split_until(&s, step);
        (void)take_parts(&s, "north", north);
        (void)take_parts(&s, "south", south);
        open_spool(&s);
        split(&s, NOW);
        (void)take_parts(&s, "north", north);
        (void)take_parts(&s, "south", south);
        CHECK_STR(NORTHS BOTHS, north);
        CHECK_STR("\n" SOUTHS BOTHS, south);
        CHECK(strstr(get(&s, "a.refused"), "\"line\":3,"));
        CHECK(!strchr(strchr(get(&s, "a.refused"), '\n') + 1, '\n'));
        CHECK(strstr(get(&s, "c.refused"), "\"line\":1,"));
        CHECK(!strstr(get(&s, "c.refused"), "yesterday"));
        CHECK_STR("none", get(&s, "taking/7-a"));
        CHECK_STR(BOTHS, get(&s, "taken/8-a"));
        CHECK(killed || step > 10);
        close_share(&s);
    }
}

/* What was written before is worth nothing. */
TEST(front_spool_begins_anew_where_not_all_was_written)
{
    struct share s;

    open_share(&s);
    front_spool_close(&s.spool);
    put(&s, "taking/7-a", NORTHS);
    put(&s, "north/.7-a.tmp", NORTHS NORTHS);
    put(&s, "south/.7-a.tmp", SOUTHS);
    open_spool(&s);
    split(&s, NOW);
    CHECK_STR(NORTHS, get(&s, "north/7-a"));
    CHECK_STR("none", get(&s, "south/7-a"));
    CHECK_STR("none", get(&s, "south/.7-a.tmp"));
    close_share(&s);
}

static int
split_with_a_failing_sync(struct share *s, const char *file, const char *text, int which)
{
    open_share(s);
    front_spool_close(&s->spool);
    put(s, file, text);
    open_spool(s);
    syncs = 0;
    failing_sync = which;
    split(s, NOW);
    bool failed = syncs >= which;
    failing_sync = 0;
    split(s, LATER);
    put(s, "b", NORTHS);
    split(s, LATER + LATER);
    CHECK_STR(NORTHS, get(s, "north/" T "0-b"));
    return failed;
}

/* Of the folders as they are found, what is claimed, a part, its folder, and two folders. */
TEST(front_spool_splits_a_file_once_whichever_sync_fails)
{
    bool failed = true;

    for (int which = 1; failed; which++) {
        struct share s;
        failed = split_with_a_failing_sync(&s, "taking/7-a", NORTHS, which);
        CHECK_STR(NORTHS, get(&s, "north/7-a"));
        CHECK_STR(NORTHS, get(&s, "taken/7-a"));
        CHECK_STR("none", get(&s, "north/.7-a.tmp"));
        CHECK(failed || which > 8);
        close_share(&s);
    }
}

TEST(front_spool_refuses_a_file_as_a_whole_whichever_sync_fails)
{
    bool failed = true;

    for (int which = 1; failed; which++) {
        struct share s;
        failed =
            split_with_a_failing_sync(&s, "taking/7-a.csv", "kind,action\nprogress,\"n/1\n", which);
        CHECK(strstr(get(&s, "a.csv.refused"), "\"line\":0,"));
        CHECK(strstr(get(&s, "taken/7-a.csv"), "kind"));
        CHECK(failed || which > 6);
        close_share(&s);
    }
}

/* A folder is in the way of its part; then somebody takes the file away. */
TEST(front_spool_goes_on_beside_a_file_that_fails_each_time)
{
    struct share s;

    open_share(&s);
    front_spool_close(&s.spool);
    CHECK_INT(0, mkdir(scratch_file(&s.scratch, "north/.0-a.tmp"), 0700));
    put(&s, "taking/0-a", NORTHS);
    open_spool(&s);
    split(&s, NOW);
    for (int i = 1; i < 30; i++) {
        put(&s, "a", NORTHS);
        split(&s, NOW + (int64_t)i * 100000);
    }
    put(&s, "b", NORTHS);
    split(&s, LATER);
    split(&s, LATER + 1000000);
    CHECK(strcmp("none", get(&s, "taken/" T "0-a")) == 0);
    CHECK_STR("none", get(&s, "b"));
    CHECK_INT(0, rmdir(scratch_file(&s.scratch, "north/.0-a.tmp")));
    for (int i = 2; i < 10; i++)
        split(&s, LATER + (int64_t)i * 1000000);
    CHECK_STR(NORTHS, get(&s, "north/0-a"));
    CHECK_STR(NORTHS, get(&s, "north/" T "0-a"));
    close_share(&s);
}

/* A part is begun when its first row comes: whoever may write in the board's folder may have put
   a link there. */
TEST(front_spool_writes_a_part_through_no_link)
{
    enum { ROWS = 300 };
    char text[ROWS * sizeof SOUTHS + sizeof NORTHS];
    char target[300], key[] = "a key";
    size_t len = 0;
    struct share s;

    for (int i = 0; i < ROWS; i++)
        len += (size_t)sprintf(text + len, SOUTHS);
    (void)sprintf(text + len, NORTHS);
    open_share(&s);
    put(&s, ".key", key);
    (void)snprintf(target, sizeof target, "%s", scratch_file(&s.scratch, ".key"));
    put(&s, "a", text);
    CHECK(front_spool_step(s.spool, NOW, (int64_t)WALL * 1000000));
    CHECK_INT(0, symlink(target, scratch_file(&s.scratch, "north/." T "0-a.tmp")));
    split(&s, NOW);
    CHECK_STR(key, get(&s, ".key"));
    split(&s, LATER);
    CHECK_STR(key, get(&s, ".key"));
    CHECK(strstr(get(&s, "north/" T "0-a"), NORTHS));
    close_share(&s);
}

/* --- what must wait ------------------------------------------------------------------------- */

/* The south has not shown its plans. */
static void
open_share_of_an_unknown(struct share *s)
{
    open_share(s);
    s->board[1].option.has.plans = 0;
    plan_list_init(&s->boards.at[1].plans);
}

static void
show_plan(struct share *s, const char *plan)
{
    plan_list_add(&s->boards.at[1].plans, plan, strlen(plan));
    CHECK(plan_list_take(&s->boards.at[1].plans));
    s->boards.shown++;
}

static void
close_share_of_an_unknown(struct share *s)
{
    plan_list_end(&s->boards.at[1].plans);
    close_share(s);
}

TEST(front_spool_has_rows_wait_that_may_be_of_an_unknown_board_and_no_others)
{
    struct share s;

    open_share_of_an_unknown(&s);
    put(&s, "a.csv", "action,percent\nn/1,1\ns/1,2\nx/1,3\n");
    split(&s, NOW);
    put(&s, "a.csv", "action,percent\ns/1,2\nn/1,1\n");
    split(&s, NOW);
    CHECK_STR("\n" NORTHS, get(&s, "north/" T "0-a.csv.jsonl"));
    CHECK_STR("\n\n" NORTHS, get(&s, "north/" T "1-a.csv.jsonl"));
    CHECK_STR("none", get(&s, "south/" T "0.1-a.csv.jsonl"));
    CHECK(strstr(get(&s, "taken/" T "0-a.csv"), "x/1"));
    show_plan(&s, "s");
    put(&s, "a2", SOUTHS);
    split(&s, NOW);
    CHECK_STR("\n\n" SOUTHS, get(&s, "south/" T "0.1-a.csv.jsonl"));
    CHECK_STR("\n" SOUTHS, get(&s, "south/" T "1.1-a.csv.jsonl"));
    CHECK_STR("none", get(&s, "taking/" T "0.1-a.csv"));
    CHECK_STR("none", get(&s, "taken/" T "0.1-a.csv")); /* it is in the file */
    CHECK(strstr(get(&s, "a.csv.refused"), "{\"file\":\"" T "0-a.csv\",\"line\":4,"));
    close_share_of_an_unknown(&s);
}

/* Another board's plan is shown first; and the process ends in between. */
TEST(front_spool_keeps_rows_until_they_are_known)
{
    struct share s;

    open_share_of_an_unknown(&s);
    put(&s, "a", SOUTHS "{\"kind\":\"progress\",\"action\":\"x/1\"}\n");
    split(&s, NOW);
    front_spool_close(&s.spool);
    open_spool(&s);
    split(&s, NOW);
    s.plans[0][0] = text_of("x");
    s.boards.shown++;
    split(&s, NOW);
    CHECK_STR("\n{\"kind\":\"progress\",\"action\":\"x/1\"}\n", get(&s, "north/" T "0.1-a"));
    CHECK_STR(SOUTHS, get(&s, "taking/" T "0.2-a"));
    front_spool_close(&s.spool);
    open_spool(&s);
    show_plan(&s, "s");
    split(&s, NOW);
    CHECK_STR(SOUTHS, get(&s, "south/" T "0.2-a"));
    CHECK_STR("none", get(&s, "taking/" T "0.2-a"));
    close_share_of_an_unknown(&s);
}

/* Else its first rows would come behind its last. */
TEST(front_spool_begins_a_file_anew_where_a_plan_is_shown_meanwhile)
{
    enum { ROWS = 300 };
    char text[ROWS * sizeof SOUTHS];
    size_t len = 0;
    struct share s;

    for (int i = 0; i < ROWS; i++)
        len += (size_t)sprintf(text + len, SOUTHS);
    open_share_of_an_unknown(&s);
    put(&s, "a", text);
    CHECK(front_spool_step(s.spool, NOW, (int64_t)WALL * 1000000));
    show_plan(&s, "s");
    split(&s, NOW);
    CHECK_STR("none", get(&s, "taking/" T "0.1-a"));
    CHECK_INT(0, memcmp(text, get(&s, "south/" T "0-a"), 4000));
    close_share_of_an_unknown(&s);
}
