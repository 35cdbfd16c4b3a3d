#include "agents/agency/front/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "agents/agency/callers_socket.h"
#include "agents/agency/events.h"
#include "agents/agency/front/caller.h"
#include "agents/agency/front/splitting.h"
#include "schema/must.h"
#include "schema/wire/host_clock.h"
#include "schema/wire/program.h"
#include "schema/wire/supervisor.h"

enum { TICK_MS = 500, SECOND = 1000000, PRUNE_SECONDS = 3600, OWN_ITEMS = 3 };

struct front {
    const struct agent_option *options;
    struct front_boards boards;
    struct front_spool *spool; /* NULL: none */
    int signals;
    int listening; /* -1: there is no socket */
    char path[CALLERS_SOCKET_PATH];
    struct front_caller **callers;
    unsigned count, most;
    struct pollfd *items;
    struct arena *arena; /* of a turn */
    struct supervisor supervisor;
    int64_t tell_at, prune_at;
    bool left; /* lines or rows, for the next turn */
    bool stopping;
    struct why *why;
};

/* --- coming and going ---------------------------------------------------------------------- */

static void
remove_caller(void *who, unsigned i)
{
    struct front *f = who;

    front_caller_end(&f->callers[i]);
    f->callers[i] = f->callers[--f->count];
}

static int64_t
heard(const void *who, unsigned i)
{
    const struct front *f = who;

    return f->callers[i]->heard;
}

static void
let_in(struct front *f, int64_t now)
{
    const struct callers_crowd crowd = {&f->count, f->most, heard, remove_caller};
    int fd;

    while ((fd = callers_next(f->listening, &crowd, f)) >= 0)
        f->callers[f->count++] = front_caller_begin(fd, now);
}

/* --- a turn -------------------------------------------------------------------------------- */

/* The signals, the socket, the spool, the boards and the callers: where each one's begin
   depends on none of what is done in the turn. */
static struct pollfd *
board_items(const struct front *f)
{
    return f->items + OWN_ITEMS;
}

static struct pollfd *
caller_items(const struct front *f, unsigned i)
{
    return board_items(f) + (size_t)FRONT_ITEMS_EACH * f->boards.count
           + (size_t)FRONT_CALLER_ITEMS * i;
}

static void
wait_for_event(struct front *f)
{
    struct signalfd_siginfo signal;

    f->items[0] = (struct pollfd){.fd = f->signals, .events = POLLIN};
    f->items[1] = (struct pollfd){.fd = f->listening, .events = POLLIN};
    f->items[2] = f->spool ? front_spool_item(f->spool) : (struct pollfd){.fd = -1};
    front_boards_items(&f->boards, board_items(f));
    for (unsigned i = 0; i < f->count; i++)
        front_caller_items(f->callers[i], caller_items(f, i));
    nfds_t count = (nfds_t)(caller_items(f, f->count) - f->items);
    if (poll(f->items, count, f->left ? 0 : TICK_MS) < 0)
        return;
    if (f->items[0].revents && read(f->signals, &signal, sizeof signal) == sizeof signal) {
        struct log_line line = agent_event(AGENT_STOPPING);
        log_write(&line);
        f->stopping = true;
    }
}

static void
step_callers(struct front *f, int64_t now)
{
    for (unsigned i = 0; i < f->count; i++) {
        arena_reset(f->arena);
        f->left |= front_caller_step(f->callers[i], &f->boards, f->arena, caller_items(f, i), now);
    }
    for (unsigned i = f->count; i-- > 0;)
        if (front_caller_is_over(f->callers[i]))
            remove_caller(f, i);
}

static void
tell_supervisor(struct front *f, int64_t now)
{
    char status[SUPERVISOR_STATUS];
    unsigned running = 0;

    for (unsigned i = 0; i < f->boards.count; i++)
        running += f->boards.at[i].id != 0;
    (void)snprintf(status, sizeof status, "%u boards, the agents of %u run", f->boards.count,
                   running);
    supervisor_alive(&f->supervisor, now, status);
}

static void
turn(struct front *f)
{
    wait_for_event(f);
    const int64_t now = clock_microseconds(CLOCK_MONOTONIC);
    const int64_t wall = clock_microseconds(CLOCK_REALTIME);

    f->left = false;
    front_boards_step(&f->boards, board_items(f), now);
    step_callers(f, now);
    if (f->items[1].revents)
        let_in(f, now);
    if (f->spool && front_boards_are_heard(&f->boards, now))
        f->left |= front_spool_step(f->spool, now, wall);
    if (f->spool && now >= f->prune_at) {
        f->prune_at = now + (int64_t)PRUNE_SECONDS * SECOND;
        front_spool_prune(f->spool, wall);
    }
    if (now >= f->tell_at) {
        f->tell_at = now + SECOND;
        tell_supervisor(f, now);
    }
}

/* --- opening ------------------------------------------------------------------------------- */

/* A caller may have a connection to each board's agent. */
static void
allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int
open_all(struct front *f, const struct agent_boards *boards)
{
    const struct agent_option *o = f->options;
    int rc = 0;

    f->signals = program_signals();
    if (f->signals < 0)
        return why_set(f->why, f->signals, "no signalfd: %s", strerror(-f->signals));
    if (o->has.socket && (f->listening = callers_listen(o, f->path, f->why)) < 0)
        return f->listening;
    front_boards_start(&f->boards, o, boards);
    if (o->has.spool && (rc = front_spool_open(&f->spool, o, &f->boards, f->why)))
        return rc;
    f->most = (unsigned)o->callers;
    f->callers = must(calloc(f->most, sizeof(struct front_caller *)));
    f->items = must(calloc(OWN_ITEMS + FRONT_ITEMS_EACH * SETTINGS_GROUPS
                               + (size_t)FRONT_CALLER_ITEMS * f->most,
                           sizeof *f->items));
    allow_descriptors();
    return 0;
}

static void
close_all(struct front *f)
{
    front_boards_stop(&f->boards);
    while (f->count)
        remove_caller(f, f->count - 1);
    front_spool_close(&f->spool);
    if (f->listening >= 0) {
        (void)unlink(f->path);
        (void)close(f->listening);
    }
    if (f->signals >= 0)
        (void)close(f->signals);
    arena_destroy(&f->arena);
    free(f->callers);
    free(f->items);
}

int
front_run(const struct agent_option *o, const struct agent_boards *boards, const char *software,
          struct why *why)
{
    struct front *f = must(calloc(1, sizeof *f));
    struct log_line line = agent_event(AGENT_STARTED);

    f->options = o;
    f->why = why;
    f->signals = f->listening = -1;
    f->arena = arena_new();
    int rc = open_all(f, boards);
    if (rc == 0) {
        log_word(&line, "software", software);
        log_number(&line, "boards", boards->count);
        log_text(&line, "socket", o->socket);
        log_text(&line, "spool", o->spool);
        log_write(&line);
        supervisor_ready(&f->supervisor);
    }
    while (rc == 0 && !f->stopping)
        turn(f);
    if (rc) {
        line = agent_event(AGENT_FAILED);
        log_word(&line, "reason", why->text);
        log_write(&line);
        supervisor_failed(why->text);
    } else {
        supervisor_stopping();
    }
    close_all(f);
    free(f);
    return rc;
}
