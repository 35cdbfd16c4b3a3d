#include "tests/bench/works.h"

static const struct work *const works[] = {&work_pushes, &work_follow, &work_snapshot, &work_memory,
                                           &work_agent};

const struct work *
work_at(size_t i)
{
    return i < sizeof works / sizeof *works ? works[i] : NULL;
}
