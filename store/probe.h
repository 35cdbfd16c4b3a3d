/* Something that may crash, tried in a child process first: LMDB follows what
   it reads, and a damaged page can lead it anywhere. */
#ifndef STORE_PROBE_H
#define STORE_PROBE_H

/* Runs `work` in a child and waits. Returns 0 if it came back, whatever it
   returned, 1 if it crashed; -errno if there can be no child. Threads and locks
   do not come along: call it before there are any. */
int probe_run(void (*work)(void *context), void *context);

#endif
