/* maat plan member ...: agencies come to a plan, or go. */
#ifndef AGENTS_CLI_PLAN_MEMBER_H
#define AGENTS_CLI_PLAN_MEMBER_H

#include "schema/commands.h"

/* The first word is the plan, the others are agencies. */
int plan_member_add(const struct invocation *in, struct arena *arena);

/* With the options of plan_reason_option (plan.h). */
int plan_member_remove(const struct invocation *in, struct arena *arena);

#endif
