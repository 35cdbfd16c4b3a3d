#include "agents/files/confirm.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ANSWER = 100 };

static int
compare(const struct confirm *c)
{
    if (c->wrong == 0)
        return EXIT_DONE;
    (void)fprintf(stderr,
                  "%s: --phrase: word %u is not that of %s, whose words are\n\n    %s\n\nAsk for "
                  "them once more. Where they differ still, somebody may have put another key in "
                  "its place: nothing was done\n",
                  c->program, c->wrong, c->whose, c->phrase);
    return EXIT_REFUSED;
}

static int
ask(const struct confirm *c)
{
    char answer[ANSWER] = "";

    if (!isatty(STDIN_FILENO)) {
        (void)fprintf(stderr,
                      "%s: the words of %s are\n\n    %s\n\nbut there is no terminal to ask "
                      "whether the other person has the same: say what they read out with "
                      "--phrase \"WORDS\"\n",
                      c->program, c->whose, c->phrase);
        return EXIT_USAGE;
    }
    (void)fprintf(stderr,
                  "The words of %s are\n\n    %s\n\nDoes the other person, whose voice you know or "
                  "whom you called yourself, read out the same? (yes/no) ",
                  c->whose, c->phrase);
    if (fgets(answer, sizeof answer, stdin))
        answer[strcspn(answer, "\r\n")] = '\0';
    if (strcasecmp(answer, "yes") == 0)
        return EXIT_DONE;
    (void)fprintf(stderr, "%s: nothing was done\n", c->program);
    return EXIT_REFUSED;
}

int
confirm_phrase(const struct confirm *c)
{
    if (c->typed)
        return compare(c);
    if (!c->yes)
        return ask(c);
    (void)fprintf(stderr, "The words of %s are\n\n    %s\n\n", c->whose, c->phrase);
    return EXIT_DONE;
}
