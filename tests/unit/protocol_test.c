/* schema/PROTOCOL.md says what the tables and the broker's limits say. */
#include "schema/protocol.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

#include "broker/limits.h"
#include "broker/options.h"
#include "broker/service.h"
#include "schema/messages.h"
#include "tests/t.h"

enum { DOCUMENT = 1 << 20 };

static const char *
read_document(void)
{
    static char text[DOCUMENT];
    FILE *file = fopen("schema/PROTOCOL.md", "r");

    CHECK(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

TEST(protocol_document_is_not_stale)
{
    const char *text = read_document();
    const char *wrong = "";
    size_t len = protocol_document(text, NULL, 0, &wrong);
    char *want = malloc(len + 1);

    CHECK(want);
    if (!len)
        FAIL_WITH("schema/PROTOCOL.md: there is no %.40s", wrong);
    CHECK_INT(len, protocol_document(text, want, len + 1, &wrong));
    if (len != strlen(text) || memcmp(want, text, len) != 0)
        FAIL_WITH("schema/PROTOCOL.md is stale: run make docs");
    free(want);
}

static void check_says(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void
check_says(const char *format, ...)
{
    char wanted[300];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(wanted, sizeof wanted, format, args);
    va_end(args);
    if (!strstr(read_document(), wanted))
        FAIL_WITH("schema/PROTOCOL.md does not say \"%s\"", wanted);
}

TEST(protocol_has_a_table_of_each_message)
{
    for (int i = 0; i < MESSAGE_COUNT; i++)
        check_says("<!-- table: message %s -->", message_words[i]);
}

TEST(protocol_says_what_to_do_at_each_error)
{
    for (int i = 0; i < WIRE_ERROR_COUNT; i++)
        check_says("`%s`", wire_errors.text[i]);
}

/* How a heading is linked to: in lower case, a "-" for a space, no other mark but "_". */
static void
make_anchor(const char *heading, char *out, size_t cap)
{
    size_t len = 0;

    for (; *heading && *heading != '\n' && len + 1 < cap; heading++) {
        char c = (char)tolower((unsigned char)*heading);
        if (isalnum((unsigned char)c) || c == '_' || c == '-')
            out[len++] = c;
        else if (c == ' ')
            out[len++] = '-';
    }
    out[len] = '\0';
}

static bool
has_heading(const char *text, const char *anchor)
{
    char of_heading[100];

    for (const char *at = text; (at = strstr(at, "\n#")); at++) {
        const char *heading = at + 1 + strspn(at + 1, "#");
        make_anchor(heading + strspn(heading, " "), of_heading, sizeof of_heading);
        if (strcmp(of_heading, anchor) == 0)
            return true;
    }
    return false;
}

TEST(protocol_links_lead_somewhere)
{
    const char *text = read_document();
    char anchor[100];

    for (const char *at = text; (at = strstr(at, "](#")); at++) {
        CHECK(sscanf(at, "](#%99[^)]", anchor) == 1);
        if (!has_heading(text, anchor))
            FAIL_WITH("schema/PROTOCOL.md: nothing is called #%s", anchor);
    }
}

static void
check_patience(const char *what, const struct patience_rule *rule, const char *then)
{
    const int64_t second = 1000000;

    check_says("| %s | %" PRId64 " at once, and one more each %" PRId64 " s; beyond, %s %" PRId64
               " s, twice as long each time, up to %" PRId64 " s |",
               what, rule->burst, rule->refill / second, then, rule->first / second,
               rule->most / second);
}

TEST(protocol_says_the_brokers_limits)
{
    struct run_option o = {0};

    run_option_defaults(&o);
    check_patience("refusals", &patience_with_refusals, "RETRY after");
    check_patience("frames that can't be read", &patience_with_strikes,
                   "ERROR `limit`, and nothing is read for");
    check_says("| new outboxes | %" PRId64 " a day", o.outboxes_a_day);
    check_says("| entries | %" PRId64 " a day", o.entries_a_day);
    check_says("`window` of WELCOME; %" PRId64 " unless", o.window);
    check_says("`ping_ms` of WELCOME; that is %" PRId64 " unless", o.ping_ms);
    CHECK_INT(4, SERVICE_WAITING_MAX);
    check_says("no more than four may wait for one key");
}

TEST(protocol_document_finds_a_marker_that_names_nothing)
{
    const char *wrong = NULL;
    char buf[10];

    CHECK_INT(0, protocol_document("a\n<!-- table: message HALLO -->\n<!-- end of table -->\n", buf,
                                   sizeof buf, &wrong));
    CHECK(strncmp(wrong, "<!-- table: message HALLO", 25) == 0);
    CHECK_INT(0, protocol_document("<!-- table: limits -->\n", buf, sizeof buf, &wrong));
    CHECK_INT(0, protocol_document("<!-- table: words nothing -->\n<!-- end of table -->\n", buf,
                                   sizeof buf, &wrong));
    CHECK_INT(2, protocol_document("a\n", buf, sizeof buf, &wrong));
    CHECK_STR("a\n", buf);
}
