#include "agents/cli/import/suggested_agency.h"
#include "tests/t.h"

static struct text
text(const char *s)
{
    return (struct text){s, (uint32_t)strlen(s)};
}

TEST(suggested_agency_commands)
{
    /* clang-format off */
    static const struct { const char *name, *want; } rows[] = {
        {"Women's Aid", "maat agency add womens-aid --name \"Women's Aid\" --sector voluntary"},
        {"Women’s  Aid\n(Riverside)",
         "maat agency add womens-aid-riverside --name \"Women’s Aid (Riverside)\" --sector voluntary"},
        {"Ambulance Service", "maat agency add ambulance-service --name \"Ambulance Service\" --sector health"},
        {"Police and Crime Commissioner",
         "maat agency add police-and-crime-commissioner --name \"Police and Crime Commissioner\" --sector police"},
        {"Trading Standards", "maat agency add trading-standards --name \"Trading Standards\" --sector SECTOR"},
        {"Audit Sub-Group", "maat agency add audit-sub-group --name \"Audit Sub-Group\" --sector partnership"},
        {"…", "maat agency add ID --name \"…\" --sector SECTOR"},
        {"It's $(rm)", "maat agency add its-rm --name 'It'\\''s $(rm)' --sector SECTOR"},
        {"a \"b\"", "maat agency add a-b --name 'a \"b\"' --sector SECTOR"},
        {"`x`", "maat agency add x --name '`x`' --sector SECTOR"},
        {"x\\", "maat agency add x --name 'x\\' --sector SECTOR"},
        {"x!", "maat agency add x --name 'x!' --sector SECTOR"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char buf[256];
        CHECK(suggested_agency_command(buf, sizeof buf, text(rows[i].name)));
        CHECK_STR(rows[i].want, buf);
    }
}

TEST(suggested_agency_says_when_it_does_not_fit)
{
    static char name[502];
    char buf[4096];
    char small[64];
    const char *want = "maat agency add x --name \"x\" --sector SECTOR";

    CHECK(suggested_agency_command(small, strlen(want) + 1, text("x")));
    CHECK_STR(want, small);
    CHECK(!suggested_agency_command(small, strlen(want), text("x")));
    for (size_t i = 0; i < sizeof name - 2; i++)
        name[i] = i % 2 ? '1' : 'a';
    CHECK(suggested_agency_command(buf, sizeof buf, text(name)));
    CHECK(strncmp(buf, "maat agency add ID ", 19) == 0); /* no id is so long */
    memset(name, '\'', sizeof name - 1);
    CHECK(!suggested_agency_command(buf, sizeof buf, text(name)));
    name[500] = '\0';
    name[0] = '$';
    CHECK(suggested_agency_command(buf, sizeof buf, text(name)));
    CHECK_INT(strlen("maat agency add ID --name  --sector SECTOR") + 2 + 1 + 4 * 499, strlen(buf));
}
