/* maat-broker: judges what is submitted, keeps the journal, answers. */
#include <czmq.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "broker/board.h"
#include "broker/init.h"
#include "broker/lead.h"
#include "broker/run.h"
#include "broker/verify.h"
#include "schema/options.h"
#include "version.h"

/* Exit codes of every program of MAAT. */
enum { DONE = 0, REFUSED_OR_NOT_FOUND = 1, USAGE = 2, MACHINE = 4 };

struct command {
    const char *word, *arguments;
    unsigned least; /* words after the command */
    const struct record *options;
    int (*run)(const char *const *words, const struct option_values *values, struct arena *arena);
    const char *what, *example;
};

static int
usage_fault(const struct fault *fault)
{
    char name[64];

    option_name(fault->field, name);
    (void)fprintf(stderr, "maat-broker: %s%s%s\n", name, *name ? ": " : "", fault->reason);
    return USAGE;
}

static int
machine_fault(const struct why *why)
{
    (void)fprintf(stderr, "maat-broker: %s\n", why->text);
    return MACHINE;
}

/* --- the commands ---------------------------------------------------------------- */

static int
run_init(const char *const *words, const struct option_values *values, struct arena *arena)
{
    char title[TITLE_MAX + 1];
    struct init_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &init_option_record, values, &o, &fault))
        return usage_fault(&fault);
    (void)snprintf(title, sizeof title, "%.*s", (int)o.board.len, o.board.at);
    if (broker_init(words[0], title, &why))
        return machine_fault(&why);
    printf("%s is the directory of a new board, \"%s\".\n"
           "  %s/operator.zpl   the first operator's key: adds agencies and clients\n"
           "  %s/lead.zpl       the first lead's key: plans, actions, decisions\n"
           "Start it: maat-broker run %s\n",
           words[0], title, words[0], words[0], words[0]);
    return DONE;
}

static int
run_run(const char *const *words, const struct option_values *values, struct arena *arena)
{
    struct option_values all = *values;
    struct run_option o;
    struct fault fault;
    struct why why;

    if (!board_settings(words[0], arena, &all, &o, &fault))
        return usage_fault(&fault);
    return broker_run(words[0], &o, &why) ? machine_fault(&why) : DONE;
}

static int
run_verify(const char *const *words, const struct option_values *values, struct arena *arena)
{
    struct verify_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &verify_option_record, values, &o, &fault))
        return usage_fault(&fault);
    int rc = broker_verify(words[0], &o, &why);
    if (rc < 0)
        return machine_fault(&why);
    if (rc)
        (void)fprintf(stderr, "maat-broker: %s\n", why.text);
    return rc ? REFUSED_OR_NOT_FOUND : DONE;
}

static int
run_lead(const char *const *words, const struct option_values *values, struct arena *arena)
{
    struct lead_option o;
    struct fault fault;
    struct why why;

    if (!options_decode(arena, &lead_option_record, values, &o, &fault))
        return usage_fault(&fault);
    if (broker_lead(words[0], words[1], o.has.id ? o.id : text_of("board/lead"), &why))
        return machine_fault(&why);
    printf("%s holds the lead's new key. The journal says that it was made here.\n", words[1]);
    return DONE;
}

static const struct command commands[] = {
    {"init", "DIR --board NAME", 1, &init_option_record, run_init,
     "makes a board's directory, its keys, a first operator and lead",
     "maat-broker init /var/lib/maat --board \"Riverside Safeguarding Board\""},
    {"run", "DIR [--listen ADDRESS ...]", 1, &run_option_record, run_run,
     "serves the board until SIGTERM; every option may stand in DIR/broker.zpl",
     "maat-broker run /var/lib/maat --listen 'tcp://*:5570'"},
    {"verify", "DIR", 1, &verify_option_record, run_verify,
     "checks every entry, every number and that the state equals its refold",
     "maat-broker verify /var/lib/maat"},
    {"lead", "DIR FILE", 2, &lead_option_record, run_lead,
     "on the host, with the broker stopped: a new key for a lead whose key is lost",
     "maat-broker lead /var/lib/maat new-lead.zpl"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* --- help ------------------------------------------------------------------------- */

static int
print_usage(FILE *to)
{
    (void)fprintf(to, "usage: maat-broker COMMAND ...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        (void)fprintf(to, "  %s %s\n      %s\n", commands[i].word, commands[i].arguments,
                      commands[i].what);
    (void)fprintf(to, "\n  COMMAND --help says more; --version says which this is.\n");
    return to == stdout ? DONE : USAGE;
}

static int
print_command(const struct command *c, FILE *to)
{
    static char options[8192];

    options_usage(c->options, options, sizeof options);
    (void)fprintf(to, "usage: maat-broker %s %s\n  %s\n\n%s\nexample: %s\n", c->word, c->arguments,
                  c->what, options, c->example);
    return to == stdout ? DONE : USAGE;
}

static int
unknown_command(const char *word)
{
    const char *words[COMMANDS];

    for (size_t i = 0; i < COMMANDS; i++)
        words[i] = commands[i].word;
    const char *nearest = option_nearest(word, words, COMMANDS);
    (void)fprintf(stderr, "maat-broker: there is no command %s%s%s%s\n", word,
                  nearest ? ": did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return USAGE;
}

static bool
asks_help(const struct option_values *values)
{
    for (unsigned i = 0; i < values->count; i++)
        if (strcmp(values->at[i].name, "help") == 0)
            return true;
    return false;
}

static int
run_command(const struct command *c, int argc, char *const *argv)
{
    struct option_values values = {0};
    struct option_words words = {0};
    struct fault fault;

    if (!options_take_args(&values, c->options, argc, (const char *const *)argv, &words, &fault))
        return usage_fault(&fault);
    if (asks_help(&values))
        return print_command(c, stdout);
    if (words.count != c->least)
        return print_command(c, stderr);
    struct arena *arena = arena_new();
    int rc = c->run(words.at, &values, arena);
    arena_destroy(&arena);
    return rc;
}

int
main(int argc, char **argv)
{
    zsys_handler_set(NULL);
    if (argc < 2)
        return print_usage(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return print_usage(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        printf("maat-broker %s\n", VERSION);
        return DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].word) == 0)
            return run_command(&commands[i], argc - 2, argv + 2);
    return unknown_command(argv[1]);
}
