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

#endif
