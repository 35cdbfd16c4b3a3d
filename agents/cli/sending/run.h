/* One run of one command, to the broker itself: an outbox of its own, under the
   digest of what is sent and by whom (but `seen`, which a second run has anew).
   Cut off at any point, the same command again finds that outbox and goes on in
   it, and says so; the broker, which counts, takes nothing twice. One that has all
   its verdicts, and was cut off only before that was noted, is gone on with for an
   hour: later the same command means once more.

   What was made from no view goes in stages: first what changes its row, then,
   when that has its entry, itself. How far a run has come is the outbox's last n. */
#ifndef AGENTS_CLI_SENDING_RUN_H
#define AGENTS_CLI_SENDING_RUN_H

#include "agents/cli/sending/sending.h"

/* As sending_run; the talk is connected. */
int run_send(struct sending *s);

/* As sending_begun. */
int run_begun(struct sending *s, bool *begun);

#endif
