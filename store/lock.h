/* One program at a time in a data directory. LMDB's own lock file would let a
   second one in, and opening twice in one process breaks its locking. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "schema/why.h"

/* Takes the lock DIR/lock, making the file if it is not there; the kernel gives
   it back when the process ends, however it ends. Returns a descriptor for
   lock_release, -EWOULDBLOCK if somebody has it (`why` names the process), or
   another -errno. */
int lock_take(const char *dir, struct why *why);

/* Does nothing to -1; sets *lock to -1. */
void lock_release(int *lock);

#endif
