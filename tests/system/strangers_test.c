/* Who connects and never says a word: 5,000 of them, while an agency's client pushes. Each
   push is taken; how quick they are, beside as many with nobody else, is told. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/caller.h"
#include "tests/t.h"
#include "tests/typed.h"

enum { STRANGERS = 5000, PUSHES = 200, ROUNDS = 10, OTHER_FILES = 200 };

struct strangers {
    struct sockaddr_in broker;
    int at[STRANGERS];
    unsigned count;
};

static bool
may_have_so_many(void)
{
    struct rlimit files;

    CHECK_INT(0, getrlimit(RLIMIT_NOFILE, &files));
    files.rlim_cur = files.rlim_max;
    return files.rlim_max >= STRANGERS + OTHER_FILES && setrlimit(RLIMIT_NOFILE, &files) == 0;
}

static void
more_come(struct strangers *s, unsigned many)
{
    for (; many; many--) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(fd >= 0);
        CHECK_INT(0, connect(fd, (struct sockaddr *)&s->broker, sizeof s->broker));
        s->at[s->count++] = fd;
    }
}

static void
all_leave(struct strangers *s)
{
    while (s->count)
        (void)close(s->at[--s->count]);
}

static double
seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Pushes, while so many more come in each round; returns how many a second. */
static double
push(struct caller *police, struct strangers *s, unsigned coming)
{
    double begun = seconds();

    for (int round = 0; round < ROUNDS; round++) {
        more_come(s, coming);
        for (int i = 0; i < PUSHES / ROUNDS; i++)
            caller_must(police,
                        "{'kind': 'progress', 'action': 'da-2016/1.1', 'on': '2016-03-01', 'note': "
                        "'%u, %d'}",
                        s->count, i);
    }
    return PUSHES / (seconds() - begun);
}

TEST(strangers_who_say_nothing_keep_no_client_out)
{
    static struct strangers s;

    if (!may_have_so_many())
        SKIP_WITH("a process may not open %d files here", STRANGERS + OTHER_FILES);
    struct rig *r = typed_board();
    struct caller *police = caller_open(r, "police.zpl");
    const char *port = strrchr(r->address, ':');
    s.broker = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)atoi(port + 1)),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    double alone = push(police, &s, 0);
    double among = push(police, &s, STRANGERS / ROUNDS);
    printf("    pushes of one client, each waited for: %.0f/s alone, %.0f/s while %d silent "
           "connections come\n",
           alone, among, STRANGERS);
    CHECK_INT(STRANGERS, s.count);
    /* and a client that comes now is let in */
    CHECK_INT(0, rig_run(r, "maat -c police.zpl whoami"));
    all_leave(&s);
    caller_close(&police);
    typed_end(r);
}
