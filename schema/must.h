/* Memory that a program can't go on without: it ends where there is none. What it promised
   is on the disk, and half an answer would be worse than none. */
#ifndef SCHEMA_MUST_H
#define SCHEMA_MUST_H

#include <stdlib.h>

static inline void *
must(void *block)
{
    if (!block)
        abort();
    return block;
}

#endif
