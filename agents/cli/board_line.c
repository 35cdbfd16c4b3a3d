#include "agents/cli/board_line.h"

#include <stdio.h>
#include <string.h>

#include "schema/json.h"

BOARD_LINE_OPTIONS(RECORD_TABLE)

/* clang-format off */
#define ANSWER_LINE_FIELDS(F, S)                                                                   \
    F(S, line,   REQUIRED, TEXT(1, MAAT_LINE),   "what an agent accepts the board by")             \
    F(S, phrase, REQUIRED, TEXT(1, MAAT_PHRASE), "the words that are read out")
/* clang-format on */
#define ANSWER_LINES(X) \
    X(answer_line, ANSWER_LINE_FIELDS, OPEN, "The board, as an agency is told it.")
ANSWER_LINES(RECORD_STRUCT)
ANSWER_LINES(RECORD_EXTERN)
ANSWER_LINES(RECORD_TABLE)

static bool
use_addresses(struct talk *t, struct texts addresses, struct maat_fault *why)
{
    return maat_key_set_addresses(t->key, text_strings(t->arena, addresses), why);
}

/* An agency elsewhere would look for it on its own host. */
static void
warn_of_this_host(const char *line)
{
    static const char *const here[] = {"ipc://", "tcp://127.", "tcp://localhost:", "tcp://[::1]:"};

    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        if (strstr(line, here[i])) {
            (void)talk_complain(EXIT_DONE,
                                "note: the line holds an address (%s...) that is this host's "
                                "alone. For agencies elsewhere say --address tcp://HOST:PORT",
                                here[i]);
            return;
        }
}

static void
print_json(struct arena *arena, const char *line, const char *phrase)
{
    struct answer_line a = {.line = text_of(line), .phrase = text_of(phrase)};

    a.has.line = a.has.phrase = 1;
    struct text said = record_to_json(arena, &answer_line_record, &a);
    printf("%.*s\n", (int)said.len, said.at);
}

int
board_line_print(struct talk *t, struct texts addresses)
{
    char line[MAAT_LINE];
    char phrase[MAAT_PHRASE];
    struct maat_fault why;

    if (!use_addresses(t, addresses, &why))
        return talk_complain(EXIT_USAGE, "--address: %s", why.reason);
    if (!maat_key_board(t->key, line, phrase, &why))
        return talk_complain(EXIT_USAGE, "the key file %s %s", t->config.key, why.reason);
    warn_of_this_host(line);
    if (t->options.json) {
        print_json(t->arena, line, phrase);
        return EXIT_DONE;
    }
    printf("Send the agency this line, which is the board's:\n\n    %s\n\nand read these words out "
           "to them over the telephone:\n\n    %s\n\nThey take it with: maat-agent accept LINE\n",
           line, phrase);
    return EXIT_DONE;
}

int
board_line(const struct invocation *in, struct arena *arena)
{
    struct board_line_option o;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE)
        return rc;
    if ((rc = talk_open(&t, in, arena)) == EXIT_DONE && !t.key)
        rc = talk_complain(EXIT_USAGE, "this needs a key of your own: the board's configuration "
                                       "names an agent only");
    if (rc == EXIT_DONE)
        rc = board_line_print(&t, o.address);
    talk_close(&t);
    return rc;
}
