/* maat-agent: takes what an agency's systems hand over, keeps it until the broker
   has it, and tells what became of it. */
#include <czmq.h>
#include <stdio.h>

#include "agents/agency/agent.h"
#include "schema/commands.h"
#include "version.h"

static int
usage_fault(const struct invocation *in, const struct fault *fault)
{
    char said[PROGRAM_SAID];

    program_fault(in->program, fault, said);
    (void)fputs(said, stderr);
    return EXIT_USAGE;
}

static int
run_run(const struct invocation *in, struct arena *arena)
{
    struct option_values values = in->own;
    struct agent_option o;
    struct fault fault;
    char why[AGENT_WHY];

    if (!agent_settings(arena, &in->common, &values, &o, &fault))
        return usage_fault(in, &fault);
    if (agent_run(&o, "maat-agent " VERSION, why) == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: %s\n", why);
    return EXIT_MACHINE;
}

static const struct command commands[] = {
    {"run", "", 0, 0, &agent_option_record, run_run,
     "takes submissions from socket and spool and brings them to the broker, until SIGTERM",
     "maat-agent run --config /etc/maat/maat-agent.zpl"},
};

static const struct program agent = {
    .name = "maat-agent",
    .version = VERSION,
    .about = "an agency's agent: keeps updates on disk until the board's broker has them",
    .common = &config_option_record,
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
};

int
main(int argc, char **argv)
{
    static struct invocation in;
    enum program_asked asked = program_read(&agent, argc, (const char *const *)argv, &in);

    if (asked != PROGRAM_RUNS) {
        (void)fputs(in.said, asked == PROGRAM_SAYS ? stdout : stderr);
        return asked == PROGRAM_SAYS ? EXIT_DONE : EXIT_USAGE;
    }
    zsys_handler_set(NULL);
    struct arena *arena = arena_new();
    int rc = in.command->run(&in, arena);
    arena_destroy(&arena);
    return rc;
}
