/* What a test asks of the machine, and not every machine allows. Where it does not,
   the test is skipped:

       if (!machine_small_disk(r, "board", "3m")) {
           rig_close(r);
           SKIP_WITH(MACHINE_NO_DISK);
       }                                                                         */
#ifndef TESTS_MACHINE_H
#define TESTS_MACHINE_H

#include "tests/rig.h"

#define MACHINE_NO_DISK "only root may mount a small disk here"
#define MACHINE_NO_TRACE "strace may not trace here"

/* A disk of that size at DIR/name, made if it is not there, for the programs that are
   started from now on. The test unmounts it; what a failed test leaves mounted
   nobody else sees, and it goes when the tests end. */
bool machine_small_disk(struct rig *r, const char *name, const char *size);

/* True if programs may be started by strace. */
bool machine_may_trace(struct rig *r);

#endif
