/* A folder of its own for a test, below TMPDIR. */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

struct scratch {
    char path[256];
};

/* Fails the test if there can be none. */
void scratch_make(struct scratch *s);

/* With all that is in it. What a failed test leaves behind stays to be looked at. */
void scratch_remove(struct scratch *s);

/* PATH/name, until the next call. */
const char *scratch_file(const struct scratch *s, const char *name);

#endif
