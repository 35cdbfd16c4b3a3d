/* Something that may crash, tried in a child process first: LMDB follows what
   it reads, and a damaged page can lead it anywhere. */
#ifndef STORE_PROBE_H
#define STORE_PROBE_H

#include "schema/why.h"

/* Runs `work` in a child and waits. Returns 0 if it came back, whatever it
   returned, 1 if it crashed; -errno if there can be no child. Threads and locks
   do not come along: call it before there are any. */
int probe_run(void (*work)(void *context), void *context);

/* What probe_try returns where the child crashed. */
enum { PROBE_CRASHED = -31201 };

/* The same of work that has something to say: what it returned, and its `why`, which
   is empty where it crashed. What it prints on stdout is printed. Memory that it
   changes stays the child's. */
int probe_try(int (*work)(void *context, struct why *why), void *context, struct why *why);

#endif
