/* schema/FIELDS.md is what the tables say. */
#include "schema/fields.h"

#include <stdlib.h>

#include "tests/t.h"

TEST(fields_document_is_not_stale)
{
    size_t len = fields_document(NULL, 0);
    char *want = malloc(len + 1);
    char *got = malloc(len + 2);
    FILE *file = fopen("schema/FIELDS.md", "r");

    CHECK(want && got && file);
    CHECK_INT(len, fields_document(want, len + 1));
    size_t got_len = fread(got, 1, len + 1, file);
    fclose(file);
    if (got_len != len || memcmp(want, got, len) != 0)
        FAIL_WITH("schema/FIELDS.md is stale: run make docs");
    free(want);
    free(got);
}

TEST(fields_document_fits_what_it_is_given)
{
    char buf[10] = "123456789";

    CHECK_INT(fields_document(NULL, 0), fields_document(buf, 4));
    CHECK_STR("# F", buf);
    CHECK_STR("56789", buf + 4);
}
