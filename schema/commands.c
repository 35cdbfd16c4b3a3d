#include "schema/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COMMANDS_MAX = 64 };

__attribute__((format(printf, 2, 3))) static void
say(char said[PROGRAM_SAID], const char *format, ...)
{
    size_t len = strlen(said);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(said + len, PROGRAM_SAID - len, format, args);
    va_end(args);
}

/* --- help ------------------------------------------------------------------------ */

/* Those whose words begin with `family`; all where it is empty. */
static void
say_list(const struct program *p, const char *family, char said[PROGRAM_SAID])
{
    size_t len = strlen(family);

    for (unsigned i = 0; i < p->count; i++) {
        const struct command *c = &p->commands[i];
        if (strncmp(c->words, family, len) == 0)
            say(said, "  %s %s%s%s\n      %s\n", p->name, c->words, *c->arguments ? " " : "",
                c->arguments, c->what);
    }
}

static void
say_options(const char *title, const struct record *options, char said[PROGRAM_SAID])
{
    size_t len;

    if (!options)
        return;
    say(said, "\n%s:\n", title);
    len = strlen(said);
    (void)options_usage(options, said + len, PROGRAM_SAID - len);
}

static void
say_help(const struct program *p, char said[PROGRAM_SAID])
{
    say(said, "%s: %s\n\n", p->name, p->about);
    say_list(p, "", said);
    say_options("options of every command", p->common, said);
    say(said, "\n%s COMMAND --help says more of one; --version says which this is.\n", p->name);
}

static void
say_command_help(const struct program *p, const struct command *c, char said[PROGRAM_SAID])
{
    say(said, "usage: %s %s%s%s\n  %s\n", p->name, c->words, *c->arguments ? " " : "", c->arguments,
        c->what);
    say_options("options", c->options, said);
    say_options("options of every command", p->common, said);
    say(said, "\nexample:\n  %s\n", c->example);
}

void
program_fault(const struct program *p, const struct fault *fault, char said[PROGRAM_SAID])
{
    char name[64];

    option_name(fault->field, name);
    said[0] = '\0';
    say(said, "%s: %s%s%s%s\n", p->name, *name ? "--" : "", name, *name ? ": " : "", fault->reason);
}

/* --- which command ----------------------------------------------------------------- */

/* How many words of argv are all of the command's; 0: they are not. */
static int
words_matched(const char *words, int argc, const char *const *argv)
{
    int count = 0;

    for (; *words; count++) {
        size_t len = strcspn(words, " ");
        if (count == argc || strlen(argv[count]) != len || memcmp(argv[count], words, len) != 0)
            return 0;
        words += len;
        words += *words == ' ';
    }
    return count;
}

/* The command with the most words that were typed, and how many those are. */
static const struct command *
find(const struct program *p, int argc, const char *const *argv, int *taken)
{
    const struct command *best = NULL;

    *taken = 0;
    for (unsigned i = 0; i < p->count; i++) {
        int matched = words_matched(p->commands[i].words, argc, argv);
        if (matched > *taken) {
            best = &p->commands[i];
            *taken = matched;
        }
    }
    return best;
}

static bool
is_family(const struct program *p, const char *typed)
{
    size_t len = strlen(typed);

    for (unsigned i = 0; i < p->count; i++)
        if (strncmp(p->commands[i].words, typed, len) == 0 && p->commands[i].words[len] == ' ')
            return true;
    return false;
}

/* The nearest of all commands, or of their first words. */
static const char *
nearest_command(const struct program *p, const char *typed)
{
    static _Thread_local char first[COMMANDS_MAX][32];
    const char *words[2 * COMMANDS_MAX];

    for (unsigned i = 0; i < p->count; i++) {
        const char *all = p->commands[i].words;
        (void)snprintf(first[i], sizeof first[i], "%.*s", (int)strcspn(all, " "), all);
        words[i] = all;
        words[p->count + i] = first[i];
    }
    return option_nearest(typed, words, 2 * p->count);
}

static void
say_unknown(const struct program *p, int argc, const char *const *argv, char said[PROGRAM_SAID])
{
    char typed[64];

    (void)snprintf(typed, sizeof typed, "%s", argv[0]);
    if (argc > 1 && !option_is_flag(argv[1]) && is_family(p, argv[0]))
        (void)snprintf(typed, sizeof typed, "%s %s", argv[0], argv[1]);
    const char *nearest = nearest_command(p, typed);
    say(said, "%s: there is no command %s", p->name, typed);
    if (nearest)
        say(said, ": did you mean %s?\n", nearest);
    else
        say(said, ": %s --help lists them\n", p->name);
    if (is_family(p, argv[0]))
        say_list(p, argv[0], said);
}

/* --- its options --------------------------------------------------------------------- */

static bool
asks(int argc, const char *const *argv, const char *flag)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], flag) == 0)
            return true;
    return false;
}

/* Options of every command may stand before it, too. */
static bool
take_leading(const struct program *p, int *argc, const char *const **argv, struct invocation *out)
{
    const struct option_set set = {p->common, &out->common};
    struct fault fault;
    int i = 0;

    for (; i < *argc && option_is_flag((*argv)[i]); i++)
        if (!options_take_flag(&set, 1, *argc, *argv, &i, &fault)) {
            program_fault(p, &fault, out->said);
            return false;
        }
    *argc -= i;
    *argv += i;
    return true;
}

static enum program_asked
read_options(const struct program *p, int argc, const char *const *argv, struct invocation *out)
{
    const struct command *c = out->command;
    const struct option_set sets[] = {{c->options, &out->own}, {p->common, &out->common}};
    struct fault fault;

    if (!options_take_args(sets, 2, argc, argv, &out->words, &fault)) {
        program_fault(p, &fault, out->said);
        return PROGRAM_FAULTS;
    }
    if (out->words.count >= c->least && out->words.count <= c->most)
        return PROGRAM_RUNS;
    say(out->said, "%s %s: %s\nusage: %s %s%s%s\nexample:\n  %s\n", p->name, c->words,
        out->words.count < c->least ? "something is missing" : "that is too much", p->name,
        c->words, *c->arguments ? " " : "", c->arguments, c->example);
    return PROGRAM_FAULTS;
}

/* No command was named: help is wanted, or it is. */
static enum program_asked
say_program(const struct program *p, int argc, const char *const *argv, struct invocation *out)
{
    if (asks(argc, argv, "--version")) {
        say(out->said, "%s %s\n", p->name, p->version);
        return PROGRAM_SAYS;
    }
    if (argc && is_family(p, argv[0]) && asks(argc, argv, "--help")) {
        say_list(p, argv[0], out->said);
        return PROGRAM_SAYS;
    }
    if (argc && !asks(argc, argv, "--help") && strcmp(argv[0], "help") != 0) {
        say_unknown(p, argc, argv, out->said);
        return PROGRAM_FAULTS;
    }
    say_help(p, out->said);
    return argc ? PROGRAM_SAYS : PROGRAM_FAULTS;
}

enum program_asked
program_read(const struct program *p, int argc, const char *const *argv, struct invocation *out)
{
    int taken;

    *out = (struct invocation){.program = p};
    argc--;
    argv++;
    if (argc && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "--version") == 0))
        return say_program(p, argc, argv, out);
    if (!take_leading(p, &argc, &argv, out))
        return PROGRAM_FAULTS;
    out->command = find(p, argc, argv, &taken);
    if (!out->command)
        return say_program(p, argc, argv, out);
    if (asks(argc, argv, "--help")) {
        say_command_help(p, out->command, out->said);
        return PROGRAM_SAYS;
    }
    return read_options(p, argc - taken, argv + taken, out);
}
