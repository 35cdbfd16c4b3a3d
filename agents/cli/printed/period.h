/* A day or a stretch of time as people write it, and its last day:

       31/03/2015   31st March 2015   March 31, 2015   2015-03-31   31-Mar-15
       March 2015   03/2015   June/July 2012   Nov 2015 - Jan 2016
       2016/17   Q2 2016/17   week commencing 6 March 2017

   Numbers are day first, as in Britain. Nothing is rounded: a day that is not
   in the calendar is a fault, and so is what can be read in two ways.        */
#ifndef AGENTS_CLI_PRINTED_PERIOD_H
#define AGENTS_CLI_PRINTED_PERIOD_H

#include "agents/cli/printed/phrase.h"

enum period_kind {
    PERIOD_NONE,       /* no such thing stands here */
    PERIOD_DAY,        /* understood: `last` is its last day */
    PERIOD_IMPOSSIBLE, /* not in the calendar */
    PERIOD_UNCLEAR,    /* no year, or more than one reading */
};

struct period {
    enum period_kind kind;
    size_t tokens; /* how many it takes, unless PERIOD_NONE */
    int32_t last;  /* days since 1970-01-01 */
    bool assumed;  /* usual, but another reader might disagree: to be shown */
    bool year;     /* no more than a year is written */
    char how[96];  /* how it was understood, or what is wrong with it */
};

void period_read(struct period *out, const struct phrase *p, size_t at);

#endif
