/* All lines are checked before the first is sent. A line keeps its encoded body and
   a label in memory, some hundreds of bytes, until the command ends. */
#include "agents/cli/send.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/cli/sending/seen.h"
#include "agents/cli/sending/sending.h"
#include "agents/files/lines.h"
#include "schema/must.h"
#include "schema/submission_line.h"

SEND_OPTIONS(RECORD_TABLE)

enum { LABEL = 64 + PATH_MAX_LEN };

struct reading {
    struct sending *sending;
    const char *name; /* of the file */
    struct lines *lines;
    struct arena *arena; /* of a line */
    int64_t given, wrong;
};

/* --- a line ------------------------------------------------------------------------- */

static void
wrong(struct reading *r, const struct fault *fault)
{
    char label[LABEL];

    (void)snprintf(label, sizeof label, "line %" PRId64, r->lines->number);
    (void)sent_complain(label, fault);
    r->wrong++;
}

static void
add(struct reading *r, const struct submission_line *line)
{
    struct text row = seen_row(line->kind, &line->body);
    char label[LABEL];

    (void)snprintf(label, sizeof label, "line %" PRId64 ": %s%s%.*s", r->lines->number,
                   word_text(&submission_kinds, (int)line->kind), row.len ? " " : "", (int)row.len,
                   row.len ? row.at : "");
    r->sending->line = r->lines->number;
    int rc = line->unseen ? sending_add_unseen(r->sending, line->kind, &line->body, label)
                          : sending_add(r->sending, line->kind, &line->body, label);
    if (rc != EXIT_DONE)
        r->wrong++;
}

/* What editors of other systems put before the first line is no part of it. */
static struct text
without_mark(const struct reading *r, struct text line)
{
    static const char mark[] = "\xef\xbb\xbf";

    if (r->lines->number == 1 && line.len >= 3 && memcmp(line.at, mark, 3) == 0)
        return (struct text){line.at + 3, line.len - 3};
    return line;
}

static bool
is_blank(struct text line)
{
    uint32_t i = 0;

    while (i < line.len && (line.at[i] == ' ' || line.at[i] == '\t'))
        i++;
    return i == line.len;
}

static void
take_line(struct reading *r, struct text raw)
{
    struct text text = without_mark(r, raw);
    struct submission_line line;
    struct fault fault;

    if (is_blank(text))
        return;
    r->given++;
    arena_reset(r->arena);
    if (submission_from_json_unseen(r->arena, r->sending->talk->welcome.today, &line, text.at,
                                    text.len, &fault))
        add(r, &line);
    else
        wrong(r, &fault);
}

static void
too_long(struct reading *r)
{
    struct fault fault;

    r->given++;
    (void)fault_set(&fault, FAULT_LIMIT, "", "is longer than %d bytes", (int)LINES_MAX);
    wrong(r, &fault);
}

/* --- the file ------------------------------------------------------------------------ */

static int
read_all(struct reading *r)
{
    struct text line;
    ssize_t got;

    do {
        enum lines_got one;
        got = lines_read(r->lines);
        while ((one = lines_next(r->lines, &line)) != LINES_NONE) {
            if (one == LINES_TOO_LONG)
                too_long(r);
            else
                take_line(r, line);
        }
    } while (got > 0);
    return got == 0 ? EXIT_DONE
                    : talk_complain(EXIT_MACHINE, "%s can't be read: %s: nothing was sent", r->name,
                                    strerror((int)-got));
}

static int
read_file(struct reading *r)
{
    const bool is_stdin = strcmp(r->name, "-") == 0;
    const int fd = is_stdin ? STDIN_FILENO : open(r->name, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return talk_complain(errno == ENOENT ? EXIT_REFUSED : EXIT_MACHINE, "%s can't be read: %s",
                             r->name, strerror(errno));
    r->lines = must(malloc(sizeof *r->lines));
    r->arena = arena_new();
    lines_init(r->lines, fd);
    int rc = read_all(r);
    arena_destroy(&r->arena);
    free(r->lines);
    if (!is_stdin)
        (void)close(fd);
    return rc;
}

/* Standard output is for results alone. */
static void
sum_up(const struct sending *s, const struct reading *r)
{
    size_t accepted = 0;
    size_t refused = 0;

    for (size_t i = 0; i < s->count; i++) {
        accepted += sending_accepted(s, i);
        refused += sending_refusal(s, i) != FAULT_CODE_COUNT;
    }
    (void)fprintf(stderr, "maat: %" PRId64 " submissions: %zu accepted, %zu refused", r->given,
                  accepted, refused);
    if (s->count > accepted + refused)
        (void)fprintf(stderr, ", %zu without a verdict", s->count - accepted - refused);
    if (r->wrong)
        (void)fprintf(stderr, ", %" PRId64 " wrong and not sent", r->wrong);
    (void)fputc('\n', stderr);
}

static int
send_read(struct sending *s, const struct reading *r, bool skip_wrong)
{
    if (r->wrong && !skip_wrong)
        return talk_complain(EXIT_REFUSED,
                             "%" PRId64 " of %" PRId64 " submissions in %s are wrong: nothing was "
                             "sent. Mend them, or leave them out with --skip-wrong",
                             r->wrong, r->given, r->name);
    if (s->count == 0)
        return talk_complain(EXIT_REFUSED, "there is nothing to send in %s", r->name);
    int rc = sending_run(s);
    if (!s->talk->options.dry_run)
        sum_up(s, r);
    return rc == EXIT_DONE && r->wrong ? EXIT_REFUSED : rc;
}

int
send_file(const struct invocation *in, struct arena *arena)
{
    struct send_option o;
    struct sending s;
    struct talk t;
    int rc = talk_options(in, arena, &o);

    if (rc != EXIT_DONE || (rc = sending_open(&t, in, arena)) != EXIT_DONE)
        return rc;
    sending_begin(&s, &t);
    struct reading r = {.sending = &s, .name = in->words.at[0]};
    if ((rc = read_file(&r)) == EXIT_DONE)
        rc = send_read(&s, &r, o.skip_wrong);
    sending_end(&s);
    talk_close(&t);
    return rc;
}
