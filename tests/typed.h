/* maat as people type it, for system tests: a board to type to, and what must come of
   a command. The lead's key is board/lead.zpl, the operator's board/operator.zpl. */
#ifndef TESTS_TYPED_H
#define TESTS_TYPED_H

#include "tests/caller.h"

/* A broker that runs; police and health with a client each (police.zpl, health.zpl);
   of plan da-2016 the actions 1.1 and 1.2, which the police lead, and 2.1, which
   both lead and which counts training places. */
struct rig *typed_board(void);

/* Runs, and wants this exit code and this said. */
void typed(struct rig *r, int exit_code, const char *said, const char *command);

/* Does the lead's view of the action hold this? */
bool typed_shows(struct rig *r, const char *action, const char *what);

/* The journal's newest entry. */
long typed_newest(struct rig *r);

/* Stops the broker, has its directory verified, and ends the rig. */
void typed_end(struct rig *r);

#endif
