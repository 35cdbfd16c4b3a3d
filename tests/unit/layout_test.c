/* store/LAYOUT.md draws every table that there is. */
#include <stdlib.h>

#include "schema/state.h"
#include "tests/t.h"

enum { DOCUMENT = 64 * 1024 };

static const char *
document(void)
{
    static char text[DOCUMENT];
    FILE *file = fopen("store/LAYOUT.md", "r");

    CHECK(file != NULL);
    size_t len = fread(text, 1, sizeof text - 1, file);
    text[len] = '\0';
    fclose(file);
    CHECK(len < sizeof text - 1);
    return text;
}

/* Each has a row that begins with its name, and names its record. */
TEST(layout_document_has_every_table_of_the_state)
{
    const char *text = strstr(document(), "## The state");

    CHECK(text != NULL);
    for (int t = 0; t < STATE_TABLE_COUNT; t++) {
        const struct record *record = state_tables[t].record;
        char begin[80];
        char line[1000];
        snprintf(begin, sizeof begin, "\n| `%s` |", state_tables[t].name);
        const char *row = strstr(text, begin);
        if (!row)
            FAIL_WITH("store/LAYOUT.md lacks the table %s", state_tables[t].name);
        snprintf(line, sizeof line, "%.*s", (int)strcspn(row + 1, "\n"), row + 1);
        if (record && !strstr(line, record->name))
            FAIL_WITH("%s does not name its record, %s", line, record->name);
    }
}

TEST(layout_document_counts_the_tables)
{
    CHECK_INT(12, STATE_TABLE_COUNT);
    CHECK(strstr(document(), "Fourteen tables")); /* and `ahead` and `meta` */
}
