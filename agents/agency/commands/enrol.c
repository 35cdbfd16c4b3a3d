#include "agents/agency/commands/enrol.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/agency/commands/new_agent.h"
#include "agents/agency/commands/own_key.h"
#include "schema/ids.h"
#include "schema/json.h"
#include "schema/wire/checkup.h"
#include "schema/wire/program.h"

#define ASKED_RECORDS(X) X(asked, ASKED_FIELDS, OPEN, "A request to be let in.")

ENROL_OPTION_RECORDS(RECORD_TABLE)
ASKED_RECORDS(RECORD_STRUCT)
ASKED_RECORDS(RECORD_EXTERN)
ASKED_RECORDS(RECORD_TABLE)

/* --- the request ---------------------------------------------------------------- */

static int
print_asked(struct arena *arena, const char *path, const struct maat_key *key, bool json)
{
    char line[MAAT_LINE];
    char phrase[MAAT_PHRASE];

    maat_key_request(key, line, phrase);
    if (json) {
        struct asked a = {.client = text_of(maat_key_client(key)),
                          .key = text_of(path),
                          .request = text_of(line),
                          .phrase = text_of(phrase)};
        a.has.client = a.has.key = a.has.request = a.has.phrase = 1;
        struct text said = record_to_json(arena, &asked_record, &a);
        printf("%.*s\n", (int)said.len, said.at);
        return EXIT_DONE;
    }
    printf("Send the board's operator this line, which asks for %s to be let in:\n\n    %s\n\n"
           "and read these words out to them over the telephone:\n\n    %s\n",
           maat_key_client(key), line, phrase);
    return EXIT_DONE;
}

int
enrol_request(const struct invocation *in, struct arena *arena)
{
    struct own_key own;
    struct request_option o;
    struct fault fault;

    if (!options_decode(arena, &request_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    int rc = own_key_load(&own, in, arena);
    if (rc == EXIT_DONE)
        rc = print_asked(arena, own.path, own.key, o.json);
    maat_key_free(&own.key);
    return rc;
}

/* --- where the broker is -------------------------------------------------------------- */

/* A slip is seen here, and not when nobody answers. It ends nothing: the network may not be
   there yet. */
static void
warn_of_addresses(const struct maat_key *key)
{
    const char *address;
    struct why why;

    for (size_t i = 0; (address = maat_key_address(key, i)); i++)
        if (!checkup_finds(address, &why))
            (void)fprintf(stderr,
                          "maat-agent: warning: %s. The right one is said by the same maat-agent "
                          "init with --board tcp://HOST:PORT\n",
                          why.text);
}

static bool
has_addresses(const struct maat_key *key, const struct texts *board)
{
    uint32_t i = 0;

    for (; i < board->count; i++) {
        const char *address = maat_key_address(key, i);
        if (!address || !text_is(board->at[i], address))
            return false;
    }
    return !maat_key_address(key, i);
}

/* Another than is in the file, which was made with a slip. */
static int
change_addresses(struct arena *arena, const char *path, const struct texts *board,
                 struct maat_key *key)
{
    struct maat_fault why;

    if (!board->count || has_addresses(key, board))
        return EXIT_DONE;
    if (!maat_key_set_addresses(key, text_strings(arena, *board), &why))
        return own_key_complain(EXIT_USAGE, "--board: %s", why.reason);
    return maat_key_replace(key, path, &why) ? EXIT_DONE : own_key_complain_of(path, &why);
}

/* --- beginning ------------------------------------------------------------------- */

/* "police/agent", unless another name is given, which must be the agency's. */
static bool
find_client(struct arena *arena, const struct agent_init_option *o, const char **client,
            struct fault *fault)
{
    enum { ROOM = PATH_MAX_LEN + 1 };
    char *name = arena_take(arena, ROOM);

    if (o->has.client && !text_equal(path_first(o->client), o->agency))
        return fault_set(fault, FAULT_FIELD_INVALID, "client",
                         "must begin with the agency's id: %.*s/NAME", (int)o->agency.len,
                         o->agency.at);
    if (o->has.client)
        (void)snprintf(name, ROOM, "%.*s", (int)o->client.len, o->client.at);
    else
        (void)snprintf(name, ROOM, "%.*s/agent", (int)o->agency.len, o->agency.at);
    *client = name;
    return path_valid(text_of(name))
           || fault_set(fault, FAULT_FIELD_INVALID, "client", "must be AGENCY/NAME");
}

/* The file that is there, of a run before this one, where it is this client's. */
static int
load_made(const char *path, const char *client, struct maat_key **key, bool *made)
{
    struct maat_fault why;

    *key = maat_key_load(path, MAAT_KEY_OWN, &why);
    *made = *key != NULL;
    if (!*key)
        return strcmp(why.code, "not-found") == 0 ? EXIT_DONE : own_key_complain_of(path, &why);
    if (strcmp(maat_key_client(*key), client) == 0)
        return EXIT_DONE;
    return own_key_complain(
        EXIT_REFUSED,
        "%s: is the key of %s already, and is never overwritten. For a second agent "
        "on this host name another configuration (--config) or folder (--folder)",
        path, maat_key_client(*key));
}

static int
make_key(struct arena *arena, const char *path, const char *client, const struct texts *board,
         struct maat_key **key)
{
    struct maat_fault why;

    *key = maat_key_new(client, NULL, &why);
    if (!*key)
        return own_key_complain(EXIT_MACHINE, "%s", why.reason);
    if (!maat_key_set_addresses(*key, text_strings(arena, *board), &why))
        return own_key_complain(EXIT_USAGE, "--board: %s", why.reason);
    return maat_key_save(*key, path, &why) ? EXIT_DONE : own_key_complain_of(path, &why);
}

static void
print_next(const struct new_agent *a, bool made)
{
    printf("\nWhen they have let it in they send a line back, to be taken with\n\n"
           "    maat-agent accept --config %s%s LINE\n\n"
           "The key %s %s, and stays on this machine. The agent may be started already\n"
           "(maat-agent run --config %s): it takes what it is given, and connects then.\n",
           a->config, a->at, a->key, made ? "was there already" : "is made", a->config);
}

int
enrol_init(const struct invocation *in, struct arena *arena)
{
    struct maat_key *key = NULL;
    struct new_agent a;
    struct agent_init_option o;
    struct fault fault;
    const char *client = "";
    bool made = false;

    if (!options_decode(arena, &agent_init_option_record, &in->own, &o, &fault)
        || !find_client(arena, &o, &client, &fault)
        || !new_agent_find(&a, arena, &in->common, o.has.folder ? &o.folder : NULL, &fault))
        return program_usage(in, &fault);
    int rc = load_made(a.key, client, &key, &made);
    if (rc == EXIT_DONE)
        rc = made ? change_addresses(arena, a.key, &o.board, key)
                  : make_key(arena, a.key, client, &o.board, &key);
    if (rc == EXIT_DONE && !new_agent_configure(&a, &fault))
        rc = own_key_complain(EXIT_MACHINE, "%s", fault.reason);
    if (rc == EXIT_DONE)
        rc = print_asked(arena, a.key, key, o.json);
    if (rc == EXIT_DONE && !o.json)
        print_next(&a, made);
    if (rc == EXIT_DONE)
        warn_of_addresses(key);
    maat_key_free(&key);
    return rc;
}

/* --- the answer -------------------------------------------------------------------- */

enum { LETTER = 64 * 1024 };

/* What is in the file, or what comes on standard input: it may be a whole letter. NULL
   after that was said which can't be read. */
static const char *
read_letter(struct arena *arena, const char *path)
{
    char *letter = arena_take(arena, LETTER);
    FILE *from = path ? fopen(path, "re") : stdin;
    size_t len = from ? fread(letter, 1, LETTER - 1, from) : 0;

    if (!from || ferror(from)) {
        (void)own_key_complain(EXIT_USAGE, "%s can't be read: %s", path ? path : "standard input",
                               strerror(errno));
        letter = NULL;
    } else if (len == LETTER - 1) {
        (void)own_key_complain(EXIT_USAGE, "%s is too long for a letter: give the line itself",
                               path ? path : "standard input");
        letter = NULL;
    } else {
        letter[len] = '\0';
    }
    if (from && path)
        (void)fclose(from);
    return letter;
}

/* As it was given: @FILE, - or the line itself, which is several words where it was wrapped. */
static const char *
read_line(const struct invocation *in, struct arena *arena)
{
    const char *first = in->words.at[0];
    char *line;
    size_t len = 0;

    if (in->words.count == 1 && (*first == '@' || strcmp(first, "-") == 0))
        return read_letter(arena, *first == '@' ? first + 1 : NULL);
    line = arena_take(arena, LETTER);
    for (unsigned i = 0; i < in->words.count && len < LETTER; i++)
        len += (size_t)snprintf(line + len, LETTER - len, "%s ", in->words.at[i]);
    return line;
}

/* What waits in the outbox is for the board that was accepted. */
static int
refuse_other_board(const struct maat_key *key, const char *before, const char *phrase)
{
    return own_key_complain(
        EXIT_REFUSED,
        "%s is of another board already: its words are\n\n    %s\n\nand those of this line\n\n    "
        "%s\n\nNothing was done. A further board has a key and an outbox of its own (`boards` in "
        "the configuration). If the first one was a mistake, or the agent has left it, type the "
        "same with --instead",
        maat_key_client(key), before, phrase);
}

static int
accept_board(struct arena *arena, const char *path, struct maat_key *key, const char *line,
             const struct accept_option *o)
{
    const char *typed = text_string(arena, o->phrase);
    char again[MAAT_LINE];
    char phrase[MAAT_PHRASE], before[MAAT_PHRASE] = "";
    struct maat_fault why;

    if (maat_key_knows_board(key))
        (void)maat_key_board(key, again, before, &why);
    if (!maat_key_take_board(key, line, &why))
        return own_key_complain(EXIT_USAGE, "the line %s", why.reason);
    if (!maat_key_board(key, again, phrase, &why))
        return own_key_complain(EXIT_USAGE, "the line %s", why.reason);
    if (*before && strcmp(before, phrase) != 0 && !o->instead)
        return refuse_other_board(key, before, phrase);
    const struct confirm c = {.program = "maat-agent",
                              .whose = "this board",
                              .phrase = phrase,
                              .typed = o->has.phrase,
                              .wrong = maat_phrase_differs(phrase, typed),
                              .yes = o->yes};
    int rc = confirm_phrase(&c);
    if (rc != EXIT_DONE)
        return rc;
    if (!maat_key_replace(key, path, &why))
        return own_key_complain_of(path, &why);
    printf("%s knows its board now. The agent connects by itself, as soon as the operator has let "
           "it in.\n",
           maat_key_client(key));
    warn_of_addresses(key);
    return EXIT_DONE;
}

int
enrol_accept(const struct invocation *in, struct arena *arena)
{
    struct own_key own = {.key = NULL};
    struct accept_option o;
    struct fault fault;

    if (!options_decode(arena, &accept_option_record, &in->own, &o, &fault))
        return program_usage(in, &fault);
    const char *line = read_line(in, arena);
    int rc = line ? own_key_load(&own, in, arena) : EXIT_USAGE;
    if (rc == EXIT_DONE)
        rc = accept_board(arena, own.path, own.key, line, &o);
    maat_key_free(&own.key);
    return rc;
}
