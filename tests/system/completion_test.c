/* bash completion, as a shell calls it: what is typed is split at its spaces, and the
   last word is completed. */
#include "tests/rig.h"
#include "tests/t.h"
#include "tests/typed.h"

static const char asked[] =
    "bash -c '. $BIN/installed/usr/share/bash-completion/completions/maat; read -ra COMP_WORDS "
    "<<<\"$1\"; "
    "[ \"$1\" != \"${1%% }\" ] && COMP_WORDS+=(\"\"); "
    "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); "
    "_maat \"${COMP_WORDS[0]}\" \"${COMP_WORDS[-1]}\" \"${COMP_WORDS[-2]}\"; "
    "echo \"${COMPREPLY[@]}\"' bash \"%s\"";

static void
completes(struct rig *r, const char *line, const char *want)
{
    CHECK_INT(0, rig_run(r, asked, line));
    r->output[strcspn(r->output, "\n")] = '\0';
    if (strcmp(want, r->output) != 0)
        FAIL_WITH("%s: want \"%s\", got \"%s\"", line, want, r->output);
}

TEST(completion_of_commands_options_and_words)
{
    struct rig *r = rig_open();

    CHECK_INT(0, rig_run(r, asked, "maat-broker "));
    CHECK(strstr(r->output, "backup doctor "));
    CHECK(!strchr(r->output, '*'));
    completes(r, "maat who", "whoami");
    completes(r, "maat plan me", "member");
    completes(r, "maat plan member ", "add remove");
    completes(r, "maat --csv plan member a", "add");
    completes(r, "maat status --s", "--silent-since");
    completes(r, "maat status --rag gre", "grey green");
    completes(r, "maat update da-2016/1.1 --status p", "paused");
    completes(r, "maat decide a", "accept assure");
    completes(r, "maat-broker explain intake-o", "intake-opened");
    completes(r, "maat status --ver", "");
    completes(r, "maat nonsense x", "");
    completes(r, "maat-broker ver", "verify");
    completes(r, "maat-agent refused --s", "--socket --seen");
    CHECK_INT(0, rig_run(r, "touch plan.csv key.zpl"));
    completes(r, "maat plan import p", "plan.csv");
    completes(r, "maat -c k", "key.zpl");
    /* what is typed, or a file is called, is never run */
    CHECK_INT(0, rig_run(r, "touch 'p$(touch ran)'"));
    completes(r, "maat plan import p", "p$(touch ran) plan.csv");
    completes(r, "maat s/x/touch_ran/e ", "");
    CHECK(!rig_exists(r, "ran"));
    rig_close(r);
}

/* By readline itself, at a terminal: what it puts into the line is one word, and only that. */
TEST(completion_of_a_files_name_is_quoted)
{
    struct rig *r = rig_open();

    rig_write(r, "typed",
              ". $BIN/installed/usr/share/bash-completion/completions/maat\n"
              "maat key show my\t\nmaat key show my\\ k\t\nmaat key show p$\t\nexit\n");
    CHECK_INT(0, rig_run(r, "touch 'my key' 'p$(touch ran)'; "
                            "script -qec 'bash --norc -i' /dev/null <typed >said; true"));
    typed(r, 0, "2\n", "grep -c 'maat: my key: ' said");
    typed(r, 0, "1\n", "grep -c 'maat: p$(touch ran): ' said");
    CHECK(!rig_exists(r, "ran"));
    rig_close(r);
}

TEST(completion_of_what_the_key_may_see)
{
    struct rig *r = typed_board();

    completes(r, "maat -c board/lead.zpl show da-2016/", "da-2016/1.1 da-2016/1.2 da-2016/2.1");
    completes(r, "maat -c board/lead.zpl status ", "da-2016");
    completes(r, "maat -c board/lead.zpl decide note da-2016/1.1 da-2016/2", "da-2016/2.1");
    completes(r, "maat -c board/lead.zpl plan member add da-2016 po", "police");
    completes(r, "maat -c board/lead.zpl watch da-2016/1.2", "da-2016/1.2");
    completes(r, "maat -c board/operator.zpl client revoke he", "health/crm");
    /* who may see nothing of it, or reaches no board, is offered nothing and hears nothing */
    completes(r, "maat -c board/operator.zpl show da", "");
    completes(r, "maat -c no-such.zpl show da", "");
    typed_end(r);
}
