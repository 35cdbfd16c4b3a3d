/* `make bench-peers`: MAAT beside what a user would build from a well-known store, on the
   same work, in one run and in turn.

       bench-peers INTO short|full [W=w1,w3] [PEERS=redis,nats]
                                       also written to INTO/peers.jsonl and peers.md   */
#include <czmq.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "schema/commands.h"
#include "tests/bench/machine_name.h"
#include "tests/bench/peers/contest.h"
#include "tests/bench/peers/verdict.h"
#include "tests/bench/run.h"
#include "tests/t.h"
#include "version.h"

static const struct scale in_short = {.rounds = 3, .warm_ms = 150, .ms = 500};
static const struct scale in_full = {.full = true, .rounds = 3, .warm_ms = 500, .ms = 2000};

static struct contest contest;
static volatile bool interrupted;

/* A CHECK that fails ends the benchmark: half a table is none. */
void
test_fail(void)
{
    static bool failing;

    (void)fflush(stdout);
    if (!failing) {
        failing = true;
        contest_close(&contest);
    }
    _exit(EXIT_MACHINE);
}

void
test_skip(void)
{
    test_fail();
}

/* The next one ends us at once. */
static void
take_note(int sig)
{
    (void)sig;
    interrupted = true;
}

static void
handle_signals(void)
{
    struct sigaction action = {.sa_handler = take_note, .sa_flags = (int)SA_RESETHAND};

    zsys_handler_set(NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static FILE *
create(const char *into, const char *name)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", into, name);
    FILE *f = fopen(path, "w");
    if (!f)
        FAIL_WITH("%s: %s", path, strerror(errno));
    return f;
}

static void
write_all(const struct figures *all, const char *machine, const char *into)
{
    FILE *json = create(into, "peers.jsonl");
    FILE *table = create(into, "peers.md");
    FILE *const json_to[] = {stdout, json};
    FILE *const tables_to[] = {table, stdout};

    for (size_t i = 0; i < 2; i++) {
        figures_write_json(all, NULL, VERSION, machine, json_to[i]);
        verdict_write_json(&contest, all, json_to[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        (void)fprintf(tables_to[i], "\n%s, %s\n", VERSION, machine);
        verdict_write_tables(&contest, all, tables_to[i]);
        verdict_write_targets(&contest, all, tables_to[i]);
    }
    (void)fclose(json);
    (void)fclose(table);
}

static int
usage(void)
{
    (void)fprintf(stderr,
                  "bench-peers INTO short|full [W=w1,w2,w3] [PEERS=redis,nats]: peers are\n");
    for (size_t i = 0; peers[i]; i++)
        if (i == 0 || strcmp(peers[i]->name, peers[i - 1]->name) != 0)
            (void)fprintf(stderr, "  %s\n", peers[i]->name);
    return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
    const char *works = "";
    const char *wanted = "";
    char machine[MACHINE_NAME];

    for (int i = 3; i < argc; i++)
        if (strncmp(argv[i], "W=", 2) == 0)
            works = argv[i] + 2;
        else if (strncmp(argv[i], "PEERS=", 6) == 0)
            wanted = argv[i] + 6;
        else
            return usage();
    if (argc < 3 || !contest_names_peers(wanted) || strspn(works, "w123,") != strlen(works))
        return usage();
    handle_signals();
    machine_name(machine);
    struct figures *all = calloc(1, sizeof *all);
    CHECK(all != NULL);
    contest_open(&contest, wanted, &interrupted);
    contest_check(&contest, all);
    contest_run(&contest, works, strcmp(argv[2], "full") == 0 ? &in_full : &in_short, all);
    if (!interrupted)
        write_all(all, machine, argv[1]);
    contest_close(&contest);
    free(all);
    return interrupted ? EXIT_MACHINE : EXIT_DONE;
}
