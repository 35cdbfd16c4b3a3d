/* maat-agent rotate: another key in place of the agent's own, while it runs or not. The
   new key is enrolled under the old one; from then on both are valid, until the first use
   of the new one.

       KEY.next        the new key, made before anybody hears of it
       KEY.rotation/   an outbox with the one submission that enrols it
       KEY             the old one, until the broker has said that it knows the new one

   Cut off at any point, the same command goes on: the outbox sees to it that it is
   enrolled once, and KEY is at every moment one that the broker lets in. The new key is
   not used here: the agent that runs takes it up within a second (agent_key.h), a service
   that was handed a copy is restarted by systemd (maat-agent-key.path), or it is used at the
   agent's next start. Nothing is begun while one that runs has not taken up the last key. */
#ifndef AGENTS_AGENCY_COMMANDS_ROTATE_H
#define AGENTS_AGENCY_COMMANDS_ROTATE_H

#include "schema/commands.h"
#include "schema/records_of.h"

/* clang-format off */
#define ROTATE_OPTION_FIELDS(F, S)                                                                 \
    F(S, timeout, OPTIONAL, INT(1, 86400), "seconds to wait for the broker, and then for the agent that runs [30]")
#define ROTATE_OPTION_RECORDS(X) X(rotate_option, ROTATE_OPTION_FIELDS, CLOSED, "maat-agent rotate.")
/* clang-format on */

ROTATE_OPTION_RECORDS(RECORD_STRUCT)
ROTATE_OPTION_RECORDS(RECORD_EXTERN)

int rotate_key(const struct invocation *in, struct arena *arena);

#endif
