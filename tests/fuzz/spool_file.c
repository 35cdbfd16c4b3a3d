/* Any bytes as a file of the spool, first as JSON Lines, then as CSV: its rows come
   in order of their lines; reading it again from after any of them gives the same
   rest; and what a row of CSV becomes is a JSON object.                       */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agents/agency/spool/file.h"
#include "schema/submission_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROWS = 64 };

static void
check(bool holds)
{
    if (!holds)
        abort();
}

/* Up to ROWS rows after a line: their lines, and whether they were refused. */
static int
read_rows(const char *name, int fd, struct arena *arena, int64_t place, struct spool_row rows[ROWS])
{
    struct spool_file *f;
    struct fault why = {.reason = ""};
    int count = 0;

    check(lseek(fd, 0, SEEK_SET) == 0);
    int rc = spool_file_open(&f, dup(fd), name, &why);
    check(rc == 1 || (rc == 0 && *why.reason));
    if (rc == 0)
        return 0;
    check(spool_file_go(f, place) == 0);
    while (count < ROWS && spool_file_next(f, arena, &rows[count]) == 1) {
        struct spool_row *row = &rows[count++];
        check(row->line > place && row->line == spool_file_place(f));
        place = row->line;
        if (row->refused)
            check(*row->why.reason);
        else
            row->json.at = text_string(arena, row->json);
    }
    spool_file_close(&f);
    return count;
}

static void
check_file(const char *name, int fd, bool objects)
{
    static struct spool_row rows[ROWS], again[ROWS];
    struct arena *arena = arena_new();
    struct submission_line line;
    struct fault fault;
    int count = read_rows(name, fd, arena, 0, rows);

    for (int i = 0; i < count && objects; i++)
        if (!rows[i].refused && !rows[i].nothing
            && !submission_from_json(arena, &line, rows[i].json.at, rows[i].json.len, &fault))
            check(fault.code != FAULT_MALFORMED || *fault.field);
    for (int i = 0; i < count && i < 4; i++) {
        int rest = read_rows(name, fd, arena, rows[i].line, again);
        check(count == ROWS || rest == count - i - 1);
        for (int k = 0; k < rest && i + 1 + k < count; k++) {
            check(again[k].line == rows[i + 1 + k].line
                  && again[k].refused == rows[i + 1 + k].refused);
            check(again[k].refused || text_equal(again[k].json, rows[i + 1 + k].json));
        }
    }
    arena_destroy(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    int fd = memfd_create("spool", MFD_CLOEXEC);

    check(write(fd, data, len) == (ssize_t)len);
    check_file("a.jsonl", fd, false);
    check_file("a.csv", fd, true);
    close(fd);
    return 0;
}
