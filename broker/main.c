/* maat-broker: judges what is submitted, keeps the journal, answers. */
#include <stdio.h>

#include "broker/backup/commands.h"
#include "broker/board.h"
#include "broker/commands/host_key.h"
#include "broker/commands/init.h"
#include "broker/commands/verify.h"
#include "broker/complain.h"
#include "broker/events.h"
#include "broker/run.h"
#include "broker/watched/doctor.h"
#include "broker/watched/metrics.h"
#include "broker/watched/status.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/wire/program.h"
#include "version.h"

/* --- the commands ---------------------------------------------------------------- */

static int
run_init(const struct invocation *in, struct arena *arena)
{
    char title[TITLE_MAX + 1];
    char id[ID_MAX + 1];
    struct init_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &init_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    (void)snprintf(title, sizeof title, "%.*s", (int)o.board.len, o.board.at);
    if (!id_from_printed(text_of(title), id)) {
        (void)fault_set(&fault, FAULT_FIELD_INVALID, "board",
                        "no id follows from that name: use letters and digits, at most %d", ID_MAX);
        return program_usage(in, &fault);
    }
    int rc = broker_init(in->words.at[0], id, title, &why);
    if (rc)
        return complain(rc, &why);
    printf("%s is the directory of a new board, \"%s\".\n"
           "  %s/operator.zpl   the first operator's key: adds agencies and clients\n"
           "  %s/lead.zpl       the first lead's key: plans, actions, decisions\n"
           "Start it: maat-broker run %s\n",
           in->words.at[0], title, in->words.at[0], in->words.at[0], in->words.at[0]);
    return EXIT_DONE;
}

static int
run_run(const struct invocation *in, struct arena *arena)
{
    struct option_values all = in->own;
    struct run_option o;
    struct fault fault;
    struct why why;

    if (!board_settings(in->words.at[0], arena, &all, &o, &fault))
        return program_usage(in, &fault);
    int rc = broker_run(in->words.at[0], &o, &why);
    return rc ? complain(rc, &why) : EXIT_DONE;
}

static int
run_status(const struct invocation *in, struct arena *arena)
{
    struct look_option o;
    struct broker_status s;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &look_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    if (broker_status_ask(arena, in->words.at[0], &s, &why)) {
        (void)fprintf(stderr, "maat-broker: %s\n", why.text);
        return EXIT_UNREACHABLE;
    }
    if (o.json) {
        struct text json = record_to_json(arena, &broker_status_record, &s);
        printf("%.*s\n", (int)json.len, json.at);
    } else {
        broker_status_print(&s);
    }
    return s.well ? EXIT_DONE : EXIT_REFUSED;
}

static int
run_doctor(const struct invocation *in, struct arena *arena)
{
    return broker_doctor(arena, in->words.at[0]);
}

static int
run_verify(const struct invocation *in, struct arena *arena)
{
    struct verify_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &verify_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = broker_verify(in->words.at[0], &o, &why);
    return rc ? complain(rc, &why) : EXIT_DONE;
}

static int
make_host_key(const struct invocation *in, const struct host_key *asked)
{
    const char *file = in->words.at[1];
    struct why why;
    bool found;
    int rc = host_key_make(in->words.at[0], file, asked, &found, &why);

    if (rc)
        return complain(rc, &why);
    printf("%s holds the new key of %.*s; an old one opens nothing any more. The journal says that "
           "it was\nmade here, and why: every lead and operator is shown that.%s\n",
           file, (int)asked->client.len, asked->client.at,
           found ? ""
                 : "\nIt does not say where the broker is: write that into it "
                   "(broker, address = \"tcp://HOST:PORT\").");
    return EXIT_DONE;
}

static int
run_lead(const struct invocation *in, struct arena *arena)
{
    struct lead_option o;
    struct fault fault;

    if (!options_decode(arena, &lead_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    const struct host_key asked = {ROLE_LEAD, o.has.id ? o.id : text_of("board/lead"), o.reason};
    return make_host_key(in, &asked);
}

static int
run_operator(const struct invocation *in, struct arena *arena)
{
    struct operator_option o;
    struct fault fault;

    if (!options_decode(arena, &operator_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    const struct host_key asked = {ROLE_OPERATOR, o.has.id ? o.id : text_of("board/operator"),
                                   o.reason};
    return make_host_key(in, &asked);
}

static const struct command commands[] = {
    {"init", "DIR --board NAME", 1, 1, &init_option_record, run_init,
     "makes a board's directory, its keys, a first operator and lead",
     "maat-broker init /var/lib/maat --board \"Riverside Safeguarding Board\""},
    {"run", "DIR [--listen ADDRESS ...]", 1, 1, &run_option_record, run_run,
     "serves the board until SIGTERM; every option may stand in DIR/broker.zpl or, where there is "
     "none, in " BROKER_CONFIG,
     "maat-broker run /var/lib/maat --listen 'tcp://*:5570'"},
    {"status", "DIR", 1, 1, &look_option_record, run_status,
     "how the broker that serves DIR is: exit code 0 only if a write would now be durable",
     "maat-broker status /var/lib/maat"},
    {"doctor", "DIR", 1, 1, NULL, run_doctor,
     "looks at directory, keys, settings, disk, clock, addresses and the broker that runs: each "
     "line is ok, or says what to do. Run it as root, or as the broker's user",
     "maat-broker doctor /var/lib/maat"},
    {"verify", "DIR", 1, 1, &verify_option_record, run_verify,
     "checks every entry, every number and that the state equals its refold",
     "maat-broker verify /var/lib/maat"},
    {"lead", "DIR FILE --reason WHY", 2, 2, &lead_option_record, run_lead,
     "on the host, with the broker stopped: a new key for a lead whose key is lost",
     "maat-broker lead /var/lib/maat new-lead.zpl --reason \"laptop stolen\""},
    {"operator", "DIR FILE --reason WHY", 2, 2, &operator_option_record, run_operator,
     "on the host, with the broker stopped: a new key for an operator whose key is lost",
     "maat-broker operator /var/lib/maat new-operator.zpl --reason \"laptop stolen\""},
    {"backup", "DIR TO", 2, 2, &backup_option_record, backup_run,
     "copies the board while it is served: the journal with its signed head, settings, keys",
     "maat-broker backup /var/lib/maat /var/backups/maat --keep 14"},
    {"restore", "FROM DIR", 2, 2, &restore_option_record, restore_run,
     "makes a board's directory of a backup, checks it, and says so in the journal",
     "maat-broker restore /var/backups/maat /var/lib/maat"},
    {"drill", "FROM", 1, 1, &drill_option_record, drill_run,
     "restores a backup to a scratch folder, checks it and takes it away: for every month",
     "maat-broker drill /var/backups/maat"},
    {"explain", "[EVENT]", 0, 1, NULL, program_explain,
     "what an event of the log means, and what to do about it; of all where none is named",
     "maat-broker explain write-failed"},
};

static const struct program broker = {
    .name = "maat-broker",
    .version = VERSION,
    .about = "serves a safeguarding board: judges what is submitted, keeps it, answers",
    .commands = commands,
    .count = sizeof commands / sizeof *commands,
    .events = broker_events,
    .event_count = BROKER_EVENT_COUNT,
    .metrics = &broker_metrics,
};

int
main(int argc, char **argv)
{
    return program_main(&broker, argc, argv);
}
