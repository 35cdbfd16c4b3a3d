#include <inttypes.h>
#include <stdio.h>

#include "broker/loop/inside.h"

void
loop_tell_supervisor(struct loop *l)
{
    size_t clients = sessions_count_open(l->service.sessions);
    enum closing closed = loop_closing(l);
    bool open = closed == OPEN_TO_ALL;
    char status[SUPERVISOR_STATUS];

    (void)snprintf(status, sizeof status, "entry %" PRId64 ", %zu client%s connected%s%s",
                   l->ledger->durable, clients, clients == 1 ? "" : "s",
                   open ? "" : "; nothing is accepted: ", open ? "" : closing_word[closed]);
    supervisor_alive(&l->supervisor, l->now.steady, status);
}
