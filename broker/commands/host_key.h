/* A key for a lead or an operator who lost it, where nobody is left who could enrol another:
   made on the host, with the broker stopped. It is on the record as any other act is: the
   broker's own entry in the journal, with the reason, which every lead and operator is shown. */
#ifndef BROKER_COMMANDS_HOST_KEY_H
#define BROKER_COMMANDS_HOST_KEY_H

#include "schema/record.h"
#include "schema/why.h"
#include "schema/words.h"

/* Who gets it: enrolled with this role where it is not there; one that is there must have
   it. Its old key ends, and one that was revoked comes back. */
struct host_key {
    enum role role;
    struct text client, reason;
};

/* Into the new file `path`. 0, and `found` says whether the file tells where the broker is; or
   a negative error: -EINVAL where the board's rules say no. */
int host_key_make(const char *dir, const char *path, const struct host_key *asked, bool *found,
                  struct why *why);

#endif
