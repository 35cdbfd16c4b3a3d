#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/lock.h"
#include "store/probe.h"
#include "tests/scratch.h"
#include "tests/t.h"

TEST(lock_lets_one_in_and_names_him)
{
    struct scratch dir;
    struct why why;
    char holder[40];
    int first = -1;
    int second = -1;

    scratch_make(&dir);
    first = lock_take(dir.path, &why);
    CHECK(first >= 0);
    CHECK_INT(-EWOULDBLOCK, lock_take(dir.path, &why));
    (void)snprintf(holder, sizeof holder, "is held by process %ld: ", (long)getpid());
    CHECK(strstr(why.text, holder));
    CHECK(strstr(why.text, scratch_file(&dir, "lock")));
    lock_release(&first);
    CHECK_INT(-1, first);
    lock_release(&first);
    second = lock_take(dir.path, &why);
    CHECK(second >= 0);
    lock_release(&second);
    scratch_remove(&dir);
}

/* Killed, its number stays in the file and its lock does not. */
TEST(lock_is_free_when_its_holder_is_dead)
{
    struct scratch dir;
    struct why why;
    int ready[2];
    char byte = 0;
    char holder[40];
    pid_t child = -1;
    int lock = -1;

    scratch_make(&dir);
    CHECK_INT(0, pipe(ready));
    child = fork();
    if (child == 0) {
        if (lock_take(dir.path, &why) >= 0 && write(ready[1], "y", 1) == 1)
            pause();
        _exit(1);
    }
    CHECK_INT(1, read(ready[0], &byte, 1));
    CHECK_INT(-EWOULDBLOCK, lock_take(dir.path, &why));
    (void)snprintf(holder, sizeof holder, "process %ld:", (long)child);
    CHECK(strstr(why.text, holder));
    CHECK_INT(0, kill(child, SIGKILL));
    CHECK_INT(child, waitpid(child, NULL, 0));
    lock = lock_take(dir.path, &why);
    CHECK(lock >= 0);
    lock_release(&lock);
    CHECK_INT(0, close(ready[0]));
    CHECK_INT(0, close(ready[1]));
    scratch_remove(&dir);
}

TEST(lock_says_which_folder_is_not_there)
{
    struct why why;

    CHECK_INT(-ENOENT, lock_take("/nonexistent", &why));
    CHECK_STR("/nonexistent/lock cannot be opened: No such file or directory", why.text);
}

static void
do_nothing(void *context)
{
    *(int *)context = 1;
}

static void
crash(void *context)
{
    (void)raise(*(int *)context);
}

TEST(probe_survives_what_it_tries)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGKILL};
    int touched = 0;

    CHECK_INT(0, probe_run(do_nothing, &touched));
    CHECK_INT(0, touched);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        int number = signals[i];
        CHECK_INT(1, probe_run(crash, &number));
    }
    CHECK_INT(0, probe_run(crash, &(int){SIGPIPE}));
}
