/* libmaat as others have it: installed below $INSTALLED, found by pkg-config, used by
   programs that see nothing else of this project. */
#include <stdlib.h>
#include <string.h>

#include "tests/desk.h"
#include "tests/t.h"

/* In the rig's shell: where the installed tree and the sources are, and how a program of
   this variant is linked. */
#define FIND                                                                              \
    "S=$BIN/../..; I=$BIN/installed; export PKG_CONFIG_PATH=$I/usr/lib/pkgconfig "        \
    "PKG_CONFIG_SYSROOT_DIR=$I LD_LIBRARY_PATH=$I/usr/lib; CC=\"${CC:-cc} -Wall -Wextra " \
    "-Werror $LINK\"; "

static void
must(struct rig *r, const char *command)
{
    if (rig_run(r, FIND "%s", command) != 0)
        FAIL_WITH("%s:\n%s", command, r->output);
}

static void
must_say(struct rig *r, const char *command, const char *wanted)
{
    must(r, command);
    if (!strstr(r->output, wanted))
        FAIL_WITH("%s:\nwant \"%s\" in\n%s", command, wanted, r->output);
}

#define BUILD_SHARED(name) \
    "$CC -o " name " $S/agents/examples/" name ".c $(pkg-config --cflags --libs maat)"
#define BUILD_STATIC(name)                           \
    "$CC -o " name " $S/agents/examples/" name ".c " \
    "$(pkg-config --static --cflags --libs maat | sed 's/-lmaat/-l:libmaat.a/')"

/* --- what is installed ------------------------------------------------------------------- */

#define DECLARED                                                                           \
    "sed -n 's/^MAAT_API .*[ *]\\(maat_[a-z_]*\\)(.*/\\1/p' $I/usr/include/maat.h | sort " \
    ">declared"

TEST(library_shows_only_what_its_header_declares)
{
    struct rig *r = rig_open();

    must(r, DECLARED " && test $(wc -l <declared) -gt 40");
    must(r, "nm -D --defined-only $I/usr/lib/libmaat.so | sed -n 's/.* [TDBR] //p' | sed 's/@.*//' "
            "| sort >shown && diff declared shown");
    must(r, "nm -g --defined-only $I/usr/lib/libmaat.a | sed -n 's/.* [A-Z] //p' | sort >shown && "
            "diff declared shown");
    must_say(r, "readelf -d $I/usr/lib/libmaat.so", "soname: [libmaat.so.1]");
    rig_close(r);
}

TEST(library_has_a_man_page_of_every_function)
{
    struct rig *r = rig_open();

    must(r, DECLARED);
    must(r, "while read f; do grep -q \"^\\.Fn $f\\b\" $I/usr/share/man/man3/libmaat.3 || { echo "
            "\"$f is missing\"; exit 1; }; done <declared");
    rig_close(r);
}

TEST(library_header_stands_alone_in_c_and_cpp)
{
    struct rig *r = rig_open();

    rig_write(r, "c.c", "#include <maat.h>\nint main(void) { return maat_version() == 0; }\n");
    must(r, "for std in c99 c11 c17; do $CC -std=$std -pedantic -o c c.c $(pkg-config --cflags "
            "--libs maat) && ./c || exit 1; done");
    if (rig_run(r, "command -v c++") != 0)
        SKIP_WITH("there is no C++ compiler");
    must(r, "c++ -Wall -Wextra -Werror -fsyntax-only -x c++ $(pkg-config --cflags maat) c.c");
    rig_close(r);
}

/* --- what it does ------------------------------------------------------------------------- */

static void
report_is_accepted_and_refused(const char *build)
{
    struct desk *d = desk_open(NULL);

    must(d->rig, build);
    must_say(d->rig, "./report police.zpl box da/1 'Course held'", "accepted as entry ");
    CHECK(strstr(d->rig->output, "\"note\":\"Course held\""));
    CHECK_INT(1, rig_run(d->rig, FIND "./report police.zpl box da/1 'mail a.person@example.org'"));
    CHECK(strstr(d->rig->output, "report: not said: note: "));
    CHECK_INT(1, rig_run(d->rig, FIND "./report police.zpl box da/9 'Course held'"));
    CHECK(strstr(d->rig->output, "refused: action: "));
    CHECK_INT(2, desk_verify(d));
    desk_close(&d);
}

/* Word by word, in the least program that has what it speaks of. */
TEST(library_example_of_its_page_runs)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "page.c",
              "#include <maat.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
              "static bool print_page(void *c, const struct maat_record *page) {\n"
              "    char *json = maat_json(page);\n"
              "    (void)c; puts(json); free(json); return true; }\n"
              "int main(void) {\n#include \"example.h\"\nreturn 0; }\n");
    must(d->rig, "sed -n '/^.Sh EXAMPLES/,$p' $I/usr/share/man/man3/libmaat.3 | "
                 "sed -n '/^.Bd/,/^.Ed/{/^\\./!p}' | sed 's/.e\"/\\\\\"/g' >example.h");
    must(d->rig, "$CC -o page page.c $(pkg-config --cflags --libs maat)");
    must_say(d->rig, "./page", "da/1");
    desk_close(&d);
}

TEST(library_submits_and_asks_as_shared)
{
    report_is_accepted_and_refused(BUILD_SHARED("report"));
}

TEST(library_submits_and_asks_as_static)
{
    report_is_accepted_and_refused(BUILD_STATIC("report"));
}

/* The descriptor alone tells the program's loop that it is time to dial again, and that
   the verdict is there. */
TEST(library_keeps_what_it_was_told_until_the_broker_is_there)
{
    struct desk *d = desk_open(NULL);

    must(d->rig, BUILD_STATIC("report"));
    rig_signal(d->rig->broker, SIGKILL);
    (void)rig_wait(d->rig->broker);
    struct rig_program *p =
        rig_start(d->rig, (const char *const[]){rig_path(d->rig, "report"), "police.zpl", "box",
                                                "da/1", "Course held", NULL});
    rig_until(d->rig, "test -e box/data.mdb");
    rig_start_broker(d->rig, NULL);
    CHECK(strstr(rig_line(d->rig, p), "accepted as entry "));
    CHECK_INT(0, rig_wait(p));
    desk_close(&d);
}

/* Says something again and again, whenever all has its verdict; its descriptor alone tells
   it when there is more to do. */
static const char many[] =
    "#include <maat.h>\n#include <poll.h>\n#include <stdio.h>\n#include <string.h>\n"
    "enum { ROUNDS = 100, EACH = 7 };\n"
    "static int settled;\n"
    "static void on_settled(void *c, const struct maat_kept *k) {\n"
    "    (void)c; settled += k->state == MAAT_ACCEPTED; }\n"
    "int main(int argc, char **argv) {\n"
    "    struct maat_events events = {.settled = on_settled};\n"
    "    const char *said = argc > 2 ? argv[2] : \"\";\n"
    "    struct maat_settings s = {.software = \"many\", .events = &events};\n"
    "    struct maat_key *key = maat_key_load(argv[1], MAAT_KEY_ALL, NULL);\n"
    "    struct maat *m;\n"
    "    int64_t n;\n"
    "    s.key = key;\n"
    "    if (!key || maat_outbox_open(&s.outbox, \"box\", 0, true, NULL)) return 2;\n"
    "    if (maat_open(&m, &s, NULL) != MAAT_DONE) return 2;\n"
    "    struct pollfd item = {.fd = maat_fd(m), .events = POLLIN};\n"
    "    for (int i = 1; i <= ROUNDS; i++) {\n"
    "        for (int k = 0; k < EACH; k++)\n"
    "            if (maat_submit(m, NULL, said, strlen(said), &n, NULL) != MAAT_DONE) return 3;\n"
    "        while (settled < i * EACH && poll(&item, 1, -1) > 0 && maat_step(m) == 0)\n"
    "            ;\n"
    "    }\n"
    "    printf(\"%d accepted, the last as n %d\\n\", settled, (int)n);\n"
    "    maat_close(&m);\n"
    "    maat_outbox_close(&s.outbox);\n"
    "    maat_key_free(&key);\n"
    "    return 0; }\n";

TEST(library_says_again_and_again_by_its_descriptor)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "many.c", many);
    must(d->rig, "$CC -o many many.c $(pkg-config --cflags --libs maat)");
    must_say(d->rig,
             "timeout 60 ./many police.zpl "
             "'{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}'",
             "700 accepted, the last as n 700\n");
    CHECK_INT(700, desk_verify(d));
    desk_close(&d);
}

/* Says several at once, of which the second is wrong; and then without it. */
static const char several[] =
    "#include <maat.h>\n#include <inttypes.h>\n#include <stdio.h>\n#include <string.h>\n"
    "static int settled;\n"
    "static void on_settled(void *c, const struct maat_kept *k) {\n"
    "    (void)c; settled += k->state == MAAT_ACCEPTED; }\n"
    "static struct maat_submission json(const char *text) {\n"
    "    return (struct maat_submission){.body = text, .len = strlen(text)}; }\n"
    "int main(int argc, char **argv) {\n"
    "    struct maat_events events = {.settled = on_settled};\n"
    "    struct maat_settings s = {.software = \"several\", .events = &events};\n"
    "    struct maat_key *key = maat_key_load(argv[1], MAAT_KEY_ALL, NULL);\n"
    "    struct maat_submission list[] = {json(argv[argc - 3]), json(argv[argc - 2]),\n"
    "                                     json(argv[argc - 1])};\n"
    "    struct maat_fault why;\n"
    "    struct maat_counts counts;\n"
    "    struct maat *m;\n"
    "    int64_t n;\n"
    "    size_t wrong;\n"
    "    s.key = key;\n"
    "    if (!key || maat_outbox_open(&s.outbox, \"box\", 0, true, NULL)) return 2;\n"
    "    if (maat_open(&m, &s, NULL) != MAAT_DONE) return 2;\n"
    "    if (maat_submit_all(m, list, 3, &n, &wrong, &why) != MAAT_WRONG) return 3;\n"
    "    printf(\"%d %s %s, \", (int)wrong, why.code, why.field);\n"
    "    if (maat_outbox_count(s.outbox, maat_outbox_in_use(m), &counts)) return 3;\n"
    "    printf(\"%d queued, \", (int)counts.queued);\n"
    "    list[1] = list[2];\n"
    "    if (maat_submit_all(m, list, 3, &n, &wrong, &why) != MAAT_DONE) return 3;\n"
    "    printf(\"from n %d, \", (int)n);\n"
    "    if (maat_submit_all(m, list, 2, &n, &wrong, &why) != MAAT_DONE) return 3;\n"
    "    printf(\"from n %d, \", (int)n);\n"
    "    if (maat_settle(m, 30000) != MAAT_DONE) return 4;\n"
    "    printf(\"%d accepted\\n\", settled);\n"
    "    maat_close(&m);\n"
    "    maat_outbox_close(&s.outbox);\n"
    "    maat_key_free(&key);\n"
    "    return 0; }\n";

TEST(library_says_several_at_once_or_none)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "several.c", several);
    must(d->rig, "$CC -o several several.c $(pkg-config --cflags --libs maat)");
    must_say(d->rig,
             "timeout 60 ./several police.zpl "
             "'{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":1}' "
             "'{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":101}' "
             "'{\"kind\":\"progress\",\"action\":\"da/1\",\"percent\":3}'",
             "1 invalid-field percent, 0 queued, from n 1, from n 4, 5 accepted\n");
    CHECK_INT(5, desk_verify(d));
    desk_close(&d);
}

/* Asks before there is a connection, or, with "late", stops once there is one and asks
   then; and the next question where the first is answered. */
static const char asking[] =
    "#include <maat.h>\n#include <poll.h>\n#include <signal.h>\n#include <stdio.h>\n"
    "#include <string.h>\n"
    "static struct maat *m;\n"
    "static int answers;\n"
    "static const char next[] = \"{\\\"what\\\": \\\"show\\\", \\\"action\\\": \\\"da/9\\\"}\";\n"
    "static bool on_page(void *c, const struct maat_record *page) {\n"
    "    (void)c; printf(\"page %s\\n\", page->name); return true; }\n"
    "static void on_answer(void *c, enum maat_outcome o, const struct maat_fault *why) {\n"
    "    printf(\"%d %s\\n\", (int)o, why->code); fflush(stdout);\n"
    "    if (++answers == 1 && maat_ask(m, next, strlen(next), on_page, on_answer, c, NULL))\n"
    "        answers = 9; }\n"
    "int main(int argc, char **argv) {\n"
    "    struct maat_key *key = maat_key_load(argv[argc - 1], MAAT_KEY_ALL, NULL);\n"
    "    struct maat_settings s = {.software = \"asking\"};\n"
    "    static const char first[] = \"{\\\"what\\\": \\\"status\\\", \\\"limit\\\": 1}\";\n"
    "    s.key = key;\n"
    "    if (!key || maat_open(&m, &s, NULL) != MAAT_DONE) return 2;\n"
    "    if (argc > 2 && maat_connect(m, 30000) == MAAT_DONE) raise(SIGSTOP);\n"
    "    if (maat_ask(m, first, strlen(first), on_page, on_answer, NULL, NULL)) return 3;\n"
    "    if (maat_ask(m, first, strlen(first), on_page, on_answer, NULL, NULL) != MAAT_REFUSED)\n"
    "        return 4;\n"
    "    struct pollfd item = {.fd = maat_fd(m), .events = POLLIN};\n"
    "    maat_step(m);\n"
    "    puts(\"asked\"); fflush(stdout);\n"
    "    while (answers < 2 && poll(&item, 1, -1) > 0 && maat_step(m) == 0)\n"
    "        ;\n"
    "    maat_close(&m);\n"
    "    maat_key_free(&key);\n"
    "    return answers == 2 ? 0 : 5; }\n";

static void
build_asking(struct desk *d)
{
    rig_write(d->rig, "asking.c", asking);
    must(d->rig, "$CC -o asking asking.c "
                 "$(pkg-config --static --cflags --libs maat | sed 's/-lmaat/-l:libmaat.a/')");
}

static void
check_answers(struct desk *d, struct rig_program *p)
{
    int pages = 0;

    while (strcmp(rig_line(d->rig, p), "page RESULT") == 0)
        pages++;
    CHECK(pages >= 2); /* of an action each */
    CHECK_STR("0 ", d->rig->output);
    CHECK_STR("1 not-found", rig_line(d->rig, p));
    CHECK_INT(0, rig_wait(p));
}

static void
kill_broker(struct desk *d)
{
    rig_signal(d->rig->broker, SIGKILL);
    (void)rig_wait(d->rig->broker);
}

TEST(library_asks_without_waiting)
{
    struct desk *d = desk_open(NULL);

    build_asking(d);
    kill_broker(d);
    struct rig_program *p =
        rig_start(d->rig, (const char *const[]){rig_path(d->rig, "asking"), "police.zpl", NULL});
    CHECK_STR("asked", rig_line(d->rig, p));
    rig_start_broker(d->rig, NULL);
    check_answers(d, p);
    desk_close(&d);
}

/* The broker does not hear it, for it stands still, and then is no more. */
TEST(library_asks_again_where_the_connection_was_lost)
{
    struct desk *d = desk_open(NULL);
    char stopped[100];

    build_asking(d);
    struct rig_program *p = rig_start(
        d->rig, (const char *const[]){rig_path(d->rig, "asking"), "late", "police.zpl", NULL});
    (void)snprintf(stopped, sizeof stopped, "grep -q '^State:.*stopped' /proc/%d/status",
                   (int)p->id);
    rig_until(d->rig, stopped);
    rig_signal(d->rig->broker, SIGSTOP);
    rig_signal(p, SIGCONT);
    CHECK_STR("asked", rig_line(d->rig, p));
    kill_broker(d);
    rig_start_broker(d->rig, NULL);
    check_answers(d, p);
    desk_close(&d);
}

/* A program that only wants to be let in, and says by what it was told so. */
static const char knock[] =
    "#include <maat.h>\n#include <stdio.h>\n"
    "static void on_welcome(void *c, const struct maat_record *r) { (void)c; puts(r->name); }\n"
    "int main(int argc, char **argv) {\n"
    "    struct maat_events events = {.welcome = on_welcome};\n"
    "    struct maat_fault why;\n"
    "    struct maat *m;\n"
    "    struct maat_settings s = {.key = maat_key_load(argv[1], MAAT_KEY_ALL, &why),\n"
    "        .software = \"knock\", .events = &events, .heads = \".\"};\n"
    "    if (!s.key || maat_open(&m, &s, &why) != MAAT_DONE) return 2;\n"
    "    enum maat_outcome o = maat_connect(m, 30000);\n"
    "    if (o != MAAT_DONE) puts(maat_link_reason(m));\n"
    "    if (argc > 2 && maat_forget_head(m, false) == 1) o = maat_connect(m, 30000);\n"
    "    maat_close(&m);\n"
    "    maat_key_free((struct maat_key **)&s.key);\n"
    "    return maat_exit_code(o); }\n";

static void
restart_broker(struct rig *r, const char *meanwhile)
{
    rig_signal(r->broker, SIGTERM);
    CHECK_INT(0, rig_wait(r->broker));
    CHECK_INT(0, rig_run(r, "%s", meanwhile));
    rig_start_broker(r, NULL);
}

TEST(library_keeps_the_newest_head_and_stops_at_an_older_copy)
{
    struct desk *d = desk_open(NULL);

    rig_write(d->rig, "knock.c", knock);
    must(d->rig, "$CC -o knock knock.c $(pkg-config --cflags --libs maat)");
    must_say(d->rig, "./knock police.zpl", "WELCOME\n");
    restart_broker(d->rig, "cp -r board backup");
    must(d->rig, BUILD_STATIC("report") " && ./report police.zpl box da/1 'Course held'");
    must_say(d->rig, "./knock police.zpl", "WELCOME\n"); /* after a proof */
    must_say(d->rig, "ls heads | wc -l", "1");
    restart_broker(d->rig, "rm -r board && mv backup board");
    CHECK_INT(3, rig_run(d->rig, FIND "./knock police.zpl"));
    CHECK(strstr(d->rig->output, "other-journal: the broker says: "));
    CHECK(strstr(d->rig->output, "`maat_forget_head` takes the journal as it is now"));
    must_say(d->rig, "./knock police.zpl forget", "WELCOME\n");
    must_say(d->rig, "./knock police.zpl", "WELCOME\n");
    desk_close(&d);
}

TEST(library_tells_the_agent_and_waits_for_the_verdict)
{
    struct desk *d = desk_open(NULL);

    must(d->rig, BUILD_SHARED("tell_agent"));
    must_say(d->rig,
             "./tell_agent agent.sock '{\"kind\":\"progress\",\"action\":\"da/1\",\"note\":\"x\"}'",
             "queued as n 1");
    must_say(
        d->rig,
        "./tell_agent agent.sock '{\"kind\":\"progress\",\"action\":\"da/1\",\"note\":\"y\"}' wait",
        "accepted as entry ");
    CHECK_INT(1, rig_run(d->rig, FIND "./tell_agent agent.sock '{\"kind\":\"progres\"}'"));
    CHECK(strstr(d->rig->output, "tell_agent: kind: "));
    CHECK_INT(1, rig_run(d->rig,
                         FIND "./tell_agent agent.sock "
                              "'{\"kind\":\"progress\",\"action\":\"da/9\",\"note\":\"y\"}' wait"));
    CHECK(strstr(d->rig->output, "tell_agent: action: "));
    CHECK_INT(3, rig_run(d->rig, FIND "./tell_agent none.sock '{}'"));
    desk_close(&d);
}

/* Says it through the agent: the number of its entry. */
static int64_t
say(struct desk *d, const char *note)
{
    const char *accepted = strstr(desk_say(d,
                                           "{'kind':'progress','action':'da/1','note':'%s',"
                                           "'wait':true}",
                                           note),
                                  "\"accepted\":");
    CHECK(accepted != NULL);
    return strtoll(accepted + strlen("\"accepted\":"), NULL, 10);
}

/* Reads lines until that entry's: the number of the first one. Each comes once, in order. */
static int64_t
read_to(struct desk *d, struct rig_program *p, int64_t number)
{
    static const char entry[] = "\"entry\":{\"number\":";
    int64_t first = 0;
    int64_t last = 0;

    while (last < number) {
        const char *at = strstr(rig_line(d->rig, p), entry);
        int64_t one = at ? strtoll(at + strlen(entry), NULL, 10) : last;
        CHECK(one > last || !at);
        last = one;
        first = first ? first : one;
    }
    CHECK_INT(number, last);
    return first;
}

TEST(library_follows_and_goes_on)
{
    struct desk *d = desk_open(NULL);
    char program[RIG_PATH];
    const char *argv[] = {program, "board/lead.zpl", "state", "{\"from\": 0}", NULL};

    must(d->rig, BUILD_STATIC("follow"));
    snprintf(program, sizeof program, "%s", rig_path(d->rig, "follow"));
    struct rig_program *p = rig_start(d->rig, argv);
    CHECK_INT(1, read_to(d, p, say(d, "first")));
    desk_kill_broker(d);
    int64_t second = say(d, "second");
    CHECK_INT(second, read_to(d, p, second));
    CHECK(strstr(rig_line(d->rig, p), "{\"action\":\"da/1\",\"before\":{\"id\":\"da/1\","));
    rig_until(d->rig, "test -s state");
    rig_signal(p, SIGKILL);
    (void)rig_wait(p);
    int64_t third = say(d, "third");
    argv[3] = "{}";
    p = rig_start(d->rig, argv);
    CHECK(read_to(d, p, third) >= second);
    desk_close(&d);
}
