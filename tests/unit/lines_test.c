#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agents/files/lines.h"
#include "tests/t.h"

/* The lines of a text as "[one][two]", a cut one as "(cut)", a long one as "<long>",
   read from a pipe in pieces of `piece` bytes. */
static const char *
split(const char *text, size_t piece)
{
    static char said[4096];
    struct lines *lines = malloc(sizeof *lines);
    int fd[2];
    size_t len = strlen(text), out = 0;
    struct text line;
    enum lines_got got;

    CHECK_INT(0, pipe2(fd, O_NONBLOCK | O_CLOEXEC));
    lines_init(lines, fd[0]);
    said[0] = '\0';
    while (!lines->ended) {
        size_t now = len < piece ? len : piece;
        CHECK_INT(now, write(fd[1], text, now));
        text += now;
        if (!(len -= now))
            close(fd[1]);
        while (lines_read(lines) > 0)
            ;
        while ((got = lines_next(lines, &line)) != LINES_NONE)
            out += (size_t)snprintf(said + out, sizeof said - out,
                                    got == LINES_LINE  ? "[%.*s]"
                                    : got == LINES_CUT ? "(%.*s)"
                                                       : "<long>",
                                    (int)line.len, line.at);
    }
    close(fd[0]);
    free(lines);
    return said;
}

TEST(lines_come_whole_however_they_arrive)
{
    for (size_t piece = 1; piece < 12; piece++) {
        CHECK_STR("[one][two][][four]", split("one\ntwo\r\n\nfour\n", piece));
        CHECK_STR("[one](two)", split("one\ntwo", piece));
        CHECK_STR("", split("", piece));
        CHECK_STR("[]", split("\n", piece));
    }
}

TEST(lines_too_long_are_told_once_and_skipped)
{
    struct lines *lines = malloc(sizeof *lines);
    int fd = memfd_create("lines", 0);
    char *big = malloc(LINES_MAX);
    struct text line;
    enum lines_got got;
    int longs = 0, whole = 0;

    memset(big, 'x', LINES_MAX);
    CHECK_INT(6, write(fd, "first\n", 6));
    for (int i = 0; i < 3; i++)
        CHECK_INT(LINES_MAX, write(fd, big, LINES_MAX));
    CHECK_INT(8, write(fd, "\nsecond\n", 8));
    CHECK_INT(LINES_MAX - 1, write(fd, big, LINES_MAX - 1)); /* just fits */
    CHECK_INT(6, write(fd, "\nlast\n", 6));
    lseek(fd, 0, SEEK_SET);
    lines_init(lines, fd);
    while (!lines->ended) {
        CHECK(lines_read(lines) >= 0);
        while ((got = lines_next(lines, &line)) != LINES_NONE) {
            longs += got == LINES_TOO_LONG;
            whole += got == LINES_LINE;
        }
    }
    CHECK_INT(1, longs);
    CHECK_INT(4, whole);
    CHECK_INT(5, lines->number);
    close(fd);
    free(big);
    free(lines);
}
