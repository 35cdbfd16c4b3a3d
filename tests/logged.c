#include "tests/logged.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tests/t.h"

void
logged_begin(struct logged *l)
{
    l->before = dup(STDERR_FILENO);
    l->file = memfd_create("logged", MFD_CLOEXEC);
    CHECK(l->before >= 0 && l->file >= 0 && dup2(l->file, STDERR_FILENO) >= 0);
}

const char *
logged_end(struct logged *l, char text[LOGGED_TEXT])
{
    CHECK(dup2(l->before, STDERR_FILENO) >= 0);
    ssize_t len = pread(l->file, text, LOGGED_TEXT - 1, 0);
    CHECK(len >= 0);
    text[len] = '\0';
    (void)close(l->before);
    (void)close(l->file);
    return text;
}
