/* CSV that a spreadsheet opens, and that comes back as it was. */
#include "agents/files/csv_rows.h"

#include <stdlib.h>
#include <string.h>

#include "agents/files/table.h"
#include "schema/cells.h"
#include "tests/t.h"

static const char *const texts[] = {
    "",     "plain",  "a \"quoted\", one", "two\nlines", "=1+1", "+44", "-5 of 7",
    "@all", "'plain", "\xc3\xa9t\xc3\xa9", "a=b",
};
enum { TEXTS = sizeof texts / sizeof *texts };

TEST(csv_rows_hold_no_formula)
{
    struct csv_rows rows;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    csv_rows_begin(&rows, out);
    csv_rows_cell(&rows, text_of("=A\"1\""));
    csv_rows_cell(&rows, text_of(""));
    csv_rows_cell(&rows, text_of("\tx"));
    csv_rows_end(&rows);
    csv_rows_cell(&rows, text_of("x"));
    csv_rows_end(&rows);
    CHECK_INT(0, fclose(out));
    CHECK_STR("\xef\xbb\xbf\"'=A\"\"1\"\"\",,\"'\tx\"\r\n\"x\"\r\n", text);
    free(text);
}

/* Each as the note of a row. */
TEST(csv_rows_come_back_as_they_were)
{
    struct arena *arena = arena_new();
    const struct text heading = text_of("note");
    struct csv_rows rows;
    struct fault fault;
    struct table *t;
    char *text;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    csv_rows_begin(&rows, out);
    for (size_t i = 0; i < TEXTS; i++) {
        csv_rows_cell(&rows, text_of("begin"));
        csv_rows_cell(&rows, text_of(texts[i]));
        csv_rows_end(&rows);
    }
    CHECK_INT(0, fclose(out));
    CHECK_INT(1, table_parse(&t, text, len, &fault));
    CHECK_INT(TEXTS, table_rows(t));
    for (size_t i = 1; i < TEXTS; i++) { /* nothing is no note */
        const struct text written = text_of(table_cell(t, i, 1)), plain = text_of(texts[i]);
        const struct text guarded = text_of("begin");
        struct text got, want;
        CHECK(cells_to_json(arena, &heading, 1, &written, 1, &got, &fault));
        CHECK(!strchr("=+-@", written.at[0]));
        CHECK_STR(guarded.at, table_cell(t, i, 0));
        CHECK(cells_to_json(arena, &heading, 1, &plain, 1, &want, &fault));
        CHECK(text_equal(got, want));
    }
    table_free(&t);
    free(text);
    arena_destroy(&arena);
}
