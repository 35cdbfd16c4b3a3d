#include "tests/bench/peers/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/peers/peer.h"
#include "tests/t.h"

enum { PATIENCE = 60000, TO_END = 10000, BETWEEN_TRIES = 20 }; /* ms */

bool
server_trouble(struct server *s, const char *format, ...)
{
    va_list args;

    if (*s->trouble)
        return false;
    va_start(args, format);
    (void)vsnprintf(s->trouble, sizeof s->trouble, format, args);
    va_end(args);
    for (char *at = s->trouble; (at = strpbrk(at, "\r\n")); at++) /* it goes into a table's row */
        *at = ' ';
    return false;
}

/* --- the folder ------------------------------------------------------------------------ */

const char *
server_path(const struct server *s, const char *name)
{
    static char paths[5][SERVER_PATH];
    static int turn;

    turn = (turn + 1) % 5;
    (void)snprintf(paths[turn], sizeof paths[turn], "%s/%s", s->folder.path, name);
    return paths[turn];
}

/* Some servers refuse to be root's. */
static const struct passwd *
ordinary_user(void)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam("nobody") : NULL;

    CHECK(user || geteuid() != 0);
    return user;
}

static void
give_to_user(const char *path)
{
    const struct passwd *user = ordinary_user();

    if (user)
        CHECK_INT(0, chown(path, user->pw_uid, user->pw_gid));
}

static void
make_folder(struct server *s)
{
    char path[sizeof s->folder.path];

    scratch_make(&s->folder);
    (void)snprintf(path, sizeof path, "%s", s->folder.path);
    CHECK_INT(0, chmod(dirname(path), 0711)); /* to be passed through */
    give_to_user(s->folder.path);
}

bool
server_write(struct server *s, const char *name, const char *format, ...)
{
    const char *path = server_path(s, name);
    FILE *f = fopen(path, "w");
    va_list args;

    if (!f)
        return server_trouble(s, "%s can't be written: %s", path, strerror(errno));
    va_start(args, format);
    int written = vfprintf(f, format, args);
    va_end(args);
    if (fclose(f) || written < 0)
        return server_trouble(s, "%s can't be written", path);
    CHECK_INT(0, chmod(path, 0600));
    give_to_user(path);
    return true;
}

/* --- commands --------------------------------------------------------------------------- */

/* In a group of its own, so that an interrupt at the terminal is for us, who end it. */
static void
become(const struct server *s, const char *command)
{
    const struct passwd *user = ordinary_user();
    int log = open(server_path(s, "log"), O_WRONLY | O_CREAT | O_APPEND, 0644);
    int nothing = open("/dev/null", O_RDONLY);

    (void)dup2(nothing, 0);
    (void)dup2(log, 1);
    (void)dup2(log, 2);
    (void)setpgid(0, 0);
    if (user && (setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid)))
        _exit(126);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* after that, since another user's is forgotten */
    (void)setenv("HOME", s->folder.path, 1);
    (void)setenv("LC_ALL", "C.UTF-8", 1);
    if (chdir(s->folder.path) == 0)
        (void)execl("/bin/sh", "sh", "-c", command, NULL);
    _exit(127);
}

static pid_t
start(const struct server *s, const char *command)
{
    (void)fflush(stdout);
    pid_t id = fork();
    CHECK(id >= 0);
    if (id == 0)
        become(s, command);
    return id;
}

/* What it said last. */
static void
last_words(const struct server *s, char *text, size_t size)
{
    FILE *f = fopen(server_path(s, "log"), "r");
    size_t len = 0;

    if (f && fseek(f, -(long)size + 1, SEEK_END) != 0)
        rewind(f);
    if (f) {
        len = fread(text, 1, size - 1, f);
        (void)fclose(f);
    }
    while (len && text[len - 1] == '\n')
        len--;
    text[len] = '\0';
}

bool
server_do(struct server *s, const char *format, ...)
{
    char command[SERVER_COMMAND];
    char words[SERVER_TEXT / 2];
    int status;
    va_list args;

    va_start(args, format);
    CHECK(vsnprintf(command, sizeof command, format, args) < SERVER_COMMAND);
    va_end(args);
    pid_t id = start(s, command);
    while (waitpid(id, &status, 0) < 0)
        CHECK_INT(EINTR, errno);
    if (status == 0)
        return true;
    last_words(s, words, sizeof words);
    return server_trouble(s, "%.100s: failed: %s", command, words);
}

bool
server_run(struct server *s, const char *format, ...)
{
    char command[SERVER_COMMAND];
    va_list args;

    va_start(args, format);
    CHECK(vsnprintf(command, sizeof command, format, args) < SERVER_COMMAND);
    va_end(args);
    CHECK_INT(0, s->id);
    s->id = start(s, command);
    return true;
}

/* --- waiting ------------------------------------------------------------------------------- */

static int64_t
now_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
a_moment(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = BETWEEN_TRIES * 1000000L}, NULL);
}

/* And takes note of it. */
static bool
has_ended(struct server *s)
{
    if (s->id && waitpid(s->id, NULL, WNOHANG) == s->id)
        s->id = 0;
    return s->id == 0;
}

bool
server_until(struct server *s, bool (*is_ready)(struct server *s))
{
    char words[SERVER_TEXT / 2];
    int64_t until = now_ms() + PATIENCE;

    while (!is_ready(s)) {
        bool ended = has_ended(s);
        if (*s->interrupted)
            return server_trouble(s, "interrupted");
        if (!ended && now_ms() < until) {
            a_moment();
            continue;
        }
        last_words(s, words, sizeof words);
        return server_trouble(s, "it %s: %s", ended ? "ended" : "is not ready", words);
    }
    return true;
}

static struct sockaddr_in
loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

bool
server_listens(struct server *s)
{
    struct sockaddr_in at = loopback(s->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0);
    bool listens = connect(fd, (const struct sockaddr *)&at, sizeof at) == 0;
    (void)close(fd);
    return listens;
}

/* --- beginning and end ------------------------------------------------------------------- */

int
server_free_port(void)
{
    struct sockaddr_in at = loopback(0);
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    CHECK(fd >= 0);
    CHECK_INT(0, bind(fd, (const struct sockaddr *)&at, sizeof at));
    CHECK_INT(0, getsockname(fd, (struct sockaddr *)&at, &len));
    (void)close(fd);
    return ntohs(at.sin_port);
}

static bool
make_certificates(struct server *s)
{
    static const char make[] =
        "key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'\n"
        "openssl req -x509 $key -keyout ca.key -out ca.crt -subj /CN=benchmark -days 2 &&\n"
        "openssl req $key -keyout server.key -out server.csr -subj /CN=localhost &&\n"
        "echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' >names &&\n"
        "openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \\\n"
        "  -extfile names -out server.crt &&\n"
        "cat server.crt server.key >server.pem && chmod 600 server.key server.pem\n";

    return server_do(s, "%s", make);
}

static bool
has_tls(const struct peer *peer)
{
    for (const struct peer_setting *setting = peer->settings; setting->name; setting++)
        if (setting->tls)
            return true;
    return false;
}

bool
server_open(struct server *s, const struct peer *peer, const volatile bool *interrupted)
{
    *s = (struct server){.peer = peer,
                         .setting = peer->settings,
                         .port = server_free_port(),
                         .tls_port = server_free_port(),
                         .interrupted = interrupted};
    make_folder(s);
    return (!has_tls(peer) || make_certificates(s)) && peer->start(s);
}

static void
end(struct server *s)
{
    int64_t until = now_ms() + TO_END;

    if (has_ended(s))
        return;
    (void)kill(s->id, s->peer->ends_by ? s->peer->ends_by : SIGTERM);
    while (!has_ended(s) && now_ms() < until)
        a_moment();
    if (s->id) {
        (void)kill(-s->id, SIGKILL);
        (void)waitpid(s->id, NULL, 0);
        s->id = 0;
    }
}

void
server_close(struct server *s)
{
    end(s);
    scratch_remove(&s->folder);
}
