/* The spool's folders among others who may write in it. */
#include <errno.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/agency/spool/folder.h"
#include "agents/agency/spool/modes.h"
#include "agents/agency/spool/names.h"
#include "tests/scratch.h"
#include "tests/t.h"

static int
open_folder(struct spool_folder *f, const char *root, struct why *why)
{
    *f = (struct spool_folder){0};
    return spool_folder_open(f, text_of(root), text_of(""), why);
}

static void
make_file(const struct scratch *s, const char *name)
{
    FILE *f = fopen(scratch_file(s, name), "w");

    CHECK(f != NULL);
    (void)fclose(f);
}

static bool
is_there(const struct scratch *s, const char *name)
{
    return access(scratch_file(s, name), F_OK) == 0;
}

static void
put_link_for(const struct scratch *s, const char *name)
{
    char path[300];

    (void)snprintf(path, sizeof path, "%s", scratch_file(s, name));
    CHECK_INT(0, rename(path, scratch_file(s, "away")));
    CHECK_INT(0, symlink(scratch_file(s, "outbox"), path));
}

TEST(spool_folder_prunes_only_what_the_agent_named)
{
    struct scratch s;
    struct spool_folder f;
    struct why why;

    scratch_make(&s);
    CHECK_INT(0, open_folder(&f, scratch_file(&s, "spool"), &why));
    make_file(&s, "spool/taken/1-a");
    make_file(&s, "spool/taken/9-a");
    make_file(&s, "spool/taken/data.mdb");
    make_file(&s, "spool/taken/-1-a");
    make_file(&s, "spool/taken/1.csv");
    spool_folder_prune(&f, 5);
    CHECK(!is_there(&s, "spool/taken/1-a"));
    CHECK(is_there(&s, "spool/taken/9-a") && is_there(&s, "spool/taken/data.mdb"));
    CHECK(is_there(&s, "spool/taken/-1-a") && is_there(&s, "spool/taken/1.csv"));
    spool_folder_close(&f);
    scratch_remove(&s);
}

TEST(spool_folder_is_of_one_agent)
{
    struct spool_folder f, other;
    struct scratch s;
    struct why why;

    scratch_make(&s);
    CHECK_INT(0, open_folder(&f, scratch_file(&s, "spool"), &why));
    CHECK_INT(-EWOULDBLOCK, open_folder(&other, scratch_file(&s, "spool"), &why));
    CHECK(strstr(why.text, "another agent takes files from the spool"));
    spool_folder_close(&f);
    CHECK_INT(0, open_folder(&other, scratch_file(&s, "spool"), &why));
    spool_folder_close(&other);
    scratch_remove(&s);
}

struct odd {
    char said[1000];
};

static void
note_odd(void *context, const char *name, const char *reason)
{
    struct odd *odd = context;
    size_t len = strlen(odd->said);

    (void)snprintf(odd->said + len, sizeof odd->said - len, "%.8s: %s\n", name, reason);
}

/* Each is told of, whatever else is there; what the agent made itself is not. */
TEST(spool_folder_tells_of_what_is_never_taken)
{
    static const char *const bad[] = {"a\nb.csv", "r\xe9sum\xe9.csv", "\x1b[31m.csv", "d\x7f.csv"};
    struct spool_names names = {0};
    struct odd odd = {""};
    struct spool_folder f;
    struct scratch s;
    struct why why;
    char path[300];

    scratch_make(&s);
    CHECK_INT(0, open_folder(&f, scratch_file(&s, "spool"), &why));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(path, sizeof path, "spool/%s", bad[i]);
        make_file(&s, path);
        CHECK_INT(0, spool_names_list(&f, SPOOL_WAITS, &names, note_odd, &odd));
        CHECK_INT(0, names.count);
        CHECK(strstr(odd.said, "its name is not UTF-8, or has control characters: rename it"));
        spool_names_add(&f, &names, bad[i]);
        CHECK_INT(0, names.count);
        CHECK_INT(0, unlink(scratch_file(&s, path)));
        odd.said[0] = '\0';
    }
    make_file(&s, "spool/r\xc3\xa9sum\xc3\xa9 1.csv");
    CHECK_INT(0, symlink("/etc/passwd", scratch_file(&s, "spool/link.csv")));
    (void)snprintf(path, sizeof path, "spool/%0221d", 0);
    make_file(&s, path);
    CHECK_INT(0, spool_names_list(&f, SPOOL_WAITS, &names, note_odd, &odd));
    CHECK_INT(1, names.count);
    CHECK(strstr(odd.said, "link.csv: it is a folder or a link, not a file: take it away\n"));
    CHECK(strstr(odd.said, "00000000: its name is too long: rename it\n"));
    CHECK(!strstr(odd.said, "taking:") && !strstr(odd.said, "taken:"));
    spool_names_free(&names);
    spool_folder_close(&f);
    scratch_remove(&s);
}

/* While it is open, and when it is to be opened again. */
/* Somebody changed it for something else since it was listed: that is no trouble of the disk. */
TEST(spool_folder_takes_a_folder_in_the_place_of_a_file_for_one_that_is_gone)
{
    struct scratch s;
    struct spool_folder f;
    struct why why;

    scratch_make(&s);
    CHECK_INT(0, open_folder(&f, scratch_file(&s, "spool"), &why));
    CHECK_INT(0, mkdir(scratch_file(&s, "spool/a"), 0700));
    CHECK_INT(0, mkfifo(scratch_file(&s, "spool/b"), 0600));
    make_file(&s, "spool/c");
    CHECK_INT(-ENOENT, spool_folder_is_ready(&f, "a", 0, 0));
    CHECK_INT(-ENOENT, spool_folder_is_ready(&f, "b", 0, 0));
    CHECK_INT(1, spool_folder_is_ready(&f, "c", 0, 0));
    spool_folder_close(&f);
    scratch_remove(&s);
}

TEST(spool_folder_follows_no_link)
{
    static const char *const places[] = {"spool/taken", "spool/taking", "spool"};

    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        struct spool_names claimed = {0};
        struct scratch s;
        struct spool_folder f;
        struct why why;
        scratch_make(&s);
        CHECK_INT(0, mkdir(scratch_file(&s, "outbox"), 0700));
        make_file(&s, "outbox/1-data.mdb");
        CHECK_INT(0, open_folder(&f, scratch_file(&s, "spool"), &why));
        make_file(&s, "spool/a");
        put_link_for(&s, places[i]);
        CHECK_INT(0, spool_folder_claim(&f, "a", 7, &claimed));
        CHECK_INT(0, spool_folder_finish(&f, "7-a", true));
        spool_folder_prune(&f, 8);
        CHECK(is_there(&s, "outbox/1-data.mdb") && !is_there(&s, "outbox/7-a"));
        spool_folder_close(&f);
        CHECK(open_folder(&f, scratch_file(&s, "spool"), &why) < 0);
        CHECK(strstr(why.text, "link"));
        spool_names_free(&claimed);
        scratch_remove(&s);
    }
}

/* --- of several users -------------------------------------------------------------------- */

enum { AGENT = 61001, MEMBER = 61002, GROUP = 61003 };

/* In a process of that user, of the group, at the scratch: what `act` returns. */
static int
run_as(const struct scratch *s, uid_t user, int act(void))
{
    int status = -1;
    pid_t id = fork();

    if (id == 0) {
        if (chdir(s->path) || setgroups(0, NULL) || setgid(GROUP) || setuid(user))
            _exit(100);
        _exit(act());
    }
    CHECK_INT(id, waitpid(id, &status, 0));
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
hand_in_and_meddle(void)
{
    FILE *f = fopen("spool/a", "w");

    if (!f || fclose(f) || mkdir("spool/north", 0755))
        return 1;
    if (rename("spool/taken", "spool/x") == 0 || rename("spool/taking", "spool/y") == 0)
        return 2;
    return unlink("spool/theirs.done") == 0 ? 3 : 0;
}

static int
open_and_leave_a_result(void)
{
    struct spool_folder f;
    struct why why;
    struct stat st;

    if (open_folder(&f, "spool", &why))
        return 1;
    FILE *out = fopen("spool/theirs.done", "w");
    if (!out || fclose(out))
        return 2;
    return fstat(f.at[SPOOL_WAITS], &st) || (st.st_mode & 07777) != 03770 ? 3 : 0;
}

/* As a service that is kept from setting modes with a bit of the group. */
static int
open_where_no_mode_can_be_set(void)
{
    struct sock_filter refuse[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fchmod, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof refuse / sizeof *refuse, refuse};
    struct spool_folder f;
    struct why why;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) || fchmod(0, 0) == 0)
        return 1;
    return open_folder(&f, "spool", &why) ? 2 : 0;
}

static int
take(void)
{
    struct spool_names claimed = {0};
    struct spool_folder f;
    struct why why;

    if (open_folder(&f, "spool", &why))
        return 1;
    if (spool_folder_claim(&f, "a", 7, &claimed) || spool_folder_finish(&f, "7-a", true))
        return 2;
    return spool_folder_own(&f, "north", 0770, &why) == -EPERM ? 0 : 3;
}

TEST(spool_folder_of_a_group_keeps_members_from_what_is_not_theirs)
{
    struct scratch s;

    if (geteuid() != 0)
        SKIP_WITH("only root can be several users");
    scratch_make(&s);
    CHECK_INT(0, mkdir(scratch_file(&s, "spool"), 0700));
    CHECK_INT(0, chown(scratch_file(&s, "spool"), AGENT, GROUP));
    CHECK_INT(0, chmod(scratch_file(&s, "spool"), 02770));
    CHECK_INT(0, chmod(s.path, 0755));
    CHECK_INT(0, run_as(&s, AGENT, open_where_no_mode_can_be_set));
    CHECK_INT(0, run_as(&s, AGENT, open_and_leave_a_result));
    CHECK_INT(0, run_as(&s, AGENT, open_where_no_mode_can_be_set));
    CHECK_INT(0, run_as(&s, MEMBER, hand_in_and_meddle));
    CHECK_INT(0, run_as(&s, AGENT, take));
    CHECK(is_there(&s, "spool/taken/7-a"));
    scratch_remove(&s);
}

TEST(spool_modes_will_do_where_members_keep_what_is_theirs)
{
    static const struct {
        mode_t mode;
        uid_t owner;
        const char *wrong; /* NULL: nothing */
    } rows[] = {
        {03770, AGENT, NULL},
        {0750, AGENT, NULL},
        {02750, MEMBER, NULL},
        {02770, AGENT, "may move or remove what others put there"},
        {02770, MEMBER, "may move or remove what others put there"},
        {03770, MEMBER, "the agent can't take"},
    };
    struct why why;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct stat st = {.st_mode = S_IFDIR | rows[i].mode, .st_uid = rows[i].owner};
        bool ok = spool_modes_will_do("inbox", &st, AGENT, &why);
        CHECK_INT(!rows[i].wrong, ok);
        CHECK(ok || (strstr(why.text, rows[i].wrong) && strstr(why.text, "chown it")));
    }
}
