/* The UNIX socket at which callers of this host come in. */
#ifndef AGENTS_AGENCY_CALLERS_SOCKET_H
#define AGENTS_AGENCY_CALLERS_SOCKET_H

#include "agents/agency/options.h"
#include "schema/why.h"

/* Makes the socket that the options name, for those whom they let in; one that a dead
   agent left is taken away. The listening descriptor and its path, for the caller to
   remove in the end; or -errno with a sentence in `why`. */
enum { CALLERS_SOCKET_PATH = 108 };
int callers_listen(const struct agent_option *o, char path[CALLERS_SOCKET_PATH], struct why *why);

/* Those who are in. */
struct callers_crowd {
    const unsigned *count;
    unsigned most;
    int64_t (*heard)(const void *who, unsigned i); /* when it last said something, of a clock
                                                      that never jumps */
    void (*remove)(void *who, unsigned i);
};

/* Who comes in next, or -1. Where there is no room, or the process has no more descriptors,
   the one that said nothing for longest is sent away. */
int callers_next(int listening, const struct callers_crowd *crowd, void *who);

#endif
