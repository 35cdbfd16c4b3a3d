#include "schema/wire/manual.h"

#include <stdio.h>
#include <string.h>

#include "schema/exposition.h"

/* --- text that roff does not take for its own ----------------------------------------- */

static void
put_part(const char *text, size_t len)
{
    for (const char *c = text; c < text + len; c++) {
        if (*c == '\\')
            printf("\\e");
        else if (*c == '-')
            printf("\\-");
        else if (*c == '`' || *c == '"')
            printf(*c == '`' ? "\\(ga" : "\\(dq");
        else
            putchar(*c);
    }
}

static void
put(const char *text)
{
    put_part(text, strlen(text));
}

/* Lines of their own, one a sentence, as roff wants it; what would be a request is none
   after \&. */
static void
put_line(const char *text)
{
    const char *end;

    printf("\\&");
    for (; (end = strstr(text, ". ")); text = end + 2) {
        put_part(text, (size_t)(end - text) + 1);
        printf("\n\\&");
    }
    put(text);
    putchar('\n');
}

/* In a macro's line a word that could be a macro's name is none after \&. */
static void
put_words(const char *text)
{
    bool begins = true;

    for (const char *c = text; *c; begins = *c++ == ' ') {
        if (begins)
            printf("\\&");
        put_part(c, 1);
    }
}

/* --- options -------------------------------------------------------------------------- */

static void
put_as_flag(const struct field *f, const char *name)
{
    put_words("--");
    put(name);
    if (*option_placeholder(f)) {
        putchar(' ');
        put_words(option_placeholder(f));
    }
}

/* Where a line stands for itself as a flag, a file says true. */
static void
put_as_setting(const struct field *f, const char *name)
{
    put(name);
    put(" = ");
    put_words(*option_placeholder(f) ? option_placeholder(f) : "true");
}

typedef void put_name(const struct field *f, const char *name);

static void
put_option(const struct field *f, put_name *put_it)
{
    char name[64];

    option_name(f->name, name);
    printf(".It ");
    put_it(f, name);
    putchar('\n');
    put_line(f->doc);
    for (int i = 0; f->words && i < f->words->count; i++) {
        printf(".Sy ");
        put_words(f->words->text[i]);
        printf("%s\n", i + 1 < f->words->count ? " ," : "");
    }
}

static void
put_options(const struct record *options, put_name *put_it)
{
    if (!options || !options->count)
        return;
    printf(".Bl -tag -width Ds -compact\n");
    for (unsigned i = 0; i < options->count; i++)
        put_option(&options->fields[i], put_it);
    printf(".El\n");
}

/* --- the parts --------------------------------------------------------------------------- */

static void
put_command(const struct program *p, const struct command *c)
{
    printf(".It ");
    put_words(p->name);
    putchar(' ');
    put_words(c->words);
    if (*c->arguments) {
        putchar(' ');
        put_words(c->arguments);
    }
    putchar('\n');
    put_line(c->what);
    put_options(c->options, put_as_flag);
    printf(".Pp\nFor example:\n.Bd -literal -offset indent\n");
    put(c->example);
    printf("\n.Ed\n");
}

static void
put_commands(const struct program *p)
{
    printf(".Bl -tag -width Ds\n");
    for (unsigned i = 0; i < p->count; i++)
        put_command(p, &p->commands[i]);
    printf(".El\n");
    if (p->common) {
        printf(".Ss Options of every command\n");
        put_options(p->common, put_as_flag);
    }
}

static void
put_events(const struct program *p)
{
    printf(".Bl -tag -width Ds\n");
    for (unsigned i = 0; i < p->event_count; i++) {
        const struct log_event *e = &p->events[i];
        printf(".It Sy ");
        put_words(e->id);
        printf(" Pq %s\n", event_severity_word(e->severity));
        put_line(e->means);
        if (*e->remedy) {
            printf(".br\n");
            put_line(e->remedy);
        }
    }
    printf(".El\n");
}

static void
put_exit_codes(void)
{
    printf(".Bl -tag -width Ds -compact\n"
           ".It %d\nDone.\n.It %d\nRefused, not found, damaged, or of a later version.\n.It "
           "%d\nThe command line or a "
           "configuration file is wrong.\n.It %d\nThe broker, or the agent, can't be reached.\n"
           ".It %d\nTrouble of the machine: disk, memory, permissions.\n.El\n",
           EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_MACHINE);
}

/* --- for completion: a line a command, three columns parted by tabs ---------------------- */

/* "[PLAN ... | PLAN/REF ...] --json" takes "PLAN...|PLAN/REF...". */
static void
put_takes(const char *arguments)
{
    bool joins = true;

    while (*arguments) {
        size_t len = strcspn(arguments, " ");
        const char *word = arguments + (*arguments == '[');
        size_t bare = strcspn(word, " ]");
        if (strncmp(word, "--", 2) == 0)
            break;
        if (strncmp(word, "...", bare) != 0 && *word != '|' && !joins)
            putchar(' ');
        joins = *word == '|';
        printf("%.*s", (int)bare, word);
        arguments += len;
        arguments += *arguments == ' ';
    }
}

/* "--status=declined|paused --note=TEXT --json". */
static void
put_flags(const struct record *options)
{
    for (unsigned i = 0; options && i < options->count; i++) {
        const struct field *f = &options->fields[i];
        char name[64];
        option_name(f->name, name);
        printf("%s--%s%s", i ? " " : "", name, *option_placeholder(f) ? "=" : "");
        for (int k = 0; f->words && k < f->words->count; k++)
            printf("%s%s", k ? "|" : "", f->words->text[k]);
        if (!f->words)
            printf("%s", f->type == TYPE_WHO ? "AGENCY..." : option_placeholder(f));
    }
    putchar('\n');
}

static void
put_completion(const struct program *p)
{
    for (unsigned i = 0; i < p->count; i++) {
        printf("%s\t", p->commands[i].words);
        put_takes(p->commands[i].arguments);
        putchar('\t');
        put_flags(p->commands[i].options);
    }
    printf("*\t\t");
    put_flags(p->common);
}

static void
put_metrics(const struct program *p)
{
    printf(".Bl -tag -width Ds\n");
    for (unsigned i = 0; p->metrics && i < p->metrics->count; i++) {
        const struct metric *m = &p->metrics->at[i];
        printf(".It Sy ");
        put_words(m->name);
        printf(" Pq %s%s%s\n", metric_type_word(m->type), m->label ? ", by " : "",
               m->label ? m->label : "");
        put_line(m->help);
    }
    printf(".El\n");
}

static bool
put_settings(const struct program *p, const char *command)
{
    for (unsigned i = 0; i < p->count; i++)
        if (strcmp(p->commands[i].words, command) == 0 && p->commands[i].options) {
            put_options(p->commands[i].options, put_as_setting);
            return true;
        }
    return false;
}

int
manual_print(const struct program *p, int argc, char **argv)
{
    const char *part = argc ? argv[0] : "";

    if (argc == 1 && strcmp(part, "commands") == 0)
        put_commands(p);
    else if (argc == 1 && strcmp(part, "events") == 0)
        put_events(p);
    else if (argc == 1 && strcmp(part, "metrics") == 0)
        put_metrics(p);
    else if (argc == 1 && strcmp(part, "exit-status") == 0)
        put_exit_codes();
    else if (argc == 1 && strcmp(part, "completion") == 0)
        put_completion(p);
    else if (argc != 2 || strcmp(part, "settings") != 0 || !put_settings(p, argv[1]))
        return EXIT_USAGE;
    return EXIT_DONE;
}
