/* Who may put files into the spool. What lies there is said in the agency's name, so it is
   never everybody of a host. */
#ifndef AGENTS_AGENCY_SPOOL_MODES_H
#define AGENTS_AGENCY_SPOOL_MODES_H

#include <stdbool.h>
#include <sys/stat.h>

#include "schema/why.h"

/* `folder` is an open descriptor of root. With a group ("" for none) it becomes that group's, of
   mode 3770: who is of the group may put files in and read the results, and what they make there
   is the group's too; but what is another's, or the agent's, they can neither rename nor remove
   (sticky). 2770 will do, and is told of, where it is another user's, or its mode can't be set.
   Refused where anybody may write in it, or where it is neither so nor can be made so. 0, or
   -errno with a sentence in `why`. */
int spool_modes_set(int folder, const char *root, const char *group, struct why *why);

/* Whether a folder with these modes, of an agent of that user, keeps those of its group from what
   is not theirs, and lets the agent take what they put there; else false with a sentence. */
bool spool_modes_will_do(const char *root, const struct stat *st, uid_t agent, struct why *why);

#endif
