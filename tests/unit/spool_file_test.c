#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "agents/agency/spool/file.h"
#include "schema/arena.h"
#include "tests/t.h"

/* The rows of a file after line `place`: "2 {json}; 5 field: reason; 6 cut ...". */
static const char *
rows_of(const char *name, const char *text, int64_t place)
{
    static char said[4096];
    struct arena *arena = arena_new();
    int fd = memfd_create(name, MFD_CLOEXEC);
    struct spool_file *f;
    struct spool_row row;
    struct fault why;
    size_t out = 0;

    CHECK_INT(strlen(text), write(fd, text, strlen(text)));
    lseek(fd, 0, SEEK_SET);
    said[0] = '\0';
    if (spool_file_open(&f, fd, name, &why) != 1) {
        snprintf(said, sizeof said, "%s", why.reason);
    } else {
        if (place)
            CHECK_INT(0, spool_file_go(f, place));
        while (spool_file_next(f, arena, &row) == 1) {
            struct text what = row.refused   ? text_of(row.why.reason)
                               : row.nothing ? text_of("nothing")
                                             : row.json;
            out += (size_t)snprintf(said + out, sizeof said - out, "%" PRId64 " %s%.*s; ", row.line,
                                    row.whole ? "" : "cut ", (int)what.len, what.at);
        }
    }
    spool_file_close(&f);
    arena_destroy(&arena);
    return said;
}

TEST(spool_file_reads_json_lines)
{
    CHECK_STR("", rows_of("a.jsonl", "", 0));
    CHECK_STR("", rows_of("a.jsonl", "\xef\xbb\xbf\n \t\r\n", 0));
    CHECK_STR("1 {}; 3 x; 4 {\"a\"; ", rows_of("a.jsonl", "{}\n\nx\n{\"a\"\n", 0));
    CHECK_STR("1 {}; 2 cut {\"a; ", rows_of("a", "\xef\xbb\xbf{}\r\n{\"a", 0));
    CHECK_STR("4 d; ", rows_of("a.jsonl", "a\nb\nc\nd\n", 3));
    CHECK_STR("", rows_of("a.jsonl", "a\nb\n", 2));
    CHECK_STR("", rows_of("a.jsonl", "a\nb", 2));
    CHECK_STR("2 b; ", rows_of("a.jsonl", &"\na\nb\n"[1], 1));
}

TEST(spool_file_reads_csv)
{
    CHECK_STR("", rows_of("a.csv", "", 0));
    CHECK_STR("", rows_of("a.csv", "action,note\n", 0));
    CHECK_STR("2 {\"kind\":\"progress\",\"action\":\"a/1\",\"note\":\"x\\ny\"}; "
              "4 {\"kind\":\"progress\",\"note\":\"z\"}; ",
              rows_of("a.CSV",
                      "\xef\xbb\xbf"
                      "action,note\r\na/1,\"x\r\ny\"\r\n,z\r\n",
                      0));
    CHECK_STR("4 {\"kind\":\"progress\",\"note\":\"z\"}; ",
              rows_of("a.csv", "action,note\na/1,\"x\ny\"\n,z\n", 2));
    CHECK_STR("", rows_of("a.csv", "action,note\na/1,x\n", 2));
    CHECK_STR("2 nothing; 3 the last line has no end: the file may have been cut off in it; ",
              rows_of("a.csv", "action\na/1\na/2", 0));
    CHECK_STR("2 cell 2 has no heading; 3 nothing; ", rows_of("a.csv", "action\na/1,x\na/2\n", 0));
    CHECK_STR("3 nothing; ", rows_of("a.csv", "action,note\n,\na/1, \n,\n\n , \n", 0));
    CHECK(strstr(rows_of("a.csv", "action\n\"a/1\n", 0), "never closed"));
    CHECK_STR("2 {\"kind\":\"progress\",\"action\":\"a/1\",\"note\":\"x, y\"}; ",
              rows_of("a.csv", "\"action\";\"note\"\r\na/1;x, y\r\n", 0));
}

/* One row without headings would be taken for them, and nothing said of it. */
TEST(spool_file_without_headings_is_refused)
{
    CHECK(strstr(rows_of("a.csv", "da/1,in-progress\n", 0), "line 1: none of these is a field"));
    CHECK(strstr(rows_of("a.csv", "\nReturn of\n", 0), "line 2: none of these is a field"));
    CHECK(strstr(rows_of("a.csv", "(title)\nx\n", 0), "none of these is a field"));
    CHECK_STR("", rows_of("a.csv", "evidence.title,mistyped\n", 0));
    CHECK_STR("", rows_of("a.csv", " title \n", 0));
    CHECK(strstr(rows_of("a.xlsx", "PK\3\4 \n1\n", 0), "is a workbook"));
    CHECK(strstr(rows_of("a.csv", "PK\3\4 \n1\n", 0), "is a workbook"));
    CHECK(strstr(rows_of("a.xls", "\xd0\xcf\x11\xe0", 0), "is a workbook"));
    CHECK_STR("1 cut PK; ", rows_of("a.jsonl", "PK", 0));
}
