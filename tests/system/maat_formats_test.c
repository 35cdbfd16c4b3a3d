/* How what is read is printed: for people at a terminal, as CSV, as JSON. */
#include <jansson.h>

#include "tests/t.h"
#include "tests/typed.h"

#define LEAD " -c board/lead.zpl"
#define WORDS "words that go on and on until the very end of a line of a terminal, and then some"

/* An action whose title has all that a table, CSV or JSON could stumble over. */
static struct rig *
open_board(void)
{
    struct rig *r = typed_board();

    typed(r, 0, "accepted",
          "maat action add da-2016/9 --lead police --due 2016-01-01 --title \"$(printf "
          "'say \"no\", \\033[31m\\302\\233twice\\n" WORDS "')\"" LEAD);
    return r;
}

/* Each line is an object. */
static void
check_json(struct rig *r, const char *command)
{
    int lines = 0;

    CHECK_INT(0, rig_run(r, "%s --json" LEAD, command));
    CHECK(!strchr(r->output, '\033'));
    for (char *line = strtok(r->output, "\n"); line; line = strtok(NULL, "\n"), lines++) {
        json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(json))
            FAIL_WITH("%s: no object: %s", command, line);
        json_decref(json);
    }
    CHECK(lines > 0);
}

/* Headings, and as many cells in each line, which ends with CR LF. */
static void
check_csv(struct rig *r, const char *command, const char *headings)
{
    unsigned cells = 1, wanted = 0;
    bool quoted = false;

    CHECK_INT(0, rig_run(r, "%s --csv" LEAD, command));
    if (strncmp(r->output, headings, strlen(headings)) != 0)
        FAIL_WITH("%s: %s", command, r->output);
    for (const char *at = r->output; *at; at++) {
        quoted ^= *at == '"';
        cells += *at == ',' && !quoted;
        if (*at != '\n' || quoted)
            continue;
        CHECK(at[-1] == '\r' && at[-2] == '"');
        wanted = wanted ? wanted : cells;
        CHECK_INT(wanted, cells);
        cells = 1;
    }
    CHECK(wanted > 1 && !quoted);
}

TEST(maat_prints_json_and_csv_that_can_be_read)
{
    static const char *const rows[][2] = {
        {"maat status", "\"action\",\"rating\",\"why\",\"due\","},
        {"maat status da-2016", "\"action\","},
        {"maat watch --once", "\"action\",\"rating\","},
        {"maat show da-2016/9", "\"action\",\"rating\",\"why\",\"due\","},
        {"maat plan list", "\"plan\",\"actions\",\"red\","},
        {"maat counts da-2016",
         "\"day\",\"actions\",\"red\",\"amber\",\"green\",\"blue\",\"grey\"\r\n"},
        {"maat plan show da-2016", "\"plan\",\"actions\",\"red\","},
        {"maat log", "\"entry\",\"time\",\"client\",\"kind\",\"what\"\r\n\""},
        {"maat log da-2016/9", "\"entry\","},
        {"maat agency list", "\"agency\","},
        {"maat client list", "\"client\","},
        {"maat whoami", "\"client\",\"role\",\"board\",\"title\","},
    };
    struct rig *r = open_board();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check_json(r, rows[i][0]);
        check_csv(r, rows[i][0], rows[i][1]);
    }
    typed(r, 0, ",\"say \"\"no\"\", \033[31m\302\233twice\n" WORDS "\"\r\n",
          "maat status --csv" LEAD);
    typed(r, 0, "\"title\":\"say \\\"no\\\", \\u001B[31m", "maat status --json" LEAD);
    typed(r, 0, "\"why\",\"due\",\"claims\",\"marking\",\"title\"\r\n",
          "maat status --rag blue --csv" LEAD);
    typed_end(r);
}

/* As a terminal shows it. */
#define AT_TERMINAL(command) "script -qec \"" command "\" /dev/null < /dev/null"

TEST(maat_colours_a_terminal_only_and_not_where_it_is_not_wanted)
{
    struct rig *r = open_board();

    if (rig_run(r, AT_TERMINAL("true")) != 0) {
        typed_end(r);
        SKIP_WITH("there is no pseudo-terminal here");
    }
    typed(r, 0, "\033[31mred\033[0m", AT_TERMINAL("env -u NO_COLOR maat status" LEAD));
    typed(r, 0, "\033[31mred\033[0m", AT_TERMINAL("NO_COLOR= maat status" LEAD));
    typed(r, 0, "say \"no\", ?[31m??twice", AT_TERMINAL("env -u NO_COLOR maat status" LEAD));
    typed(r, 0, "red", AT_TERMINAL("NO_COLOR=1 maat status" LEAD));
    CHECK(!strchr(r->output, '\033'));
    typed(r, 0, "red", "maat status" LEAD);
    CHECK(!strchr(r->output, '\033'));
    typed(r, 0, "?[31m??twice", "maat show da-2016/9" LEAD);
    typed(r, 0, "?[31m??twice", "maat log" LEAD);
    typed(r, 0, "?[31m??twice", AT_TERMINAL("maat status --csv" LEAD));
    CHECK(!strchr(r->output, '\033'));
    typed_end(r);
}

TEST(maat_wraps_at_the_terminals_width)
{
    struct rig *r = open_board();

    typed(r, 0, " " WORDS "\n", "COLUMNS=250 maat status" LEAD);
    typed(r, 0, " words that", "COLUMNS=90 maat status" LEAD);
    for (char *line = strtok(r->output, "\n"); line; line = strtok(NULL, "\n"))
        if (strlen(line) > 90)
            FAIL_WITH("is wider than 90: %s", line);
    typed(r, 0, " words that", "COLUMNS=1 maat status" LEAD);
    typed(r, 0, " words that", "COLUMNS=nonsense maat status" LEAD);
    typed_end(r);
}
