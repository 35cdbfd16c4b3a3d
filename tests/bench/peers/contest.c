#include "tests/bench/peers/contest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/long_board.h"
#include "tests/bench/peers/load.h"
#include "tests/bench/run.h"
#include "tests/t.h"

/* So many that nearly all actions are claimed: a state as full as the peers' is. */
enum { PLANS = 100, ENTRIES = 3 * PEER_KEYS };

/* In the short form without the last. */
static const struct step steps[] = {
    {W1_PUSH, "1x1", 1, 1, 0},
    {W1_PUSH, "8x1", 8, 1, 0},
    {W1_PUSH, "8x64", 8, 64, 0},
    {W1_PUSH, "64x64", 64, 64, 0},
    {W2_FOLLOW, "8x64, 8 followers", 8, 64, 8},
    {W3_RECEIVE, "all last values", 0, 0, 0},
    {W2_FOLLOW, "8x64, 64 followers", 8, 64, 64},
};
enum { STEPS = sizeof steps / sizeof *steps, SHORT_STEPS = STEPS - 1 };

/* On a terminal. */
static void
tell(const char *doing, const char *name, unsigned round, unsigned rounds)
{
    if (!isatty(STDERR_FILENO))
        return;
    (void)fprintf(stderr, "\r\033[K");
    if (round)
        (void)fprintf(stderr, "round %u of %u, ", round, rounds);
    if (doing)
        (void)fprintf(stderr, "%s: %s", doing, name);
    (void)fflush(stderr);
}

/* --- opening ---------------------------------------------------------------------------- */

static void
read_version(const char *package, char version[CONTENDER_VERSION])
{
    char command[256];

    (void)snprintf(command, sizeof command, "dpkg-query -W -f '${Version}\n' %s 2>/dev/null",
                   package);
    FILE *f = popen(command, "r");
    if (f && fgets(version, CONTENDER_VERSION, f))
        version[strcspn(version, "\n")] = '\0';
    if (f)
        (void)pclose(f);
}

static void
add_settings(struct contest *c, struct server *s)
{
    for (const struct peer_setting *setting = s->peer->settings; setting->name; setting++) {
        CHECK(c->count < CONTENDERS);
        struct contender *one = &c->at[c->count++];
        *one = (struct contender){.name = setting->name,
                                  .words = setting->words,
                                  .means = setting->means,
                                  .tls = setting->tls,
                                  .server = s,
                                  .setting = setting};
        memcpy(one->trouble, s->trouble, sizeof one->trouble);
        read_version(s->peer->package, one->version);
    }
    s->trouble[0] = '\0';
}

/* A last value of each key is for those who give all of them. */
static bool
fill(struct server *s)
{
    return !s->peer->snapshots[0].how || (load_fill(s) && (!s->peer->forget || s->peer->forget(s)));
}

void
contest_open(struct contest *c, const char *wanted, const volatile bool *interrupted)
{
    *c = (struct contest){.count = 1, .interrupted = interrupted};
    tell("founding", "maat", 0, 0);
    long_board_open(&c->board, PEER_KEYS, PLANS, ENTRIES);
    (void)bench_board_start(&c->board);
    c->at[0] = (struct contender){
        .name = BY_MAAT,
        .words = "judged, in the Merkle log, CURVE",
        .means = "judged; in the journal, synced; what became of it can be proved",
        .tls = true,
        .board = &c->board};
    for (size_t i = 0; peers[i] && !*interrupted; i++) {
        if (!run_is_wanted(wanted, peers[i]->name))
            continue;
        CHECK(c->servers_count < SERVERS);
        struct server *s = &c->servers[c->servers_count++];
        tell("starting", peers[i]->name, 0, 0);
        (void)(server_open(s, peers[i], interrupted) && fill(s));
        add_settings(c, s);
    }
    tell(NULL, NULL, 0, 0);
}

void
contest_close(struct contest *c)
{
    for (size_t i = 0; i < c->servers_count; i++)
        server_close(&c->servers[i]);
    c->servers_count = 0;
    if (c->board.rig)
        bench_board_close(&c->board);
}

static bool
is_peer(const char *name, size_t len)
{
    for (size_t i = 0; peers[i]; i++)
        if (strlen(peers[i]->name) == len && memcmp(peers[i]->name, name, len) == 0)
            return true;
    return false;
}

bool
contest_names_peers(const char *wanted)
{
    for (const char *at = wanted; *at; at += strcspn(at, ",")) {
        at += *at == ',';
        if (!is_peer(at, strcspn(at, ",")))
            return false;
    }
    return true;
}

/* --- running ------------------------------------------------------------------------------- */

void
contest_check(struct contest *c, struct figures *out)
{
    for (size_t i = 0; i < c->count && !*c->interrupted; i++) {
        tell("counting syncs", c->at[i].name, 0, 0);
        contender_check(&c->at[i], out);
    }
    tell(NULL, NULL, 0, 0);
}

void
contest_run(struct contest *c, const char *works, const struct scale *scale, struct figures *out)
{
    size_t count = scale->full ? STEPS : SHORT_STEPS;

    for (unsigned round = 1; round <= scale->rounds; round++)
        for (size_t k = 0; k < count; k++)
            for (size_t i = 0; i < c->count && !*c->interrupted; i++) {
                if (!run_is_wanted(works, work_names[steps[k].kind]))
                    continue;
                tell(steps[k].setting, c->at[i].name, round, scale->rounds);
                contender_do(&c->at[i], &steps[k], scale, out);
            }
    tell(NULL, NULL, 0, 0);
}
