#include "agents/files/table.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/t.h"

/* "line: cell | cell" of each row, or "!" and why it is no table. */
static const char *
spelled(const char *text)
{
    static char buf[4096];
    struct table *t;
    struct fault why;
    size_t len = 0;

    buf[0] = '\0';
    if (!table_parse(&t, text, strlen(text), &why)) {
        CHECK(t == NULL);
        (void)snprintf(buf, sizeof buf, "!%s", why.reason);
        return buf;
    }
    for (size_t row = 0; row < table_rows(t); row++) {
        len += (size_t)snprintf(buf + len, sizeof buf - len, "%s%zu:", row ? "; " : "",
                                table_line(t, row));
        for (size_t i = 0; i < table_cells(t, row); i++)
            len += (size_t)snprintf(buf + len, sizeof buf - len, "%s%s", i ? "|" : " ",
                                    table_cell(t, row, i));
    }
    table_free(&t);
    CHECK(t == NULL);
    return buf;
}

TEST(table_reads_rows_with_their_lines)
{
    /* clang-format off */
    static const struct { const char *text, *want; } rows[] = {
        {"", ""},
        {"\n \n\t\n", ""},
        {"a", "1: a"},
        {"a,b\nc,d\n", "1: a|b; 2: c|d"},
        {"a,b\r\nc,d\r\n", "1: a|b; 2: c|d"},
        {"a;b\nc,d;e\n", "1: a|b; 2: c,d|e"},
        {"\xef\xbb\xbf" "\"a\";\"b,c\"\r\n\"d;\";\"e\n\"\r\n", "1: a|b,c; 2: d;|e\n"},
        {" \t\n\na\tb\n c ;d\t e\n", "3: a|b; 4: c ;d|e"},
        {" \t\n\na;b\tc", "3: a|b\tc"},
        {"a;b\tc\nd\te;f\n", "1: a|b\tc; 2: d\te|f"},
        {"\"a;b\"\nc;d\n", "1: a;b; 2: c;d"},
        {"a\nb;c\td\n", "1: a; 2: b;c\td"},
        {"a;b,c\nd;e\n", "1: a;b|c; 2: d;e"},
        {"a,b\rc,d\r", "1: a|b; 2: c|d"},
        {"\xef\xbb\xbf" "a\nb", "1: a; 2: b"},
        {"\n\na\n\n\nb", "3: a; 6: b"},
        {"a\r\n\r\n\r\nb", "1: a; 4: b"},
        {"a,\"two\nlines\",c\nd", "1: a|two\nlines|c; 3: d"},
        {"a,\"two\r\nlines\",c\r\nd", "1: a|two\nlines|c; 3: d"},
        {"a,\"two\rlines\"\rd", "1: a|two\nlines; 3: d"},
        {"\"blank\n\n\nlines\"\nd", "1: blank\n\n\nlines; 5: d"},
        {"\"a \"\"b\"\"\",\",\"", "1: a \"b\"|,"},
        {"  a b  ,\" c \"", "1: a b| c "},
        {",,", "1: ||"},
        {"a\nb,c,d", "1: a; 2: b|c|d"},
        {"\"\"", "1: "},
        {"\"a\r\"", "1: a\n"},
        {"\xef\xbb\xbf", ""},
        {"Children\u2019s", "1: Children\u2019s"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(rows[i].want, spelled(rows[i].text));
}

TEST(table_says_on_which_line_it_is_wrong)
{
    /* clang-format off */
    static const struct { const char *text, *want; } rows[] = {
        {"a\nb,c\"d\n", "!line 2: a quote where none may be, in the row that begins on line 2"},
        {"a\n\"b\"c\n", "!line 2: a quote where none may be, in the row that begins on line 2"},
        {"a\n\"b\nc\nd,\"e\"\n", "!line 4: a quote where none may be, in the row that begins on line 2"},
        {"a\n\"b\nc\nd", "!line 2: a quote in the row that begins here is never closed"},
        {"a\nb,\x92\n", "!line 2: byte 3 is not UTF-8"},
        {"a\nb,caf\xc3", "!line 2: byte 6 is not UTF-8"},
        {"\xff\xfe", "!line 1: UTF-16"},
        {"\xff\xfe" "a", "!line 1: UTF-16"},
        {"\xfe\xff" "a", "!line 1: UTF-16"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = spelled(rows[i].text);
        if (strncmp(rows[i].want, got, strlen(rows[i].want)) != 0)
            CHECK_STR(rows[i].want, got);
    }
}

TEST(table_refuses_a_zero_byte)
{
    struct table *t;
    struct fault why;

    CHECK_INT(0, table_parse(&t, "a\0b", 3, &why));
    CHECK(strstr(why.reason, "line 1: byte 2 is zero"));
    CHECK_INT(0, table_parse(&t, "\n\0", 2, &why)); /* nor is it a blank line */
    CHECK(strstr(why.reason, "line 2: byte 1 is zero"));
}

TEST(table_cell_past_the_row_is_empty)
{
    struct table *t;
    struct fault why;

    CHECK_INT(1, table_parse(&t, "a,b\nc", 5, &why));
    CHECK_INT(1, table_cells(t, 1));
    CHECK_STR("", table_cell(t, 1, 1));
    CHECK_STR("", table_cell(t, 1, 1000));
    table_free(&t);
}

TEST(table_takes_as_many_columns_as_it_may)
{
    char text[2 * TABLE_COLUMNS + 8];
    struct table *t;
    struct fault why;

    memset(text, ',', sizeof text);
    memcpy(text, "a\n", 2);
    CHECK_INT(1, table_parse(&t, text, 2 + TABLE_COLUMNS - 1, &why));
    CHECK_INT(TABLE_COLUMNS, table_cells(t, 1));
    table_free(&t);
    text[2 + TABLE_COLUMNS] = '\n';
    CHECK_INT(0, table_parse(&t, text, 2 + TABLE_COLUMNS + 1, &why));
    CHECK_INT(FAULT_LIMIT, why.code);
    CHECK(strstr(why.reason, "line 2: "));
}

/* The same rows from a file as from memory; a directory can be opened, and
   not read. */
TEST(table_read_reads_to_the_end)
{
    char text[] = "a,b\n\"c\nd\",e";
    struct table *t;
    struct fault why;
    FILE *in = fmemopen(text, strlen(text), "r");

    CHECK_INT(1, table_read(&t, in, &why));
    CHECK_INT(2, table_rows(t));
    CHECK_STR("c\nd", table_cell(t, 1, 0));
    table_free(&t);
    (void)fclose(in);
    in = fopen(".", "r");
    CHECK_INT(-EISDIR, table_read(&t, in, &why));
    CHECK(t == NULL);
    (void)fclose(in);
}

TEST(table_is_of_ten_megabytes_at_most)
{
    char *text = malloc((size_t)TABLE_BYTES + 1);
    struct table *t;
    struct fault why;

    CHECK(text != NULL);
    for (size_t i = 0; i <= TABLE_BYTES; i++)
        text[i] = i % 1024 == 1023 ? '\n' : 'a';
    CHECK_INT(1, table_parse(&t, text, TABLE_BYTES, &why));
    CHECK_INT(TABLE_BYTES / 1024, table_rows(t));
    CHECK_INT(TABLE_BYTES / 1024, table_line(t, table_rows(t) - 1));
    table_free(&t);
    FILE *in = fmemopen(text, (size_t)TABLE_BYTES + 1, "r");
    CHECK_INT(0, table_read(&t, in, &why));
    CHECK_INT(FAULT_LIMIT, why.code);
    (void)fclose(in);
    free(text);
}
