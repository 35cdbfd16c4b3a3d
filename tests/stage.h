/* A board with something on it, for system tests: the broker runs, the agencies
   police and health have a client each (police.zpl, health.zpl), plan da-2016 of
   all has the action da-2016/1.1 led by both, plan sealed is the leads' alone
   and has sealed/1, and two leads are there (board/lead.zpl, chair.zpl).     */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "tests/caller.h"

struct stage {
    struct rig *rig;
    struct caller *operator, * lead, *police;
};

/* `more`: arguments of the broker, or NULL. */
struct stage stage_open(const char *const more[]);

/* The same in a rig whose broker runs already. */
struct stage stage_build(struct rig *r);

/* Ends all but the rig, which may still be looked at; then that too. */
void stage_leave(struct stage *s);
void stage_close(struct stage *s);

/* Stops the broker with SIGTERM, which must end it well, and has the directory
   verified, which must be clean. */
void stage_stop(struct stage *s);
void stage_verify(struct stage *s);

/* The same, and all is over. */
void stage_end(struct stage *s);

#endif
