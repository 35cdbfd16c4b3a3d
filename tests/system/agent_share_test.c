/* maat-agent on a real broker: handing in by a file share, as agencies do that may only
   drop files. */
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/desk.h"
#include "tests/t.h"

/* Written elsewhere and renamed in. */
static void
drop(struct desk *d, const char *name, const char *text)
{
    rig_write(d->rig, "dropped", text);
    CHECK_INT(0, rig_run(d->rig, "mv dropped 'spool/%s'", name));
}

static const char *
content_of(struct desk *d, const char *name)
{
    CHECK_INT(0, rig_run(d->rig, "cat spool/%s", name));
    return d->rig->output;
}

/* A group that whoever runs the tests may give a folder to. */
static const char *
own_group(void)
{
    const struct group *group = getgrgid(getgid());

    CHECK(group != NULL);
    return group->gr_name;
}

/* --- who may put files there -------------------------------------------------------------- */

TEST(agent_share_is_given_to_its_group)
{
    char setting[100];

    (void)snprintf(setting, sizeof setting, "spool-group = \"%s\"\n", own_group());
    struct desk *d = desk_open(setting);
    CHECK_INT(0, rig_run(d->rig, "stat -c '%%a %%G' spool"));
    (void)snprintf(setting, sizeof setting, "3770 %s\n", own_group());
    CHECK_STR(setting, d->rig->output);
    drop(d, "a.csv", "action,status\nda/1,in-progress\n");
    desk_settle(d);
    CHECK(strstr(content_of(d, "a.csv.done"), "\"line\":2,"));
    CHECK_INT(0, rig_run(d->rig, "stat -c '%%G' spool/a.csv.done"));
    CHECK(strncmp(own_group(), d->rig->output, strlen(own_group())) == 0);
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "rm -r spool"));
    desk_start(d); /* it makes the folder as it is to be */
    CHECK_INT(0, rig_run(d->rig, "test $(stat -c %%a spool) = 3770"));
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}

TEST(agent_share_that_everybody_may_write_to_is_refused)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "chmod 0777 spool"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl"));
    CHECK(strstr(d->rig->output, "spool spool may be written by everybody of this host (mode "
                                 "0777): chmod o-w it"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl --spool-group %s",
                         own_group())); /* what lies there already is nobody's */
    CHECK_INT(0, rig_run(d->rig, "chmod 0755 spool"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent run --config agent.zpl --spool-group no-such-group"));
    CHECK(strstr(d->rig->output, "there is no group no-such-group on this host"));
    desk_start(d);
    CHECK_INT(0, desk_verify(d));
    desk_close(&d);
}

/* --- what became of each row ----------------------------------------------------------------- */

/* "2 3 7" of the lines that a file of results tells of, in their order. */
static const char *
lines_told(struct desk *d, const char *name)
{
    CHECK_INT(0,
              rig_run(d->rig,
                      "sed 's/.*\"line\":\\([0-9]*\\),.*/\\1/' spool/%s | sort -n | tr '\\n' ' '",
                      name));
    return d->rig->output;
}

TEST(agent_share_tells_of_each_row_what_became_of_it)
{
    struct desk *d = desk_open(NULL);

    drop(d, "march.csv",
         "action,(title),status,percent,note,on,evidence.date\r\n"
         "da/1,Support victims,in-progress,10,,,\r\n"
         "da/1,Support victims,,101,,,\r\n"
         "da/1,\"=Support\nvictims\",,,,,\r\n"
         "da/2,,in-progress,,not ours,,\r\n"
         ",,,,,,\r\n"
         "da/1,,,20,'-20 %,1/4/2016,\r\n"
         "da/1,,,,,,1/4/2016\r\n"
         "\r\n"
         ",,,,,,\r\n");
    desk_settle(d);
    CHECK_STR("2 4 8 ", lines_told(d, "march.csv.done"));
    CHECK_STR("3 6 9 ", lines_told(d, "march.csv.refused"));
    CHECK_INT(0,
              rig_run(d->rig, "test $(grep -Ec '\"at\":\"20[0-9-]{8}T[0-9:]{8}Z\"}$' spool/*.done "
                              "spool/*.refused | grep -c :3) = 2"));
    CHECK(strstr(content_of(d, "march.csv.done"), "\"line\":4,\"unchanged\":true,"));
    CHECK(strstr(content_of(d, "march.csv.refused"),
                 "\"line\":3,\"code\":\"invalid-field\",\"field\":\"percent\""));
    CHECK(strstr(d->rig->output,
                 "\"line\":6,\"code\":\"rule\",\"field\":\"agency\",\"reason\":\"has no "
                 "part in this action\",\"n\":2,\"number\":"));
    CHECK(strstr(d->rig->output,
                 "\"line\":9,\"code\":\"missing-field\",\"field\":\"evidence.title\""));
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}

/* --- the form that is handed out ---------------------------------------------------------------
 */

/* What a spreadsheet makes of it: FILL is done to each of `rows`, by their headings; then it is
   saved, and put into the spool. */
#define FILLED_IN(fill)                                                                      \
    "python3 -c \"import csv\n"                                                              \
    "rows = list(csv.DictReader(open('parts.csv', encoding='utf-8-sig', newline='')))\n"     \
    "for row in rows:\n"                                                                     \
    "  " fill "\n"                                                                           \
    "out = csv.DictWriter(open('filled', 'w', encoding='utf-8-sig', newline=''), rows[0])\n" \
    "out.writeheader()\n"                                                                    \
    "out.writerows(rows)\n"                                                                  \
    "\" && mv filled spool/filled.csv"

/* Parts of police: da/1; as a contributor da/3, whose title is a formula to a spreadsheet; as one
   of all da/4; and of an agency that it succeeded da/6, and its part of da/4. Not those that are
   closed to claims, or another's. Seven entries. */
static void
add_actions(struct desk *d)
{
    struct caller *operator= caller_open(d->rig, "board/operator.zpl");
    struct caller *lead = caller_open(d->rig, "board/lead.zpl");

    caller_must(lead,
                "{'kind': 'action', 'id': 'da/3', 'ref': '3', 'title': '=SUM(A1) \\u00e9t\\u00e9', "
                "'leads': ['health'], 'contributors': ['police'], 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'action', 'id': 'da/4', 'ref': '4', 'title': 'Train, \\\"all\\\"', "
                "'leads': 'all', 'due': '2030-06-30', 'measure': {'counted': 'places', 'how': "
                "'filled', 'unit': 'count', 'comparator': '>', 'target': 2000}, 'seen': 0, "
                "'epoch': 0}");
    caller_must(lead, "{'kind': 'action', 'id': 'da/5', 'ref': '5', 'title': 'Not done', 'leads': "
                      "['police'], 'seen': 0, 'epoch': 0}");
    caller_must(lead,
                "{'kind': 'decision', 'action': 'da/5', 'what': 'withdraw', 'reason': 'twice', "
                "'seen': SEEN}");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'county', 'name': 'County', 'sector': 'police', "
                "'seen': 0, 'epoch': 0}");
    caller_must(lead, "{'kind': 'action', 'id': 'da/6', 'ref': '6', 'title': 'Tell the public', "
                      "'leads': ['county'], 'seen': 0, 'epoch': 0}");
    caller_must(operator,
                "{'kind': 'agency', 'id': 'county', 'name': 'County', 'sector': 'police', "
                "'succeeded_by': 'police', 'reason': 'merged', 'seen': SEEN}");
    caller_close(&operator);
    caller_close(&lead);
}

static const char *
print_template(struct desk *d, const char *plan)
{
    if (rig_run(d->rig, "maat-agent template %s --config agent.zpl >parts.csv", plan) != 0)
        FAIL_WITH("%s", d->rig->output);
    CHECK_INT(0, rig_run(d->rig, "cat parts.csv"));
    return d->rig->output;
}

TEST(agent_share_hands_out_a_form_that_comes_back_filled_in)
{
    struct desk *d = desk_open(NULL);

    add_actions(d);
    const char *text = print_template(d, "");
    CHECK(strncmp(text, "\xef\xbb\xbf\"action\",\"agency\",\"(title)\",\"(part)\",", 40) == 0);
    CHECK(strstr(text, ",\"status\",\"percent\",\"note\","));
    CHECK(
        strstr(text, ",\"evidence.title\",\"evidence.kind\",\"evidence.held\",\"evidence.date\","));
    CHECK(strstr(text, "\r\n\"da/1\",\"police\",\"Support victims\",\"lead\",,"));
    CHECK(
        strstr(text, "\r\n\"da/3\",\"police\",\"'=SUM(A1) \xc3\xa9t\xc3\xa9\",\"contributor\",,"));
    CHECK(strstr(text, "\r\n\"da/4\",\"police\",\"Train, \"\"all\"\"\",\"lead\",\"2030-06-30\","));
    CHECK(strstr(text, ",\"places (filled) > 2000\",,\"not-started\",,,"));
    CHECK(strstr(text, "\r\n\"da/6\",\"county\",\"Tell the public\",\"lead\","));
    CHECK(!strstr(text, "da/2") && !strstr(text, "da/5") && !strstr(text, "\"health\""));

    CHECK_INT(
        0, rig_run(d->rig, FILLED_IN("if row['action'] in ('da/1', 'da/6'): row.update({'status': "
                                     "'in-progress', 'percent': '40', 'note': "
                                     "'=two, of \\\"four\\\"', 'forecast': '31/12/2030'})")));
    desk_settle(d);
    CHECK_STR("2 3 4 5 6 ", lines_told(d, "filled.csv.done"));
    CHECK_INT(0, rig_run(d->rig, "test $(grep -c unchanged spool/filled.csv.done) = 3"));
    CHECK(!rig_exists(d->rig, "spool/filled.csv.refused"));
    text = print_template(d, "da");
    CHECK(strstr(text, "\"in-progress\",,\"40\",\"'=two, of \"\"four\"\"\",,\"2030-12-31\",,"));

    CHECK_INT(0, rig_run(d->rig, FILLED_IN("pass"))); /* as it is */
    desk_settle(d);
    CHECK_INT(0, rig_run(d->rig, "test $(grep -c unchanged spool/filled.csv.done) = 5"));
    CHECK_INT(7 + 2, desk_verify(d));
    desk_close(&d);
}

TEST(agent_share_hands_out_no_form_where_it_cannot_ask)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(1, rig_run(d->rig, "maat-agent template none --config agent.zpl"));
    CHECK_STR("maat-agent: there is none such, or this client may not see it\n", d->rig->output);
    CHECK_INT(2, rig_run(d->rig, "maat-agent template 'a b' --config agent.zpl"));
    CHECK_INT(2, rig_run(d->rig, "maat-agent template --config none.zpl"));
    CHECK_INT(4, rig_run(d->rig, "maat-agent template --config agent.zpl >/dev/full"));
    CHECK_INT(0, rig_run(d->rig, "sed 's/police.zpl/none.zpl/' agent.zpl >other.zpl"));
    CHECK_INT(2, rig_run(d->rig, "maat-agent template --config other.zpl"));
    CHECK(strstr(d->rig->output, "maat-agent: the key file none.zpl: "));
    CHECK_INT(0, desk_verify(d));
    desk_close(&d);
}
