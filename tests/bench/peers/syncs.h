/* Is "durable" true? Counts the calls of a server that have the kernel write its files to
   the disk, with strace; and makes each of them take longer, so that an acknowledgement
   which came sooner was not waiting for one.

       syncs_begin -> some work -> syncs_end                                            */
#ifndef TESTS_BENCH_PEERS_SYNCS_H
#define TESTS_BENCH_PEERS_SYNCS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum { SYNC_DELAY = 20 }; /* ms */

struct syncs {
    pid_t tracer;
    FILE *says; /* open as long as it may say something */
    char folder[256];
};

/* Of the process and all that it started. `each_write`: its files are such that each
   write to them is a sync; those are counted too, but not delayed. False: strace can't. */
bool syncs_begin(struct syncs *s, pid_t server, const char *folder, bool each_write);

/* How many syncs of files in the folder there were. */
int64_t syncs_end(struct syncs *s);

#endif
