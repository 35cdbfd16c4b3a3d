/* On what it was measured: figures of two machines say nothing of each other. */
#ifndef TESTS_BENCH_MACHINE_NAME_H
#define TESTS_BENCH_MACHINE_NAME_H

enum { MACHINE_NAME = 240 };

/* "2 x AMD EPYC 7763, ext4, Linux 6.1.0", of the file system that scratch folders are on. Ends
   the program where that is in memory, where a sync costs nothing. */
void machine_name(char out[MACHINE_NAME]);

#endif
