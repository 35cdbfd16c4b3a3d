/* A folder of its own for a test, within one of this run below TMPDIR. When the run
   ends, well or by a failure, a crash or a signal, all that is left is removed; with
   KEEP=1 in the environment it stays to be looked at. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

struct scratch {
    char path[256];
};

/* Fails the test if there can be none. */
void scratch_make(struct scratch *s);

/* With all that is in it. */
void scratch_remove(struct scratch *s);

/* PATH/name, until the next call. */
const char *scratch_file(const struct scratch *s, const char *name);

#endif
