/* What others changed of a row since a person looked at it, told from the journal:
   which entries, of whom; and of a plan or an action, whose submissions say all of it,
   field by field what was and what is. */
#ifndef AGENTS_CLI_DIFFERENCE_H
#define AGENTS_CLI_DIFFERENCE_H

#include "agents/cli/talk.h"

/* `kind` is agency, client, plan or action, `seen` the entry to which it had been seen.
   As JSON, an object a line: {"entry": ...} and {"field": ..., "was": ..., "is": ...}. */
int difference_print(struct talk *t, enum submission_kind kind, const char *id, int64_t seen);

#endif
