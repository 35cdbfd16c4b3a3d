#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "agents/agency/callers.h"
#include "tests/scratch.h"
#include "tests/t.h"

#define LINE "{}\n"

enum { MANY = 8, LINES = 2000, NOW = 1 };

/* The agent's end, and those who call; what they say is no submission, which costs nothing
   and is answered as one that is. */
struct desk_of {
    struct scratch scratch;
    struct callers *callers;
    struct batch batch;
    struct pollfd items[MANY + 2];
};

static void
open_desk(struct desk_of *d)
{
    struct agent_option o = {.callers = MANY + 1, .socket_mode = text_of("0600")};
    struct why why;

    *d = (struct desk_of){0};
    scratch_make(&d->scratch);
    o.socket = text_of(scratch_file(&d->scratch, "s"));
    if (callers_open(&d->callers, &o, &why))
        FAIL_WITH("%s", why.text);
    batch_init(&d->batch);
}

static void
close_desk(struct desk_of *d)
{
    callers_close(&d->callers);
    batch_end(&d->batch);
    scratch_remove(&d->scratch);
}

/* Reads all that was said, and lets in who knocks. */
static void
read_all(struct desk_of *d)
{
    callers_items(d->callers, d->items);
    CHECK(poll(d->items, callers_count(d->callers), 0) >= 0);
    callers_read(d->callers, d->items, NOW);
}

static int
call(struct desk_of *d, unsigned lines)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char said[LINES * sizeof LINE];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", scratch_file(&d->scratch, "s"));
    CHECK_INT(0, connect(fd, (const struct sockaddr *)&address, sizeof address));
    for (unsigned i = 0; i < lines; i++)
        memcpy(said + strlen(LINE) * i, LINE, strlen(LINE));
    CHECK_INT(strlen(LINE) * lines, send(fd, said, strlen(LINE) * lines, MSG_NOSIGNAL));
    read_all(d);
    return fd;
}

static void
ask_nothing(void *context, struct arena *arena, const struct request *request, struct answer *out)
{
    (void)context;
    (void)arena;
    (void)request;
    (void)out;
}

static bool
take(struct desk_of *d)
{
    batch_begin(&d->batch, 0);
    bool left = callers_take(d->callers, &d->batch, ask_nothing, NULL);
    callers_flush(d->callers);
    return left;
}

static unsigned
answers(int fd)
{
    char heard[512 * 1024];
    ssize_t got = recv(fd, heard, sizeof heard, MSG_DONTWAIT);
    unsigned count = 0;

    for (ssize_t i = 0; i < got; i++)
        count += heard[i] == '\n';
    return count;
}

TEST(callers_who_say_little_do_not_wait_for_those_who_say_much)
{
    struct desk_of d;
    int many[MANY];

    open_desk(&d);
    for (unsigned i = 0; i < MANY; i++)
        many[i] = call(&d, LINES);
    int one = call(&d, 1);
    read_all(&d);
    CHECK(take(&d));
    CHECK_INT(1, answers(one));
    for (unsigned i = 0; i < MANY; i++) {
        CHECK(answers(many[i]) >= BATCH_MAX / (MANY + 1));
        (void)close(many[i]);
    }
    (void)close(one);
    close_desk(&d);
}

TEST(callers_a_batch_is_filled_by_whoever_has_lines)
{
    struct desk_of d;

    open_desk(&d);
    int idle = call(&d, 0);
    int much = call(&d, LINES);
    read_all(&d);
    CHECK(take(&d));
    CHECK_INT(CONVERSATION_ANSWERS, answers(much));
    CHECK_INT(0, answers(idle));
    for (unsigned heard = CONVERSATION_ANSWERS; heard < LINES; heard += answers(much))
        (void)take(&d);
    CHECK(!take(&d));
    (void)close(idle);
    (void)close(much);
    close_desk(&d);
}
