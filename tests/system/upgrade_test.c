/* Directories that a released version has left (tests/fixtures/make), opened by this one;
   and those of a later version, which it must leave alone. */
#include <limits.h>
#include <stdlib.h>

#include "tests/t.h"
#include "tests/typed.h"

#define STATUS "maat-agent status --config agent.zpl"

struct release {
    const char *name, *day; /* the day when it was made, or a little after */
    const char *entries, *root;
};

static const struct release releases[] = {
    {"release-1", "2026-11-27", "entries     13: 12 accepted, 1 refused",
     "13\nWpacwC5aXtaxem2oWSgFlreEaxzWSIEMgok7XYZkAgo="},
};

#define EACH_RELEASE(f)                                \
    const struct release *f = releases;                \
    f < releases + sizeof releases / sizeof *releases; \
    f++

/* Its files are in the rig's directory. */
static struct rig *
unpack(const struct release *f)
{
    struct rig *r = rig_open();
    char name[80], path[PATH_MAX];

    (void)snprintf(name, sizeof name, "tests/fixtures/%s.tar.gz", f->name);
    CHECK(realpath(name, path) != NULL);
    CHECK_INT(0, rig_run(r, "tar xzf %s", path));
    rig_stop_clock(r, f->day);
    return r;
}

static void
start_broker(struct rig *r)
{
    rig_start_broker(r, (const char *const[]){"--listen", "ipc://broker.sock", NULL});
}

TEST(upgrade_opens_what_each_release_has_left)
{
    static const char *const agent[] = {"maat-agent", "run", "--config", "agent.zpl", NULL};

    for (EACH_RELEASE(f)) {
        struct rig *r = unpack(f);
        typed(r, 0, f->entries, "maat-broker verify board");
        CHECK(strstr(r->output, f->root));
        start_broker(r);

        /* Its agent was sent away with two that the broker has not heard of. */
        struct rig_program *p = rig_start(r, agent);
        rig_until(r, STATUS " --json | grep '\"queued\":0'");
        typed(r, 0, "\"refused\":1", STATUS " --json");
        typed(r, 0, "40", "maat -c board/lead.zpl show da/1");
        typed(r, 0, "50", "maat -c board/lead.zpl show da/2");
        typed(r, 0, "accepted", "maat update da/1 --percent 60 --wait --agent agent.sock");
        rig_signal(p, SIGTERM);
        CHECK_INT(0, rig_wait(p));
        typed_end(r);
    }
}

TEST(upgrade_restores_a_backup_of_each_release)
{
    for (EACH_RELEASE(f)) {
        struct rig *r = unpack(f);
        typed(r, 0, f->root, "maat-broker backup board backup");
        typed(r, 0, "board is restored", "rm -r board && maat-broker restore backup board");
        start_broker(r);
        typed(r, 0, "accepted", "maat board open -c board/operator.zpl");
        typed_end(r);
    }
}

/* Every "layout" of a file, and the number after it, made one more. */
#define NEWER(file)                                                              \
    "for at in $(grep -abo layout " file " | cut -d: -f1); do printf '\\002' | " \
    "dd of=" file " bs=1 seek=$((at + 6 + %d)) conv=notrunc 2>/dev/null; done"

TEST(upgrade_leaves_alone_what_a_later_version_has_written)
{
    static const char later[] =
        "has a layout that this version does not know: use the version that wrote it, or a later";
    struct rig *r = unpack(releases);
    char command[400];

    CHECK_INT(0, rig_run(r, "maat-broker backup board backup"));
    (void)snprintf(command, sizeof command, NEWER("board/journal/data.mdb"), 8);
    typed(r, 0, "", command);
    CHECK_INT(0, rig_run(r, "sha256sum board/journal/data.mdb > sum"));
    typed(r, 1, later, "maat-broker run board");
    typed(r, 1, later, "maat-broker verify board");
    typed(r, 1, later, "maat-broker backup board other");
    (void)snprintf(command, sizeof command, NEWER("backup/journal/data.mdb"), 8);
    typed(r, 0, "", command);
    typed(r, 1, later, "maat-broker restore backup other");
    typed(r, 1, later, "maat-broker drill backup");
    (void)snprintf(command, sizeof command, NEWER("outbox/data.mdb"), 7);
    typed(r, 0, "", command);
    typed(r, 1, "was written by a later version of this program",
          "maat-agent run --config agent.zpl");
    CHECK_INT(0, rig_run(r, "sha256sum -c sum"));

    /* A line that a later version has added to a file of keys or settings is named. */
    typed(r, 2, "agent.zpl: line 6: later is no option",
          "echo 'later = \"1\"' >> agent.zpl; maat-agent run --config agent.zpl");
    typed(r, 2, "later", "echo 'later = \"1\"' >> police.zpl; maat key show police.zpl");
    rig_close(r);
}
