#include "tests/bench/run.h"

#include <string.h>

bool
run_is_wanted(const char *works, const char *name)
{
    size_t len = strlen(name);

    if (!*works)
        return true;
    for (const char *at = works; *at; at += strcspn(at, ",")) {
        at += *at == ',';
        if (strcspn(at, ",") == len && memcmp(at, name, len) == 0)
            return true;
    }
    return false;
}
