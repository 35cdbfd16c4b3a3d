#include "agents/agency/front/boards.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "schema/json.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"

enum {
    SECOND = 1000000,
    SOON = 10,       /* seconds: who ends so soon is given longer before the next start */
    REST_MOST = 60,  /* seconds, at most */
    AGAIN = 5,       /* seconds: whose plans are known is asked again */
    HEARD = 5,       /* seconds, in which an agent has started and said what it knows */
    CALLERS_MORE = 8 /* than the front has */
};

/* --- their agents -------------------------------------------------------------------- */

/* What only one process of a service says, and what is said to it alone. */
static void
leave_supervisor(void)
{
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

/* In the new process: as if it were alone, and gone when the front is. */
static void
become_agent(const struct front_boards *f, const struct front_board *b, pid_t front)
{
    char spool[AGENT_PATH + 64], key[AGENT_PATH + 64], callers[16];
    const struct agent_option *o = f->options;
    sigset_t none;
    const char *argv[16] = {"maat-agent", "run", "--config", f->config, "--at", b->board->name};
    unsigned argc = 6;

    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != front)
        _exit(EXIT_FAILURE);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    leave_supervisor();
    (void)snprintf(callers, sizeof callers, "%d",
                   (int)(o->callers + CALLERS_MORE < 4096 ? o->callers + CALLERS_MORE : 4096));
    argv[argc++] = "--callers";
    argv[argc++] = callers;
    if (o->has.keys) {
        (void)snprintf(key, sizeof key, "%.*s/%s.zpl", (int)o->keys.len, o->keys.at,
                       b->board->name);
        argv[argc++] = "--key";
        argv[argc++] = key;
    }
    if (o->has.spool) {
        (void)snprintf(spool, sizeof spool, "%.*s/%s", (int)o->spool.len, o->spool.at,
                       b->board->name);
        argv[argc++] = "--spool";
        argv[argc++] = spool;
    }
    union {
        const char **in;
        char **out;
    } words = {argv}; /* execv does not write through them */
    execv("/proc/self/exe", words.out);
    _exit(EXIT_FAILURE);
}

static void
start(const struct front_boards *f, struct front_board *b, int64_t now)
{
    pid_t front = getpid();

    b->started_at = now;
    b->id = fork();
    if (b->id == 0)
        become_agent(f, b, front);
    bool runs = b->id > 0;
    struct log_line line = agent_event(runs ? AGENT_BOARD_STARTED : AGENT_BOARD_NOT_STARTED);
    log_word(&line, "board", b->board->name);
    if (runs)
        log_number(&line, "process", b->id);
    else
        log_word(&line, "reason", strerror(errno));
    log_write(&line);
    if (!runs) {
        b->id = 0;
        b->started_at = now + (int64_t)SOON * SECOND;
        return;
    }
    b->process = pidfd_open(b->id, 0);
}

static void
stop_watching(struct front_board *b)
{
    if (b->process >= 0)
        (void)close(b->process);
    b->process = -1;
}

/* It said itself why; here, when the next is started. */
static void
take_end(struct front_board *b, int64_t now)
{
    struct log_line line = agent_event(AGENT_BOARD_ENDED);
    int status = 0;

    if (b->id == 0 || waitpid(b->id, &status, WNOHANG) != b->id)
        return;
    b->ended = now - b->started_at < (int64_t)SOON * SECOND ? b->ended + 1 : 0;
    int64_t rest = b->ended < 6 ? (int64_t)1 << b->ended : REST_MOST;
    b->id = 0;
    b->started_at = now + rest * SECOND;
    stop_watching(b);
    log_word(&line, "board", b->board->name);
    log_number(&line, WIFSIGNALED(status) ? "signal" : "exit",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    log_number(&line, "seconds", rest);
    log_write(&line);
}

/* --- their plans ----------------------------------------------------------------------- */

int
front_boards_connect(const struct front_boards *f, unsigned board)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    memcpy(address.sun_path, f->at[board].socket, sizeof f->at[board].socket);
    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    int rc = -errno;
    (void)close(fd);
    return rc;
}

static bool
ask(struct front_boards *f, const struct front_board *b, struct text after)
{
    struct request request = {.ask = ASK_PLANS, .after = after};

    request.has.ask = 1;
    request.has.after = after.len > 0;
    struct text json = record_to_json(f->arena, &request_record, &request);
    return send(b->asking, json.at, json.len, MSG_NOSIGNAL) > 0
           && send(b->asking, "\n", 1, MSG_NOSIGNAL) > 0;
}

static void
stop_asking(struct front_board *b)
{
    if (b->asking >= 0)
        (void)close(b->asking);
    b->asking = -1;
}

static void
begin_asking(struct front_boards *f, unsigned i, int64_t now)
{
    struct front_board *b = &f->at[i];

    b->ask_at = now + (b->plans.known ? AGAIN : 1) * (int64_t)SECOND;
    b->asking = front_boards_connect(f, i);
    if (b->asking < 0)
        return;
    plan_list_begin(&b->plans);
    lines_init(b->heard, b->asking);
    if (!ask(f, b, text_of("")))
        stop_asking(b);
}

/* True if there is more, which was asked for. */
static bool
take_answer(struct front_boards *f, struct front_board *b, struct text line)
{
    struct answer answer;
    struct fault fault;

    arena_reset(f->arena);
    if (!record_from_json(f->arena, &answer_record, &answer, line.at, line.len, &fault)
        || !answer.has.plans)
        return false;
    for (uint32_t k = 0; k < answer.plans.count; k++)
        plan_list_add(&b->plans, answer.plans.at[k].at, answer.plans.at[k].len);
    if (answer.more && answer.plans.count)
        return ask(f, b, answer.plans.at[answer.plans.count - 1]);
    f->shown += plan_list_take(&b->plans);
    return false;
}

bool
front_board_is_known(const struct front_board *b)
{
    return b->board->option.has.plans || b->plans.known;
}

bool
front_boards_are_heard(const struct front_boards *f, int64_t now)
{
    bool known = true;

    for (unsigned i = 0; i < f->count; i++)
        known = known && front_board_is_known(&f->at[i]);
    return known || now - f->begun >= (int64_t)HEARD * SECOND;
}

static void
hear(struct front_boards *f, struct front_board *b)
{
    ssize_t got = lines_read(b->heard);
    bool more = (got >= 0 || got == -EAGAIN) && !b->heard->ended;
    struct text line;

    while (more && lines_next(b->heard, &line) == LINES_LINE)
        more = take_answer(f, b, line);
    if (!more)
        stop_asking(b);
}

/* --- all ------------------------------------------------------------------------------------- */

void
front_boards_start(struct front_boards *f, const struct agent_option *o,
                   const struct agent_boards *boards)
{
    *f = (struct front_boards){.count = boards->count, .options = o, .config = boards->config};
    f->arena = arena_new();
    f->begun = clock_microseconds(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < f->count; i++) {
        struct front_board *b = &f->at[i];
        const struct text outbox = boards->at[i].option.outbox;
        b->board = &boards->at[i];
        b->process = b->asking = -1;
        b->heard = must(malloc(sizeof *b->heard));
        plan_list_init(&b->plans);
        (void)snprintf(b->socket, sizeof b->socket, "%.*s/agent.sock", (int)outbox.len, outbox.at);
        start(f, b, f->begun);
    }
}

void
front_boards_stop(struct front_boards *f)
{
    for (unsigned i = 0; i < f->count; i++)
        if (f->at[i].id)
            (void)kill(f->at[i].id, SIGTERM);
    for (unsigned i = 0; i < f->count; i++) {
        struct front_board *b = &f->at[i];
        while (b->id && waitpid(b->id, NULL, 0) < 0 && errno == EINTR)
            ;
        stop_watching(b);
        stop_asking(b);
        plan_list_end(&b->plans);
        free(b->heard);
    }
    if (f->arena)
        arena_destroy(&f->arena);
}

void
front_boards_items(const struct front_boards *f, struct pollfd *items)
{
    for (unsigned i = 0; i < f->count; i++) {
        struct pollfd *own = items + (size_t)FRONT_ITEMS_EACH * i;
        own[0] = (struct pollfd){.fd = f->at[i].process, .events = POLLIN};
        own[1] = (struct pollfd){.fd = f->at[i].asking, .events = POLLIN};
    }
}

void
front_boards_step(struct front_boards *f, const struct pollfd *items, int64_t now)
{
    for (unsigned i = 0; i < f->count; i++) {
        struct front_board *b = &f->at[i];
        const struct pollfd *own = items + (size_t)FRONT_ITEMS_EACH * i;
        bool answered = b->asking >= 0 && own[1].revents;
        if (b->process < 0 || own[0].revents)
            take_end(b, now);
        if (b->id == 0 && now >= b->started_at)
            start(f, b, now);
        if (answered && b->asking >= 0)
            hear(f, b);
        if (b->id && b->asking < 0 && !b->board->option.has.plans && now >= b->ask_at)
            begin_asking(f, i, now);
    }
}
