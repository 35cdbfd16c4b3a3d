/* A whole that a person edits: its row was read, something of it changed, and all of
   it is sent with what was seen. What changes nothing is not sent; where others
   changed it meanwhile, it is shown what. */
#ifndef AGENTS_CLI_CHANGE_H
#define AGENTS_CLI_CHANGE_H

#include "agents/cli/talk.h"

struct change {
    enum submission_kind kind; /* agency, client, plan or action */
    const char *id;            /* its id, as typed */
    const union body *from;    /* as the row says it */
    const union body *to;      /* as it shall be, with reason and what was seen */
    bool unchanged;            /* set: they say the same, and nothing was sent */
};

/* An exit code; where nothing had to be sent, EXIT_DONE after that was said. */
int change_send(struct talk *t, struct change *c);

#endif
