/* What compares MAAT with its peers: the loops that work a peer, with a peer made up here;
   how long things took, whether they were synced, and who is whose process. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/peers/audience.h"
#include "tests/bench/peers/family.h"
#include "tests/bench/peers/load.h"
#include "tests/bench/peers/resp.h"
#include "tests/bench/peers/syncs.h"
#include "tests/scratch.h"
#include "tests/t.h"

/* --- a peer in memory ----------------------------------------------------------------- */

enum manner { RIGHT, ANSWERS_TWICE, ANSWERS_WHAT_IS_TO_COME, BREAKS };

static struct {
    enum manner manner;
    unsigned lanes, keys[PEER_KEYS];
    int64_t most_open; /* updates of a lane that were not answered */
} made_up;

struct peer_lane {
    struct server *server;
    struct peer_ear ear;
    bool follows;
    int pipe[2]; /* readable when there is something to hear */
    int64_t put, answered;
};

static struct peer_lane *
open_lane(struct server *s, bool follows, const struct peer_ear *ear)
{
    struct peer_lane *lane = calloc(1, sizeof *lane);

    *lane = (struct peer_lane){.server = s, .follows = follows, .ear = *ear};
    CHECK_INT(0, pipe2(lane->pipe, O_CLOEXEC | O_NONBLOCK));
    if (follows)
        CHECK_INT(1, write(lane->pipe[1], "", 1));
    made_up.lanes++;
    return lane;
}

static void
close_lane(struct peer_lane **lane)
{
    (void)close((*lane)->pipe[0]);
    (void)close((*lane)->pipe[1]);
    free(*lane);
    *lane = NULL;
    made_up.lanes--;
}

static int
socket_of(const struct peer_lane *lane)
{
    return lane->pipe[0];
}

static bool
update(struct peer_lane *lane, const struct peer_update *u)
{
    made_up.keys[u->key]++;
    lane->put = u->n;
    if (lane->put - lane->answered > made_up.most_open)
        made_up.most_open = lane->put - lane->answered;
    return true;
}

static bool
send_all(struct peer_lane *lane, bool *more)
{
    *more = false;
    (void)!write(lane->pipe[1], "", 1);
    return true;
}

/* A follower is told of three updates once. */
static bool
hear_updates(struct peer_lane *lane)
{
    static const uint8_t body[PEER_UPDATE];
    char byte;

    if (read(lane->pipe[0], &byte, 1) == 1)
        for (int i = 0; i < 3; i++)
            lane->ear.followed(lane->ear.context, body);
    return made_up.manner != BREAKS || server_trouble(lane->server, "it broke");
}

static bool
hear(struct peer_lane *lane)
{
    char byte;

    if (lane->follows)
        return hear_updates(lane);
    (void)!read(lane->pipe[0], &byte, 1);
    if (made_up.manner == BREAKS)
        return server_trouble(lane->server, "it broke");
    if (made_up.manner == ANSWERS_WHAT_IS_TO_COME)
        lane->ear.acknowledged(lane->ear.context, lane->put + 1);
    while (lane->answered < lane->put)
        lane->ear.acknowledged(lane->ear.context, ++lane->answered);
    if (made_up.manner == ANSWERS_TWICE)
        lane->ear.acknowledged(lane->ear.context, lane->answered);
    return true;
}

static const struct peer peer = {.open = open_lane,
                                 .close = close_lane,
                                 .socket = socket_of,
                                 .update = update,
                                 .send = send_all,
                                 .hear = hear};

static struct server
a_server(enum manner manner)
{
    static const volatile bool interrupted;

    memset(&made_up, 0, sizeof made_up);
    made_up.manner = manner;
    return (struct server){.peer = &peer, .interrupted = &interrupted};
}

/* --- producers ---------------------------------------------------------------------------- */

TEST(peers_load_gives_each_key_once)
{
    struct server s = a_server(RIGHT);
    const struct load load = {.producers = 7, .window = 16, .each_key = true};
    struct load_yield yield;

    CHECK(load_run(&s, &load, &yield));
    CHECK_INT(PEER_KEYS, yield.sent);
    for (unsigned k = 0; k < PEER_KEYS; k++)
        CHECK_INT(1, made_up.keys[k]);
    CHECK_INT(16, made_up.most_open);
    CHECK_INT(0, made_up.lanes);
}

TEST(peers_load_believes_no_wrong_answer)
{
    static const struct {
        enum manner manner;
        const char *says;
    } row[] = {{ANSWERS_TWICE, "update 4 was acknowledged out of turn"},
               {ANSWERS_WHAT_IS_TO_COME, "update 5 was acknowledged out of turn"},
               {BREAKS, "it broke"}};

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct server s = a_server(row[i].manner);
        const struct load load = {.producers = 1, .window = 4, .each_key = true};
        struct load_yield yield;
        CHECK(!load_run(&s, &load, &yield));
        CHECK_STR(row[i].says, s.trouble);
        CHECK_INT(0, made_up.lanes);
    }
}

TEST(peers_load_ends_when_interrupted)
{
    static const volatile bool interrupted = true;
    struct server s = a_server(RIGHT);
    const struct load load = {.producers = 1, .window = 4, .each_key = true};
    struct load_yield yield;

    s.interrupted = &interrupted;
    CHECK(!load_run(&s, &load, &yield));
    CHECK_STR("interrupted", s.trouble);
}

/* --- followers ------------------------------------------------------------------------------ */

TEST(peers_audience_counts_what_each_was_told)
{
    struct server s = a_server(RIGHT);
    struct audience *a = audience_open(&s, 5);

    CHECK(a != NULL);
    CHECK(audience_wait(a, &s, 3));
    audience_close(&a);
    CHECK_INT(0, made_up.lanes);
}

TEST(peers_audience_told_of_what_nobody_sent_is_trouble)
{
    struct server s = a_server(RIGHT);
    struct audience *a = audience_open(&s, 1);

    CHECK(audience_wait(a, &s, 3));
    CHECK(!audience_wait(a, &s, 2));
    CHECK_STR("a follower was told of 3 updates of 2", s.trouble);
    audience_close(&a);
}

TEST(peers_audience_that_breaks_is_not_waited_for)
{
    struct server s = a_server(BREAKS);
    struct audience *a = audience_open(&s, 1);

    CHECK(!audience_wait(a, &s, 4));
    CHECK_STR("followers: it broke", s.trouble);
    audience_close(&a);
}

/* --- Redis's replies ------------------------------------------------------------------------ */

/* Reads as much as is whole of so many bytes; returns the texts' lengths and kinds, and a
   point at the end of each reply. */
static size_t
read_tokens(const char *at, size_t len, struct resp *reply, char *told)
{
    struct resp_token t;
    size_t taken = 0;

    while (resp_read(at + taken, len - taken, &t)) {
        told += sprintf(told, "%c%zu", t.kind, t.kind == '$' ? t.len : (size_t)t.number);
        taken += t.whole;
        if (resp_ends(reply, &t))
            told += sprintf(told, ".");
    }
    *told = '\0';
    return taken;
}

TEST(peers_replies_are_the_same_however_they_were_cut)
{
    static const char bytes[] =
        ":1\r\n$3\r\n1-0\r\n*0\r\n*2\r\n*1\r\n$4\r\n\r\n\r\n\r\n:7\r\n$0\r\n\r\n";
    static const char want[] = ":1.$3.*0.*2*1$4:7.$0.";
    size_t len = strlen(bytes);
    char told[256];

    for (size_t cut = 0; cut <= len; cut++) {
        struct resp reply = {0};
        size_t taken = read_tokens(bytes, cut, &reply, told);
        CHECK(taken <= cut);
        taken += read_tokens(bytes + taken, len - taken, &reply, told + strlen(told));
        CHECK_INT(len, taken);
        CHECK_STR(want, told);
    }
}

/* --- durable --------------------------------------------------------------------------------- */

enum { SYNCED = 3, PATIENCE = 20000 };

/* Once told to go, syncs a file so often and writes to it twice as often, and says so. */
static _Noreturn void
sync_when_told(const char *path, int told, int says)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    char byte;
    bool good = fd >= 0 && read(told, &byte, 1) == 1;

    for (int i = 0; i < SYNCED && good; i++)
        good = write(fd, "x", 1) == 1 && write(fd, "x", 1) == 1 && fdatasync(fd) == 0;
    if (good)
        (void)!write(says, "", 1);
    (void)pause();
    _exit(0);
}

static int64_t
count_syncs(const char *folder, const char *path, bool each_write)
{
    struct syncs syncs;
    int told[2];
    int says[2];
    int64_t count = -1;

    CHECK_INT(0, pipe2(told, O_CLOEXEC));
    CHECK_INT(0, pipe2(says, O_CLOEXEC));
    (void)fflush(stdout);
    pid_t id = fork();
    CHECK(id >= 0);
    if (id == 0)
        sync_when_told(path, told[0], says[1]);
    struct pollfd done = {.fd = says[0], .events = POLLIN};
    if (syncs_begin(&syncs, id, folder, each_write)) {
        CHECK_INT(1, write(told[1], "", 1));
        CHECK_INT(1, poll(&done, 1, PATIENCE));
        count = syncs_end(&syncs);
    }
    (void)kill(id, SIGKILL);
    (void)waitpid(id, NULL, 0);
    for (int i = 0; i < 2; i++) {
        (void)close(told[i]);
        (void)close(says[i]);
    }
    if (count < 0)
        SKIP_WITH("strace can trace nothing here");
    return count;
}

TEST(peers_syncs_are_those_of_the_folder)
{
    struct scratch its;
    struct scratch another;

    scratch_make(&its);
    scratch_make(&another);
    CHECK_INT(SYNCED, count_syncs(its.path, scratch_file(&its, "file"), false));
    CHECK_INT(0, count_syncs(its.path, scratch_file(&another, "file"), false));
    CHECK_INT(SYNCED * 3, count_syncs(its.path, scratch_file(&its, "file"), true));
    scratch_remove(&its);
    scratch_remove(&another);
}

TEST(peers_family_is_all_that_a_process_started)
{
    pid_t ids[FAMILY];
    int from_child[2];
    char byte;

    CHECK_INT(0, pipe2(from_child, O_CLOEXEC));
    (void)fflush(stdout);
    pid_t id = fork();
    CHECK(id >= 0);
    if (id == 0) {
        if (fork() == 0) {
            (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
            (void)!write(from_child[1], "", 1);
        }
        (void)pause();
        _exit(0);
    }
    CHECK_INT(1, read(from_child[0], &byte, 1));
    size_t count = family_list(id, ids);
    for (size_t i = 0; i < count; i++)
        (void)kill(ids[i], SIGKILL);
    (void)waitpid(id, NULL, 0);
    (void)close(from_child[0]);
    (void)close(from_child[1]);
    CHECK_INT(2, count);
    CHECK(ids[0] == id || ids[1] == id);
}
