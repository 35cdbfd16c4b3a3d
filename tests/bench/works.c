#include "tests/bench/works.h"

static const struct work *const works[] = {
    &work_pushes, &work_follow, &work_snapshot, &work_rebuild,
    &work_growth, &work_memory, &work_agent,    &work_start,
};

const struct work *
work_at(size_t i)
{
    return i < sizeof works / sizeof *works ? works[i] : NULL;
}
