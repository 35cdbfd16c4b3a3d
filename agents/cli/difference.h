/* What others changed of a plan or an action since a person looked at it, told from
   the journal: which entries, of whom, and field by field what was and what is. */
#ifndef AGENTS_CLI_DIFFERENCE_H
#define AGENTS_CLI_DIFFERENCE_H

#include "agents/cli/talk.h"

/* `kind` is plan or action, `seen` the entry to which it had been seen. As JSON, an
   object a line: {"entry": ...} and {"field": ..., "was": ..., "is": ...}. */
int difference_print(struct talk *t, enum submission_kind kind, const char *id, int64_t seen);

#endif
