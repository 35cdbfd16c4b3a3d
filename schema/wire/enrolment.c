#include "schema/wire/enrolment.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "schema/ids.h"
#include "schema/wire/spoken.h"

enum { CHECKSUM = 5, PARTS = 8 };

static const char version[] = "maat1:";
static const char request_begins[] = "maat1:request:";
static const char board_begins[] = "maat1:board:";

/* --- printing -------------------------------------------------------------- */

static void
checksum(const char *line, size_t len, uint8_t sum[CHECKSUM])
{
    uint8_t hash[EVP_MAX_MD_SIZE];

    if (!EVP_Digest(line, len, hash, NULL, EVP_sha256(), NULL))
        abort(); /* memory has ended */
    memcpy(sum, hash, CHECKSUM);
}

static void
add_checksum(char line[ENROLMENT_LINE])
{
    char text[SPOKEN_ROOM(CHECKSUM)];
    uint8_t sum[CHECKSUM];
    size_t len = strlen(line);

    checksum(line, len, sum);
    spoken_print(sum, sizeof sum, text);
    (void)snprintf(line + len, ENROLMENT_LINE - len, ":%s", text);
}

void
enrolment_print_request(const struct identity *client, char line[ENROLMENT_LINE])
{
    char key[SPOKEN_ROOM(CURVE_KEY)];

    assert((client->has & HAS_CLIENT) && (client->has & HAS_PUBLIC));
    spoken_print(client->public, CURVE_KEY, key);
    (void)snprintf(line, ENROLMENT_LINE, "%s%s:%s", request_begins, client->client, key);
    add_checksum(line);
}

void
enrolment_request_phrase(const struct identity *client, char phrase[CHECK_PHRASE])
{
    uint8_t bytes[CURVE_KEY + IDENTITY_CLIENT];
    size_t len = strlen(client->client);

    memcpy(bytes, client->public, CURVE_KEY);
    memcpy(bytes + CURVE_KEY, client->client, len);
    check_phrase("maat1:request", bytes, CURVE_KEY + len, phrase);
}

/* Without what the reader leaves out or takes for an end. */
static bool
can_be_said(const char *address)
{
    for (const char *c = address; *c; c++)
        if (isspace((unsigned char)*c) || *c == '>' || *c == ',' || (unsigned char)*c > 0x7f)
            return false;
    return true;
}

bool
enrolment_print_board(const struct identity *board, char line[ENROLMENT_LINE], struct fault *fault)
{
    char key[SPOKEN_ROOM(CURVE_KEY)];
    char signing[SPOKEN_ROOM(CURVE_KEY)] = "";
    size_t len = (size_t)snprintf(line, ENROLMENT_LINE, "%s", board_begins);

    assert((board->has & HAS_SERVER) && (board->has & HAS_ADDRESS));
    for (size_t i = 0; i < board->address_count; i++) {
        if (!can_be_said(board->address[i]))
            return fault_set(fault, FAULT_FIELD_INVALID, "",
                             "address %zu has a space, a comma, a \">\" or a character that is not "
                             "of ASCII in it, and can't be handed on in a line",
                             i + 1);
        len += (size_t)snprintf(line + len, ENROLMENT_LINE - len, "%s%s", i ? "," : "",
                                board->address[i]);
    }
    spoken_print(board->server, CURVE_KEY, key);
    if (board->has & HAS_SIGNING)
        spoken_print(board->signing, CURVE_KEY, signing);
    (void)snprintf(line + len, ENROLMENT_LINE - len, ":%s:%s", key, signing);
    add_checksum(line);
    return true;
}

void
enrolment_board_phrase(const struct identity *board, char phrase[CHECK_PHRASE])
{
    uint8_t bytes[2 * CURVE_KEY];

    memcpy(bytes, board->server, CURVE_KEY);
    memcpy(bytes + CURVE_KEY, board->signing, CURVE_KEY); /* zero where there is none */
    check_phrase("maat1:board", bytes, sizeof bytes, phrase);
}

/* --- reading ---------------------------------------------------------------- */

/* What was said, without spaces; the parts after its beginning, split at the colons
   from the right, since addresses have some of their own. */
struct said {
    char line[ENROLMENT_LINE];
    char *parts[PARTS]; /* the first holds whatever is left */
};

/* "maat", a number and a colon; the whole text where there is none. */
static const char *
find_line(const char *text)
{
    for (const char *at = text; (at = strcasestr(at, "maat")); at += strlen("maat")) {
        const char *digits = at + strlen("maat");
        size_t count = strspn(digits, "0123456789");
        if (count && digits[count] == ':')
            return at;
    }
    return text;
}

/* An end of a line after which there is another before there is anything. */
static bool
ends_paragraph(const char *at)
{
    if (*at != '\n')
        return false;
    at += 1 + strspn(at + 1, " \t\r>");
    return *at == '\n' || *at == '\0';
}

/* What letters put into a line that is none of it: white space and ">", the "=" by which a
   quoted-printable one breaks it, and hyphens and spaces that are not of ASCII. */
static bool
is_none_of_it(char c)
{
    return isspace((unsigned char)c) || c == '>' || (unsigned char)c > 0x7f;
}

static bool
is_left_out(const char *at, const char *end)
{
    if (*at == '=' && end - at > 1)
        return at[1] == '\n' || (at[1] == '\r' && end - at > 2 && at[2] == '\n');
    return is_none_of_it(*at);
}

/* Without what may stand behind a line, as behind a sentence. */
static bool
take_line(struct said *said, const char *line, const char *end, struct fault *fault)
{
    size_t len = 0;

    for (; line < end; line++) {
        if (is_left_out(line, end))
            continue;
        if (len == ENROLMENT_LINE - 1)
            return fault_set(fault, FAULT_LIMIT, "", "is longer than any such line");
        said->line[len++] = *line;
    }
    while (len && strchr(".,;!\"')]*", said->line[len - 1]))
        len--;
    said->line[len] = '\0';
    return true;
}

static bool
check_beginning(const char *line, const char *begins, struct fault *fault)
{
    if (strncasecmp(line, begins, strlen(begins)) == 0)
        return true;
    if (strncasecmp(line, request_begins, strlen(request_begins)) == 0)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "is an agency's request; here goes the board's line, which begins with "
                         "%s",
                         begins);
    if (strncasecmp(line, board_begins, strlen(board_begins)) == 0)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "is the board's line; here goes a request, which begins with %s", begins);
    if (strncasecmp(line, "maat", 4) == 0 && isdigit((unsigned char)line[4])
        && strncasecmp(line, version, strlen(version)) != 0)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "is of another version than %.5s: install a newer release, or have it "
                         "made by an older one",
                         version);
    return fault_set(fault, FAULT_MALFORMED, "", "must begin with %s", begins);
}

static bool
split(struct said *said, const char *begins, int count, struct fault *fault)
{
    char *all = said->line + strlen(begins);

    for (int i = 0; i < PARTS; i++)
        said->parts[i] = all;
    for (int i = count - 1; i > 0; i--) {
        char *colon = strrchr(all, ':');
        if (!colon)
            return fault_set(fault, FAULT_MALFORMED, "",
                             "is not whole: %s must be followed by %d parts with \":\" between "
                             "them; copy all of it",
                             begins, count);
        *colon = '\0';
        said->parts[i] = colon + 1;
    }
    return true;
}

static bool
take_spoken(const char *what, const char *text, uint8_t *bytes, size_t len, struct fault *fault)
{
    size_t count;
    char wrong;

    if (spoken_parse(text, strlen(text), bytes, len, &count, &wrong))
        return true;
    if (wrong)
        return fault_set(fault, FAULT_MALFORMED, "",
                         "was mistyped: its %s has a character that is neither a digit nor one of "
                         "the letters that are used",
                         what);
    size_t want = (len * 8 + 4) / 5;
    return count == want
               ? fault_set(fault, FAULT_MALFORMED, "", "was mistyped: the end of its %s is wrong",
                           what)
               : fault_set(fault, FAULT_MALFORMED, "",
                           "was mistyped or cut off: its %s has %zu characters, %zu is right", what,
                           count, want);
}

/* Everything is in its place, and yet it is not what was printed: nearer than any other. */
#define DOES_NOT_FIT FAULT_FIELD_INVALID

/* `whole` is the line as it is printed of what was read. */
static bool
check_sum(const char *whole, const char *said, struct fault *fault)
{
    const char *colon = strrchr(whole, ':');
    uint8_t want[CHECKSUM], got[CHECKSUM];

    if (!take_spoken("checksum", said, got, sizeof got, fault))
        return false;
    checksum(whole, (size_t)(colon - whole), want);
    return memcmp(want, got, sizeof want) == 0
           || fault_set(fault, DOES_NOT_FIT, "",
                        "was mistyped: its checksum does not fit. Compare it character by "
                        "character, or have it sent again");
}

static void
lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

typedef bool line_reader(struct identity *who, const char *line, const char *end,
                         struct fault *fault);

/* The shortest piece from where a line begins that is one: a greeting may follow it, or stand
   below. Else why that was none which came nearest. */
static bool
read_shortest(line_reader *reader, struct identity *who, const char *text, struct fault *fault)
{
    const char *line = find_line(text);
    bool is_last = false, is_longer = false; /* than the piece before */
    struct fault why;

    fault->code = FAULT_MALFORMED;
    for (const char *end = line; !is_last; end++) {
        is_last = !*end || ends_paragraph(end);
        is_longer |= !is_none_of_it(*end);
        if (!is_last && (!is_longer || !isspace((unsigned char)*end)))
            continue;
        is_longer = false;
        if (reader(who, line, end, &why))
            return true;
        if (fault->code != DOES_NOT_FIT)
            *fault = why;
        is_last = is_last || why.code == FAULT_LIMIT;
    }
    return false;
}

static bool
read_request(struct identity *client, const char *line, const char *end, struct fault *fault)
{
    char whole[ENROLMENT_LINE];
    struct said said = {.line = ""};

    *client = (struct identity){.has = HAS_CLIENT | HAS_PUBLIC};
    if (!take_line(&said, line, end, fault) || !check_beginning(said.line, request_begins, fault)
        || !split(&said, request_begins, 3, fault)
        || !take_spoken("key", said.parts[1], client->public, CURVE_KEY, fault))
        return false;
    lower(said.parts[0]);
    if (!path_valid(text_of(said.parts[0])))
        return fault_set(fault, FAULT_MALFORMED, "",
                         "was mistyped: whose it is must be an agency's id, \"/\" and a name, as "
                         "in police/crm");
    (void)snprintf(client->client, sizeof client->client, "%s", said.parts[0]);
    enrolment_print_request(client, whole);
    return check_sum(whole, said.parts[2], fault);
}

bool
enrolment_read_request(struct identity *client, const char *line, struct fault *fault)
{
    return read_shortest(read_request, client, line, fault);
}

static bool
take_addresses(struct identity *board, char *list, struct fault *fault)
{
    char *rest = list;
    char *address;

    while ((address = strsep(&rest, ","))) {
        if (!identity_is_address(address))
            return fault_set(fault, FAULT_MALFORMED, "",
                             "was mistyped: address %zu is none (tcp://HOST:PORT or ipc://PATH)",
                             board->address_count + 1);
        if (board->address_count == IDENTITY_ADDRESSES)
            return fault_set(fault, FAULT_LIMIT, "", "has more than %d addresses",
                             (int)IDENTITY_ADDRESSES);
        (void)snprintf(board->address[board->address_count++], sizeof board->address[0], "%s",
                       address);
    }
    return true;
}

static bool
read_board(struct identity *board, const char *line, const char *end, struct fault *fault)
{
    char whole[ENROLMENT_LINE];
    struct said said = {.line = ""};

    *board = (struct identity){.has = HAS_SERVER | HAS_ADDRESS};
    if (!take_line(&said, line, end, fault) || !check_beginning(said.line, board_begins, fault)
        || !split(&said, board_begins, 4, fault) || !take_addresses(board, said.parts[0], fault)
        || !take_spoken("first key", said.parts[1], board->server, CURVE_KEY, fault))
        return false;
    if (*said.parts[2]) {
        board->has |= HAS_SIGNING;
        if (!take_spoken("second key", said.parts[2], board->signing, CURVE_KEY, fault))
            return false;
    }
    return enrolment_print_board(board, whole, fault) && check_sum(whole, said.parts[3], fault);
}

static bool
has_address(const struct identity *identity, const char *address)
{
    for (size_t i = 0; i < identity->address_count; i++)
        if (strcmp(identity->address[i], address) == 0)
            return true;
    return false;
}

bool
enrolment_read_board(struct identity *client, const char *line, struct fault *fault)
{
    struct identity board;

    if (!read_shortest(read_board, &board, line, fault))
        return false;
    if ((client->has & HAS_SERVER) && memcmp(client->server, board.server, CURVE_KEY) != 0)
        client->address_count = 0;
    memcpy(client->server, board.server, CURVE_KEY);
    memcpy(client->signing, board.signing, CURVE_KEY);
    client->has &= ~(unsigned)HAS_SIGNING;
    client->has |= board.has;
    for (size_t i = 0; i < board.address_count; i++)
        if (client->address_count < IDENTITY_ADDRESSES && !has_address(client, board.address[i]))
            (void)snprintf(client->address[client->address_count++], sizeof client->address[0],
                           "%s", board.address[i]);
    return true;
}
