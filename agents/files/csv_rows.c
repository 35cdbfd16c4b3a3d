#include "agents/files/csv_rows.h"

#include <csv.h>
#include <string.h>

void
csv_rows_begin(struct csv_rows *rows, FILE *out)
{
    *rows = (struct csv_rows){.out = out};
    (void)fputs("\xef\xbb\xbf", out);
}

void
csv_rows_cell(struct csv_rows *rows, struct text text)
{
    if (rows->column++)
        (void)fputc(',', rows->out);
    if (!text.len)
        return;
    if (!strchr("=+-@\t\r", text.at[0])) {
        (void)csv_fwrite(rows->out, text.at, text.len);
        return;
    }
    (void)fputs("\"'", rows->out);
    for (uint32_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            (void)fputc('"', rows->out);
        (void)fputc(text.at[i], rows->out);
    }
    (void)fputc('"', rows->out);
}

void
csv_rows_end(struct csv_rows *rows)
{
    (void)fputs("\r\n", rows->out);
    rows->column = 0;
}
