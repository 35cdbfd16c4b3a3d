#include "broker/commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

void
progress_show(const char *what, uint64_t done, uint64_t of)
{
    static int last = -1;
    int percent = of ? (int)(done * 100 / of) : 100;

    if (!isatty(STDERR_FILENO) || percent == last)
        return;
    last = percent;
    (void)fprintf(stderr, "\r%-12s [%-50.*s] %3d %%%s", what, percent / 2,
                  "##################################################", percent,
                  percent == 100 ? "\n" : "");
}
