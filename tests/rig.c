#include "tests/rig.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "schema/days.h"
#include "schema/wire/host_clock.h"
#include "tests/scratch.h"
#include "tests/t.h"

enum { COMMAND = 8192, ARGUMENTS = 64, BETWEEN_TRIES = 50, LAST_WORDS = 2000 };

/* In the report of each of them. A program that one of them ended may look to a
   test like one that refused, or was killed. */
#define SANITIZER "Sanitizer: "

static const char *
bin(void)
{
    const char *dir = getenv("BIN");
    if (!dir)
        FAIL_WITH("BIN must name the folder of the programs");
    return dir;
}

/* --- the directory ---------------------------------------------------------------- */

struct rig *
rig_open(void)
{
    struct rig *r = calloc(1, sizeof *r);
    struct scratch scratch;

    scratch_make(&scratch);
    (void)snprintf(r->dir, sizeof r->dir, "%s", scratch.path);
    r->output = calloc(1, RIG_OUTPUT);
    return r;
}

void
rig_close(struct rig *r)
{
    for (int i = 0; i < RIG_PROGRAMS; i++)
        if (r->programs[i].id) {
            rig_signal(&r->programs[i], SIGCONT);
            rig_signal(&r->programs[i], SIGKILL);
            (void)rig_wait(&r->programs[i]);
        }
    (void)rig_run(r, "cat *.log 2>/dev/null | grep -A 40 '%s'", SANITIZER); /* none, or it fails */
    (void)rig_run(r, "cd / && rm -rf '%s'", r->dir);
    free(r->output);
    free(r);
}

const char *
rig_path(const struct rig *r, const char *name)
{
    static char paths[5][2 * RIG_PATH];
    static int turn;

    turn = (turn + 1) % 5;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", r->dir, name);
    return paths[turn];
}

void
rig_write_bytes(const struct rig *r, const char *name, const void *bytes, size_t len)
{
    FILE *f = fopen(rig_path(r, name), "w");
    CHECK(f != NULL);
    CHECK_INT(len, fwrite(bytes, 1, len, f));
    CHECK_INT(0, fclose(f));
}

void
rig_write(const struct rig *r, const char *name, const char *text)
{
    rig_write_bytes(r, name, text, strlen(text));
}

bool
rig_exists(const struct rig *r, const char *name)
{
    return access(rig_path(r, name), F_OK) == 0;
}

/* --- the clock ------------------------------------------------------------------------ */

#define CLOCK "clock"

/* The whole file at once: the broker reads it whenever it likes. */
static void
set_clock(struct rig *r, const char *says)
{
    char path[RIG_PATH * 2];

    rig_write(r, CLOCK ".new", says);
    (void)snprintf(path, sizeof path, "%s", rig_path(r, CLOCK ".new"));
    CHECK_INT(0, rename(path, rig_path(r, CLOCK)));
}

void
rig_stop_clock(struct rig *r, const char *day)
{
    int32_t since_1970;
    char says[32];

    CHECK(day_parse(day, strlen(day), &since_1970));
    (void)snprintf(says, sizeof says, "=%" PRId64, since_1970 * INT64_C(86400) + 43200);
    set_clock(r, says);
}

void
rig_shift_clock(struct rig *r, int64_t seconds)
{
    char says[32];

    (void)snprintf(says, sizeof says, "%+" PRId64, seconds);
    set_clock(r, says);
}

/* Where a clock was set. A preloaded library comes before the sanitizer's, which minds. */
static void
take_clock(const struct rig *r)
{
    const char *options = getenv("ASAN_OPTIONS");
    char preload[4096], sanitizer[1000];

    if (!rig_exists(r, CLOCK))
        return;
    (void)snprintf(preload, sizeof preload, "%s/clock.so", bin());
    (void)snprintf(sanitizer, sizeof sanitizer, "%s:verify_asan_link_order=0",
                   options ? options : "");
    setenv("ASAN_OPTIONS", sanitizer, 1);
    setenv("LD_PRELOAD", preload, 1);
    setenv("MAAT_TEST_CLOCK", rig_path(r, CLOCK), 1);
}

/* --- programs ------------------------------------------------------------------------ */

static void
become(const struct rig *r, const char *const argv[])
{
    char path[4096];

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves none behind */
    snprintf(path, sizeof path, "%s:%s", bin(), getenv("PATH"));
    setenv("PATH", path, 1);
    setenv("HOME", r->dir, 1);
    setenv("XDG_STATE_HOME", rig_path(r, "state-home"), 1);
    for (char **s = r->settings; s && *s; s++)
        putenv(*s);
    take_clock(r);
    if (chdir(r->dir) == 0)
        execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* For who reads of it that it did not end. */
static void
note_command(struct rig_program *p, const char *const argv[])
{
    size_t len = 0;

    for (; *argv && len < sizeof p->command; argv++)
        len += (size_t)snprintf(p->command + len, sizeof p->command - len, "%s%s", len ? " " : "",
                                *argv);
}

struct rig_program *
rig_start(struct rig *r, const char *const argv[])
{
    struct rig_program *p = r->programs;
    int out[2];

    while (p < r->programs + RIG_PROGRAMS && p->id)
        p++;
    CHECK(p < r->programs + RIG_PROGRAMS);
    CHECK_INT(0, pipe2(out, O_CLOEXEC));
    snprintf(p->log, sizeof p->log, "%.240s/%d.log", r->dir, (int)(p - r->programs));
    note_command(p, argv);
    fflush(stdout);
    p->id = fork();
    CHECK(p->id >= 0);
    if (p->id == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test closes no rig */
        int log = open(p->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(out[1], 1);
        dup2(log, 2);
        become(r, argv);
    }
    close(out[1]);
    p->out = out[0];
    return p;
}

const char *
rig_line(struct rig *r, struct rig_program *p)
{
    int64_t until = rig_now() + (r->patience ? r->patience : RIG_PATIENCE);
    size_t len = 0;

    for (;;) {
        struct pollfd fd = {p->out, POLLIN, 0};
        char c;
        bool waits = poll(&fd, 1, (int)(until - rig_now())) > 0;
        if (!waits || read(p->out, &c, 1) != 1) {
            (void)rig_run(r, "cat %s", p->log);
            FAIL_WITH("a program %s: %s", waits ? "ended" : "said nothing more", r->output);
        }
        if (c == '\n')
            break;
        CHECK(len < RIG_OUTPUT - 1);
        r->output[len++] = c;
    }
    r->output[len] = '\0';
    return r->output;
}

void
rig_signal(const struct rig_program *p, int signal)
{
    CHECK(p->id > 0);
    (void)kill(p->id, signal);
}

static bool
ends(pid_t id)
{
    struct pollfd fd = {pidfd_open(id, 0), POLLIN, 0};

    CHECK(fd.fd >= 0);
    bool ended = poll(&fd, 1, RIG_PATIENCE) == 1;
    (void)close(fd.fd);
    return ended;
}

/* It is ended, lest it be in the way of the tests that follow. */
static void
fail_for(const struct rig_program *p)
{
    char said[LAST_WORDS + 1] = "";
    FILE *log = fopen(p->log, "re");

    rig_signal(p, SIGKILL);
    if (log) {
        (void)fseek(log, -LAST_WORDS, SEEK_END); /* a short one is read from its begin */
        said[fread(said, 1, LAST_WORDS, log)] = '\0';
        (void)fclose(log);
    }
    FAIL_WITH("\"%s\" did not end within %d s; its log ends:\n%s", p->command, RIG_PATIENCE / 1000,
              said);
}

int
rig_wait(struct rig_program *p)
{
    int status = 0;

    if (!ends(p->id))
        fail_for(p);
    CHECK_INT(p->id, waitpid(p->id, &status, 0));
    p->id = 0;
    close(p->out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int
rig_run(struct rig *r, const char *format, ...)
{
    char command[COMMAND];
    const char *argv[] = {"/bin/sh", "-c", command, NULL};
    int out[2];
    va_list args;
    size_t len = 0;
    ssize_t got;
    int status;

    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    CHECK_INT(0, pipe2(out, O_CLOEXEC));
    fflush(stdout);
    pid_t id = fork();
    CHECK(id >= 0);
    if (id == 0) {
        dup2(out[1], 1);
        dup2(out[1], 2);
        become(r, argv);
    }
    close(out[1]);
    while ((got = read(out[0], r->output + len, RIG_OUTPUT - 1 - len)) > 0)
        len += (size_t)got;
    r->output[len] = '\0';
    close(out[0]);
    CHECK_INT(id, waitpid(id, &status, 0));
    if (strstr(r->output, SANITIZER))
        FAIL_WITH("%s:\n%s", command, r->output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void
rig_stop_broker(const struct rig *r)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
}

int64_t
rig_now(void)
{
    return clock_microseconds(CLOCK_MONOTONIC) / 1000;
}

void
rig_until(struct rig *r, const char *command)
{
    int64_t until = rig_now() + RIG_PATIENCE;

    while (rig_run(r, "%s", command) != 0) {
        if (rig_now() > until)
            FAIL_WITH("never came true: %s\n%s", command, r->output);
        (void)poll(NULL, 0, BETWEEN_TRIES);
    }
}

/* --- the board -------------------------------------------------------------------------- */

void
rig_init_board(struct rig *r)
{
    if (rig_run(r, "maat-broker init board --board 'Riverside Safeguarding Board'") != 0)
        FAIL_WITH("no board: %s", r->output);
}

static int
add_words(const char *argv[ARGUMENTS], int argc, const char *const words[])
{
    for (; words && *words; words++) {
        CHECK(argc < ARGUMENTS - 1);
        argv[argc++] = *words;
    }
    return argc;
}

/* The address is the last word of the first line. */
void
rig_start_broker(struct rig *r, const char *const more[])
{
    const char *run[] = {"maat-broker", "run", "board", "--listen", NULL, NULL};
    const char *argv[ARGUMENTS] = {NULL};
    char before[RIG_PATH];

    (void)snprintf(before, sizeof before, "%s", r->address);
    run[4] = *before ? before : "tcp://127.0.0.1:*";
    (void)add_words(argv, add_words(argv, add_words(argv, 0, r->starter), run), more);
    r->broker = rig_start(r, argv);
    const char *line = rig_line(r, r->broker);
    const char *space = strrchr(line, ' ');
    snprintf(r->address, sizeof r->address, "%s", space ? space + 1 : line);
}
