/* On what it was measured: figures of two machines say nothing of each other. */
#ifndef TESTS_BENCH_MACHINE_NAME_H
#define TESTS_BENCH_MACHINE_NAME_H

#include <stdbool.h>

enum { MACHINE_NAME = 240 };

/* "2 x AMD EPYC 7763, ext4, Linux 6.1.0", of the file system that `folder` is on. */
void machine_name(const char *folder, char out[MACHINE_NAME]);

/* Is that one in memory, where a sync costs nothing? */
bool machine_forgets(const char *folder);

#endif
