#include "agents/cli/watch/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/cli/talk.h"
#include "schema/wire/host_clock.h"

enum {
    MS = 1000,                /* microseconds */
    PRINTED_MOST = 64 * 1024, /* of a run's output that is passed on */
    WAIT_FIRST_MS = 1000,     /* before the second try */
    WAIT_DOUBLINGS = 8,
    GRACE_MS = 5000,
};

/* --- which program ------------------------------------------------------------------------ */

static bool
is_program(struct watch_exec *x, const char *folder, size_t len, const char *name)
{
    if (snprintf(x->path, sizeof x->path, "%.*s%s%s", (int)len, folder, len ? "/" : "", name)
        >= (int)sizeof x->path)
        return false;
    return access(x->path, X_OK) == 0;
}

bool
watch_exec_open(struct watch_exec *x, const char *program, int64_t seconds, unsigned tries)
{
    const char *at = getenv("PATH");

    *x = (struct watch_exec){
        .limit = seconds * 1000 * MS, .most = tries, .end = -1, .in = -1, .out = -1};
    if (strchr(program, '/'))
        return is_program(x, "", 0, program);
    while (at && *at) {
        size_t len = strcspn(at, ":");
        if (len && is_program(x, at, len, program))
            return true;
        at += len;
        at += *at == ':';
    }
    return false;
}

/* --- a run ---------------------------------------------------------------------------------- */

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* After fork: only what is safe there. It ends with its parent, lest the next watch runs
   it beside itself. */
_Noreturn static void
become(struct watch_exec *x, int in, int out)
{
    char *const argv[] = {x->path, NULL};
    sigset_t none;

    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)signal(SIGPIPE, SIG_DFL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(out, 2) == 2)
        (void)execv(x->path, argv);
    _exit(127);
}

static int
start(struct watch_exec *x)
{
    int in[2];
    int out[2];

    if (pipe2(in, O_CLOEXEC))
        return -errno;
    if (pipe2(out, O_CLOEXEC)) {
        (void)close(in[0]);
        (void)close(in[1]);
        return -errno;
    }
    x->in = in[1];
    x->out = out[0];
    (void)fcntl(x->in, F_SETFL, O_NONBLOCK);
    (void)fcntl(x->out, F_SETFL, O_NONBLOCK);
    x->id = fork();
    if (x->id == 0)
        become(x, in[0], out[1]);
    (void)close(in[0]);
    (void)close(out[1]);
    if (x->id < 0)
        return -errno;
    (void)setpgid(x->id, x->id);
    x->end = pidfd_open(x->id, 0);
    x->said = x->printed = 0;
    x->late = false;
    x->until = clock_microseconds(CLOCK_MONOTONIC) + x->limit;
    return x->end < 0 ? -errno : 0;
}

/* None could be started, or its end could not be seen. */
static void
undo_start(struct watch_exec *x)
{
    if (x->id > 0) {
        (void)kill(-x->id, SIGKILL);
        (void)waitpid(x->id, NULL, 0);
    }
    x->id = 0;
    close_fd(&x->in);
    close_fd(&x->out);
}

/* The event; a program that does not want it is none the worse. */
static void
speak(struct watch_exec *x, const char *text, size_t len)
{
    while (x->in >= 0 && x->said < len) {
        ssize_t put = write(x->in, text + x->said, len - x->said);
        if (put < 0 && errno == EAGAIN)
            return;
        if (put < 0 && errno != EINTR)
            break;
        x->said += put > 0 ? (size_t)put : 0;
    }
    close_fd(&x->in);
}

/* Passes on what it prints; the rest is read and dropped, so that it does not stand still. */
static void
listen(struct watch_exec *x)
{
    char text[4096];
    ssize_t got;

    while (x->out >= 0 && (got = read(x->out, text, sizeof text)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got < 0)
            break;
        if (x->printed < PRINTED_MOST)
            (void)fwrite(text, 1, (size_t)got, stderr);
        x->printed += (size_t)got;
    }
    close_fd(&x->out);
}

static bool
has_ended(const struct watch_exec *x)
{
    struct pollfd end = {x->end, POLLIN, 0};
    return poll(&end, 1, 0) == 1;
}

/* Takes its end: true where that is 0. What it left behind in its group is killed where
   it failed. */
static bool
finish(struct watch_exec *x)
{
    siginfo_t info = {0};
    int status = 0;

    listen(x);
    if (x->printed > PRINTED_MOST)
        (void)talk_complain(0, "entry %" PRId64 ": %s printed %zu bytes; the rest is left out",
                            x->number, x->path, x->printed);
    (void)waitid(P_PID, (id_t)x->id, &info, WEXITED | WNOWAIT);
    bool well = info.si_code == CLD_EXITED && info.si_status == 0;
    if (!well)
        (void)kill(-x->id, SIGKILL);
    (void)waitpid(x->id, &status, 0);
    if (x->late)
        (void)snprintf(x->why, sizeof x->why, "did not end within %" PRId64 " s",
                       x->limit / MS / 1000);
    else if (WIFSIGNALED(status))
        (void)snprintf(x->why, sizeof x->why, "signal %d (%s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(x->why, sizeof x->why, "exit code %d", WEXITSTATUS(status));
    x->id = 0;
    close_fd(&x->end);
    close_fd(&x->in);
    close_fd(&x->out);
    return well;
}

/* --- an event --------------------------------------------------------------------------- */

static int
failed(struct watch_exec *x)
{
    unsigned doublings = x->tries < WAIT_DOUBLINGS ? x->tries : WAIT_DOUBLINGS;
    int64_t wait_ms = (int64_t)WAIT_FIRST_MS << doublings;

    if (++x->tries >= x->most) {
        x->tries = 0;
        x->retry = 0;
        return -1;
    }
    x->retry = clock_microseconds(CLOCK_MONOTONIC) + wait_ms * MS;
    (void)talk_complain(0, "entry %" PRId64 ": %s: %s; again in %" PRId64 " s", x->number, x->path,
                        x->why, wait_ms / 1000);
    return 0;
}

int
watch_exec_work(struct watch_exec *x, int64_t number, const char *text, size_t len)
{
    if (!x->id) {
        if (x->retry && clock_microseconds(CLOCK_MONOTONIC) < x->retry)
            return 0;
        x->number = number;
        int rc = start(x);
        if (rc) {
            (void)snprintf(x->why, sizeof x->why, "can't be started: %s", strerror(-rc));
            undo_start(x);
            return failed(x);
        }
    }
    speak(x, text, len);
    listen(x);
    if (!x->late && clock_microseconds(CLOCK_MONOTONIC) >= x->until) {
        x->late = true;
        (void)kill(-x->id, SIGKILL);
    }
    if (!has_ended(x))
        return 0;
    if (!finish(x))
        return failed(x);
    x->tries = 0;
    x->retry = 0;
    return 1;
}

int
watch_exec_items(const struct watch_exec *x, struct pollfd *items)
{
    int count = 0;

    if (!x->id)
        return 0;
    items[count++] = (struct pollfd){.fd = x->end, .events = POLLIN};
    if (x->in >= 0)
        items[count++] = (struct pollfd){.fd = x->in, .events = POLLOUT};
    if (x->out >= 0)
        items[count++] = (struct pollfd){.fd = x->out, .events = POLLIN};
    return count;
}

long
watch_exec_due_ms(const struct watch_exec *x)
{
    int64_t due = x->id ? (x->late ? 0 : x->until) : x->retry;
    int64_t left = due ? (due - clock_microseconds(CLOCK_MONOTONIC)) / MS + 1 : -1;

    return !due ? -1 : left > 0 ? (long)left : 0;
}

int
watch_exec_close(struct watch_exec *x)
{
    int64_t until = clock_microseconds(CLOCK_MONOTONIC) + (int64_t)GRACE_MS * MS;
    struct pollfd fds[2];

    if (!x->id)
        return 0;
    (void)kill(-x->id, SIGTERM);
    while (!has_ended(x)) {
        int64_t left = (until - clock_microseconds(CLOCK_MONOTONIC)) / MS;
        if (left <= 0) {
            (void)kill(-x->id, SIGKILL);
            left = GRACE_MS;
        }
        fds[0] = (struct pollfd){x->end, POLLIN, 0};
        fds[1] = (struct pollfd){x->out, POLLIN, 0};
        (void)poll(fds, 2, (int)left);
        listen(x);
    }
    return finish(x);
}
