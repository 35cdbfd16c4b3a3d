/* Lines of text from a descriptor: a caller's socket, a file of the spool.

       lines_init -> { lines_read -> lines_next until it is LINES_NONE } ...

   A line that is too long is told once and skipped; the others are not hurt. */
#ifndef AGENTS_FILES_LINES_H
#define AGENTS_FILES_LINES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "schema/record.h"

/* A body of 64 KiB, each byte of it escaped as JSON allows. */
enum { LINES_MAX = 400 * 1024 };

struct lines {
    int fd;         /* borrowed */
    int64_t number; /* of the last line that was given, the first being 1 */
    size_t begin, end;
    bool skipping; /* the rest of a line that was too long */
    bool ended;    /* nothing more will come */
    char at[LINES_MAX];
};

void lines_init(struct lines *l, int fd);

/* Reads once, as much as there is room for: the number of bytes, 0 at the end (or
   where there is no room: take lines first), or -errno. */
ssize_t lines_read(struct lines *l);

enum lines_got {
    LINES_NONE,     /* no whole line; read on, or, where ended, there is none */
    LINES_LINE,     /* without its LF or CRLF; lives until the next lines_read */
    LINES_CUT,      /* the last line, which has no end */
    LINES_TOO_LONG, /* a line of more than LINES_MAX bytes */
};
enum lines_got lines_next(struct lines *l, struct text *line);

#endif
