/* The clients of agents/examples, written from schema/PROTOCOL.md alone, on the real broker
   and beside the real agent. */
#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/t.h"

struct foreign {
    const char *name;
    const char *run;     /* with the key file and a command behind it */
    const char *needs;   /* fails where a package is missing */
    const char *missing; /* and what to do then */
    const char *hide;    /* makes a copy in `shy` that does not tell the broker what head it saw */
    const char *shy;
};

#define EXAMPLES "$BIN/installed/usr/share/doc/maat/examples/"

static const struct foreign python = {
    "python",
    "/usr/bin/python3 " EXAMPLES "maat_client.py",
    "/usr/bin/python3 -c 'import zmq, msgpack, cryptography'",
    "make other-packages installs python3-zmq, python3-msgpack and python3-cryptography",
    "mkdir shy && cp " EXAMPLES "*.py shy && sed -i 's/ [*]*shown_in_hello(.*/)/' shy/*session.py",
    "/usr/bin/python3 shy/maat_client.py",
};

static const struct foreign node = {
    "node",
    "node " EXAMPLES "maat-client.mjs",
    "cd $BIN/.. && node -e 'import(\"zeromq\").then(() => import(\"@msgpack/msgpack\"))'",
    "make other-packages installs Node, zeromq and @msgpack/msgpack",
    "mkdir shy && cp " EXAMPLES "*.mjs shy && ln -s $BIN/../node_modules shy && "
    "sed -i 's/[.]*shownInHello(.*/});/' shy/*session.mjs",
    "node shy/maat-client.mjs",
};

static const struct foreign *const foreign[] = {&python, &node};
enum { FOREIGN = sizeof foreign / sizeof *foreign };

/* --- running them -------------------------------------------------------------------- */

static void
need(struct desk *d, const struct foreign *f)
{
    if (rig_run(d->rig, "%s", f->needs) != 0)
        FAIL_WITH("%s: %s", f->missing, d->rig->output);
}

static struct desk *
open_desk(const struct foreign *f)
{
    struct desk *d = desk_open(NULL);

    need(d, f);
    return d;
}

/* Runs and wants this exit code and this said. */
static void
run(struct desk *d, const struct foreign *f, int exit_code, const char *said, const char *command)
{
    int rc = rig_run(d->rig, "%s %s", f->run, command);

    if (rc != exit_code || !strstr(d->rig->output, said))
        FAIL_WITH("%s\n    exited with %d, want %d and \"%s\":\n%s", command, rc, exit_code, said,
                  d->rig->output);
}

static void
say(struct desk *d, const struct foreign *f, int exit_code, const char *said, const char *lines)
{
    rig_write(d->rig, "lines", lines);
    run(d, f, exit_code, said, "police.zpl push --state box <lines");
}

static struct rig_program *
start(struct desk *d, const struct foreign *f, const char *command)
{
    char line[1000];

    (void)snprintf(line, sizeof line, "exec %s %s", f->run, command);
    return rig_start(d->rig, (const char *const[]){"sh", "-c", line, NULL});
}

static void
end(struct rig_program *p)
{
    rig_signal(p, SIGKILL);
    CHECK_INT(-SIGKILL, rig_wait(p));
}

#define NOTE(action, note) \
    "{\"kind\": \"progress\", \"action\": \"" action "\", \"note\": \"" note "\"}\n"

/* --- push ---------------------------------------------------------------------------- */

static void
pushes(const struct foreign *f)
{
    struct desk *d = open_desk(f);

    say(d, f, 1, "\"code\":\"not-found\",\"field\":\"action\"",
        NOTE("da/1", "first") NOTE("da/9", "of no action") NOTE("da/1", "third"));
    CHECK_INT(0, rig_run(d->rig,
                         "%s police.zpl query '{\"what\": \"log\"}' | jq -ce '.entries | "
                         "map(select(.kind == \"progress\") | [.n, .outcome, .body.note])'",
                         f->run));
    CHECK_STR("[[3,\"accepted\",\"third\"],[2,\"refused\",null],[1,\"accepted\",\"first\"]]\n",
              d->rig->output);
    say(d, f, 0, "", "");
    CHECK_STR("", d->rig->output); /* all is settled */
    say(d, f, 0, "\"n\":4", "{\"kind\": \"progress\", \"action\": \"da/1\", \"percent\": 40}\n");
    say(d, f, 2, "can't be read", NOTE("da/1", "not kept") "{\"kind\": \"prog\n");
    say(d, f, 0, "", "");
    CHECK_STR("", d->rig->output);
    CHECK_INT(4, desk_verify(d));
    desk_close(&d);
}

/* What it was given while there was no broker, and had on disk when it was killed; and
   what was answered, and it did not live to write down. */
static void
keeps_n_and_nonce(const struct foreign *f)
{
    struct desk *d = open_desk(f);
    char first[200];

    rig_write(d->rig, "lines", NOTE("da/1", "before the crash"));
    rig_signal(d->rig->broker, SIGKILL);
    (void)rig_wait(d->rig->broker);
    struct rig_program *p = start(d, f, "police.zpl push --state box <lines");
    rig_until(d->rig, "grep -aq nonce box");
    end(p);
    CHECK_INT(0, rig_run(d->rig, "cp box box.unanswered"));
    desk_start_broker(d);
    say(d, f, 0, "\"n\":1", "");
    (void)snprintf(first, sizeof first, "%s", d->rig->output);
    CHECK_INT(0, rig_run(d->rig, "cp box.unanswered box"));
    say(d, f, 0, first, "");
    CHECK_INT(1, desk_verify(d));
    desk_close(&d);
}

static void
moves_what_is_forked(const struct foreign *f)
{
    struct desk *d = open_desk(f);

    say(d, f, 0, "\"n\":1", NOTE("da/1", "of both"));
    CHECK_INT(0, rig_run(d->rig, "cp box copy"));
    say(d, f, 0, "\"n\":2", NOTE("da/1", "of one"));
    CHECK_INT(0, rig_run(d->rig, "mv copy box"));
    say(d, f, 0, "two holders", NOTE("da/1", "of the other"));
    CHECK(strstr(d->rig->output, "\"n\":1"));
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}

/* Its clock has jumped, and an operator has to say whether it is right. */
static void
waits_while_nothing_is_taken(const struct foreign *f)
{
    struct desk *d = open_desk(f);
    char asked[RIG_PATH + 40];

    rig_stop_broker(d->rig);
    rig_shift_clock(d->rig, 30 * 86400);
    desk_start_broker(d);
    rig_write(d->rig, "lines", NOTE("da/1", "later"));
    struct rig_program *p = start(d, f, "police.zpl push --state box <lines");
    (void)snprintf(asked, sizeof asked, "grep 'takes nothing now' %s", p->log);
    rig_until(d->rig, asked);
    CHECK_INT(
        0, rig_run(d->rig,
                   "maat -c board/operator.zpl board confirm-clock $(TZ=Europe/London date +%%F)"));
    CHECK(strstr(rig_line(d->rig, p), "\"n\":1"));
    CHECK_INT(0, rig_wait(p));
    desk_close(&d);
}

/* The board forgets what is done by `say` between these two. */
static void
copy_board(struct desk *d)
{
    rig_stop_broker(d->rig);
    CHECK_INT(0, rig_run(d->rig, "cp -r board board.before"));
    desk_start_broker(d);
}

static void
put_back_board(struct desk *d)
{
    rig_stop_broker(d->rig);
    CHECK_INT(0, rig_run(d->rig, "rm -r board && mv board.before board"));
    desk_start_broker(d);
}

/* The last tree head tells; then a person tells. */
static void
stops_at_another_journal(const struct foreign *f)
{
    struct desk *d = open_desk(f);

    copy_board(d);
    say(d, f, 0, "\"n\":1", NOTE("da/1", "lost with the board"));
    say(d, f, 0, "\"n\":2", NOTE("da/1", "and this"));
    put_back_board(d);
    say(d, f, 3, "other-journal", NOTE("da/1", "kept"));
    say(d, f, 3, "other-journal", "");
    run(d, f, 0, "\"n\":3", "police.zpl push --state box --forget-head </dev/null");
    CHECK(strstr(d->rig->output, "\"n\":1"));
    say(d, f, 0, "", "");
    CHECK_STR("", d->rig->output);
    CHECK_INT(3, desk_verify(d));
    desk_close(&d);
}

/* A broker that would say nothing: the proof fails, or there is none. */
static void
has_the_journal_proven(const struct foreign *f)
{
    struct foreign shy = *f;
    struct desk *d = open_desk(f);

    shy.run = f->shy;
    CHECK_INT(0, rig_run(d->rig, "%s", f->hide));
    copy_board(d);
    say(d, &shy, 0, "\"n\":1", NOTE("da/1", "1") NOTE("da/1", "2") NOTE("da/1", "3"));
    say(d, &shy, 0, "\"n\":4", NOTE("da/1", "4"));
    put_back_board(d);
    say(d, &shy, 3, "rolled back or rewritten", NOTE("da/1", "5"));
    rig_write(d->rig, "three", NOTE("da/1", "1") NOTE("da/1", "2") NOTE("da/1", "3"));
    run(d, &shy, 0, "\"n\":3", "police.zpl push --state other <three");
    say(d, &shy, 3, "rolled back or rewritten", "");
    for (int i = 0; i < 6; i++)
        run(d, &shy, 0, "\"n\":", "police.zpl push --state other <three");
    say(d, &shy, 3, "the journal was rewritten", "");
    CHECK_INT(21, desk_verify(d));
    desk_close(&d);
}

/* An Ed25519 public key, as sed takes it. */
#define ANOTHER_KEY "\\&Ntz(h?THa9nl}E[dEI0X2=uA*SZfL(jh$*G{1<e"

static void
says_what_is_wrong(const struct foreign *f)
{
    struct desk *d = open_desk(f);

    run(d, f, 2, "usage", "police.zpl");
    run(d, f, 2, "usage", "police.zpl push");
    run(d, f, 2, "can't be read", "police.zpl query '{'");
    run(d, f, 4, "none.zpl", "none.zpl query '{\"what\": \"plans\"}'");
    run(d, f, 2, "agent.zpl: needs", "agent.zpl query '{\"what\": \"plans\"}'");
    CHECK_INT(0,
              rig_run(d->rig, "maat key new stranger.zpl --client police/x --broker police.zpl"));
    run(d, f, 3, "does not know this key", "stranger.zpl query '{\"what\": \"plans\"}'");
    CHECK_INT(0, rig_run(d->rig,
                         "sed 's/signing-key = .*/signing-key = \"%s\"/' police.zpl >other.zpl",
                         ANOTHER_KEY));
    run(d, f, 3, "not signed by the board's key", "other.zpl query '{\"what\": \"plans\"}'");
    run(d, f, 1, "not-found", "police.zpl query '{\"what\": \"show\", \"action\": \"da/9\"}'");
    desk_close(&d);
}

/* --- query --------------------------------------------------------------------------- */

static void
asks_page_by_page(const struct foreign *f)
{
    struct desk *d = open_desk(f);

    run(d, f, 0, "\"title\":\"Support victims\"", "police.zpl query '{\"what\": \"status\"}'");
    CHECK_INT(0, rig_run(d->rig,
                         "%s board/lead.zpl query '{\"what\": \"log\", \"from\": 1, \"limit\": 3}' "
                         ">pages && test $(wc -l <pages) -gt 2 && jq -cs '[.[].entries[].number]' "
                         "pages",
                         f->run));
    CHECK_INT(0, strncmp(d->rig->output, "[1,2,3,4,5,6,7,8", 16));
    desk_close(&d);
}

/* --- follow -------------------------------------------------------------------------- */

/* A message costs 16 KiB of credit at least: so many are more than what is granted at first. */
enum { BATCH = 250, SINGLE = 100, ALL = 3 * BATCH + SINGLE };

static void
hand_in(struct desk *d, const char *name)
{
    static char lines[BATCH * 100];
    char path[100];
    size_t len = 0;

    for (int i = 1; i <= BATCH; i++)
        len += (size_t)snprintf(lines + len, sizeof lines - len, NOTE("da/1", "%s %d"), name, i);
    (void)snprintf(path, sizeof path, "spool/%s.tmp", name);
    rig_write(d->rig, path, lines);
    CHECK_INT(0, rig_run(d->rig, "mv spool/%s.tmp spool/%s", name, name));
}

static void
start_followers(struct desk *d, struct rig_program *p[FOREIGN])
{
    char command[200];

    for (int i = 0; i < FOREIGN; i++) {
        const char *name = foreign[i]->name;
        (void)snprintf(command, sizeof command,
                       "board/lead.zpl follow --state %s.feed --out %s.out da", name, name);
        p[i] = start(d, foreign[i], command);
    }
}

/* Until a command of the shell is true of each; $f in it is the name. */
static void
until_each(struct desk *d, const char *command)
{
    char line[500];

    for (int i = 0; i < FOREIGN; i++) {
        (void)snprintf(line, sizeof line, "f=%s; %s", foreign[i]->name, command);
        rig_until(d->rig, line);
    }
}

/* All at once. They are killed in the middle, and the broker while they are away; then the
   broker alone, while they follow. Each hears all that the agent said, and nothing else. */
TEST(examples_in_other_languages_follow)
{
    struct desk *d = desk_open(NULL);
    struct rig_program *p[FOREIGN];

    for (int i = 0; i < FOREIGN; i++)
        need(d, foreign[i]);
    start_followers(d, p);
    until_each(d, "grep -aq upto $f.feed");
    hand_in(d, "first");
    until_each(d, "test -s $f.out");
    for (int i = 0; i < FOREIGN; i++)
        end(p[i]);
    desk_kill_broker(d);
    hand_in(d, "second");
    start_followers(d, p);
    until_each(d, "test $(wc -l <$f.out) -gt 250");
    desk_kill_broker(d);
    hand_in(d, "third");
    until_each(d, "test $(wc -l <$f.out) -ge 750");
    for (int i = 1; i <= SINGLE; i++)
        CHECK(strstr(
            desk_say(d, "{'kind':'progress','action':'da/1','note':'single %d','wait':true}", i),
            "accepted"));
    until_each(d, "test $(wc -l <$f.out) -ge 850");
    until_each(d, "grep -aEq \"\\\"changed\\\":$(tail -n 1 $f.out | jq .number)[,}]\" $f.feed");
    for (int i = 0; i < FOREIGN; i++) {
        end(p[i]);
        CHECK_INT(0,
                  rig_run(d->rig,
                          "jq -r '\"\\(.n) \\(.body.note)\"' %s.out >heard && { seq -f 'first %%g' "
                          "250; seq -f 'second %%g' 250; seq -f 'third %%g' 250; seq -f 'single "
                          "%%g' 100; } | nl -s ' ' | "
                          "sed 's/^ *//' | diff - heard",
                          foreign[i]->name));
    }
    CHECK_INT(ALL, desk_verify(d));
    desk_close(&d);
}

/* --- the agent's socket -------------------------------------------------------------- */

#define UPDATE "sh " EXAMPLES "update.sh "

TEST(examples_in_shell_update)
{
    struct desk *d = desk_open(NULL);

    CHECK_INT(0, rig_run(d->rig, UPDATE "agent.sock da/1 in-progress 'It'\\''s \"held\"'"));
    CHECK(strstr(d->rig->output, "accepted as entry "));
    CHECK(strstr(d->rig->output, "0 queued, 0 refused, connected"));
    CHECK_INT(0, rig_run(d->rig,
                         "%s police.zpl query '{\"what\":\"history\",\"action\":\"da/1\"}' | "
                         "jq -r '.entries[0].body.note'",
                         python.run));
    CHECK_STR("It's \"held\"\n", d->rig->output);
    CHECK_INT(1, rig_run(d->rig, UPDATE "agent.sock da/1 finished"));
    CHECK(strstr(d->rig->output, "refused: status: "));
    CHECK_INT(1, rig_run(d->rig, UPDATE "agent.sock da/9 in-progress"));
    CHECK(strstr(d->rig->output, "refused: action: "));
    CHECK(strstr(d->rig->output, "\n  2: action: "));
    CHECK_INT(2, rig_run(d->rig, UPDATE "agent.sock"));
    CHECK_INT(3, rig_run(d->rig, UPDATE "none.sock da/1 in-progress"));
    CHECK_INT(2, desk_verify(d));
    desk_close(&d);
}

/* --- in each language ---------------------------------------------------------------- */

#define TEST_IN(language)                        \
    TEST(examples_in_##language##_push)          \
    {                                            \
        pushes(&language);                       \
    }                                            \
    TEST(examples_in_##language##_keep_n)        \
    {                                            \
        keeps_n_and_nonce(&language);            \
    }                                            \
    TEST(examples_in_##language##_move_forked)   \
    {                                            \
        moves_what_is_forked(&language);         \
    }                                            \
    TEST(examples_in_##language##_wait)          \
    {                                            \
        waits_while_nothing_is_taken(&language); \
    }                                            \
    TEST(examples_in_##language##_stop)          \
    {                                            \
        stops_at_another_journal(&language);     \
    }                                            \
    TEST(examples_in_##language##_prove)         \
    {                                            \
        has_the_journal_proven(&language);       \
    }                                            \
    TEST(examples_in_##language##_say_wrong)     \
    {                                            \
        says_what_is_wrong(&language);           \
    }                                            \
    TEST(examples_in_##language##_query)         \
    {                                            \
        asks_page_by_page(&language);            \
    }

TEST_IN(python)
TEST_IN(node)
