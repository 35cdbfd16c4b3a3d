/* maat-agent: takes what an agency's systems hand over, keeps it until the broker
   has it, and tells what became of it. */
#include <stdio.h>

#include "agents/agency/agent.h"
#include "agents/agency/commands/ask.h"
#include "agents/agency/commands/doctor.h"
#include "agents/agency/commands/enrol.h"
#include "agents/agency/commands/rotate.h"
#include "agents/agency/commands/template.h"
#include "agents/agency/commands/waiting.h"
#include "agents/agency/events.h"
#include "agents/agency/front/front.h"
#include "agents/agency/vitals.h"
#include "agents/libmaat/maat.h"
#include "schema/records.h"
#include "schema/wire/program.h"
#include "version.h"

static int
run_front(const struct agent_option *o, const struct agent_boards *boards)
{
    struct why why;

    if (front_run(o, boards, "maat-agent " VERSION, &why) == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: %s\n", why.text);
    return EXIT_MACHINE;
}

static int
run_run(const struct invocation *in, struct arena *arena)
{
    struct option_values values = in->own, for_all = in->own;
    struct agent_boards boards;
    struct agent_option o;
    struct fault fault;
    struct why why;

    if (!agent_boards(arena, &in->common, &for_all, &o, &boards, &fault))
        return program_usage(in, &fault);
    if (boards.count)
        return run_front(&o, &boards);
    if (!agent_settings(arena, &in->common, &values, &o, &fault))
        return program_usage(in, &fault);
    const char *at = agent_at(arena, &in->common);
    agent_events_at(at);
    int rc = agent_run(&o, at, "maat-agent " VERSION, &why);
    if (rc == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "maat-agent: %s%s%s\n", at ? at : "", at ? ": " : "", why.text);
    return rc == AGENT_NO_KEY || maat_error_is_lasting(rc) ? EXIT_REFUSED : EXIT_MACHINE;
}

static const struct command commands[] = {
    {"init", "--agency ID", 0, 0, &agent_init_option_record, enrol_init,
     "makes this agent's key and configuration, and the request to be let in by the board",
     "maat-agent init --board tcp://board.example.org:5570 --agency police --client police/crm"},
    {"request", "", 0, 0, &request_option_record, enrol_request,
     "prints the request and its words again", "maat-agent request"},
    {"accept", "LINE | @FILE | -", 1, OPTION_WORDS, &accept_option_record, enrol_accept,
     "takes the line that the board's operator sends back, and asks whether its words are theirs",
     "maat-agent accept @reply.txt"},
    {"rotate", "", 0, 0, &rotate_option_record, rotate_key,
     "puts another key in the place of the agent's own; cut off, the same command goes on",
     "maat-agent rotate"},
    {"run", "", 0, 0, &agent_option_record, run_run,
     "takes submissions from socket and spool and brings them to the broker, until SIGTERM",
     "maat-agent run --config /etc/maat/maat-agent.zpl"},
    {"status", "", 0, 0, &ask_option_record, ask_status,
     "how long the queue is, whether the broker is reached, what was refused",
     "maat-agent status --json"},
    {"doctor", "", 0, 0, NULL, agent_doctor,
     "looks at settings, key, folders, the agent that runs, the way to the broker and the clock: "
     "each line is ok, or says what to do. Run it as root, or as the agent's user",
     "maat-agent doctor --config /etc/maat/maat-agent.zpl"},
    {"refused", "[--seen WHICH ... | --seen --all]", 0, LIST_MAX, &refused_option_record,
     ask_refused,
     "what the broker refused and no person has dealt with, and why; or, with --seen, lets it be",
     "maat-agent refused --seen 16"},
    {"retry", "WHICH ... | --all", 0, LIST_MAX, &retry_option_record, ask_retry,
     "queues refused submissions again, as they are, once the cause is mended at the board",
     "maat-agent retry 17 18"},
    {"template", "[PLAN]", 0, 1, NULL, template_print,
     "a CSV of this agency's open parts, to be filled in and put into the spool",
     "maat-agent template >parts.csv"},
    {"waiting", "", 0, 0, &waiting_option_record, agent_waiting,
     "what the outbox holds that is not done with, also where no agent runs; exit 1 where there is "
     "something",
     "maat-agent waiting --config /etc/maat/maat-agent.zpl"},
    {"forget-head", "", 0, 0, &ask_option_record, ask_forget_head,
     "once the operator has confirmed a restore of the broker: takes its journal as it is now, and "
     "sends again what it lacks",
     "maat-agent forget-head"},
    {"explain", "[EVENT]", 0, 1, NULL, program_explain,
     "what an event of the log means, and what to do about it; of all where none is named",
     "maat-agent explain link-stopped"},
};

static const struct program agent = {
    .name = "maat-agent",
    .version = VERSION,
    .about = "an agency's agent: keeps updates on disk until the board's broker has them",
    .common = &config_option_record,
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
    .events = agent_events,
    .event_count = AGENT_EVENT_COUNT,
    .metrics = &agent_metrics,
};

int
main(int argc, char **argv)
{
    return program_main(&agent, argc, argv);
}
