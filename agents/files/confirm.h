/* Whether a check phrase is the one that the person at the other end of the telephone
   has: as was typed with the command, or as is answered on the terminal. */
#ifndef AGENTS_FILES_CONFIRM_H
#define AGENTS_FILES_CONFIRM_H

#include "schema/commands.h"

/* The options by which a command is told. */
#define CONFIRM_FIELDS(F, S)                                                                \
    F(S, phrase, OPTIONAL, TEXT(1, 1000),                                                   \
      "the words that the other person reads out: goes on only if they are the right ones") \
    F(S, yes, OPTIONAL, FLAG,                                                               \
      "the words were compared already, or whoever handed the line over is known: don't ask")

struct confirm {
    const char *program; /* "maat-agent", for what is said on stderr */
    const char *whose;   /* "the key of police/crm" */
    const char *phrase;
    bool typed;     /* --phrase was given, */
    unsigned wrong; /* and this word of it is not the phrase's; 0: it is the phrase */
    bool yes;
};

/* Shows the phrase and asks, unless the options tell. EXIT_DONE: it is the same.
   EXIT_REFUSED: it is not; EXIT_USAGE: there is no terminal to ask on; both were said. */
int confirm_phrase(const struct confirm *c);

#endif
