#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "agents/agency/front/splitting.h"
#include "tests/scratch.h"
#include "tests/t.h"

#define NORTHS "{\"kind\":\"progress\",\"action\":\"n/1\",\"percent\":1}\n"
#define SOUTHS "{\"kind\":\"progress\",\"action\":\"s/1\",\"percent\":2}\n"
#define BOTHS "{\"kind\":\"progress\",\"action\":\"both/1\",\"percent\":3}\n"

enum { NOW = 1000000000, LATER = NOW + 10000000, WALL = 1467294000 };

/* In place of the system's: one of them may fail, as where a disk is full, and each
   can be watched. */
static int syncs, failing_sync;
static void (*on_sync)(int fd);

int
fsync(int fd)
{
    if (on_sync)
        on_sync(fd);
    if (++syncs == failing_sync) {
        errno = ENOSPC;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
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
    CHECK_STR("\n\n" NORTHS BOTHS, get(&s, "north/a"));
    CHECK_STR(SOUTHS "\n\n" BOTHS, get(&s, "south/a"));
    CHECK(strstr(get(&s, "a.refused"), "\"line\":5,\"code\":\"missing-field\",\"field\":\"kind\""));
    CHECK_STR("none", get(&s, "a"));
    put(&s, "b", NORTHS);
    split(&s, NOW);
    CHECK_STR(NORTHS, get(&s, "north/b"));
    CHECK_STR("none", get(&s, "south/b"));
    close_share(&s);
}

/* The board's agent may not have taken the one of yesterday. */
TEST(front_spool_writes_over_no_part_that_waits)
{
    struct share s;

    open_share(&s);
    put(&s, "north/a", "yesterday's");
    put(&s, "a", NORTHS SOUTHS);
    split(&s, NOW);
    CHECK_STR("yesterday's", get(&s, "north/a"));
    CHECK_STR("none", get(&s, "south/a"));
    put(&s, "b", NORTHS);
    split(&s, NOW);
    CHECK_STR(NORTHS, get(&s, "north/b"));
    CHECK_INT(0, unlink(scratch_file(&s.scratch, "north/a")));
    split(&s, LATER);
    CHECK_STR(NORTHS, get(&s, "north/a"));
    CHECK_STR("\n" SOUTHS, get(&s, "south/a"));
    close_share(&s);
}

/* Killed after the mark was made, with one part in its place and taken away from there. */
TEST(front_spool_goes_on_where_it_was_killed)
{
    struct share s;

    open_share(&s);
    front_spool_close(&s.spool);
    put(&s, "taking/7-a", NORTHS SOUTHS);
    put(&s, "taking/.7-a.split", "");
    put(&s, "south/.7-a.tmp", "\n" SOUTHS);
    open_spool(&s);
    split(&s, NOW);
    CHECK_STR("none", get(&s, "north/a"));
    CHECK_STR("\n" SOUTHS, get(&s, "south/a"));
    CHECK_STR("none", get(&s, "taking/7-a"));
    CHECK_STR("none", get(&s, "taking/.7-a.split"));
    CHECK_STR(NORTHS SOUTHS, get(&s, "taken/7-a"));
    close_share(&s);
}

/* Killed before: what was written is worth nothing. */
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
    CHECK_STR(NORTHS, get(&s, "north/a"));
    CHECK_STR("none", get(&s, "south/a"));
    CHECK_STR("none", get(&s, "south/.7-a.tmp"));
    close_share(&s);
}

static void
split_with_a_failing_sync(struct share *s, const char *file, const char *text, int which)
{
    open_share(s);
    front_spool_close(&s->spool);
    put(s, file, text);
    open_spool(s);
    syncs = 0;
    failing_sync = which;
    split(s, NOW);
    CHECK(syncs >= which);
    failing_sync = 0;
    split(s, LATER);
    put(s, "b", NORTHS);
    split(s, LATER + LATER);
    CHECK_STR(NORTHS, get(s, "north/b"));
}

TEST(front_spool_splits_a_file_once_whichever_sync_fails)
{
    enum { SYNCS = 6 }; /* a part, its folder, the mark, the part's place, and two folders */
    struct share s;

    for (int which = 1; which <= SYNCS; which++) {
        split_with_a_failing_sync(&s, "taking/7-a", NORTHS, which);
        CHECK_STR(NORTHS, get(&s, "north/a"));
        CHECK_STR(NORTHS, get(&s, "taken/7-a"));
        CHECK_STR("none", get(&s, "taking/.7-a.split"));
        close_share(&s);
    }
}

TEST(front_spool_refuses_a_file_as_a_whole_whichever_sync_fails)
{
    enum { SYNCS = 3 }; /* the mark, and two folders */
    struct share s;

    for (int which = 1; which <= SYNCS; which++) {
        split_with_a_failing_sync(&s, "taking/7-a.csv", "kind,action\nprogress,\"n/1\n", which);
        CHECK(strstr(get(&s, "a.csv.refused"), "\"line\":0,"));
        CHECK(strstr(get(&s, "taken/7-a.csv"), "kind"));
        close_share(&s);
    }
}

static struct {
    char folder[300], mark[300];
    int before, after; /* syncs of the folder, before the mark was there and after */
} watched;

static void
watch_sync(int fd)
{
    struct stat folder, this;

    if (stat(watched.folder, &folder) || fstat(fd, &this) || folder.st_ino != this.st_ino)
        return;
    if (access(watched.mark, F_OK))
        watched.before++;
    else
        watched.after++;
}

/* After the power went with the mark there, a part that is not is taken for published. */
TEST(front_spool_marks_a_file_when_its_parts_are_in_their_folders)
{
    struct share s;

    open_share(&s);
    watched.before = watched.after = 0;
    (void)snprintf(watched.folder, sizeof watched.folder, "%s", scratch_file(&s.scratch, "north"));
    (void)snprintf(watched.mark, sizeof watched.mark, "%s",
                   scratch_file(&s.scratch, "taking/.1467294000000000-a.split"));
    put(&s, "a", NORTHS);
    on_sync = watch_sync;
    split(&s, NOW);
    on_sync = NULL;
    CHECK_INT(1, watched.before);
    CHECK_INT(1, watched.after);
    close_share(&s);
}

/* A folder is in the way of its part; then somebody takes the file away. */
TEST(front_spool_goes_on_beside_a_file_that_fails_each_time)
{
    struct share s;

    open_share(&s);
    front_spool_close(&s.spool);
    CHECK_INT(0, mkdir(scratch_file(&s.scratch, "north/.7-a.tmp"), 0700));
    put(&s, "taking/7-a", NORTHS);
    open_spool(&s);
    split(&s, NOW);
    put(&s, "b", NORTHS);
    for (int i = 1; i < 10; i++)
        split(&s, NOW + (int64_t)i * 1000000);
    CHECK_STR(NORTHS, get(&s, "north/b"));
    CHECK_STR("none", get(&s, "north/a"));
    CHECK_INT(0, rmdir(scratch_file(&s.scratch, "north/.7-a.tmp")));
    CHECK_INT(0, unlink(scratch_file(&s.scratch, "taking/7-a")));
    split(&s, INT64_C(3) * LATER);
    put(&s, "c", NORTHS);
    split(&s, INT64_C(3) * LATER);
    CHECK_STR(NORTHS, get(&s, "north/c"));
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
    CHECK_INT(0, symlink(target, scratch_file(&s.scratch, "north/.1467294000000000-a.tmp")));
    split(&s, NOW);
    CHECK_STR(key, get(&s, ".key"));
    split(&s, LATER);
    CHECK_STR(key, get(&s, ".key"));
    CHECK(strstr(get(&s, "north/a"), NORTHS));
    close_share(&s);
}

TEST(front_spool_has_what_is_not_known_wait_and_no_other)
{
    struct share s;

    open_share(&s);
    s.board[1].option.has.plans = 0;
    plan_list_init(&s.boards.at[1].plans);
    put(&s, "a", NORTHS SOUTHS);
    put(&s, "b", NORTHS);
    split(&s, NOW);
    CHECK_STR(NORTHS, get(&s, "north/b")); /* another does not wait for it */
    put(&s, "a", NORTHS NORTHS);
    put(&s, "c", NORTHS);
    split(&s, NOW + 1);
    split(&s, LATER);
    CHECK_STR("none", get(&s, "north/a"));
    CHECK_STR(NORTHS, get(&s, "north/c"));
    plan_list_add(&s.boards.at[1].plans, "s", 1);
    CHECK(plan_list_take(&s.boards.at[1].plans));
    split(&s, LATER + LATER);
    CHECK_STR(NORTHS, get(&s, "north/a"));
    CHECK_STR("\n" SOUTHS, get(&s, "south/a"));
    CHECK_INT(0, unlink(scratch_file(&s.scratch, "north/a")));
    split(&s, INT64_C(3) * LATER);
    CHECK_STR(NORTHS NORTHS, get(&s, "north/a")); /* the later one of its name */
    plan_list_end(&s.boards.at[1].plans);
    close_share(&s);
}
