/* maat-agent with 64 callers at once, killed at any moment: all that it has answered is at
   the broker in the end, once, under the n that it answered. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/desk.h"
#include "tests/t.h"

enum { CALLERS = 64, KILLS = 8, ANSWERS = 250, LINES = 16384, EVERY_WAITS = 8 };

struct crowd_caller {
    int fd;
    int said; /* the line that has no answer yet */
    char heard[200];
    size_t len;
};

struct callers_of_desk {
    struct desk *desk;
    struct crowd_caller at[CALLERS];
    int lines;             /* said so far; a line's note is its number */
    int64_t n[LINES];      /* answered: under which n; 0: not */
    int64_t number[LINES]; /* likewise, the journal's number, of those that waited for it */
    int answered;
};

/* --- saying and hearing ------------------------------------------------------------------ */

static void
say(struct callers_of_desk *c, int i)
{
    struct crowd_caller *one = &c->at[i];
    char line[200];

    one->said = ++c->lines;
    CHECK(c->lines < LINES);
    int len = snprintf(line, sizeof line,
                       "{\"kind\":\"progress\",\"action\":\"da/1\",\"note\":\"line %d\"%s}\n",
                       one->said, i % EVERY_WAITS ? "" : ",\"wait\":true");
    CHECK_INT(len, send(one->fd, line, (size_t)len, MSG_NOSIGNAL));
}

static void
call(struct callers_of_desk *c)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s",
                   rig_path(c->desk->rig, "agent.sock"));
    for (int i = 0; i < CALLERS; i++) {
        c->at[i] = (struct crowd_caller){.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        CHECK_INT(0, connect(c->at[i].fd, (struct sockaddr *)&address, sizeof address));
        say(c, i);
    }
}

static void
hang_up(struct callers_of_desk *c)
{
    for (int i = 0; i < CALLERS; i++)
        (void)close(c->at[i].fd);
}

/* Its answer, if it is whole by now; then it says the next. */
static void
hear(struct callers_of_desk *c, int i)
{
    struct crowd_caller *one = &c->at[i];
    ssize_t got = read(one->fd, one->heard + one->len, sizeof one->heard - 1 - one->len);
    long long n;
    long long number = 0;

    CHECK(got > 0);
    one->len += (size_t)got;
    one->heard[one->len] = '\0';
    if (one->heard[one->len - 1] != '\n')
        return;
    int read = sscanf(one->heard, "{\"queued\":%lld,\"accepted\":%lld}", &n, &number);
    if (read != (i % EVERY_WAITS ? 1 : 2))
        FAIL_WITH("line %d: %s", one->said, one->heard);
    c->n[one->said] = n;
    c->number[one->said] = number;
    c->answered++;
    one->len = 0;
    say(c, i);
}

static void
hear_until(struct callers_of_desk *c, int answered)
{
    struct pollfd items[CALLERS];

    while (c->answered < answered) {
        for (int i = 0; i < CALLERS; i++)
            items[i] = (struct pollfd){.fd = c->at[i].fd, .events = POLLIN};
        CHECK(poll(items, CALLERS, RIG_PATIENCE) > 0);
        for (int i = 0; i < CALLERS; i++)
            if (items[i].revents)
                hear(c, i);
    }
}

/* --- what came of it --------------------------------------------------------------------- */

/* The broker's entries: each n once, none left out, and under each that was answered what
   was said, with the number that was told. */
static void
check_entries(struct callers_of_desk *c, int64_t last)
{
    int64_t *line_of = calloc((size_t)last + 1, sizeof *line_of);
    int64_t *number_of = calloc((size_t)last + 1, sizeof *number_of);
    struct rig *r = c->desk->rig;
    long long n, number;
    int line, used;

    CHECK(line_of && number_of);
    CHECK_INT(0, rig_run(r, "maat -c board/lead.zpl log da/1 --json --limit 1000000 | jq -r "
                            "'select(.entry.kind == \"progress\") | "
                            "\"\\(.entry.n) \\(.entry.number) \\(.body.note)\"'"));
    for (const char *at = r->output; *at; at += used) {
        CHECK_INT(3, sscanf(at, "%lld %lld line %d\n%n", &n, &number, &line, &used));
        CHECK(n >= 1 && n <= last && line_of[n] == 0);
        line_of[n] = line;
        number_of[n] = number;
    }
    for (n = 1; n <= last; n++)
        if (!line_of[n])
            FAIL_WITH("n %lld is not at the broker", n);
    for (line = 1; line <= c->lines; line++) {
        if (!c->n[line])
            continue;
        CHECK_INT(line, line_of[c->n[line]]);
        if (c->number[line])
            CHECK_INT(c->number[line], number_of[c->n[line]]);
    }
    free(line_of);
    free(number_of);
}

TEST(agent_killed_while_64_callers_push_keeps_all_that_it_answered)
{
    struct callers_of_desk *c = calloc(1, sizeof *c);

    CHECK(c);
    c->desk = desk_open(NULL);
    for (int kill = 0; kill < KILLS; kill++) {
        call(c);
        hear_until(c, c->answered + 1 + (int)random_below(2 * ANSWERS));
        if (kill % 3 == 2)
            desk_kill_broker(c->desk);
        hear_until(c, c->answered + (int)random_below(ANSWERS));
        CHECK_INT(-SIGKILL, desk_stop(c->desk, SIGKILL));
        hang_up(c);
        desk_start(c->desk);
    }
    int64_t last = desk_settle(c->desk)->last;
    CHECK(last >= c->answered);
    check_entries(c, last);
    CHECK_INT(last, desk_verify(c->desk));
    desk_close(&c->desk);
    free(c);
}
