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
    (void)snprintf(setting, sizeof setting, "2770 %s\n", own_group());
    CHECK_STR(setting, d->rig->output);
    drop(d, "a.csv", "action,status\nda/1,in-progress\n");
    desk_settle(d);
    CHECK(strstr(content_of(d, "a.csv.done"), "\"line\":2,"));
    CHECK_INT(0, rig_run(d->rig, "stat -c '%%G' spool/a.csv.done"));
    CHECK(strncmp(own_group(), d->rig->output, strlen(own_group())) == 0);
    CHECK_INT(0, desk_stop(d, SIGTERM));
    CHECK_INT(0, rig_run(d->rig, "rm -r spool"));
    desk_start(d); /* it makes the folder as it is to be */
    CHECK_INT(0, rig_run(d->rig, "test $(stat -c %%a spool) = 2770"));
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
