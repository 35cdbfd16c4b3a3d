#include "agents/cli/printed/lead.h"
#include "tests/t.h"

static const struct registered registry[] = {
    {"police", "Police"},
    {"childrens-social-care", "Children's Social Care"},
    {"health", "Health"},
    {"trust", "Health and Social Care Trust"},
    {"housing", "Housing"},
    {"homes", "Housing, Homes & Communities"},
    {"probation", "National Probation Service"},
    {"schools", "Schools"},
    {"refuge", "Women's Refuge (Riverside)"},
    {"yos", "Youth Offending Service"},
    {"aes", "Adult Education Service"},
    {"aers", "Adult Emergency Service"},
    {"0-19", "0-19 Service"},
    {"food", "Food Bank"},
};
enum { REGISTERED = sizeof registry / sizeof *registry };

/* Ids; "*" for all, "?" unknown, "~" aside, "!" ambiguous, with what is printed. */
static const char *
spelled(const char *cell)
{
    static const char marks[] = {[LEAD_ASIDE] = '~', [LEAD_UNKNOWN] = '?', [LEAD_AMBIGUOUS] = '!'};
    static char buf[4096];
    struct printed_leads got;
    size_t len = 0;

    printed_lead_read(&got, cell, registry, REGISTERED);
    buf[0] = '\0';
    for (size_t i = 0; i < got.count; i++) {
        const struct printed_lead *lead = &got.leads[i];
        len += (size_t)snprintf(buf + len, sizeof buf - len, "%s", i ? " + " : "");
        if (lead->kind == LEAD_AGENCY)
            len += (size_t)snprintf(buf + len, sizeof buf - len, "%s", registry[lead->agency].id);
        else if (lead->kind == LEAD_ALL)
            len += (size_t)snprintf(buf + len, sizeof buf - len, "*");
        else
            len += (size_t)snprintf(buf + len, sizeof buf - len, "%c%.*s", marks[lead->kind],
                                    (int)lead->text.len, lead->text.at);
    }
    return buf;
}

struct row {
    const char *cell, *want;
};

static void
check(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].want, spelled(rows[i].cell)) != 0)
            FAIL_WITH("\"%s\": want %s, got %s", rows[i].cell, rows[i].want, spelled(rows[i].cell));
}

#define CHECK_ROWS(rows) check(rows, sizeof(rows) / sizeof *(rows))

TEST(printed_lead_agencies)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"", ""},
        {" - ", ""},
        {"Police", "police"},
        {"POLICE.", "police"},
        {"the Police", "police"},
        {"Children’s Social Care", "childrens-social-care"},
        {"childrens social care", "childrens-social-care"},
        {"childrens-social-care", "childrens-social-care"},
        {"Police / Children's Social Care", "police + childrens-social-care"},
        {"Police/Health", "police + health"},
        {"Police, Health; Schools", "police + health + schools"},
        {"Police\nHealth", "police + health"},
        {"Police & Health", "police + health"},
        {"Police and Health", "police + health"},
        {"Police, Health and Schools", "police + health + schools"},
        {"• Police\n• Health", "police + health"},
        {"Police | Health", "police + health"},
        {"Police / police / POLICE", "police"},
        {"Police and", "police"},
        {"Police and / Health", "police + health"},
        {"and Police", "police"},
        {"/ Police ,", "police"},
        {"0-19 Service / Police", "0-19 + police"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_names_that_hold_a_separator)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"Health and Social Care Trust", "trust"},
        {"Health & Social Care Trust", "trust"},
        {"Health, Health and Social Care Trust", "health + trust"},
        {"Police and Health and Social Care Trust", "police + trust"},
        {"Housing, Homes and Communities", "homes"},
        {"Housing, Police", "housing + police"},
        {"Police and Housing, Homes & Communities / Health", "police + homes + health"},
        {"Women's Refuge (Riverside)", "refuge"},
        {"Women's Refuge (Riverside), Police", "refuge + police"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_initials)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"CSC", "childrens-social-care"},
        {"CSC/Police", "childrens-social-care + police"},
        {"csc", "?csc"}, /* not in capitals */
        {"HSCT", "trust"},
        {"HASCT", "trust"},
        {"HAST", "?HAST"},
        {"NPS & YOS", "probation + yos"},
        {"AES", "aes"}, /* an id, whatever else has these initials */
        {"WRR", "refuge"},
        {"FB", "food"},
        {"CS", "?CS"},
        {"CSCS", "?CSCS"},
        {"P", "?P"},
        {"Children's Social Care (CSC)", "childrens-social-care"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_ambiguous_initials)
{
    static const struct registered two[] = {{"a", "Adult Education Service"},
                                            {"b", "Adult Emergency Service"}};
    struct printed_leads got;

    printed_lead_read(&got, "Police, AES", two, 2);
    CHECK_INT(2, got.count);
    CHECK_INT(LEAD_AMBIGUOUS, got.leads[1].kind);
    CHECK(memcmp("AES", got.leads[1].text.at, got.leads[1].text.len) == 0);
}

TEST(printed_lead_ambiguous_names)
{
    static const struct registered two[] = {{"north", "Health"}, {"south", "Health"}};
    struct printed_leads got;

    printed_lead_read(&got, "Health", two, 2);
    CHECK_INT(1, got.count);
    CHECK_INT(LEAD_AMBIGUOUS, got.leads[0].kind);
}

TEST(printed_lead_all)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"All", "*"},
        {"all.", "*"},
        {"All agencies", "*"},
        {"ALL PARTNERS", "*"},
        {"All partner agencies", "*"},
        {"All member agencies of the Board", "*"},
        {"All LSCB partners", "*"},
        {"All KSCB agencies", "*"},
        {"All KSCP agencies", "*"},
        {"All kscb agencies", "?All kscb agencies"},
        {"All KSAB agencies", "?All KSAB agencies"},
        {"All XKSCB agencies", "?All XKSCB agencies"},
        {"All Safeguarding Children Board partners", "*"},
        {"Each agency", "*"},
        {"Every partner organisation", "*"},
        {"All agencies / Police", "* + police"},
        {"Each", "?Each"},
        {"All boards", "?All boards"},
        {"All children", "?All children"},
        {"All children's partners", "?All children's partners"},
        {"All agencies except Housing", "?All agencies except Housing"},
        {"All relevant agencies", "?All relevant agencies"},
        {"All schools", "?All schools"},
        {"Partners", "?Partners"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_posts_and_asides)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"Head of Service, Children's Social Care", "~Head of Service + childrens-social-care"},
        {"Head of Service Children's Social Care", "childrens-social-care + ~Head of Service"},
        {"Head of Children’s Social Care", "childrens-social-care + ~Head of"},
        {"CSC Team Manager", "childrens-social-care + ~Team Manager"},
        {"Police - Detective Chief Inspector", "~Police - Detective Chief Inspector"},
        {"Police Inspector", "police + ~Inspector"},
        {"Designated Nurse, Health", "~Designated Nurse + health"},
        {"Lead: Police", "~Lead + police"},
        {"Police (lead), Health (support)", "police + ~lead + health + ~support"},
        {"Health (Midwifery)", "health + ~Midwifery"},
        {"Schools [primary and secondary]", "schools + ~primary + ~secondary"},
        {"Health (with Police)", "health + ~with Police"},
        {"Health (Midwifery), Fire", "health + ~Midwifery + ?Fire"},
        {"Health [Midwifery] Fire", "health + ~Midwifery + ?Fire"},
        {"Health) Fire (Watch)", "health + ?Fire + ~Watch"},
        {"Health (x and / y)", "health + ~x + ~y"},
        {"Led by Police", "police + ~Led by"},
        {"Head of Mental Health", "~Head of Mental Health"},
        {"Health Visitor Manager", "~Health Visitor Manager"},
        {"Director of Public Health", "~Director of Public Health"},
        {"Team Manager", "~Team Manager"},
        {"Head of Safeguarding and Quality Assurance, CSC",
         "~Head of Safeguarding and Quality Assurance + childrens-social-care"},
        {"Head of Housing and Head of Police", "housing + ~Head of + police + ~Head of"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_unknown)
{
    /* clang-format off */
    static const struct row rows[] = {
        {"Ambulance Service", "?Ambulance Service"},
        {"Police / Ambulance  Service", "police + ?Ambulance  Service"},
        {"Police and Crime Commissioner", "?Police and Crime Commissioner"},
        {"Crime Commissioner and Police", "?Crime Commissioner and Police"},
        {"Police and Crime Commissioner, Health", "?Police and Crime Commissioner + health"},
        {"Police Service", "?Police Service"},
        {"Police?", "?Police?"},
        {"Police / ?", "police + ??"},
        {"Merseyside Police", "?Merseyside Police"},
        {"Health and", "health"},
        {"Fire and and", "?Fire and"},
        {"Police and Head of Foo and Bar", "?Police and Head of Foo and Bar"},
    };
    /* clang-format on */
    CHECK_ROWS(rows);
}

TEST(printed_lead_without_a_registry)
{
    struct printed_leads got;

    printed_lead_read(&got, "Police / All", NULL, 0);
    CHECK_INT(2, got.count);
    CHECK_INT(LEAD_UNKNOWN, got.leads[0].kind);
    CHECK_INT(LEAD_ALL, got.leads[1].kind);
}

/* "Lead aa/Lead ab/...": an agency and a word beside it each. */
TEST(printed_lead_says_when_there_are_too_many)
{
    enum { AGENCIES = PRINTED_LEADS / 2 + 1 };
    static char names[AGENCIES][3];
    static struct registered many[AGENCIES];
    static char cell[AGENCIES * 8 + 1];
    struct printed_leads got;

    for (int i = 0; i < AGENCIES; i++) {
        names[i][0] = (char)('a' + i / 26);
        names[i][1] = (char)('a' + i % 26);
        many[i] = (struct registered){names[i], names[i]};
        (void)snprintf(cell + 8 * (size_t)i, 9, "Lead %.2s/", names[i]);
    }
    printed_lead_read(&got, cell, many, AGENCIES);
    CHECK_INT(PRINTED_LEADS, got.count);
    CHECK(got.cut);
    cell[8 * (AGENCIES - 1)] = '\0';
    printed_lead_read(&got, cell, many, AGENCIES);
    CHECK_INT(PRINTED_LEADS, got.count);
    CHECK(!got.cut);
}

TEST(printed_lead_says_when_the_cell_is_too_long)
{
    static char cell[8192];
    struct printed_leads got;

    for (size_t i = 0; i < sizeof cell - 1; i++)
        cell[i] = i % 2 ? '/' : 'a';
    printed_lead_read(&got, cell, registry, REGISTERED);
    CHECK(got.cut);
}
