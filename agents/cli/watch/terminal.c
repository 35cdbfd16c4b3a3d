#include "agents/cli/watch/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"

bool
watch_terminal_is_there(void)
{
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

void
watch_terminal_show(const char *text, size_t len)
{
    while (len) {
        ssize_t put = write(STDOUT_FILENO, text, len);
        if (put < 0 && errno != EINTR)
            return;
        text += put > 0 ? put : 0;
        len -= put > 0 ? (size_t)put : 0;
    }
}

void
watch_terminal_size(unsigned *width, unsigned *height)
{
    struct winsize size = {0};

    (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    *width = size.ws_col ? size.ws_col : 80;
    *height = size.ws_row ? size.ws_row : 24;
}

/* --- in and out ------------------------------------------------------------------------- */

static void
take_over(struct watch_terminal *t)
{
    struct termios raw;

    if (t->keys) {
        raw = t->was;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VMIN] = 0;
        raw.c_cc[VTIME] = 0;
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
    }
    watch_terminal_show(ENTER, sizeof ENTER - 1);
    t->said = memfd_create("maat-watch", MFD_CLOEXEC);
    t->stderr_was = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (t->said >= 0 && t->stderr_was >= 0 && isatty(STDERR_FILENO))
        (void)dup2(t->said, STDERR_FILENO);
}

static void
give_back(struct watch_terminal *t)
{
    char text[4096];
    ssize_t got;

    watch_terminal_show(LEAVE, sizeof LEAVE - 1);
    if (t->keys)
        (void)tcsetattr(STDIN_FILENO, TCSADRAIN, &t->was);
    if (t->stderr_was >= 0)
        (void)dup2(t->stderr_was, STDERR_FILENO);
    for (off_t at = 0; t->said >= 0 && (got = pread(t->said, text, sizeof text, at)) > 0; at += got)
        (void)fwrite(text, 1, (size_t)got, stderr);
    if (t->said >= 0)
        (void)close(t->said);
    if (t->stderr_was >= 0)
        (void)close(t->stderr_was);
}

void
watch_terminal_enter(struct watch_terminal *t)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGWINCH);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGQUIT);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    t->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    t->keys = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &t->was) == 0;
    take_over(t);
}

void
watch_terminal_leave(struct watch_terminal *t)
{
    give_back(t);
    if (t->signals >= 0)
        (void)close(t->signals);
}

/* --- what comes -------------------------------------------------------------------------- */

int
watch_terminal_items(const struct watch_terminal *t, struct pollfd items[TERMINAL_ITEMS])
{
    items[0] = (struct pollfd){.fd = t->signals, .events = POLLIN};
    items[1] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    return t->keys ? 2 : 1;
}

/* Stopped, the terminal is the shell's until it goes on. */
static enum watch_key
take_signal(struct watch_terminal *t)
{
    struct signalfd_siginfo info;

    if (read(t->signals, &info, sizeof info) != sizeof info)
        return KEY_NONE;
    if (info.ssi_signo == SIGHUP || info.ssi_signo == SIGQUIT)
        return KEY_END;
    if (info.ssi_signo == SIGTSTP) {
        give_back(t);
        (void)raise(SIGSTOP);
        take_over(t);
    }
    return KEY_REDRAW;
}

static enum watch_key
key_of(char c)
{
    switch (c) {
    case 'q':
    case 4: return KEY_END; /* end of file, as typed */
    case 'k': return KEY_UP;
    case 'j': return KEY_DOWN;
    case 'b': return KEY_PAGE_UP;
    case ' ': return KEY_PAGE_DOWN;
    case 'g': return KEY_TOP;
    default: return KEY_REDRAW;
    }
}

/* ESC [ A, ESC O A: an arrow; ESC [ 5 ~: a page. */
static enum watch_key
take_sequence(void)
{
    char text[2] = "";

    if (read(STDIN_FILENO, text, 2) != 2)
        return KEY_REDRAW;
    if (text[1] == '5' || text[1] == '6')
        (void)!read(STDIN_FILENO, text, 1); /* its ~ */
    switch (text[1]) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'H': return KEY_TOP;
    case '5': return KEY_PAGE_UP;
    case '6': return KEY_PAGE_DOWN;
    default: return KEY_REDRAW;
    }
}

enum watch_key
watch_terminal_take(struct watch_terminal *t)
{
    struct pollfd in = {STDIN_FILENO, POLLIN, 0};
    enum watch_key key = take_signal(t);
    char c;

    if (key != KEY_NONE || !t->keys || poll(&in, 1, 0) != 1)
        return key;
    if (read(STDIN_FILENO, &c, 1) != 1)
        return KEY_END; /* the terminal is gone */
    return c == '\033' ? take_sequence() : key_of(c);
}
