#include "tests/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/t.h"

void
scratch_make(struct scratch *s)
{
    const char *where = getenv("TMPDIR");

    (void)snprintf(s->path, sizeof s->path, "%s/maat.XXXXXX", where ? where : "/tmp");
    CHECK(mkdtemp(s->path));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void
scratch_remove(struct scratch *s)
{
    CHECK_INT(0, nftw(s->path, remove_one, 16, FTW_DEPTH | FTW_PHYS));
}

const char *
scratch_file(const struct scratch *s, const char *name)
{
    static char path[512];

    (void)snprintf(path, sizeof path, "%s/%s", s->path, name);
    return path;
}
